/* The tables of the page: dimensions by source, dealers, faults, fields, the standard's items
 * and the sales consultants. */
#include "page.h"

#include "html.h"
#include "mask.h"

#include <stdlib.h>

/* ---- dimensions by source ---- */

static bool has_records(const struct page *p, struct str source)
{
	return tally_get(p->tally, M_faultless, SCOPE_SOURCE, source) != NULL;
}

static void dimension_row(const struct page *p, struct buf *b, enum metric metric)
{
	buf_str(b, STR("<tr><td>"));
	page_label(b, metric);
	buf_str(b, STR("</td>"));
	page_metric_cell(p, b, metric, SCOPE_ALL, STR(""));
	for (size_t i = 0; i < p->n_sources; i++)
		if (has_records(p, p->sources[i]))
			page_metric_cell(p, b, metric, SCOPE_SOURCE, p->sources[i]);
	buf_str(b, STR("</tr>\n"));
}

void page_dimensions(const struct page *p, struct buf *b)
{
	static const struct {
		enum metric metric;
		const char *zh, *en;
	} rows[] = {
		{ M_expected_given, "完整性", "completeness" }, { M_valid, "有效性", "validity" },
		{ M_faultless, NULL, NULL },			{ M_own_mobile, "唯一性", "uniqueness" },
		{ M_undoubted, NULL, NULL },			{ M_consistent, "一致性", "consistency" },
		{ M_on_time, "及时性", "timeliness" },		{ M_urgent_on_time, NULL, NULL },
		{ M_days_silent, NULL, NULL },			{ M_agrees, "准确性", "accuracy" },
	};

	page_section(b, "各维度与各来源", "Dimensions by source");
	buf_str(b, STR("<div class=\"scroll\"><table class=\"wide\">\n<tr>"));
	page_head(b, "", "指标", "measure");
	page_head(b, "n", "全部", "all");
	for (size_t i = 0; i < p->n_sources; i++) {
		if (!has_records(p, p->sources[i]))
			continue;
		buf_str(b, STR("<th class=\"n\">"));
		html_both_text(b, page_source(p, p->sources[i], LANG_ZH), page_source(p, p->sources[i], LANG_EN));
		buf_str(b, STR("</th>"));
	}
	buf_str(b, STR("</tr>\n"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].zh) {
			buf_printf(b, "<tr><th colspan=\"%zu\">", p->n_sources + 2);
			html_both(b, rows[i].zh, rows[i].en);
			buf_str(b, STR("</th></tr>\n"));
		}
		dimension_row(p, b, rows[i].metric);
	}
	buf_str(b, STR("</table></div>\n"));
	page_section_end(b);
}

/* ---- dealers ---- */

static const enum metric of_dealer[] = {
	M_customers,   M_callable, M_sales_csi,	  M_after_sales_csi, M_valid_address, M_reachable,
	M_has_id_number, M_qualified, M_expected_given, M_faultless, M_on_time,	M_agrees,
	M_returned,    M_open,	   M_repair_rate, M_days_to_repair,  M_confirmed,     M_days_silent,
};

enum { OF_DEALER = sizeof(of_dealer) / sizeof(*of_dealer) };

static const char *dealer_mark(const struct page *p, enum metric metric, const struct count *c)
{
	int64_t goal = (int64_t)p->in->terms.valid_address_goal;

	if (metric != M_valid_address || !c || !c->denominator)
		return "";
	return c->numerator * 100 >= c->denominator * goal ? "good" : "bad";
}

static void dealer_row(const struct page *p, struct buf *b, enum scope_kind kind, struct str dealer)
{
	for (size_t i = 0; i < OF_DEALER; i++) {
		const struct count *c = tally_get(p->tally, of_dealer[i], kind, dealer);

		page_cell(b, c, metric_facts[of_dealer[i]].unit, dealer_mark(p, of_dealer[i], c));
	}
	buf_str(b, STR("</tr>\n"));
}

void page_dealers(const struct page *p, struct buf *b)
{
	page_section_long(b, "经销商", "Dealers");
	if (!p->n_dealers) {
		page_note(b, "还没有经销商的数据。", "There is no data of any dealer yet.");
		page_section_end(b);
		return;
	}
	page_note(b, "可回访：有姓名和手机、手机只属一人、无疑似重复、及时送达。hq 为总部。",
		  "Usable for calling: name and mobile given, the mobile of one customer only, no likely double, "
		  "sent in time. hq is headquarters.");
	buf_str(b, STR("<div class=\"tools\" id=\"dealer-tools\"></div>\n<div class=\"tall\">"
		       "<table class=\"wide\" data-sort=\"dealer-tools\">\n<thead><tr>"));
	page_head(b, "", "经销商", "dealer");
	for (size_t i = 0; i < OF_DEALER; i++) {
		buf_str(b, STR("<th class=\"n\">"));
		page_label(b, of_dealer[i]);
		buf_str(b, STR("</th>"));
	}
	buf_str(b, STR("</tr></thead>\n<tbody>\n"));
	for (size_t i = 0; i < p->n_dealers; i++) {
		buf_str(b, STR("<tr><td>"));
		page_dealer(p, b, p->dealers[i]);
		buf_str(b, STR("</td>"));
		dealer_row(p, b, SCOPE_DEALER, p->dealers[i]);
	}
	buf_str(b, STR("</tbody>\n<tfoot><tr><td>"));
	html_both(b, "全部", "all");
	buf_str(b, STR("</td>"));
	dealer_row(p, b, SCOPE_ALL, STR(""));
	buf_str(b, STR("</tfoot></table></div>\n"));
	page_section_end(b);
}

/* ---- lines by how much they count ---- */

struct ranked {
	struct str scope;
	const struct count *count;
};

static int by_numerator(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = (y->count->numerator > x->count->numerator) - (y->count->numerator < x->count->numerator);

	return c ? c : str_cmp(x->scope, y->scope);
}

static struct ranked *rank(const struct tally *t, enum metric metric, enum scope_kind kind, size_t *n)
{
	const struct map *scopes = &t->scopes[metric][kind];
	struct ranked *list = xcalloc(scopes->n, sizeof(*list));

	for (size_t i = 0; i < scopes->n; i++)
		list[i] = (struct ranked){ scopes->entries[i].key, &t->counts[scopes->entries[i].value] };
	if (scopes->n)
		qsort(list, scopes->n, sizeof(*list), by_numerator);
	*n = scopes->n;
	return list;
}

static void bar(struct buf *b, int64_t n, int64_t of)
{
	buf_printf(b, "<td><div class=\"bar\"><i style=\"width:%.1f%%\"></i></div></td>",
		   of ? 100.0 * (double)n / (double)of : 0);
}

/* ---- faults ---- */

void page_codes(const struct page *p, struct buf *b)
{
	size_t n;
	struct ranked *list = rank(p->tally, M_faults, SCOPE_CODE, &n);

	page_section_long(b, "差错", "Faults");
	if (!n)
		page_note(b, "没有差错。", "There are no faults.");
	buf_str(b, STR("<div class=\"scroll\"><table>\n<tr>"));
	page_head(b, "", "差错", "fault");
	page_head(b, "n", "处数", "how many");
	page_head(b, "", "", "");
	page_head(b, "n", metric_facts[M_repair_rate].label[0], metric_facts[M_repair_rate].label[1]);
	page_head(b, "n", metric_facts[M_days_to_repair].label[0], metric_facts[M_days_to_repair].label[1]);
	page_head(b, "n", metric_facts[M_confirmed].label[0], metric_facts[M_confirmed].label[1]);
	buf_str(b, STR("</tr>\n"));
	for (size_t i = 0; i < n; i++) {
		const struct code *code = codes_find(p->in->codes, list[i].scope);
		struct count c = { list[i].count->numerator, 0 };

		buf_str(b, STR("<tr><td>"));
		if (code)
			html_both_text(b, code->title[LANG_ZH], code->title[LANG_EN]);
		buf_str(b, STR(" <span class=\"soft\">"));
		html_text(b, list[i].scope);
		buf_str(b, STR("</span></td>"));
		page_cell(b, &c, UNIT_COUNT, "");
		bar(b, c.numerator, list[0].count->numerator);
		page_metric_cell(p, b, M_repair_rate, SCOPE_CODE, list[i].scope);
		page_metric_cell(p, b, M_days_to_repair, SCOPE_CODE, list[i].scope);
		page_metric_cell(p, b, M_confirmed, SCOPE_CODE, list[i].scope);
		buf_str(b, STR("</tr>\n"));
	}
	buf_str(b, STR("</table></div>\n"));
	page_section_end(b);
	free(list);
}

/* ---- fields ---- */

void page_fields(const struct page *p, struct buf *b)
{
	static const enum metric columns[] = { M_filled, M_expected_given, M_valid, M_agrees };
	const struct map *fields = &p->tally->scopes[M_filled][SCOPE_FIELD];

	if (!fields->n)
		return;
	page_section_long(b, "字段", "Fields");
	buf_str(b, STR("<details open><summary>"));
	html_both(b, "各字段的填写与有效情况", "what is given and valid, field by field");
	buf_str(b, STR("</summary>\n<div class=\"scroll\"><table>\n<tr>"));
	page_head(b, "", "字段", "field");
	for (size_t i = 0; i < 4; i++)
		page_head(b, "n", metric_facts[columns[i]].label[0], metric_facts[columns[i]].label[1]);
	buf_str(b, STR("</tr>\n"));
	for (enum field field = 0; field < F_COUNT; field++) {
		struct str name = field_name(field);

		if (!map_get(fields, name))
			continue;
		buf_str(b, STR("<tr><td>"));
		html_both_text(b, codes_label(p->in->codes, name, LANG_ZH),
			       codes_label(p->in->codes, name, LANG_EN));
		buf_str(b, STR("</td>"));
		for (size_t i = 0; i < 4; i++)
			page_metric_cell(p, b, columns[i], SCOPE_FIELD, name);
		buf_str(b, STR("</tr>\n"));
	}
	buf_str(b, STR("</table></div></details>\n"));
	page_section_end(b);
}

/* ---- the items of the dealer standard ---- */

void page_items(const struct page *p, struct buf *b)
{
	const struct standard *s = &p->in->standard;

	if (!tally_get(p->tally, M_qualified, SCOPE_ALL, STR("")))
		return;
	page_section(b, "合格档案的标准项", "Items of a qualified record");
	buf_str(b, STR("<div class=\"scroll\"><table>\n"));
	for (size_t i = 0; i < s->n; i++) {
		const struct count *c = tally_get(p->tally, M_item_given, SCOPE_ITEM, s->list[i].name);

		if (!c)
			continue;
		buf_str(b, STR("<tr><td>"));
		html_both_text(b, s->list[i].label[LANG_ZH], s->list[i].label[LANG_EN]);
		if (!c->numerator) {
			buf_str(b, STR(" <span class=\"warn\">"));
			html_both(b, "（没有任何接口提供，视为缺少）", "(no export gives it; counts as absent)");
			buf_str(b, STR("</span>"));
		}
		buf_str(b, STR("</td>"));
		page_cell(b, c, UNIT_SHARE, "");
		bar(b, c->numerator, c->denominator);
		buf_str(b, STR("</tr>\n"));
	}
	buf_str(b, STR("</table></div>\n"));
	page_section_end(b);
}

/* ---- sales consultants: names masked, as all names in reports ---- */

enum { CONSULTANTS_SHOWN = 30 };

static int by_faulty(const void *a, const void *b)
{
	const struct count *x = ((const struct ranked *)a)->count, *y = ((const struct ranked *)b)->count;
	int64_t p = x->denominator - x->numerator, q = y->denominator - y->numerator;

	return p != q ? (q > p) - (q < p) : str_cmp(((const struct ranked *)a)->scope, ((const struct ranked *)b)->scope);
}

void page_consultants(const struct page *p, struct buf *b)
{
	size_t n;
	struct ranked *list = rank(p->tally, M_faultless, SCOPE_CONSULTANT, &n);
	struct arena a = { 0 };

	if (n)
		qsort(list, n, sizeof(*list), by_faulty);
	if (n) {
		page_section_long(b, "有差错的记录最多的销售顾问", "Sales consultants with the most faulty records");
		buf_str(b, STR("<div class=\"scroll\"><table>\n<tr>"));
		page_head(b, "", "经销商", "dealer");
		page_head(b, "", "销售顾问", "sales consultant");
		page_head(b, "n", "有差错的记录", "faulty records");
		page_head(b, "n", "无差错", "without a fault");
		buf_str(b, STR("</tr>\n"));
	}
	for (size_t i = 0; i < n && i < CONSULTANTS_SHOWN; i++) {
		struct str name = list[i].scope, dealer;
		struct count faulty = { list[i].count->denominator - list[i].count->numerator, 0 };

		if (!faulty.numerator)
			break;
		str_cut(&name, '/', &dealer);
		buf_str(b, STR("<tr><td>"));
		page_dealer(p, b, dealer);
		buf_str(b, STR("</td><td>"));
		html_text(b, mask_value(&a, F_NAME, name));
		buf_str(b, STR("</td>"));
		page_cell(b, &faulty, UNIT_COUNT, "");
		page_cell(b, list[i].count, UNIT_SHARE, "");
		buf_str(b, STR("</tr>\n"));
	}
	if (n) {
		buf_str(b, STR("</table></div>\n"));
		page_section_end(b);
	}
	arena_release(&a);
	free(list);
}
