#include "golden_row.h"

#include <stdlib.h>

#include "csv_table.h"
#include "date.h"

void golden_table_init(struct golden_table *t, const struct table_def *def, struct str entity)
{
	static const struct {
		struct str name;
		enum column_kind kind;
	} special[] = {
		{ STR_INIT("customer_id"), COLUMN_KEY },
		{ STR_INIT("vin"), COLUMN_KEY },
		{ STR_INIT("first_seen"), COLUMN_FIRST_SEEN },
		{ STR_INIT("last_seen"), COLUMN_LAST_SEEN },
		{ STR_INIT("sources"), COLUMN_SOURCES },
		{ STR_INIT("record_count"), COLUMN_RECORD_COUNT },
	};

	*t = (struct golden_table){ .def = def, .entity = entity, .width = table_width(def) };
	for (size_t i = 0; i < t->width; i++) {
		struct str name = str_of(def->columns[i]);
		size_t k = 0;

		t->name[i] = name;
		while (k < sizeof(special) / sizeof(*special) && !str_eq(special[k].name, name))
			k++;
		if (k < sizeof(special) / sizeof(*special)) {
			t->kind[i] = special[k].kind;
			continue;
		}
		t->kind[i] = COLUMN_ATTRIBUTE;
		t->field[i] = field_find(name);
		if (t->field[i] == F_COUNT)
			BUG("%s has a column %s that no record has", def->path, def->columns[i]);
	}
}

/* ---- what is true of the records as a whole ---- */

/* That of a row which a correction brought in is the day of its export. */
static int32_t first_seen(const struct witness *w)
{
	return w->row && w->row->day != INT32_MIN && w->row->day < w->day ? w->row->day : w->day;
}

static int32_t last_seen(const struct merge *m, const struct witness *w)
{
	int32_t again = m->last_seen ? m->last_seen[w->place] : INT32_MIN;

	return again > w->day ? again : w->day;
}

static struct str day_text(int32_t day, struct arena *a)
{
	char *text;

	if (day == INT32_MIN)
		return STR("");
	text = arena_alloc(a, 10);
	date_text(day, text);
	return (struct str){ text, 10 };
}

/* The number's digits, into `out` of at least 20 bytes. */
static struct str digits_of(size_t number, char *out)
{
	char *p = out + 20;

	do
		*--p = (char)('0' + number % 10);
	while (number /= 10);
	return str_span(p, out + 20);
}

enum { MAX_NAMED = GOLDEN_MAX_SOURCES + 1 };

struct names {
	struct str list[MAX_NAMED]; /* in alphabetical order */
	size_t n, bytes;
};

static void name_source(struct names *names, struct str source)
{
	size_t k = names->n;

	while (k > 0 && str_cmp(names->list[k - 1], source) > 0)
		k--;
	if ((k > 0 && str_eq(names->list[k - 1], source)) || names->n == MAX_NAMED)
		return;
	memmove(&names->list[k + 1], &names->list[k], (names->n++ - k) * sizeof(*names->list));
	names->list[k] = source;
	names->bytes += source.n + 1;
}

/* Joined by ";". A row that a correction brought in is its own source's, too. */
static struct str sources_text(const struct golden_case *c, struct arena *a)
{
	struct names names = { .n = 0 };
	char *text, *p;

	for (size_t i = 0; i < c->n; i++) {
		name_source(&names, c->witnesses[i].source);
		if (c->witnesses[i].row)
			name_source(&names, c->witnesses[i].base);
	}
	p = text = arena_alloc(a, names.bytes + 1);
	for (size_t i = 0; i < names.n; i++) {
		if (i)
			*p++ = ';';
		memcpy(p, names.list[i].p, names.list[i].n);
		p += names.list[i].n;
	}
	return str_span(text, p);
}

static struct str whole_value(const struct merge *m, const struct golden_case *c,
			      enum column_kind kind, struct arena *a)
{
	int32_t first = INT32_MAX, last = INT32_MIN;

	if (kind == COLUMN_RECORD_COUNT)
		return digits_of(c->n, arena_alloc(a, 20));
	if (kind == COLUMN_SOURCES)
		return sources_text(c, a);
	for (size_t i = 0; i < c->n; i++) {
		int32_t begin = first_seen(&c->witnesses[i]), end = last_seen(m, &c->witnesses[i]);

		first = begin < first ? begin : first;
		last = end > last ? end : last;
	}
	return day_text(kind == COLUMN_FIRST_SEEN ? first : last, a);
}

/* ---- rows and lineage ---- */

/*
 * The lines of a case have much in common: all begin with its entity and key, most values
 * come from one or two records. What was written once is copied from where it stands.
 */
struct lineage {
	struct buf *out;
	const struct golden_case *c;
	size_t front, front_n; /* "entity,key," in out */
	size_t origin, origin_n; /* ",source,record_id,observed_on," of a witness in out */
	uint32_t witness; /* whose */
};

static void copy_again(struct buf *out, size_t at, size_t n)
{
	char *room = buf_room(out, n);

	memcpy(room, out->p + at, n);
	out->n += n;
}

static void write_front(struct lineage *l, const struct golden_table *t)
{
	if (l->front_n) {
		copy_again(l->out, l->front, l->front_n);
		return;
	}
	l->front = l->out->n;
	buf_str(l->out, t->entity);
	buf_char(l->out, ',');
	csv_field(l->out, l->c->key);
	buf_char(l->out, ',');
	l->front_n = l->out->n - l->front;
}

static void write_origin(struct lineage *l, const struct golden *g)
{
	const struct witness *w = &l->c->witnesses[g->witness];

	if (g->rule == GOLDEN_DEFAULT) {
		buf_str(l->out, STR(",,,,"));
		return;
	}
	if (l->origin_n && l->witness == g->witness) {
		copy_again(l->out, l->origin, l->origin_n);
		return;
	}
	l->witness = g->witness;
	l->origin = l->out->n;
	buf_char(l->out, ',');
	csv_field(l->out, w->source);
	buf_char(l->out, ',');
	csv_field(l->out, w->record_id);
	buf_char(l->out, ',');
	csv_field(l->out, w->observed_on);
	buf_char(l->out, ',');
	l->origin_n = l->out->n - l->origin;
}

/* In the order of enum lineage_column. */
static void lineage_line(struct lineage *l, const struct golden_table *t, size_t column,
			 const struct golden *g)
{
	char digits[20];

	write_front(l, t);
	buf_str(l->out, t->name[column]);
	buf_char(l->out, ',');
	csv_field(l->out, g->value);
	write_origin(l, g);
	buf_str(l->out, golden_rule_name(g->rule));
	buf_char(l->out, ',');
	buf_str(l->out, digits_of(g->candidates, digits));
	buf_char(l->out, '\n');
}

/* A VIN is what its car is known by: any record gives it, the first by rank is named. */
static struct golden key_of_vehicle(const struct golden_case *c, struct str key)
{
	struct golden g = { GOLDEN_KEY, key, 0, 1 };

	for (uint32_t i = 1; i < c->n; i++)
		if (golden_before(c, F_PURCHASE_DATE, i, g.witness))
			g.witness = i;
	return g;
}

/* A part that is missing is so because its group came from a record without it. */
static struct why why_of(const struct golden_case *c, const struct golden *g, enum field attribute)
{
	if (g && g->rule == GOLDEN_NONE)
		g = &c->golden[golden_leader(c->entity, attribute)];
	if (!g || g->rule == GOLDEN_NONE || g->rule == GOLDEN_DEFAULT)
		return (struct why){ g ? g->rule : GOLDEN_NONE, NO_PLACE };
	return (struct why){ g->rule, (uint32_t)c->witnesses[g->witness].place };
}

static void rows_room(struct rows *rows, size_t width)
{
	if (rows->n + width <= rows->cap)
		return;
	rows->cap = rows->cap * 2 + 256 * width;
	rows->values = xreallocarray(rows->values, rows->cap, sizeof(*rows->values));
	rows->why = xreallocarray(rows->why, rows->cap, sizeof(*rows->why));
}

void rows_release(struct rows *rows)
{
	free(rows->values);
	free(rows->why);
	*rows = (struct rows){ 0 };
}

void golden_row_add(const struct merge *m, const struct golden_table *t, const struct golden_case *c,
		    struct str key, struct rows *to, struct buf *lineage, struct arena *a)
{
	struct lineage l = { .out = lineage, .c = c };
	struct str *v;

	rows_room(to, t->width);
	v = to->values + to->n;
	for (size_t i = 0; i < t->width; i++) {
		const struct golden *g = NULL;
		struct golden vin;

		if (t->kind[i] == COLUMN_ATTRIBUTE) {
			g = &c->golden[t->field[i]];
			v[i] = g->rule == GOLDEN_DERIVED ? str_keep(a, g->value) : g->value;
		} else if (t->kind[i] == COLUMN_KEY) {
			v[i] = key;
			if (c->entity == ENTITY_VEHICLE) {
				vin = key_of_vehicle(c, key);
				g = &vin;
			}
		} else {
			v[i] = whole_value(m, c, t->kind[i], a);
		}
		to->why[to->n + i] = why_of(c, g, t->field[i]);
		if (lineage && g && g->value.n)
			lineage_line(&l, t, i, g);
	}
	to->n += t->width;
}
