/*
 * Loads rules/ref/. A table is a list of columns and a function that takes one row; what is
 * wrong with a row is a sentence, told with file and line, and all are told at once.
 */
#include "id_number.h"
#include "rules.h"
#include "tables.h"

#include <stdio.h>
#include <stdlib.h>

enum { TABLE_COLUMNS = 7 };

struct reference_table {
	const char *name;
	const char *columns[TABLE_COLUMNS + 1];
	/* NULL, or what is wrong with the row. */
	const char *(*row)(struct reference *ref, const struct str *v);
};

static bool digits_within(struct str s, uint64_t max, uint64_t *value)
{
	return str_is_digits(s) && str_u64(s, value) && *value <= max;
}

static const char *region_row(struct reference *ref, const struct str *v)
{
	static const char *const levels[] = {"province", "city", "county", "zone", "aggregate"};
	uint64_t code, successor = 0, until = 0;
	struct region *region;
	unsigned level = 0;

	if (v[0].n != 6 || !digits_within(v[0], 999999, &code))
		return "a region code has six digits";
	if (ref->n_regions && ref->regions[ref->n_regions - 1].code >= code)
		return "region codes must rise from row to row";
	while (level < 5 && !str_eq(v[2], str_of(levels[level])))
		level++;
	if (level == 5)
		return "level is province, city, county, zone or aggregate";
	if (v[4].n && !digits_within(v[4], 999999, &successor))
		return "successor is a region code or empty";
	if (v[6].n && !digits_within(v[6], 9999, &until))
		return "until is a year or empty";
	GROW(ref->regions, ref->n_regions, ref->cap_regions);
	region = &ref->regions[ref->n_regions++];
	*region = (struct region){
		.code = (uint32_t)code,
		.level = level,
		.current = str_eq(v[3], STR("current")),
		.name = str_keep(&ref->arena, v[1]),
		.former_names = str_keep(&ref->arena, v[5]),
		.until = (uint16_t)until,
		.successor = (uint32_t)successor,
	};
	ref->region_bits[code >> 3] |= (uint8_t)(1u << (code & 7));
	return NULL;
}

static const char *mobile_row(struct reference *ref, const struct str *v)
{
	static const char *const kinds[] = {"mobile", "virtual", "data_card", "satellite",
					    "machine"};
	uint64_t prefix, span = 1;
	unsigned kind = 0;

	if (v[0].n < 3 || v[0].n > 5 || !digits_within(v[0], 19999, &prefix))
		return "prefix has three to five digits and starts with 1";
	while (kind < 5 && !str_eq(v[1], str_of(kinds[kind])))
		kind++;
	if (kind == 5)
		return "kind is mobile, virtual, data_card, satellite or machine";
	for (size_t n = v[0].n; n < 5; n++) {
		prefix *= 10;
		span *= 10;
	}
	if (prefix < 10000 || prefix > 19999)
		return "prefix has three to five digits and starts with 1";
	memset(ref->mobile + (prefix - 10000), (int)kind + 1, span);
	return NULL;
}

static const char *area_row(struct reference *ref, const struct str *v)
{
	uint64_t code, merged = 0;

	if (v[0].n < 3 || v[0].n > 4 || v[0].p[0] != '0' || !digits_within(v[0], 999, &code))
		return "an area code is 0 and two or three digits";
	if (v[3].n && !digits_within(v[3], 999, &merged))
		return "merged_into is an area code or empty";
	ref->areas[code] = (struct area_code){
		.known = true,
		.seven = str_has(v[2], STR("7")),
		.eight = str_has(v[2], STR("8")),
		.merged_into = (uint16_t)merged,
		.place = str_keep(&ref->arena, v[1]),
	};
	return NULL;
}

static const char *maker_row(struct reference *ref, const struct str *v)
{
	struct str name = str_keep(&ref->arena, v[1]);
	struct str *kept = arena_alloc(&ref->arena, sizeof(*kept));

	if (v[0].n < 2 || v[0].n > 3)
		return "a maker's code has two or three characters";
	*kept = name;
	map_put(&ref->makers, v[0], (uint64_t)(uintptr_t)kept, NULL);
	return NULL;
}

static const char *surname_row(struct reference *ref, const struct str *v)
{
	map_put(&ref->surnames, v[0], 1, NULL);
	return v[0].n ? NULL : "a surname is missing";
}

static const char *country_row(struct reference *ref, const struct str *v)
{
	uint64_t numeric;

	if (v[0].n != 3 || v[1].n != 3 || !digits_within(v[0], 999, &numeric))
		return "a country has three digits and three letters";
	ref->nations[numeric] = 1;
	map_put(&ref->countries, v[1], numeric, NULL);
	return NULL;
}

static uint32_t first_character(struct str s)
{
	size_t i = 0;

	return utf8_next(s, &i);
}

static uint32_t last_character(struct str s)
{
	uint32_t c = 0;

	for (size_t i = 0; i < s.n;)
		c = utf8_next(s, &i);
	return c;
}

static const char *title_row(struct reference *ref, const struct str *v)
{
	bool prefix = str_eq(v[1], STR("prefix"));

	if (!v[0].n || !(prefix || str_eq(v[1], STR("suffix"))))
		return "a title needs a word and the position suffix or prefix";
	GROW(ref->titles, ref->n_titles, ref->cap_titles);
	ref->titles[ref->n_titles++] = (struct title){
		.word = str_keep(&ref->arena, v[0]),
		.position = prefix ? TITLE_PREFIX : TITLE_SUFFIX,
		.gender = v[2].n ? v[2].p[0] : 0,
		.relation = str_eq(v[3], STR("relation")),
		.sure = str_eq(v[3], STR("title")),
	};
	charset_add(&ref->title_ends, prefix ? first_character(v[0]) : last_character(v[0]));
	return NULL;
}

static const char *marker_row(struct reference *ref, const struct str *v)
{
	if (!v[0].n || !(str_eq(v[1], STR("suffix")) || str_eq(v[1], STR("any"))))
		return "a company marker needs a word and where it stands: suffix or any";
	GROW(ref->markers, ref->n_markers, ref->cap_markers);
	ref->markers[ref->n_markers++] = (struct marker){
		.word = str_keep(&ref->arena, v[0]),
		.anywhere = str_eq(v[1], STR("any")),
	};
	return NULL;
}

static const char *placeholder_row(struct reference *ref, const struct str *v)
{
	static const char *const fields[PLACEHOLDER_FIELDS] = {
		"any", "name",	"id",	    "uscc",  "phone",
		"vin", "plate", "postcode", "email", "address",
	};

	if (str_eq(v[0], STR("id")) && id_number_holds(v[1])) {
		GROW(ref->placeholder_ids, ref->n_placeholder_ids, ref->cap_placeholder_ids);
		memcpy(ref->placeholder_ids[ref->n_placeholder_ids++], v[1].p, 18);
	}
	if (str_eq(v[0], STR("name")))
		charset_add(&ref->placeholder_starts, first_character(v[1]));
	if (str_eq(v[0], STR("any")) && ref->longest_nothing < v[1].n)
		ref->longest_nothing = v[1].n;
	for (unsigned i = 0; i < PLACEHOLDER_FIELDS; i++) {
		if (str_eq(v[0], str_of(fields[i]))) {
			map_put(&ref->placeholders[i], v[1], 1, NULL);
			return NULL;
		}
	}
	return "no such field for a placeholder";
}

/* The bit of a province name in a set of provinces. */
static bool province_bit(const struct reference *ref, struct str name, uint64_t *bit)
{
	for (size_t i = 0; i < ref->n_regions; i++) {
		const struct region *r = &ref->regions[i];

		if (r->level == REGION_PROVINCE && r->code / 10000 < 75 && str_eq(r->name, name)) {
			*bit = UINT64_C(1) << (r->code / 10000 - 11);
			return true;
		}
	}
	return false;
}

static const char *postal_row(struct reference *ref, const struct str *v)
{
	struct str names = v[1], name;
	uint64_t prefix, set = 0, bit;

	if (v[0].n == 6) {
		map_put(&ref->postal_whole, v[0], 1, NULL);
		return NULL;
	}
	if (v[0].n < 2 || v[0].n > 3 || !digits_within(v[0], 999, &prefix))
		return "a postal prefix has two or three digits";
	while (str_cut(&names, '|', &name)) {
		if (!province_bit(ref, name, &bit))
			return "no such province";
		set |= bit;
	}
	/* A longer prefix says which other province its numbers may lie in as well. */
	if (v[0].n == 3)
		ref->postal[prefix] |= set;
	for (unsigned i = 0; v[0].n == 2 && i < 10; i++)
		ref->postal[prefix * 10 + i] |= set;
	return NULL;
}

static const char *plate_row(struct reference *ref, const struct str *v)
{
	uint64_t code;

	if (utf8_count(v[0]) != 1 || !digits_within(v[1], 99, &code))
		return "a plate's province is one character and two digits";
	map_put(&ref->plate_provinces, v[0], code, NULL);
	return NULL;
}

static const char *authority_row(struct reference *ref, const struct str *v)
{
	if (v[0].n != 2)
		return "an authority is two characters";
	ref->uscc_authorities[(uint8_t)v[0].p[0]][(uint8_t)v[0].p[1]] = 1;
	return NULL;
}

static const char *source_row(struct reference *ref, const struct str *v)
{
	uint64_t year;

	if (v[1].n != 10)
		return "taken_on is a day YYYY-MM-DD";
	if (str_eq(v[0], STR("mobile_ranges")))
		ref->ranges_date = str_keep(&ref->arena, v[1]);
	if (str_eq(v[0], STR("regions")) && str_u64((struct str){v[1].p, 4}, &year))
		ref->regions_year = (uint16_t)year;
	return NULL;
}

static const char *reason_row(struct reference *ref, const struct str *v)
{
	for (unsigned i = 0; i < REASON_COUNT; i++) {
		if (str_eq(v[0], reason_name(i))) {
			ref->reasons[i][0] = str_keep(&ref->arena, v[1]);
			ref->reasons[i][1] = str_keep(&ref->arena, v[2]);
			return NULL;
		}
	}
	return "no check has such a reason";
}

/* regions stand first: others name provinces. */
static const struct reference_table reference_tables[] = {
	{"regions",
	 {"code", "name", "level", "status", "successor", "former_names", "until"},
	 region_row},
	{"mobile_ranges", {"prefix", "kind", "operator", "digits"}, mobile_row},
	{"area_codes", {"code", "place", "digits", "merged_into"}, area_row},
	{"makers", {"wmi", "maker", "country"}, maker_row},
	{"surnames", {"surname"}, surname_row},
	{"countries", {"numeric", "alpha3", "name"}, country_row},
	{"honorifics", {"word", "position", "gender", "kind"}, title_row},
	{"company_markers", {"marker", "where"}, marker_row},
	{"placeholders", {"field", "value"}, placeholder_row},
	{"postal_prefixes", {"prefix", "province"}, postal_row},
	{"plate_provinces", {"character", "code", "province"}, plate_row},
	{"uscc_authorities", {"characters", "authority", "category"}, authority_row},
	{"sources", {"table", "taken_on", "source", "licence", "note"}, source_row},
	{"reasons", {"reason", "zh", "en"}, reason_row},
};

/* A row whose key stands there already takes the place of another by mistake. */
static bool key_is_new(struct map *keys, const struct reference_table *table, const struct str *v,
		       struct arena *a)
{
	bool two = table->row == placeholder_row, added;
	struct str key = two ? str_printf(a, "%.*s,%.*s", STR_FMT(v[0]), STR_FMT(v[1])) : v[0];

	map_put(keys, key, 0, &added);
	return added;
}

static bool table_load(struct reference *ref, const struct reference_table *table,
		       const char *rules_dir, struct fault *f)
{
	struct rule_column columns[TABLE_COLUMNS + 1] = {0};
	struct arena a = {0};
	struct map keys = {0};
	struct rules r;
	bool ok;

	for (size_t i = 0; table->columns[i]; i++)
		columns[i].name = table->columns[i];
	ok = rules_read(&r, rules_dir, str_printf(&a, "ref/%s.csv", table->name).p, columns, &a, f);
	for (size_t i = 0; i < r.n; i++) {
		const struct str *v = r.rows[i].v;
		const char *mistake = table->row(ref, v);

		if (!mistake && !key_is_new(&keys, table, v, &a))
			mistake = "this row stands there twice";
		if (mistake)
			ok = rules_mistake(&r, r.rows[i].line, f, "%s: \"%.*s\"", mistake,
					   STR_FMT(v[0]));
	}
	map_release(&keys);
	arena_release(&a);
	return ok;
}

static bool reasons_complete(const struct reference *ref, struct fault *f)
{
	bool ok = true;

	for (unsigned i = 0; i < REASON_COUNT; i++)
		if (!ref->reasons[i][0].n || !ref->reasons[i][1].n)
			ok = fault_add(f, EXIT_USAGE, "ref/reasons.csv has no text for \"%.*s\"",
				       STR_FMT(reason_name(i)));
	return ok;
}

struct reference *reference_new(void)
{
	struct reference *r = xcalloc(1, sizeof(*r));

	r->region_bits = xcalloc(1, 1000000 / 8);
	return r;
}

bool reference_load_tables(struct reference *ref, const char *rules_dir, struct str only,
			   struct fault *f)
{
	bool ok = true;

	for (size_t i = 0; i < sizeof(reference_tables) / sizeof(reference_tables[0]); i++)
		if (!only.n || str_eq(only, str_of(reference_tables[i].name)))
			ok &= table_load(ref, &reference_tables[i], rules_dir, f);
	return ok;
}

bool reference_load(struct reference **ref, const char *rules_dir, struct fault *f)
{
	struct reference *r = reference_new();
	bool ok = reference_load_tables(r, rules_dir, STR(""), f);

	if (!ok || !reasons_complete(r, f)) {
		reference_free(r);
		return false;
	}
	regions_index(r);
	garbled_index(r);
	*ref = r;
	return true;
}

void reference_free(struct reference *ref)
{
	if (!ref)
		return;
	for (unsigned i = 0; i < PLACEHOLDER_FIELDS; i++)
		map_release(&ref->placeholders[i]);
	map_release(&ref->names_by_text);
	map_release(&ref->makers);
	map_release(&ref->surnames);
	map_release(&ref->countries);
	map_release(&ref->postal_whole);
	map_release(&ref->plate_provinces);
	arena_release(&ref->arena);
	free(ref->region_bits);
	free(ref->regions);
	free(ref->names);
	free(ref->placeholder_ids);
	free(ref->titles);
	free(ref->markers);
	free(ref);
}

bool value_is_empty_like(const struct reference *ref, struct str value)
{
	return value.n <= ref->longest_nothing && is_placeholder(ref, PLACEHOLDER_ANY, value);
}

static size_t digits_at(struct str s, size_t i)
{
	size_t from = i;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i - from;
}

bool value_is_rounded(struct str s)
{
	size_t at = digits_at(s, 0);

	if (at && at < s.n && s.p[at] == '.')
		at += 1 + digits_at(s, at + 1);
	return at && at + 2 < s.n && (s.p[at] == 'E' || s.p[at] == 'e') && s.p[at + 1] == '+' &&
	       at + 2 + digits_at(s, at + 2) == s.n;
}

bool value_is_no_key(const struct reference *ref, struct str value)
{
	size_t zeros = 0;

	while (zeros < value.n && value.p[zeros] == '0')
		zeros++;
	if (zeros == value.n || value_is_rounded(value))
		return true;
	return digits_at(value, 0) < value.n && value_is_empty_like(ref, value);
}

struct str maker_name(const struct reference *ref, struct str vin)
{
	for (size_t n = 3; n >= 2; n--) {
		const uint64_t *kept =
			vin.n < n ? NULL : map_get(&ref->makers, (struct str){vin.p, n});

		if (kept)
			return *(const struct str *)(uintptr_t)*kept;
	}
	return STR("");
}

size_t surname_length(const struct reference *ref, struct str name)
{
	size_t ends[4], n = 0;

	/* The longest surname known has four characters. */
	for (size_t i = 0; i < name.n && n < 4;) {
		utf8_next(name, &i);
		ends[n++] = i;
	}
	while (n--)
		if (map_get(&ref->surnames, (struct str){name.p, ends[n]}))
			return ends[n];
	return 0;
}

struct str phone_ranges_date(const struct reference *ref)
{
	return ref->ranges_date;
}
