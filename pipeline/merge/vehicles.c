/*
 * The records of a VIN are those that feed the vehicle table with it. A record whose VIN was
 * corrected belongs to the corrected one, and a correction goes where its record goes. A VIN
 * of which a relative's row is all that is known has the records that name it, and nothing of
 * what they say of cars of their own.
 */
#include "vehicles.h"

#include "ownership.h"

#include <stdlib.h>

struct moved { /* a record that belongs to another VIN than the one it says */
	uint32_t place;
	struct str vin;
};

struct vehicles {
	const struct merge *m;
	struct results *to;
	struct moved *moved; /* by place */
	size_t n_moved;
	size_t next_relative; /* of to->relatives */
	struct map only_named; /* VINs of relatives' cars -> whether no record speaks of them */
	struct arena arena;
};

static int by_place(const void *a, const void *b)
{
	uint32_t x = ((const struct moved *)a)->place, y = ((const struct moved *)b)->place;

	return (x > y) - (x < y);
}

static void find_moved(struct vehicles *v)
{
	const struct merge *m = v->m;

	v->moved = xmalloc((2 * m->mendings.n + 1) * sizeof(*v->moved));
	for (size_t i = 0; i < m->mendings.n; i++) {
		const struct mending *mend = &m->mendings.list[i];
		struct record base = { 0 };

		if (!entity_has(ENTITY_VEHICLE, mend->field))
			continue;
		if (mend->base != MENDS_NOTHING)
			mendings_record(&m->mendings, mendings_newest(&m->mendings, mend->base), &base,
					&v->arena);
		else
			base.v[F_VIN] = records_value(m->records, mend->correction, F_VIN, &v->arena);
		if (!mend->carried)
			v->moved[v->n_moved++] = (struct moved){ mend->correction, base.v[F_VIN] };
		if (mend->field == F_VIN && mend->base != MENDS_NOTHING)
			v->moved[v->n_moved++] = (struct moved){ mend->base, base.v[F_VIN] };
	}
	qsort(v->moved, v->n_moved, sizeof(*v->moved), by_place);
}

static struct str vin_of(const struct vehicles *v, uint32_t place)
{
	struct moved key = { .place = place };
	const struct moved *moved = v->n_moved ? bsearch(&key, v->moved, v->n_moved,
							 sizeof(*v->moved), by_place)
					       : NULL;

	if (is_replaced(v->m, place))
		return STR("");
	if (moved)
		return moved->vin;
	if (!(records_feeds(v->m->records, place) & FEEDS(ENTITY_VEHICLE)))
		return STR("");
	return records_value(v->m->records, place, F_VIN, NULL);
}

/* What the record says of its customer and the car. A correction that is laid over another record says
 * nothing of its own; one that brought in a row says what the row says, with its source and on its day. */
static void add_claim(const struct merge *m, struct ownership *ownership, struct record *rec, uint32_t place,
		      struct arena *a)
{
	struct str id = rec->v[F_RECORD_ID];
	bool brought_in = str_eq(rec->v[F_SOURCE], STR("correction"));

	if (brought_in && !brings_in_row(m, place))
		return;
	if (m->mendings.n)
		mendings_record(&m->mendings, place, rec, a);
	if (brought_in)
		name_row(m, place, rec);
	rec->v[F_RECORD_ID] = id; /* under which the tables have that row */
	ownership_collect(ownership, m, rec, place);
}

static void add_record(const struct merge *m, struct worker *w, struct ownership *ownership,
		       uint32_t place, struct arena *a)
{
	struct record rec;

	records_get(m->records, place, &rec, a);
	case_add(m, &w->c, &rec, place, a);
	add_claim(m, ownership, &rec, place, a);
}

/* Where the VIN comes from, and since when it is known. */
static void add_naming(const struct merge *m, struct worker *w, uint32_t place, struct arena *a)
{
	struct record rec;

	records_get(m->records, place, &rec, a);
	rec.feeds = 0;
	case_add(m, &w->c, &rec, place, a);
}

static bool is_only_named(const struct vehicles *v, struct str vin)
{
	const uint64_t *named = v->only_named.n ? map_get(&v->only_named, vin) : NULL;

	return named && *named;
}

static void merge_vehicle(const struct pass *pass, struct piece *piece, struct worker *w,
			  struct ownership *ownership, size_t g)
{
	const struct vehicles *v = pass->context;
	const struct merge *m = pass->m;
	const struct groups *groups = pass->groups;
	struct str vin = groups->keys[g];
	bool named = is_only_named(v, vin);
	struct str owner;

	golden_case_start(&w->c, &m->rules, ENTITY_VEHICLE, vin);
	for (uint32_t i = groups->starts[g]; i < groups->starts[g + 1]; i++) {
		if (named)
			add_naming(m, w, groups->items[i], &piece->arena);
		else
			add_record(m, w, ownership, groups->items[i], &piece->arena);
	}
	ownership_settle(ownership, m->ownership_rules.same_sale);
	owner = ownership_owner(ownership);
	golden_case_judge(&w->c);
	golden_row_add(m, &v->to->vehicle_table, &w->c, vin, &piece->rows,
		       v->to->lineage ? &piece->lineage : NULL, &piece->arena);
	tell_case(&(struct telling){ .m = m,
				     .c = &w->c,
				     .customer = owner.n ? owner : vin,
				     .vin = vin,
				     .ownership = ownership,
				     .rejects = &piece->rejects,
				     .review = &piece->review,
				     .arena = &w->scratch });
	ownership_emit(ownership, vin, &piece->ownership);
	arena_reset(&w->scratch);
}

static void work(const struct pass *pass, struct piece *piece, struct worker *w)
{
	struct ownership ownership = { 0 };

	merge_prepare(pass->m, &w->c);
	for (size_t g = piece->from; g < piece->to; g++) {
		pass_prefetch(pass, g + PASS_AHEAD);
		merge_vehicle(pass, piece, w, &ownership, g);
	}
	ownership_release(&ownership);
}

/* ---- relatives' cars, put between the owners in the order of VINs ---- */

static int by_vin(const struct str *a, const struct str *b)
{
	int c = str_cmp(a[OWN_VIN], b[OWN_VIN]);

	c = c ? c : str_cmp(a[OWN_CUSTOMER_ID], b[OWN_CUSTOMER_ID]);
	return c ? c : record_id_cmp(a[OWN_RECORD_ID], b[OWN_RECORD_ID]);
}

/* Those up to a VIN, or all that are left (NULL); each customer once for a car. */
static void take_relatives(struct vehicles *v, const struct str *before)
{
	const struct rowset *relatives = &v->to->relatives;
	struct str row[OWN_COLUMNS], last[OWN_COLUMNS];

	for (; v->next_relative < relatives->n; v->next_relative++) {
		rowset_get(relatives, v->next_relative, row);
		if (before && str_cmp(row[OWN_VIN], *before) >= 0)
			return;
		if (v->next_relative)
			rowset_get(relatives, v->next_relative - 1, last);
		if (!v->next_relative || !str_eq(row[OWN_VIN], last[OWN_VIN]) ||
		    !str_eq(row[OWN_CUSTOMER_ID], last[OWN_CUSTOMER_ID]))
			rowset_add(&v->to->ownership, row);
	}
}

static void gather(const struct pass *pass, const struct piece *piece)
{
	struct vehicles *v = pass->context;
	struct str row[OWN_COLUMNS];

	results_take_rows(&v->to->vehicle_table, &piece->rows, &v->to->vehicle,
			  &v->to->vehicle_history);
	for (size_t i = 0; i < piece->ownership.n; i++) {
		rowset_get(&piece->ownership, i, row);
		take_relatives(v, &row[OWN_VIN]);
		rowset_add(&v->to->ownership, row);
	}
	results_take(v->to, piece);
}

static int by_key(const void *key, const void *group)
{
	return str_cmp(*(const struct str *)key, *(const struct str *)group);
}

/* The group of the VIN that the record itself says. */
static uint32_t own_car(const struct merge *m, const struct groups *groups, uint32_t place)
{
	struct str vin = records_feeds(m->records, place) & FEEDS(ENTITY_VEHICLE) ?
				 records_value(m->records, place, F_VIN, NULL) : STR("");
	const struct str *found = vin.n ? bsearch(&vin, groups->keys, groups->n, sizeof(*groups->keys), by_key)
					: NULL;

	return found ? (uint32_t)(found - groups->keys) : RUN_NOBODY;
}

/* Each group is a line. */
static void put_lines(const struct vehicles *v, const struct groups *groups)
{
	const struct merge *m = v->m;
	uint32_t *lines = xmalloc((m->records->n + 1) * sizeof(*lines));

	memset(lines, 0xFF, m->records->n * sizeof(*lines)); /* RUN_NOBODY */
	for (uint32_t g = 0; g < groups->n; g++) {
		if (is_only_named(v, groups->keys[g]))
			continue; /* its records speak of other cars */
		for (uint32_t i = groups->starts[g]; i < groups->starts[g + 1]; i++)
			lines[groups->items[i]] = g;
	}
	for (size_t i = 0; i < v->n_moved; i++)
		lines[v->moved[i].place] = own_car(m, groups, v->moved[i].place);
	for (size_t i = 0; i < m->mendings.n_replaced; i++)
		lines[m->mendings.replaced[i].record] = own_car(m, groups, m->mendings.replaced[i].record);
	run_put_car_lines(m->run, lines);
}

static void group_records(struct vehicles *v, struct groups *groups)
{
	const struct rowset *relatives = &v->to->relatives;

	for (size_t i = 0; i < relatives->n; i++)
		map_put(&v->only_named, rowset_value(relatives, i, OWN_VIN), true, NULL);
	for (uint32_t place = 0; place < v->m->records->n; place++) {
		struct str vin = vin_of(v, place);
		uint64_t *named = vin.n && v->only_named.n ? map_get(&v->only_named, vin) : NULL;

		if (named)
			*named = false;
		if (vin.n)
			groups_add(groups, vin, place);
	}
	for (size_t i = 0; i < relatives->n; i++) {
		struct str row[OWN_COLUMNS];

		rowset_get(relatives, i, row);
		if (is_only_named(v, row[OWN_VIN]))
			groups_add(groups, row[OWN_VIN],
				   (uint32_t)records_find(v->m->records, row[OWN_RECORD_ID]));
	}
	groups_build(groups, v->m->run->opt.jobs);
}

void vehicles_merge(struct merge *m, struct results *to)
{
	struct vehicles v = { .m = m, .to = to };
	struct groups groups = { 0 };
	struct pass pass = {
		.m = m, .groups = &groups, .name = "merge", .work = work, .gather = gather,
		.context = &v,
	};

	find_moved(&v);
	rowset_sort(&to->relatives, by_vin);
	group_records(&v, &groups);
	pass_run(&pass);
	take_relatives(&v, NULL);
	put_lines(&v, &groups);
	groups_release(&groups);
	map_release(&v.only_named);
	arena_release(&v.arena);
	free(v.moved);
}
