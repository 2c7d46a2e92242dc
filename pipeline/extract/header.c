#include "header.h"

#include "looks.h"
#include "table.h"
#include "text.h"

#include <stdlib.h>

enum { LISTED = 12, LONGEST_NAME = 60, MOST_WHOLE = 16 };

size_t header_score(const struct map *known, const struct str *cells, size_t n)
{
	struct arena scratch = { 0 };
	struct map found = { 0 };
	size_t score;

	for (size_t i = 0; i < n; i++) {
		const uint64_t *column = map_get(known, schema_header_key(cells[i], &scratch));

		if (column)
			map_put(&found, (struct str){ (const char *)column, sizeof(*column) }, 0, NULL);
	}
	score = found.n;
	map_release(&found);
	arena_release(&scratch);
	return score;
}

struct place { /* a column of the file that the schema knows */
	size_t line; /* of the schema */
	size_t rank; /* of its header there: the name, then its variants */
	uint32_t column;
	bool further; /* another one of the same line stands before it */
	bool twin; /* under the same header */
};

static int by_line(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->column < y->column ? -1 : 1;
}

/* The columns that each line of the schema means: in the order of its headers, and of equal
 * ones in the file as they stand. */
static size_t find_places(const struct header *h, const struct str *keys, struct place *places)
{
	const struct schema *s = h->schema;
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		const uint64_t *line = keys[i].n ? map_get(&s->known, keys[i]) : NULL;
		size_t rank = 0;

		if (!line)
			continue;
		while (!str_eq(s->columns[*line].keys[rank], keys[i]))
			rank++;
		places[n++] = (struct place){ *line, rank, (uint32_t)i, false, false };
	}
	qsort(places, n, sizeof(*places), by_line);
	for (size_t i = 1; i < n; i++) {
		places[i].further = places[i].line == places[i - 1].line;
		places[i].twin = places[i].further && places[i].rank == places[i - 1].rank;
	}
	return n;
}

/* ---- further columns of a field ---- */

struct others { /* what the further columns are about, if not about the same once more */
	bool person, thing;
};

static bool of_person(const struct schema_column *line)
{
	return line->n_fields && entity_has(ENTITY_CUSTOMER, line->fields[0]);
}

/*
 * A column alone is another place for the same value (手机 and 联系手机). A second name with
 * more behind it is another person (客户姓名, 客户手机, 车主姓名, 车主手机), and several headers
 * that stand twice are another car (品牌, 车型 of the new one and of the one traded in): what
 * is empty of the one must not be filled with what is the other's.
 */
static struct others find_others(const struct schema *s, const struct place *places, size_t n)
{
	size_t of_people = 0, of_things = 0;
	bool name = false;

	for (size_t i = 0; i < n && !s->corrections; i++) {
		const struct schema_column *line = &s->columns[places[i].line];

		if (!places[i].further || !line->n_fields)
			continue;
		name |= line->fields[0] == F_NAME;
		if (of_person(line))
			of_people += !places[i - 1].further;
		else
			of_things += places[i].twin && !places[i - 1].twin;
	}
	return (struct others){ name && of_people > 1, of_things > 1 };
}

static bool counts(const struct schema *s, const struct place *place, const struct others *others)
{
	const struct schema_column *line = &s->columns[place->line];

	if (!place->further)
		return true;
	for (size_t i = 0; i < line->n_fields; i++)
		if (line->parts[i])
			return false;
	return of_person(line) ? !others->person : !(others->thing && place->twin);
}

static const struct schema_join *find_join(const struct schema *s, enum field field)
{
	for (size_t i = 0; i < s->n_joins; i++)
		if (s->joins[i].field == field)
			return &s->joins[i];
	return NULL;
}

struct sources { /* the columns of the file that have a say in one field */
	uint32_t whole[MOST_WHOLE]; /* in the order of the schema */
	size_t n_whole;
	uint32_t pieces[SCHEMA_MAX_PARTS]; /* column + 1 */
	size_t n_pieces;
};

/* False where no more columns fit. */
static bool gather_column(const struct schema_column *line, uint32_t column,
			  struct sources *by_field)
{
	for (size_t k = 0; k < line->n_fields; k++) {
		struct sources *of = &by_field[line->fields[k]];
		size_t part = (size_t)line->parts[k];

		if (part == 0 && of->n_whole == MOST_WHOLE)
			return false;
		if (part == 0) {
			of->whole[of->n_whole++] = column;
		} else if (!of->pieces[part - 1]) {
			of->pieces[part - 1] = column + 1;
			if (of->n_pieces < part)
				of->n_pieces = part;
		}
	}
	return true;
}

static void gather_sources(struct header *h, const struct str *keys, struct sources *by_field)
{
	const struct schema *s = h->schema;
	struct place *places = xcalloc(h->n + 1, sizeof(*places));
	size_t n = find_places(h, keys, places);
	struct others others = find_others(s, places, n);

	for (size_t i = 0; i < n; i++)
		if (counts(s, &places[i], &others))
			h->used[places[i].column] = gather_column(&s->columns[places[i].line],
								  places[i].column, by_field);
	free(places);
}

/* What a person is shown as the place of the value: "地址1+地址2", "电话|家庭电话". */
static struct str field_header(const struct header *h, const struct joined_binding *j,
			       struct arena *a)
{
	struct str text = STR("");

	for (size_t i = 0; i < j->n_whole; i++)
		if (!i || !str_eq(h->names[j->whole[i]], h->names[j->whole[i - 1]]))
			text = str_printf(a, "%.*s%s%.*s", STR_FMT(text), i ? "|" : "",
					  STR_FMT(h->names[j->whole[i]]));
	if (j->n_whole)
		return text;
	for (size_t i = 0; i < j->n_pieces; i++)
		if (j->pieces[i])
			text = str_printf(a, "%.*s%s%.*s", STR_FMT(text), text.n ? "+" : "",
					  STR_FMT(h->names[j->pieces[i] - 1]));
	return text;
}

/* A 0 in a column of phones or days is the same as nothing there; as an amount, or as one of a
 * system's own numbers, it may be what is meant. */
static bool is_counted(enum field field)
{
	return look_of_field(field) == LOOK_COUNT && field != F_PHONE && field != F_CONTACT_PHONE &&
	       field != F_NAME && field != F_ADDRESS;
}

static void bind_field(struct header *h, const struct sources *of, enum field field,
		       struct arena *a)
{
	const struct schema_join *join = find_join(h->schema, field);
	struct joined_binding *j = &h->joined[h->n_joined];

	if (of->n_whole == 1 && !of->n_pieces) {
		h->cells[h->n_cells++] = (struct cell_binding){ field, of->whole[0] };
		h->field_headers[field] = h->names[of->whole[0]];
		return;
	}
	if (!of->n_whole && !of->n_pieces)
		return;
	*j = (struct joined_binding){
		.field = field,
		.whole = of->whole,
		.n_whole = of->n_whole,
		.pieces = of->pieces,
		.n_pieces = of->n_pieces,
		.between = join ? join->between : STR(" "),
		.keep = join && join->keep,
		.counted = is_counted(field),
	};
	h->field_headers[field] = field_header(h, j, a);
	h->n_joined++;
}

/* At most `most` bytes of it, whole characters. */
static struct str cut_short(struct str s, size_t most)
{
	if (s.n > most)
		for (s.n = most; s.n && (s.p[s.n] & 0xC0) == 0x80;)
			s.n--;
	return s;
}

static struct str found_headers(const struct header *h, struct arena *a)
{
	struct str text = STR("");
	size_t listed = 0;

	for (size_t i = 0; i < h->n; i++) {
		struct str name = cut_short(str_trim(h->names[i]), LONGEST_NAME);

		if (!name.n)
			continue;
		if (listed++ == LISTED)
			return str_printf(a, "%.*s ...", STR_FMT(text));
		text = str_printf(a, "%.*s%s%.*s", STR_FMT(text), text.n ? ", " : "",
				  STR_FMT(name));
	}
	return text;
}

/* The header that the schema names first for that field. */
static struct str wanted_header(const struct schema *s, enum field field)
{
	for (size_t i = 0; i < s->n_columns; i++)
		for (size_t k = 0; k < s->columns[i].n_fields; k++)
			if (s->columns[i].fields[k] == field)
				return s->columns[i].headers[0];
	return STR("?");
}

/* Of the required fields those that have no column, by the header that is looked for. */
static struct str missing_headers(const struct schema *s, const struct str *found, struct arena *a)
{
	struct str missing = STR("");

	for (enum field field = 0; field < F_COUNT; field++)
		if (s->required[field] && !(found && found[field].n))
			missing = str_printf(a, "%.*s%s%.*s", STR_FMT(missing), missing.n ? ", " : "",
					     STR_FMT(wanted_header(s, field)));
	return missing;
}

struct str header_wanted(const struct schema *schema, struct arena *a)
{
	struct str wanted = missing_headers(schema, NULL, a);

	return wanted.n || !schema->n_columns ? wanted : schema->columns[0].headers[0];
}

static bool check_required(const struct header *h, struct arena *a, struct str *reason)
{
	struct str missing = missing_headers(h->schema, h->field_headers, a);

	if (!missing.n)
		return true;
	*reason = str_printf(a, "required column missing: %.*s; the header has: %.*s",
			     STR_FMT(missing), STR_FMT(found_headers(h, a)));
	return false;
}

static struct str *take_names(struct header *h, const struct str *cells, size_t n,
			      struct arena *a)
{
	struct str *keys = arena_zalloc(a, (n + 1) * sizeof(*keys));

	h->names = arena_zalloc(a, (n + 1) * sizeof(*h->names));
	h->used = arena_zalloc(a, n + 1);
	h->n = n;
	for (size_t i = 0; i < n; i++) {
		h->names[i] = str_keep(a, cells[i]);
		keys[i] = schema_header_key(cells[i], a);
		if (keys[i].n)
			h->least = i + 1;
	}
	return keys;
}

bool header_bind(struct header *h, const struct schema *schema, const struct str *cells, size_t n,
		 struct arena *a, struct str *reason)
{
	struct sources *by_field = arena_zalloc(a, F_COUNT * sizeof(*by_field));

	*h = (struct header){ .schema = schema };
	gather_sources(h, take_names(h, cells, n, a), by_field);
	h->cells = arena_alloc(a, F_COUNT * sizeof(*h->cells));
	h->joined = arena_alloc(a, F_COUNT * sizeof(*h->joined));
	for (enum field field = 0; field < F_COUNT; field++)
		bind_field(h, &by_field[field], field, a);
	return check_required(h, a, reason);
}

struct str header_unknown(const struct header *h, struct arena *a)
{
	struct buf b = { 0 };
	struct str kept;

	for (size_t i = 0; i < h->n; i++) {
		struct str name = str_trim(h->names[i]);

		if (h->used[i] || !name.n)
			continue;
		if (b.n)
			buf_char(&b, ';');
		buf_str(&b, name);
	}
	kept = str_keep(a, buf_view(&b));
	buf_release(&b);
	return kept;
}
