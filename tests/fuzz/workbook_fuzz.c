/*
 * Any bytes as a workbook. The first byte says in which disguise: as they are; as the parts
 * of a zip (each behind a line "== NAME"), since a fuzzer finds no zip that unpacks; as
 * markup; as BIFF. Beyond not crashing: the image of a sheet is CSV that can be split, with
 * as many lines as it has rows, and within the limits.
 */
#include "extract/splitter.h"
#include "extract/xlsx.h"

#include <stdlib.h>
#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)            \
	do {                       \
		if (!(condition))  \
			abort();   \
	} while (0)

static bool take(struct sheet_taker *taker, struct str sheet, struct buf *image)
{
	struct splitter s = { .text = buf_view(image), .dialect = { ',', '\n', false },
			      .max_row = SIZE_MAX / 2 };
	struct str row;
	enum split split;

	(void)taker, (void)sheet;
	MUST(image->n <= 64 << 20);
	while ((split = splitter_next(&s, &row)) != SPLIT_END)
		MUST(split == SPLIT_ROW || split == SPLIT_BLANK);
	return false;
}

static void add_part(zip_t *zip, const char *name, struct str text)
{
	zip_source_t *source = zip_source_buffer(zip, text.p, text.n, 0);

	if (zip_file_add(zip, name, source, 0) < 0)
		zip_source_free(source);
}

/* "== xl/workbook.xml\n...\n== xl/styles.xml\n..." */
static void read_parts(struct str text, const struct limits *limits, struct sheet_taker *taker,
		       struct arena *a, struct str *reason)
{
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
	zip_stat_t stat;
	char *bytes;

	zip_source_keep(source);
	while (str_starts(text, STR("== "))) {
		ptrdiff_t line = str_find(text, STR("\n")), next = str_find(text, STR("\n== "));
		const char *end = text.p + (next < 0 ? text.n : (size_t)next + 1);
		char *name;

		if (line < 0 || line > 200)
			break;
		name = str_keepz(a, (struct str){ text.p + 3, (size_t)line - 3 });
		if (text.p + line + 1 < end)
			add_part(zip, name, str_span(text.p + line + 1, end));
		text = str_span(end, text.p + text.n);
	}
	if (zip_close(zip) != 0)
		zip_discard(zip);
	else if (zip_source_open(source) == 0 &&
		 zip_source_stat(source, &stat) == 0) {
		bytes = arena_alloc(a, stat.size + 1);
		if (zip_source_read(source, bytes, stat.size) == (zip_int64_t)stat.size)
			xlsx_read((struct str){ bytes, stat.size }, limits, taker, a, reason);
		zip_source_close(source);
	}
	zip_source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits = limits_default;
	struct sheet_taker taker = { .take = take };
	struct arena arena = { 0 };
	struct str bytes, reason = STR("");

	if (size < 2)
		return 0;
	limits.max_workbook_bytes = 1 << 20;
	limits.max_workbook_rows = 2000;
	limits.max_columns = 300;
	bytes = (struct str){ (const char *)data + 1, size - 1 };
	if (data[0] % 4 == 1)
		read_parts(bytes, &limits, &taker, &arena, &reason);
	else if (data[0] % 4 == 2)
		workbook_read(WORKBOOK_MARKUP, bytes, &limits, &taker, &arena, &reason);
	else if (data[0] % 4 == 3)
		workbook_read(WORKBOOK_XLS, bytes, &limits, &taker, &arena, &reason);
	else
		workbook_read(workbook_kind(bytes), bytes, &limits, &taker, &arena, &reason);
	arena_release(&arena);
	return 0;
}
