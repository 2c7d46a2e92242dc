/*
 * Any bytes as an export. The first byte says by which schema, the second how long a row may
 * be. Beyond not crashing: rows come in order, their bytes are those of the file and lie one
 * behind the other, none is longer than allowed, and a row that is read again from what the
 * state keeps (header, encoding, delimiter, bytes) gives the same record.
 */
#include "extract/export_inside.h"
#include "table.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct schemas schemas;
static struct reference *reference;

#define MUST(condition)            \
	do {                       \
		if (!(condition))  \
			abort();   \
	} while (0)

static void check_record(struct export *e, struct export *again, const struct raw_row *raw,
			 struct arena *a)
{
	struct record one, two;
	const char *code_one = NULL, *code_two = NULL;
	struct str detail;
	bool ok = export_record(e, raw, &one, &code_one, &detail, a);

	MUST(ok == (code_one == NULL));
	MUST(again);
	MUST(export_record(again, raw, &two, &code_two, &detail, a) == ok);
	for (int i = 0; ok && i < F_COUNT; i++)
		MUST(str_eq(one.v[i], two.v[i]));
	if (ok)
		MUST(one.feeds && one.feeds == two.feeds);
	if (ok)
		export_observe(e, &one);
}

static void check_rows(struct export *e, struct str bytes, size_t most, struct arena *a)
{
	struct str reason;
	struct export *again = export_reopen(&e->name, export_header(e), export_encoding(e),
					     export_delimiter(e).p[0], reference, a, &reason);
	struct raw_row raw;
	uint32_t last = 0;
	uint64_t end = 0;

	while (export_next(e, &raw)) {
		MUST(raw.row > last && raw.offset >= end && raw.bytes.n);
		/* ASCII is twice as long in UTF-16 as in the text that is split. */
		MUST(raw.bytes.n <= 2 * most || raw.code);
		if (e->encoding < ENCODING_XLSX)
			MUST(raw.offset + raw.bytes.n <= bytes.n &&
			     memcmp(raw.bytes.p, bytes.p + raw.offset, raw.bytes.n) == 0);
		last = raw.row;
		end = raw.offset + raw.bytes.n;
		if (e->name.schema->corrections) {
			struct str values[CRW_COLUMNS], detail;
			const char *code = NULL;

			if (!raw.code)
				export_correction(e, &raw, values, &code, &detail, a);
		} else if (!raw.code) {
			check_record(e, again, &raw, a);
		}
	}
	export_findings(e, a);
	export_unknown_headers(e, a);
	export_close(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits = limits_default;
	struct arena arena = { 0 };
	struct export_name name;
	struct fault f = { 0 };
	struct export *e;
	struct str bytes, reason;

	if (!schemas.n)
		MUST(schemas_load(&schemas, "schemas", &f) && reference_load(&reference, "rules", &f));
	if (size < 2)
		return 0;
	limits.max_workbook_bytes = 1 << 20;
	limits.max_workbook_rows = 10000;
	limits.max_row_bytes = 16 + (uint64_t)data[1] * 16;
	name = (struct export_name){ .name = STR("x.csv"), .stem = STR("x"), .sender = STR("D001"),
				     .schema = &schemas.list[data[0] % schemas.n],
				     .observed_on = "2026-03-01" };
	bytes = (struct str){ (const char *)data + 2, size - 2 };
	e = export_open_bytes(bytes, &name, &limits, reference, &arena, &reason);
	if (e)
		check_rows(e, bytes, limits.max_row_bytes, &arena);
	else
		MUST(reason.n);
	export_close(e);
	arena_release(&arena);
	return 0;
}
