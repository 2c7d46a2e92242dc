#include "judging.h"

struct str judge_told_value(const struct returned *t, int column)
{
	return t->told ? rowset_value(t->told, t->line, column) : (struct str){0};
}

/* What a fault has in common with its like in other rows of that export. */
static struct str kind_of(const struct judge *j, const struct returned *t, struct arena *a)
{
	const struct origin *o = desk_origin(j->desk, t->record_id);

	return str_printf(a, "%.*s\x1F%.*s\x1F%.*s\x1F%.*s", STR_FMT(o->schema), STR_FMT(o->sender),
			  STR_FMT(t->field), STR_FMT(judge_told_value(t, REJ_VALUE)));
}

/* A value under the key of its row, not under the row: newer rows of the key share what was
 * said of it while it stays; of a car's values, newer rows of that car. A mended value is mended
 * whatever was wrong with it (code ""), a confirmed one only against that doubt. "" where the row
 * has no key. */
static struct str held_name(struct judge *j, const struct returned *t, struct str code,
			    struct arena *a)
{
	struct str key, vin = {0}, kind = kind_of(j, t, a);
	struct record rec;

	if (!desk_record(j->desk, t->record_id, &rec, a))
		return (struct str){0};
	key = desk_key(desk_origin(j->desk, t->record_id), &rec);
	if (!key.n)
		return key;
	if (field_is_of_a_car(field_find(t->field)))
		vin = rec.v[F_VIN];
	return str_printf(a, "%.*s\x1F%.*s\x1F%.*s\x1F%.*s", STR_FMT(kind), STR_FMT(code), STR_FMT(key),
			  STR_FMT(vin));
}

/* The fault that it answers, by its number or by what the fault is; NULL where nobody tells it. */
static const struct returned *answered_by(const struct judge *j, const struct str *row)
{
	const uint64_t *at = map_get(&j->by_id, row[COR_REJECT_ID]), *version;

	if (at)
		return &j->rt->list[*at];
	version = map_get(&j->by_record, row[COR_BASE_RECORD_ID]);
	for (size_t i = version ? j->first[*version] : 0; i; i = j->links[i - 1].next) {
		const struct returned *t = &j->rt->list[i - 1];

		if (str_eq(t->field, row[COR_FIELD]) && str_eq(t->code, row[COR_CODE]))
			return t;
	}
	return NULL;
}

void judge_find_holds(struct judge *j)
{
	struct arena a = {0};

	for (size_t i = 0; i < j->answers->n; i++) {
		const struct str *row = j->answers->rows[i];
		const struct returned *t = answered_by(j, row);
		bool confirmed = answer_is(row, "confirmed");
		struct str name;

		if (!t || !(confirmed || answer_is(row, "applied")))
			continue;
		name = held_name(j, t, confirmed ? row[COR_CODE] : STR(""), &a);
		if (name.n) {
			*map_put(&j->holds, name, i, NULL) = i;
			map_put(&j->held_kinds, kind_of(j, t, &a), 0, NULL);
		}
		arena_reset(&a);
	}
	arena_release(&a);
}

static const struct str *held_under(struct judge *j, const struct returned *t, struct str code)
{
	struct arena a = {0};
	struct str name = held_name(j, t, code, &a);
	const uint64_t *at = name.n ? map_get(&j->holds, name) : NULL;

	arena_release(&a);
	return at ? j->answers->rows[*at] : NULL;
}

/* A row that no table has, or only for its "no" to marketing: what else it says waits for an answer of
 * its own. */
static bool waits(struct judge *j, const struct returned *t)
{
	ptrdiff_t at = records_find(j->desk->records, t->record_id);
	struct arena a = {0};
	struct record rec;
	bool by_key = true;

	if (at >= 0) {
		records_get(j->desk->records, (size_t)at, &rec, &a);
		by_key = record_is_known_by_key(&rec);
	}
	arena_release(&a);
	return by_key;
}

/* Most faults are not even of a kind that was ever answered; the record is looked up last. */
const struct str *judge_held_answer(struct judge *j, const struct returned *t)
{
	struct arena a = {0};
	bool known = j->holds.n && map_get(&j->held_kinds, kind_of(j, t, &a));
	const struct str *mended = known ? held_under(j, t, STR("")) : NULL;

	arena_release(&a);
	if (mended && waits(j, t))
		return NULL;
	return known && !mended ? held_under(j, t, t->code) : mended;
}
