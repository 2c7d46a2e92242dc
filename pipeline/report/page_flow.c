/*
 * Where the rows of this run went: bands from the sources on the left to the four fates on
 * the right, drawn to scale, and the same numbers as a table whose sums meet.
 */
#include "page.h"

#include "html.h"

#include <inttypes.h>

enum { FATES = 4, WIDTH = 1000, TOP = 10, LEFT = 300, RIGHT = 700, NODE = 14, HEIGHT = 320, GAP = 26 };

static const enum metric fates[FATES] = { M_rows_accepted, M_rows_flagged, M_rows_rejected, M_rows_duplicate };

struct flow {
	const struct page *p;
	size_t n; /* sources that sent rows */
	struct str *sources;
	int64_t (*rows)[FATES];
	int64_t of_fate[FATES], all;
	double scale; /* heights for each row */
};

static int64_t rows_of(const struct page *p, enum metric fate, struct str source)
{
	const struct count *c = tally_get(p->tally, fate, SCOPE_SOURCE, source);

	return c ? c->numerator : 0;
}

static int64_t sum(const int64_t rows[FATES])
{
	return rows[0] + rows[1] + rows[2] + rows[3];
}

static void gather(struct flow *f, const struct page *p, struct arena *a)
{
	*f = (struct flow){ .p = p };
	f->sources = arena_alloc(a, (p->n_sources + 1) * sizeof(*f->sources));
	f->rows = arena_zalloc(a, (p->n_sources + 1) * sizeof(*f->rows));
	for (size_t i = 0; i < p->n_sources; i++) {
		for (int k = 0; k < FATES; k++)
			f->rows[f->n][k] = rows_of(p, fates[k], p->sources[i]);
		if (!sum(f->rows[f->n]))
			continue;
		for (int k = 0; k < FATES; k++)
			f->of_fate[k] += f->rows[f->n][k];
		f->sources[f->n++] = p->sources[i];
	}
	f->all = sum(f->of_fate);
	f->scale = f->all ? (double)HEIGHT / (double)f->all : 0;
}

/* ---- the picture ---- */

static void text(struct buf *b, int x, double y, const char *anchor, struct str zh, struct str en,
		 int64_t rows, double share)
{
	const struct str words[] = { zh, en };
	static const char *const class[] = { "zh", "en" };

	for (int i = 0; i < 2; i++) {
		buf_printf(b, "<text class=\"%s\" x=\"%d\" y=\"%.1f\" text-anchor=\"%s\">", class[i], x, y,
			   anchor);
		html_text(b, words[i]);
		buf_str(b, STR(" <tspan class=\"soft\">"));
		page_number(b, &(struct count){ rows, 0 }, UNIT_COUNT);
		buf_printf(b, " · %.1f%%</tspan></text>\n", share);
	}
}

static void node(struct buf *b, const char *class, int x, double y, double height)
{
	buf_printf(b, "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n", class, x, y,
		   NODE, height < 1 ? 1 : height);
}

static void band(struct buf *b, int fate, double from, double to, double height, int64_t rows)
{
	int x1 = LEFT + NODE, x2 = RIGHT, middle = (x1 + x2) / 2;

	if (height < 0.5)
		height = 0.5;
	buf_printf(b,
		   "<path class=\"fate%d\" d=\"M%d %.1fC%d %.1f %d %.1f %d %.1fV%.1fC%d %.1f %d %.1f %d %.1fZ\">"
		   "<title>%" PRId64 "</title></path>\n",
		   fate, x1, from, middle, from, middle, to, x2, to, to + height, middle, to + height, middle,
		   from + height, x1, from + height, rows);
}

static void draw_fates(const struct flow *f, struct buf *b, double at[FATES])
{
	double y = TOP;

	for (int k = 0; k < FATES; k++) {
		const struct metric_facts *m = &metric_facts[fates[k]];
		double height = (double)f->of_fate[k] * f->scale;
		char class[8] = "fate0";

		class[4] = (char)('0' + k);
		at[k] = y;
		node(b, class, RIGHT, y, height);
		text(b, RIGHT + NODE + 10, y + height / 2 + 5, "start", str_of(m->label[LANG_ZH]),
		     str_of(m->label[LANG_EN]), f->of_fate[k], 100.0 * (double)f->of_fate[k] / (double)f->all);
		y += height + GAP;
	}
}

static void draw_source(const struct flow *f, struct buf *b, size_t i, double y, double at[FATES])
{
	int64_t rows = sum(f->rows[i]);
	double height = (double)rows * f->scale;

	node(b, "from", LEFT, y, height);
	text(b, LEFT - 10, y + height / 2 + 5, "end", page_source(f->p, f->sources[i], LANG_ZH),
	     page_source(f->p, f->sources[i], LANG_EN), rows, 100.0 * (double)rows / (double)f->all);
	for (int k = 0; k < FATES; k++) {
		double thick = (double)f->rows[i][k] * f->scale;

		if (!f->rows[i][k])
			continue;
		band(b, k, y, at[k], thick, f->rows[i][k]);
		y += thick;
		at[k] += thick;
	}
}

static void draw(const struct flow *f, struct buf *b)
{
	size_t gaps = f->n > FATES ? f->n : FATES;
	double at[FATES], y = TOP;

	buf_printf(b, "<div class=\"scroll\"><svg class=\"flow\" viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"flow\">\n", WIDTH,
		   (size_t)(HEIGHT + 2 * TOP) + gaps * GAP);
	draw_fates(f, b, at);
	for (size_t i = 0; i < f->n; i++) {
		draw_source(f, b, i, y, at);
		y += (double)sum(f->rows[i]) * f->scale + GAP;
	}
	buf_str(b, STR("</svg></div>\n"));
}

/* ---- the table ---- */

static void line(struct buf *b, const struct count *files, const int64_t rows[FATES])
{
	struct count all = { sum(rows), 0 };

	page_cell(b, files, UNIT_COUNT, "");
	page_cell(b, &all, UNIT_COUNT, "");
	for (int k = 0; k < FATES; k++) {
		struct count c = { rows[k], 0 };

		page_cell(b, &c, UNIT_COUNT, "");
	}
	buf_str(b, STR("</tr>\n"));
}

static void table(const struct flow *f, struct buf *b)
{
	const struct page *p = f->p;

	buf_str(b, STR("<div class=\"scroll\"><table>\n<tr>"));
	page_head(b, "", "来源", "source");
	page_head(b, "n", "文件", "files");
	page_head(b, "n", "行数", "rows");
	for (int k = 0; k < FATES; k++)
		page_head(b, "n", metric_facts[fates[k]].label[LANG_ZH], metric_facts[fates[k]].label[LANG_EN]);
	buf_str(b, STR("</tr>\n"));
	for (size_t i = 0; i < f->n; i++) {
		buf_str(b, STR("<tr><td>"));
		html_both_text(b, page_source(p, f->sources[i], LANG_ZH), page_source(p, f->sources[i], LANG_EN));
		buf_str(b, STR("</td>"));
		line(b, tally_get(p->tally, M_files, SCOPE_SOURCE, f->sources[i]), f->rows[i]);
	}
	buf_str(b, STR("<tr><td>"));
	html_both(b, "合计", "together");
	buf_str(b, STR("</td>"));
	line(b, tally_get(p->tally, M_files, SCOPE_ALL, STR("")), f->of_fate);
	buf_str(b, STR("</table></div>\n"));
}

enum { QUARANTINED_SHOWN = 50 };

static void quarantined_line(const struct page *p, struct buf *b, const struct str *v)
{
	struct arena a = { 0 };

	buf_str(b, STR("<tr><td>"));
	html_text(b, v[LED_FILE]);
	buf_str(b, STR("</td><td>"));
	page_dealer(p, b, v[LED_SENDER]);
	buf_str(b, STR("</td><td>"));
	html_both_text(b, file_reason_text(&p->file_reasons, v[LED_REASON], LANG_ZH, &a),
		       file_reason_text(&p->file_reasons, v[LED_REASON], LANG_EN, &a));
	buf_str(b, STR("</td></tr>\n"));
	arena_release(&a);
}

static void quarantine(const struct page *p, struct buf *b)
{
	const struct count *c = tally_get(p->tally, M_files_quarantined, SCOPE_ALL, STR(""));
	const struct rowset *ledger = p->in->ledger;
	struct str v[LED_COLUMNS];
	size_t shown = 0;

	if (!c || !c->numerator)
		return;
	buf_printf(b, "<h3 class=\"warn\">%" PRId64 " ", c->numerator);
	html_both(b, "个文件没有读入", "files were not read");
	buf_str(b, STR("</h3>\n<div class=\"scroll\"><table>\n"));
	for (size_t i = 0; i < ledger->n && shown < QUARANTINED_SHOWN; i++) {
		rowset_get(ledger, i, v);
		if (!str_eq(v[LED_STATUS], STR("quarantined")))
			continue;
		quarantined_line(p, b, v);
		shown++;
	}
	buf_str(b, STR("</table></div>\n"));
	if ((size_t)c->numerator > shown)
		page_note(b, "其余见台账 ledger.csv。", "The others are in ledger.csv.");
}

void page_flow(const struct page *p, struct buf *b)
{
	struct arena a = { 0 };
	struct flow f;

	gather(&f, p, &a);
	page_section(b, "本次各行的去向", "Where the rows of this run went");
	if (f.all) {
		draw(&f, b);
		table(&f, b);
	} else {
		page_note(b, "本次没有收到数据行。", "No rows came in this run.");
	}
	quarantine(p, b);
	page_section_end(b);
	arena_release(&a);
}
