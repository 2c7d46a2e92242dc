#include "audit.h"

#include "csv_table.h"

enum { SEEN = ENTITY_COUNT }; /* in x->cleaned, behind the tables that a record feeds: those of extract/ that have it */

static void meet_row(struct audit *x, enum entity entity, struct str id, size_t row)
{
	const char *table = entity_name(entity).p;
	uint64_t *feeds = map_get(&x->cleaned, id);
	const uint64_t *rejected = map_get(&x->fates, id);

	x->checks++;
	if (rejected && *rejected)
		return;
	if (!feeds || !(*feeds & FEEDS(entity)))
		complain(x, "clean/%s.csv: no line for the record %.*s of row %zu of extract/%s.csv", table, STR_FMT(id), row,
			 table);
	else if (*feeds & FEEDS(SEEN + entity))
		complain(x, "extract/%s.csv, row %zu: the record %.*s is there twice", table, row, STR_FMT(id));
	else
		*feeds |= FEEDS(SEEN + entity);
}

static bool read_rows(struct audit *x, enum entity entity, const char *path, struct fault *f)
{
	struct csv_reader *in = csv_reader_open(path, f);
	int id = in ? csv_reader_column(in, field_name(F_RECORD_ID)) : -1;
	const struct str *v;
	size_t row = 1;

	while (id >= 0 && csv_reader_next(in, &v))
		meet_row(x, entity, v[id], ++row);
	return in && csv_reader_close(in, f);
}

static void check_seen(struct audit *x, enum entity entity)
{
	const char *table = entity_name(entity).p;

	for (size_t i = 0; i < x->cleaned.n; i++) {
		uint64_t feeds = x->cleaned.entries[i].value;

		if ((feeds & FEEDS(entity)) && !(feeds & FEEDS(SEEN + entity)))
			complain(x, "extract/%s.csv: no line for the record %.*s of clean/%s.csv", table,
				 STR_FMT(x->cleaned.entries[i].key), table);
	}
}

bool audit_extracted(struct audit *x, struct fault *f)
{
	bool ok = true;

	for (enum entity e = 0; ok && e < ENTITY_COUNT; e++) {
		struct str name = str_printf(&x->arena, "extract/%.*s.csv", STR_FMT(entity_name(e)));
		const char *path = run_in_path(x->r, str_keepz(&x->arena, name));

		if (!csv_table_exists(path))
			continue; /* clean may have had another folder for --in */
		ok = read_rows(x, e, path, f);
		if (ok)
			check_seen(x, e);
	}
	return ok;
}
