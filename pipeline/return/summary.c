/*
 * summary.html: how a dealer stands. Counts and ages only, no value of any person, and of
 * the other dealers nothing but how many there are.
 */
#include "dealer.h"

#include "html.h"

#include <stdio.h>
#include <stdlib.h>

enum { AGES = 4 };

struct tally {
	size_t by_status[RETURN_STATUSES];
	size_t listed, again, returned; /* returned: all but what was withdrawn */
	size_t ages[AGES];
	size_t repaired, repair_days; /* fixed or confirmed, and in how many days in sum */
	int32_t oldest;
	size_t rank, ranked; /* among dealers that were returned anything; 0: not ranked */
};

static const struct {
	int32_t most_days;
	const char *zh, *en;
} ages[AGES] = {
	{7, "7天以内", "up to 7 days"},
	{30, "8至30天", "8 to 30 days"},
	{90, "31至90天", "31 to 90 days"},
	{INT32_MAX, "90天以上", "more than 90 days"},
};

static void tally_entry(struct tally *t, const struct returned *r)
{
	int age = 0;

	t->by_status[r->status]++;
	t->returned += r->status != RETURN_WITHDRAWN;
	if (r->status == RETURN_FIXED || r->status == RETURN_CONFIRMED) {
		t->repaired++;
		t->repair_days += (size_t)r->days;
	}
	if (!r->listed)
		return;
	t->listed++;
	t->again += r->status == RETURN_WRONG_AGAIN;
	while (r->days > ages[age].most_days)
		age++;
	t->ages[age]++;
	if (r->days > t->oldest)
		t->oldest = r->days;
}

static double rate(const struct tally *t)
{
	return t->returned ? (double)t->repaired / (double)t->returned : 0;
}

/* Equal rates share a rank; headquarters does not compete with its dealers. */
static void rank_all(struct tally *tallies, const struct dealers *ds)
{
	for (size_t i = 0; i < ds->n; i++) {
		size_t better = 0, all = 0;

		if (!tallies[i].returned || str_eq(ds->list[i].name, STR("hq")))
			continue;
		for (size_t k = 0; k < ds->n; k++) {
			if (!tallies[k].returned || str_eq(ds->list[k].name, STR("hq")))
				continue;
			all++;
			better += rate(&tallies[k]) > rate(&tallies[i]);
		}
		tallies[i].rank = better + 1;
		tallies[i].ranked = all;
	}
}

/* ---- the page ---- */

static void tile(struct buf *b, const char *style, const char *zh, const char *en,
		 const char *number)
{
	buf_printf(b, "<div class=\"tile\"><b class=\"%s\">%s</b>", style, number);
	html_both(b, zh, en);
	buf_str(b, STR("</div>\n"));
}

static void tile_count(struct buf *b, const char *style, const char *zh, const char *en, size_t n)
{
	char number[24];

	snprintf(number, sizeof(number), "%zu", n);
	tile(b, style, zh, en, number);
}

static void tiles(struct buf *b, const struct tally *t)
{
	char text[48];

	buf_str(b, STR("<div class=\"tiles\">\n"));
	tile_count(b, t->listed ? "bad" : "good", "待处理", "waiting for an answer", t->listed);
	tile_count(b, t->again ? "warn" : "", "其中更正后仍有误",
		   "of these still wrong after an answer", t->again);
	tile_count(b, "good", "已修复", "mended", t->by_status[RETURN_FIXED]);
	tile_count(b, "", "确认无误", "confirmed as right", t->by_status[RETURN_CONFIRMED]);
	snprintf(text, sizeof(text), "%.1f%%", 100 * rate(t));
	tile(b, "", "修复率", "repair rate", t->returned ? text : "–");
	snprintf(text, sizeof(text), "%.1f",
		 t->repaired ? (double)t->repair_days / (double)t->repaired : 0);
	tile(b, "", "平均修复天数", "days to repair, on average", t->repaired ? text : "–");
	if (t->rank) {
		snprintf(text, sizeof(text), "%zu / %zu", t->rank, t->ranked);
		tile(b, "", "修复率名次（共参加排名的经销商数）",
		     "rank by repair rate, of so many dealers", text);
	}
	buf_str(b, STR("</div>\n"));
}

static void section(struct buf *b, const char *zh, const char *en)
{
	buf_str(b, STR("<section>\n<h2>"));
	html_both(b, zh, en);
	buf_str(b, STR("</h2>\n<div class=\"scroll\"><table>\n"));
}

static void section_end(struct buf *b)
{
	buf_str(b, STR("</table></div>\n</section>\n"));
}

static void bar(struct buf *b, size_t n, size_t of)
{
	buf_printf(b,
		   "<td class=\"n\">%zu</td><td><div class=\"bar\"><i "
		   "style=\"width:%.1f%%\"></i></div></td>",
		   n, of ? 100.0 * (double)n / (double)of : 0);
}

static void open_by_age(struct buf *b, const struct tally *t)
{
	section(b, "待处理的有多久", "How old is what waits");
	for (int i = 0; i < AGES; i++) {
		buf_str(b, STR("<tr><td>"));
		html_both(b, ages[i].zh, ages[i].en);
		buf_str(b, STR("</td>"));
		bar(b, t->ages[i], t->listed);
		buf_str(b, STR("</tr>\n"));
	}
	section_end(b);
}

struct code_count {
	struct str code;
	size_t listed, again, closed;
	int32_t oldest;
};

static int by_count(const void *a, const void *b)
{
	const struct code_count *x = a, *y = b;
	int c = (y->listed > x->listed) - (y->listed < x->listed);

	return c ? c : str_cmp(x->code, y->code);
}

static size_t count_codes(const struct dealer *dealer, struct code_count **counts)
{
	struct map codes = {0};
	struct code_count *list = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < dealer->n; i++) {
		const struct returned *t = &dealer->entries[i];
		bool added;
		size_t at = *map_put(&codes, t->code, n, &added);

		if (added) {
			GROW(list, n, cap);
			list[n++] = (struct code_count){.code = t->code};
		}
		list[at].listed += t->listed;
		list[at].again += t->listed && t->status == RETURN_WRONG_AGAIN;
		list[at].closed += t->status == RETURN_FIXED || t->status == RETURN_CONFIRMED;
		if (t->listed && t->days > list[at].oldest)
			list[at].oldest = t->days;
	}
	map_release(&codes);
	if (n)
		qsort(list, n, sizeof(*list), by_count);
	*counts = list;
	return n;
}

static void code_row(struct buf *b, const struct code_count *c, const struct codes *codes)
{
	const struct code *code = codes_find(codes, c->code);

	buf_str(b, STR("<tr><td>"));
	if (code)
		html_both_text(b, code->title[LANG_ZH], code->title[LANG_EN]);
	buf_str(b, STR(" <span class=\"soft\">"));
	html_text(b, c->code);
	buf_printf(b,
		   "</span></td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td "
		   "class=\"n\">%zu</td>"
		   "<td class=\"n\">%d</td></tr>\n",
		   c->listed, c->again, c->closed, c->oldest);
}

static void faults_by_code(struct buf *b, const struct dealer *dealer, const struct codes *codes)
{
	static const char *const heads[][2] = {
		{"待处理", "waiting"},
		{"更正后仍有误", "still wrong"},
		{"已了结", "settled"},
		{"最久（天）", "oldest (days)"},
	};
	struct code_count *counts;
	size_t n = count_codes(dealer, &counts);

	section(b, "退回的是什么", "What was returned");
	buf_str(b, STR("<tr><th>"));
	html_both(b, "问题", "fault");
	buf_str(b, STR("</th>"));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		buf_str(b, STR("<th class=\"n\">"));
		html_both(b, heads[i][0], heads[i][1]);
		buf_str(b, STR("</th>"));
	}
	buf_str(b, STR("</tr>\n"));
	for (size_t i = 0; i < n; i++)
		code_row(b, &counts[i], codes);
	section_end(b);
	free(counts);
}

/* What became of each row of the corrections that came last. */
static void last_answers(struct buf *b, const struct dealer *dealer, const struct answers *answers)
{
	static const struct {
		const char *status, *zh, *en;
	} kinds[] = {
		{"applied", "已采用", "applied"},
		{"confirmed", "确认无误，已接受", "confirmed, accepted"},
		{"review", "转总部核实", "with headquarters"},
		{"still_wrong", "更正值仍有误", "still wrong"},
		{"empty", "未填写更正值", "left empty"},
		{"unknown", "退回编号不存在", "unknown number"},
		{"foreign", "不属于本店", "of another dealer"},
	};
	enum { KINDS = sizeof(kinds) / sizeof(*kinds) };
	size_t counts[KINDS] = {0};
	const struct str *row = answers_of_sender(answers, dealer->name, NULL);
	struct str date;

	if (!row)
		return;
	for (date = row[COR_OBSERVED_ON]; row && str_eq(date, row[COR_OBSERVED_ON]);
	     row = answers_of_sender(answers, dealer->name, row))
		for (size_t k = 0; k < KINDS; k++)
			counts[k] += answer_is(row, kinds[k].status);
	section(b, "最近一次送回的更正", "The corrections that came last");
	buf_printf(b, "<tr><td class=\"soft\">%.*s</td><td></td></tr>\n", STR_FMT(date));
	for (size_t k = 0; k < KINDS; k++) {
		buf_str(b, STR("<tr><td>"));
		html_both(b, kinds[k].zh, kinds[k].en);
		buf_printf(b, "</td><td class=\"n\">%zu</td></tr>\n", counts[k]);
	}
	section_end(b);
}

static void unread_files(struct buf *b, const struct dealer *dealer)
{
	if (!dealer->n_unread)
		return;
	section(b, "没有读入的文件", "Files that were not read");
	for (size_t i = 0; i < dealer->n_unread; i++) {
		buf_str(b, STR("<tr><td>"));
		html_text(b, dealer->unread[i].file);
		buf_str(b, STR("</td><td>"));
		html_both_text(b, dealer->unread[i].reason[LANG_ZH],
			       dealer->unread[i].reason[LANG_EN]);
		buf_str(b, STR("</td></tr>\n"));
	}
	section_end(b);
}

/* How many are on each list; too few of a list that must be long enough. */
static void followups(struct buf *b, const struct dealer *dealer, const struct followup_rules *rules)
{
	section(b, "需要跟进的客户", "Customers to see to");
	for (size_t i = 0; i < rules->n; i++) {
		const struct followup_rule *rule = &rules->list[i];
		size_t n = 0;

		for (size_t k = 0; k < dealer->n_followups; k++)
			n += dealer->followups[k].rule == i;
		if (!n && !(rule->least && dealer->gaps.customers))
			continue;
		buf_str(b, STR("<tr><td>"));
		html_both_text(b, rule->title[LANG_ZH], rule->title[LANG_EN]);
		if (n < rule->least) {
			buf_str(b, STR(" <span class=\"warn\">"));
			html_both(b, "不足", "fewer than ");
			buf_printf(b, "%llu", (unsigned long long)rule->least);
			html_both(b, "个", "");
			buf_str(b, STR("</span>"));
		}
		buf_str(b, STR("</td>"));
		bar(b, n, dealer->n_followups);
		buf_str(b, STR("</tr>\n"));
	}
	section_end(b);
}

static void lacking_items(struct buf *b, const struct gaps *gaps, const struct standard *s)
{
	if (!gaps->customers)
		return;
	section(b, "客户资料缺什么", "What is missing in the customers");
	buf_str(b, STR("<tr><td>"));
	html_both(b, "客户数", "customers");
	buf_printf(b, "</td><td class=\"n\">%zu</td><td></td></tr>\n<tr><td>", gaps->customers);
	html_both(b, "资料合格", "qualified");
	buf_str(b, STR("</td>"));
	bar(b, gaps->qualified, gaps->customers);
	buf_str(b, STR("</tr>\n"));
	for (size_t i = 0; i < s->n; i++) {
		buf_str(b, STR("<tr><td>"));
		html_both(b, "缺少：", "without: ");
		html_both_text(b, s->list[i].label[LANG_ZH], s->list[i].label[LANG_EN]);
		buf_str(b, STR("</td>"));
		bar(b, gaps->lacking[i], gaps->customers);
		buf_str(b, STR("</tr>\n"));
	}
	section_end(b);
}

static bool write_page(const struct dealer *dealer, const struct tally *t, struct desk *d,
		       const struct answers *answers, const struct standard *s,
		       const struct followup_rules *rules, struct fault *f)
{
	struct buf b = {0};
	struct arena a = {0};
	bool ok;

	html_begin(&b, "数据退回情况", "Returned data", "");
	buf_str(&b, STR("<p class=\"soft\">"));
	html_text(&b, dealer->name);
	buf_char(&b, ' ');
	html_text(&b, dealer_name(&d->dealer_names, dealer->name));
	buf_printf(&b, " · %.*s</p>\n", STR_FMT(d->today));
	tiles(&b, t);
	unread_files(&b, dealer);
	open_by_age(&b, t);
	faults_by_code(&b, dealer, d->codes);
	last_answers(&b, dealer, answers);
	followups(&b, dealer, rules);
	lacking_items(&b, &dealer->gaps, s);
	html_end(&b);
	ok = folder_put(str_keepz(&a, str_printf(&a, "%s/summary.html", dealer->path)),
			buf_view(&b), f);
	arena_release(&a);
	buf_release(&b);
	return ok;
}

bool summaries_write(const struct dealers *ds, struct desk *d, const struct answers *answers,
		     const struct standard *standard, const struct followup_rules *rules,
		     struct fault *f)
{
	struct tally *tallies = xcalloc(ds->n, sizeof(*tallies));
	bool ok = true;

	for (size_t i = 0; i < ds->n; i++)
		for (size_t k = 0; k < ds->list[i].n; k++)
			tally_entry(&tallies[i], &ds->list[i].entries[k]);
	rank_all(tallies, ds);
	for (size_t i = 0; ok && i < ds->n; i++)
		ok = write_page(&ds->list[i], &tallies[i], d, answers, standard, rules, f);
	free(tallies);
	return ok;
}
