/* What is wrong in rules/alerts.csv and rules/report.csv is told, all of it, with its line. */
#include "../lib/scratch.h"

#include "../../pipeline/report/alerts.h"
#include "../../pipeline/report/prometheus.h"

TestSuite(report_rules, .init = scratch_make, .fini = scratch_remove);

#define ALERT_HEADER \
	"rule,metric,scope_kind,scope,comparison,value,runs,minimum,severity,text_zh,text_en\n"

static void told_of_alerts(const char *lines, const char *const *sentences)
{
	struct alert_rules rules;
	struct fault f = { 0 };
	char text[2048];

	snprintf(text, sizeof(text), "%s%s", ALERT_HEADER, lines);
	scratch_put("alerts.csv", str_of(text));
	cr_assert_eq(alert_rules_load(&rules, scratch_dir, &f), !*sentences, "%.*s", STR_FMT(buf_view(&f.text)));
	for (; *sentences; sentences++)
		cr_assert(str_has(buf_view(&f.text), str_of(*sentences)), "%s is not told in: %.*s", *sentences,
			  STR_FMT(buf_view(&f.text)));
	alert_rules_release(&rules);
	fault_release(&f);
}

Test(report_rules, alerts_that_are_right_are_read)
{
	told_of_alerts("a,valid_address,dealer,,below,0.8,,100,notice,x,y\n"
		       "b,rows,source,dms,shrinks_by,0.5,5,,critical,x,y\n",
		       (const char *const[]){ NULL });
}

Test(report_rules, every_mistake_of_an_alert_is_told_with_its_line)
{
	told_of_alerts("a,valid_adress,dealer,,below,0.8,,100,notice,x,y\n"
		       "b,rows,shop,,above,1,,,notice,x,y\n"
		       "c,rows,all,,over,1,,,notice,x,y\n"
		       "d,rows,all,,above,many,,,notice,x,y\n"
		       "e,rows,all,,falls_by,1,,,notice,x,y\n"
		       "f,rows,all,,above,1,3,,notice,x,y\n"
		       "g,rows,all,,above,1,,,loud,x,y\n"
		       "h,wrong_columns,file,,rises_by,1,3,,notice,x,y\n",
		       (const char *const[]){ "alerts.csv:2: there is no metric \"valid_adress\"",
					      "alerts.csv:3: there is no kind of scope \"shop\"",
					      "alerts.csv:4:", "alerts.csv:5: value is no number",
					      "alerts.csv:6:", "alerts.csv:7: a limit does not look at earlier",
					      "alerts.csv:8:", "alerts.csv:9: a file comes once", NULL });
}

Test(report_rules, the_five_factors_need_five_weights)
{
	struct terms t;
	struct fault f = { 0 };

	scratch_put("report.csv", STR("name,value,note\nfactor_weights,1;2;3,\nurgent,x,\n"));
	cr_assert_not(terms_load(&t, scratch_dir, &f));
	cr_assert(str_has(buf_view(&f.text), STR("report.csv:2: there are 5 factors, not 3")));
	cr_assert(str_has(buf_view(&f.text), STR("report.csv:3:")));
	terms_release(&t);
	fault_release(&f);
}

Test(report_rules, labels_of_metrics_survive_quotes_and_line_ends)
{
	struct rowset quality, alerts;
	struct buf b = { 0 };

	rowset_init(&quality, &table_quality);
	rowset_init(&alerts, &table_alerts);
	rowset_add(&quality, (struct str[QUA_COLUMNS]){ STR("kr"), STR("customers"), STR("dealer"),
							STR("D\"1\\\n2"), STR("7"), STR("7"), STR("") });
	prometheus_write(&quality, &alerts, &b);
	cr_assert(str_has(buf_view(&b), STR("scope=\"D\\\"1\\\\\\n2\"} 7\n")), "%.*s", STR_FMT(buf_view(&b)));
	rowset_release(&quality);
	rowset_release(&alerts);
	buf_release(&b);
}
