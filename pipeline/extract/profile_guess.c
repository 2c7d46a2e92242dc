#include "profile.h"

static void find_nearest(struct profiling *p)
{
	size_t best = 0;

	for (size_t s = 0; s < p->schemas->n; s++) {
		const struct schema *schema = &p->schemas->list[s];
		size_t score = header_score(&schema->known, p->layout.cells, p->layout.n);

		if (!schema->corrections && score > best) {
			best = score;
			p->nearest = schema;
		}
	}
}

bool profile_has(const struct profiling *p, enum field field)
{
	for (size_t i = 0; i < p->profile.n; i++) {
		const struct guess *g = &p->guesses[i];

		if (!g->column && g->field == field)
			return true;
		for (size_t k = 0; g->column && k < g->column->n_fields; k++)
			if (g->column->fields[k] == field)
				return true;
	}
	return false;
}

/* Its values say what it is, and no column was taken for that yet. */
static enum field field_by_look(const struct profiling *p, size_t n)
{
	static const enum field fields[LOOK_COUNT] = {
		[LOOK_ID_NUMBER] = F_ID_NUMBER, [LOOK_MOBILE] = F_MOBILE, [LOOK_VIN] = F_VIN,
		[LOOK_PLATE] = F_PLATE, [LOOK_POSTCODE] = F_POSTCODE, [LOOK_DATE] = F_COUNT,
		[LOOK_PLACE] = F_COUNT, [LOOK_EMAIL] = F_EMAIL,
	};
	enum look look = column_look(&p->profile.columns[n]);

	if (look == LOOK_COUNT || fields[look] == F_COUNT || profile_has(p, fields[look]))
		return F_COUNT;
	return fields[look];
}

/* "卖方姓名" ends in 姓名: the longest known header that it ends in, of two characters at
 * least, where no column was taken for its field yet. */
static enum field field_by_ending(const struct profiling *p, struct str header, struct arena *a)
{
	struct str key = schema_header_key(header, a);
	enum field found = F_COUNT;
	size_t longest = 5;

	for (size_t i = 0; i < p->known.n; i++) {
		const struct map_entry *entry = &p->known.entries[i];
		const struct schema_column *column =
			&p->schemas->list[entry->value >> 32].columns[(uint32_t)entry->value];

		if (entry->key.n <= longest || !str_ends(key, entry->key) || column->n_fields != 1 ||
		    column->parts[0] || profile_has(p, column->fields[0]))
			continue;
		longest = entry->key.n;
		found = column->fields[0];
	}
	return found;
}

/* A number of the row's own: filled everywhere, never twice, and called so. */
static bool is_key(const struct profiling *p, size_t n)
{
	static const struct str endings[] = { STR_INIT("号"), STR_INIT("编码"), STR_INIT("ID"),
					      STR_INIT("NO") };
	const struct column_profile *c = &p->profile.columns[n];

	if (!c->filled || c->filled < p->profile.rows || c->values.n < c->filled)
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(c->header, endings[i]))
			return true;
	return false;
}

static const struct schema_column *column_by_header(struct profiling *p, struct str header)
{
	struct str key = schema_header_key(header, &p->arena);
	const uint64_t *here = p->nearest ? map_get(&p->nearest->known, key) : NULL;
	const uint64_t *elsewhere = map_get(&p->known, key);

	if (here)
		return &p->nearest->columns[*here];
	if (elsewhere)
		return &p->schemas->list[*elsewhere >> 32].columns[(uint32_t)*elsewhere];
	return NULL;
}

void profile_guess(struct profiling *p)
{
	size_t n = p->profile.n;

	find_nearest(p);
	p->guesses = xcalloc(n + 1, sizeof(*p->guesses));
	for (size_t i = 0; i < n; i++)
		p->guesses[i].field = F_COUNT;
	for (size_t i = 0; i < n; i++)
		if (p->profile.columns[i].header.n)
			p->guesses[i].column = column_by_header(p, p->profile.columns[i].header);
	for (size_t i = 0; i < n; i++)
		if (!p->guesses[i].column)
			p->guesses[i].field = field_by_look(p, i);
	for (size_t i = 0; i < n; i++)
		if (!p->guesses[i].column && p->guesses[i].field == F_COUNT)
			p->guesses[i].field =
				field_by_ending(p, p->profile.columns[i].header, &p->arena);
	for (size_t i = 0; i < n; i++)
		if (!p->guesses[i].column && p->guesses[i].field == F_COUNT && is_key(p, i) &&
		    !profile_has(p, F_SOURCE_KEY))
			p->guesses[i].field = F_SOURCE_KEY;
}
