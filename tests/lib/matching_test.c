#include <criterion/criterion.h>

#include "matching.h"
#include "scratch.h"

TestSuite(matching, .init = scratch_make, .fini = scratch_remove);

/* What matching_load says of a file with these lines behind a header and what else is needed. */
static struct str mistakes(const char *lines, struct fault *f)
{
	static const char head[] = "rule,name,value,exact,near,slip,surname,absent,unless,tell,note\n"
				   "threshold,link,0.95\nthreshold,margin,20\n"
				   "threshold,records,1000\nguard,id_number,2\nguard,mobile,4\n";
	const char *review = str_starts(str_of(lines), STR("threshold,review")) ? "" : "threshold,review,0.85\n";
	struct matching m;
	struct buf b = { 0 };

	buf_printf(&b, "%s%s%s", head, review, lines);
	scratch_put("matching.csv", buf_view(&b));
	buf_release(&b);
	if (matching_load(&m, scratch_dir, f))
		matching_release(&m);
	return buf_view(&f->text);
}

static void expect_mistake(const char *line, const char *part)
{
	struct fault f = { 0 };
	struct str said = mistakes(line, &f);

	cr_expect(str_has(said, str_of(part)), "\"%s\" gave: %.*s", line, STR_FMT(said));
	cr_expect_eq(f.status, EXIT_USAGE);
	fault_release(&f);
}

Test(matching, the_rules_that_ship_load)
{
	struct fault f = { 0 };
	struct matching m;

	cr_assert(matching_load(&m, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
	cr_expect_geq(m.link, m.review);
	cr_expect_gt(m.n_evidence, 10);
	cr_expect(str_eq(m.guard[MATCH_MOBILE].tell, STR("MOBILE_SHARED")));
	for (size_t i = 0; i < m.n_evidence; i++)
		for (int grade = NAME_ABSENT; grade < NAME_EXACT; grade++)
			cr_expect_leq(m.evidence[i].score[grade], m.evidence[i].score[NAME_EXACT], "%.*s",
				      STR_FMT(m.evidence[i].name));
	matching_release(&m);
}

Test(matching, every_mistake_is_told_with_its_line)
{
	expect_mistake("evidence,colour,colour,0.9\n", ":8: there is no evidence in the field \"colour\"");
	expect_mistake("evidence,mobile,mobile,1\n", ":8: \"1\" is no number from 0 to 0.9999");
	expect_mistake("threshold,link,2\n", ":8: \"2\" is no number from 0.5 to 1");
	expect_mistake("guess,a,b\n", ":8: rule \"guess\" is none of");
	expect_mistake("renewal,passport,library_card\n", ":8: there is no document \"library_card\"");
	expect_mistake("evidence,birth,birth_date,0.9,0.8\n", "only exact names can be compared");
	expect_mistake("evidence,a,mobile,0.9\nevidence,b,mobile,0.8\n", "the same fields");
	expect_mistake("evidence,a,id_like+mobile,0.9\n", "other fields beside one of numbers that failed");
	expect_mistake("trust,id_number,finance\ntrust,id_number,invoice\n", ":9: \"trust\" stands on line 8 already");
	expect_mistake("word,title,a\nword,title,b\nword,title,a\n", ":10: \"word\" stands on line 8 already");
	expect_mistake("threshold,review,0.99\n", "the threshold review is above link");
}
