/* What the tests of exports share: an export made of bytes, read into records. */
#ifndef YICE_TEST_EXPORTS_H
#define YICE_TEST_EXPORTS_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "export.h"
#include "table.h"

struct opened {
	struct schemas schemas;
	struct reference *reference;
	struct arena arena;
	struct export_name name;
	struct export *export; /* NULL: it was not opened, and reason says why */
	struct str reason;
	char folder[64], path[320];
};

#define FIELDS(...)                          \
	(const enum field[]){ __VA_ARGS__ }, \
		sizeof((const enum field[]){ __VA_ARGS__ }) / sizeof(enum field)

/* Writes the bytes under that name into a folder of its own and opens it as an export. */
static inline void open_bytes_as(struct opened *o, const char *file_name, struct str bytes,
		   const struct limits *limits)
{
	struct fault f = { 0 };
	FILE *file;

	*o = (struct opened){ .folder = "/tmp/yice-test-XXXXXX" };
	cr_assert(mkdtemp(o->folder));
	snprintf(o->path, sizeof(o->path), "%s/%s", o->folder, file_name);
	file = fopen(o->path, "wb");
	cr_assert(file);
	cr_assert_eq(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	fclose(file);
	cr_assert(schemas_load(&o->schemas, "schemas", &f), "%.*s", STR_FMT(f.text));
	cr_assert(export_name_parse(&o->name, &o->schemas, str_of(file_name), &o->reason));
	cr_assert(reference_load(&o->reference, "rules", &f), "%.*s", STR_FMT(f.text));
	o->export = export_open(o->path, &o->name, limits, o->reference, &o->arena, &o->reason);
}

static inline void open_bytes(struct opened *o, const char *file_name, const char *text)
{
	open_bytes_as(o, file_name, str_of(text), &limits_default);
}

static inline void close_bytes(struct opened *o)
{
	export_close(o->export);
	unlink(o->path);
	rmdir(o->folder);
	arena_release(&o->arena);
	schemas_release(&o->schemas);
	reference_free(o->reference);
}

/* All rows, one a line: "2: a | b" with the fields asked for, or "3: ROW_COLUMNS (1 < 2)". */
static inline struct str rows_of(struct opened *o, const enum field *fields, size_t n_fields)
{
	struct buf b = { 0 };
	struct raw_row raw;

	cr_assert(o->export, "not opened: %.*s", STR_FMT(o->reason));
	while (export_next(o->export, &raw)) {
		struct record rec;
		const char *code = raw.code;
		struct str detail = raw.detail;

		buf_printf(&b, "%u:", raw.row);
		if (!code && export_record(o->export, &raw, &rec, &code, &detail, &o->arena)) {
			export_observe(o->export, &rec);
			for (size_t i = 0; i < n_fields; i++)
				buf_printf(&b, "%s %.*s", i ? " |" : "", STR_FMT(rec.v[fields[i]]));
		} else {
			buf_printf(&b, " %s", code);
			if (detail.n)
				buf_printf(&b, " (%.*s)", STR_FMT(detail));
		}
		buf_char(&b, '\n');
	}
	return buf_view(&b);
}

static inline void rows_are(struct opened *o, const enum field *fields, size_t n_fields, const char *expected)
{
	struct str rows = rows_of(o, fields, n_fields);

	cr_assert(str_eq(rows, str_of(expected)), "got:\n%.*s\nnot:\n%s", STR_FMT(rows), expected);
	free((char *)rows.p);
}

#endif
