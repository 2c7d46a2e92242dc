#include "read_limits.h"

#include "mem.h"

#include "csv_table.h"
#include "mem.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

const struct limits limits_default = {
	.file = { .max_bytes = 64ull << 30, .max_ratio = 200 },
	.max_row_bytes = 1 << 20,
	.max_columns = 2000,
	.max_header_lines = 30,
	.max_workbook_bytes = 1 << 30,
	.max_workbook_rows = 2 << 20,
};

/* "64G" */
static bool size_parse(struct str s, uint64_t *value)
{
	static const char units[] = "KMG";
	const char *unit = s.n ? memchr(units, s.p[s.n - 1], 3) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

	if (unit)
		s.n--;
	if (!str_u64(s, value) || *value > UINT64_MAX >> shift)
		return false;
	*value <<= shift;
	return true;
}

static bool limit_set(struct limits *l, struct str name, uint64_t value)
{
	const struct {
		struct str name;
		uint64_t *limit;
	} known[] = {
		{ STR("max_file_bytes"), &l->file.max_bytes },
		{ STR("max_row_bytes"), &l->max_row_bytes },
		{ STR("max_columns"), &l->max_columns },
		{ STR("max_header_lines"), &l->max_header_lines },
		{ STR("max_workbook_bytes"), &l->max_workbook_bytes },
		{ STR("max_workbook_rows"), &l->max_workbook_rows },
	};

	if (str_eq(name, STR("max_file_ratio"))) {
		l->file.max_ratio = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
		return true;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_eq(name, known[i].name)) {
			*known[i].limit = value;
			return true;
		}
	return false;
}

static void limit_line(struct limits *l, const struct csv_reader *r, struct str name,
		       struct str text, struct fault *f)
{
	uint64_t value;

	if (!size_parse(text, &value))
		fault_add(f, EXIT_USAGE, "%s:%zu: \"%.*s\" is no size (such as 200, 64K or 1G)",
			  csv_reader_path(r), csv_reader_line(r), STR_FMT(text));
	else if (!limit_set(l, name, value))
		fault_add(f, EXIT_USAGE, "%s:%zu: there is no limit \"%.*s\"", csv_reader_path(r),
			  csv_reader_line(r), STR_FMT(name));
}

bool limits_load(struct limits *l, const char *rules_dir, struct fault *f)
{
	struct arena a = { 0 };
	const char *path = str_printf(&a, "%s/limits.csv", rules_dir).p;
	struct csv_reader *r;
	const struct str *fields;
	int name, value;
	bool ok = true;

	*l = limits_default;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		goto out;
	ok = false;
	r = csv_reader_open(path, f);
	if (!r)
		goto out;
	name = csv_reader_column(r, STR("name"));
	value = csv_reader_column(r, STR("value"));
	if (name < 0 || value < 0)
		fault_add(f, EXIT_USAGE, "%s:1: the columns name and value are needed", path);
	else
		while (csv_reader_next(r, &fields))
			limit_line(l, r, fields[name], fields[value], f);
	ok = csv_reader_close(r, f) && !fault_is(f);
out:
	arena_release(&a);
	return ok;
}
