#include "read_limits.h"

#include "outfile.h"
#include "rules.h"

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

/* Where the limit of that name lies; NULL where there is none. */
static uint64_t *limit_named(struct limits *l, uint64_t *ratio, const struct rules *r,
			     const struct rule_row *row, struct fault *f)
{
	const struct {
		struct str name;
		uint64_t *limit;
	} known[] = {
		{ STR("max_file_bytes"), &l->file.max_bytes },
		{ STR("max_file_ratio"), ratio },
		{ STR("max_row_bytes"), &l->max_row_bytes },
		{ STR("max_columns"), &l->max_columns },
		{ STR("max_header_lines"), &l->max_header_lines },
		{ STR("max_workbook_bytes"), &l->max_workbook_bytes },
		{ STR("max_workbook_rows"), &l->max_workbook_rows },
	};
	enum { N_KNOWN = sizeof(known) / sizeof(*known) };
	struct str names[N_KNOWN];

	for (size_t i = 0; i < N_KNOWN; i++) {
		if (str_eq(row->v[0], known[i].name))
			return known[i].limit;
		names[i] = known[i].name;
	}
	rules_unknown(r, row->line, f, "limit", row->v[0], names, N_KNOWN);
	return NULL;
}

static bool limit_row(struct limits *l, const struct rules *r, const struct rule_row *row,
		      struct fault *f)
{
	uint64_t ratio = l->file.max_ratio, value, *limit = limit_named(l, &ratio, r, row, f);

	if (!size_parse(row->v[1], &value))
		return rules_mistake(r, row->line, f, "\"%.*s\" is no size (such as 200, 64K or 1G)",
				     STR_FMT(row->v[1]));
	if (!limit)
		return false;
	*limit = value;
	l->file.max_ratio = ratio < UINT32_MAX ? (uint32_t)ratio : UINT32_MAX;
	return true;
}

bool limits_load(struct limits *l, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "name", RULE_FILLED }, { "value", RULE_FILLED }, { "note", RULE_MAY_LACK }, { 0 },
	};
	struct arena a = { 0 };
	struct rules r;
	bool ok = true;

	*l = limits_default;
	if (file_exists(str_printf(&a, "%s/limits.csv", rules_dir).p)) {
		ok = rules_read(&r, rules_dir, "limits.csv", columns, &a, f);
		ok &= rules_once(&r, 1, f);
		for (size_t i = 0; i < r.n; i++)
			ok &= limit_row(l, &r, &r.rows[i], f);
	}
	arena_release(&a);
	return ok;
}

bool limits_check(const char *rules_dir, struct fault *f)
{
	struct limits l;

	return limits_load(&l, rules_dir, f);
}
