#include "list.h"

#include "mask.h"
#include "people_csv.h"

#include <stdlib.h>

const struct str list_headers[LIST_COLUMNS] = {
	[LIST_REJECT_ID] = STR_INIT("退回编号"),
	[LIST_FILE] = STR_INIT("文件"),
	[LIST_ROW] = STR_INIT("行号"),
	[LIST_FIELD] = STR_INIT("字段"),
	[LIST_VALUE] = STR_INIT("原值"),
	[LIST_CODE] = STR_INIT("错误代码"),
	[LIST_MESSAGE] = STR_INIT("错误说明"),
	[LIST_SUGGESTION] = STR_INIT("修改建议"),
	[LIST_CORRECTED_VALUE] = STR_INIT("更正值"),
	[LIST_KEY] = STR_INIT("单号"),
	[LIST_HANDLER] = STR_INIT("经办人"),
	[LIST_FIRST_SENT] = STR_INIT("首次退回"),
};

static enum action action_named(struct str name)
{
	for (int i = ACTION_REJECT; i <= ACTION_WARN; i++)
		if (str_eq(action_name((enum action)i), name))
			return (enum action)i;
	return ACTION_WARN;
}

/* The sentences may quote the value, so of somebody else's record they are made anew without
 * it, its details or a proposal. */
static void fill_foreign(struct list_line *line, const struct str *v, enum lang lang,
			 struct arena *a)
{
	struct reject bare = {.code = line->code,
			      .action = line->action,
			      .field = v[REJ_FIELD],
			      .header = v[REJ_HEADER]};

	line->cells[LIST_VALUE] = mask_foreign(a, field_find(v[REJ_FIELD]), v[REJ_VALUE]);
	if (!line->code)
		return;
	line->cells[LIST_MESSAGE] = reject_message(&bare, lang, a);
	line->cells[LIST_SUGGESTION] = reject_suggestion(&bare, lang, a);
}

static void fill_own(struct list_line *line, const struct str *v)
{
	line->cells[LIST_VALUE] = v[REJ_VALUE];
	line->cells[LIST_MESSAGE] = v[REJ_MESSAGE];
	line->cells[LIST_SUGGESTION] = v[REJ_SUGGESTION];
}

/* By what and by whom the dealer finds the record again. Who handled it elsewhere is not the
 * dealer's business; the last of a foreign number is on the paper in its hands. */
static void fill_record(struct list_line *line, struct desk *d, struct arena *a)
{
	const struct returned *t = line->of;
	struct record rec;
	struct str key;

	if (!desk_record(d, t->record_id, &rec, a))
		return;
	key = desk_key(desk_origin(d, t->record_id), &rec);
	if (t->foreign) {
		line->cells[LIST_KEY] = mask_number(a, key);
		return;
	}
	line->cells[LIST_KEY] = key;
	line->cells[LIST_HANDLER] =
		rec.v[F_SALES_CONSULTANT].n ? rec.v[F_SALES_CONSULTANT] : rec.v[F_HANDLER];
}

static void fill(struct list_line *line, struct desk *d, struct arena *a)
{
	const struct returned *t = line->of;
	struct str v[REJ_COLUMNS];

	rowset_get(t->told, t->line, v);
	line->code = codes_find(d->codes, v[REJ_CODE]);
	line->action = action_named(v[REJ_ACTION]);
	line->cells[LIST_REJECT_ID] = v[REJ_REJECT_ID];
	line->cells[LIST_FILE] = v[REJ_FILE];
	line->cells[LIST_ROW] = str_eq(v[REJ_ROW], STR("0")) ? (struct str){0} : v[REJ_ROW];
	line->cells[LIST_FIELD] = str_trim(v[REJ_HEADER]).n
					  ? str_trim(v[REJ_HEADER])
					  : codes_label(d->codes, v[REJ_FIELD], LANG_ZH);
	line->cells[LIST_CODE] = v[REJ_CODE];
	if (t->foreign)
		fill_foreign(line, v, d->r->opt.lang, a);
	else
		fill_own(line, v);
	if (t->note.n)
		line->cells[LIST_MESSAGE] = str_printf(
			a, "%.*s%.*s", STR_FMT(line->cells[LIST_MESSAGE]), STR_FMT(t->note));
	line->cells[LIST_FIRST_SENT] = t->first_sent;
	fill_record(line, d, a);
}

/* Rows that are of no use, then values that are not used, then doubts; within these as the
 * rules weigh the codes, the oldest first. */
static int by_weight(const void *a, const void *b)
{
	const struct list_line *x = a, *y = b;
	int p = x->code ? x->code->weight : 0, q = y->code ? y->code->weight : 0;
	int c = (x->action > y->action) - (x->action < y->action);

	if (!c)
		c = (p > q) - (p < q);
	if (!c)
		c = str_cmp(x->cells[LIST_CODE], y->cells[LIST_CODE]);
	if (!c)
		c = str_cmp(x->of->first_sent, y->of->first_sent);
	if (!c)
		c = record_id_cmp(x->of->record_id, y->of->record_id);
	return c ? c : str_cmp(x->of->field, y->of->field);
}

void list_make(struct list *list, struct desk *d, const struct returned *entries, size_t n)
{
	size_t listed = 0;

	*list = (struct list){.today = d->today};
	for (size_t i = 0; i < n; i++)
		listed += entries[i].listed;
	list->lines = xcalloc(listed, sizeof(*list->lines));
	for (size_t i = 0; i < n; i++) {
		if (!entries[i].listed)
			continue;
		list->lines[list->n].of = &entries[i];
		fill(&list->lines[list->n++], d, &list->arena);
	}
	qsort(list->lines, list->n, sizeof(*list->lines), by_weight);
}

void list_release(struct list *list)
{
	free(list->lines);
	arena_release(&list->arena);
}

bool list_write_csv(const struct list *list, const char *path, struct fault *f)
{
	struct buf b = {.max = SIZE_MAX};
	bool ok;

	people_csv_begin(&b);
	people_csv_row(&b, list_headers, LIST_COLUMNS);
	for (size_t i = 0; i < list->n; i++)
		people_csv_row(&b, list->lines[i].cells, LIST_COLUMNS);
	ok = folder_put(path, buf_view(&b), f);
	buf_release(&b);
	return ok;
}
