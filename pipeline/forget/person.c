#include "person.h"

#include "mention.h"
#include "text.h"
#include "unproved.h"

static void take(struct person *p, struct str id)
{
	if (id.n)
		map_put(&p->gone, id, 0, NULL);
}

void person_take_customer(struct person *p, struct str id)
{
	map_put(&p->is.customers, id, 0, NULL);
	take(p, id);
}

/* Rows with the number; resolve may have kept it from being a key (SHARED_ID). */
static void take_numbers(struct person *p, const struct records *records)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < records->n; i++, arena_reset(&a)) {
		struct str number = records_value(records, i, F_ID_NUMBER, &a);

		if (number.n && str_eq(forgotten_identity(&a, number), p->identity))
			take(p, records_value(records, i, F_RECORD_ID, &a));
	}
	arena_release(&a);
}

/* A renewed document is another number of the same customer. */
static void take_clusters(struct person *p, const struct rowset *clusters)
{
	struct str v[CLU_COLUMNS];

	for (size_t i = 0; i < clusters->n; i++) {
		rowset_get(clusters, i, v);
		if (person_has(p, v[CLU_RECORD_ID]) &&
		    (str_eq(v[CLU_ID_USE], STR("key")) || str_eq(v[CLU_ID_USE], STR("former"))))
			person_take_customer(p, v[CLU_CUSTOMER_ID]);
	}
	for (size_t i = 0; i < clusters->n; i++) {
		rowset_get(clusters, i, v);
		if (map_get(&p->is.customers, v[CLU_CUSTOMER_ID]))
			take(p, v[CLU_RECORD_ID]);
	}
}

/* Keys of before, under which history and campaigns may know the person; one step back a pass,
 * where a key was superseded more than once. */
static void take_former_keys(struct person *p, const struct rowset *superseded)
{
	for (bool found = true; found;) {
		found = false;
		for (size_t i = 0; i < superseded->n; i++) {
			struct str old = rowset_value(superseded, i, SUP_OLD_ID);

			if (!map_get(&p->is.customers, rowset_value(superseded, i, SUP_NEW_ID)) ||
			    map_get(&p->is.customers, old))
				continue;
			person_take_customer(p, old);
			found = true;
		}
	}
}

/* What a row said before it was mended and sent again, also where clean refused it then. */
static void take_replaced(struct person *p, const struct mended_rows *mended)
{
	for (size_t i = 0; i < mended->newer.n; i++)
		if (person_has(p, mended_row(mended, mended->newer.entries[i].key)))
			take(p, mended->newer.entries[i].key);
}

static void take_corrections(struct person *p, const struct rowset *corrections)
{
	struct str v[COR_COLUMNS];

	for (size_t i = 0; i < corrections->n; i++) {
		rowset_get(corrections, i, v);
		if (person_has(p, v[COR_BASE_RECORD_ID]))
			take(p, v[COR_RECORD_ID]);
	}
}

/* What was told of their rows, and rows that clean refused. */
static void take_rejects(struct person *p, const struct rowset *rejects, const struct records *records)
{
	struct str v[REJ_COLUMNS];
	struct arena a = { 0 };

	for (size_t i = 0; i < rejects->n; i++, arena_reset(&a)) {
		rowset_get(rejects, i, v);
		if (records_find(records, v[REJ_RECORD_ID]) < 0 && str_eq(v[REJ_FIELD], STR("id_number")) &&
		    str_eq(forgotten_identity(&a, v[REJ_VALUE]), p->identity))
			take(p, v[REJ_RECORD_ID]);
	}
	for (size_t i = 0; i < rejects->n; i++) {
		rowset_get(rejects, i, v);
		if (person_has(p, v[REJ_RECORD_ID]))
			take(p, v[REJ_REJECT_ID]);
	}
	arena_release(&a);
}

void person_take_name(struct person *p, struct str name)
{
	struct arena a = { 0 };

	map_put(&p->names, text_code(&a, name), 0, NULL);
	map_put(&p->is.names, name, 0, NULL);
	mention_spell(p, name);
	arena_release(&a);
}

/* By what else their rows are known: for the hashes, and for what others' rows say. */
static void learn(struct person *p, const struct records *records, struct str day)
{
	struct arena a = { 0 };
	struct record rec;

	for (size_t i = 0; i < records->n; i++, arena_reset(&a)) {
		records_get(records, i, &rec, &a);
		if (!person_has(p, rec.v[F_RECORD_ID]))
			continue;
		p->records++;
		forgotten_add_row(&p->key, &rec, day, &p->hashes, &p->known_hashes, &a);
		if (rec.v[F_NAME].n)
			person_take_name(p, text_clean(&a, rec.v[F_NAME]));
		for (int k = 0; k < 2; k++) {
			struct str phone = forgotten_phone(&a, rec.v[k ? F_PHONE : F_MOBILE]);

			if (phone.n >= 7)
				map_put(&p->is.phones, phone, 0, NULL);
		}
	}
	arena_release(&a);
}

static bool start(struct person *p, struct run *r, const char *id_number, struct fault *f)
{
	const char *rules = run_rules_dir(r, f);
	const struct rowset *before = run_previous(r, &table_forgotten, f);
	char id[CUSTOMER_ID_LENGTH];

	*p = (struct person){ 0 };
	rowset_init(&p->hashes, &table_forgotten);
	if (!rules || !before || !customer_key_load(&p->key, rules, f) || !forgotten_key_holds(before, &p->key, f))
		return false;
	rowset_append(&p->hashes, before);
	for (size_t i = 0; i < before->n; i++)
		map_put(&p->known_hashes, rowset_value(before, i, FOR_HASH), i, NULL);
	p->identity = forgotten_identity(&p->arena, str_of(id_number));
	p->is.number = number_as_cleaned(&p->arena, str_of(id_number));
	p->is.old_number = number_of_before(&p->arena, p->is.number);
	if (!p->identity.n || p->is.number.n < 8)
		return fault_set(f, EXIT_USAGE, "'%s' is no ID number", id_number);
	map_put(&p->is.numbers, p->is.number, 0, NULL);
	if (p->is.old_number.n)
		map_put(&p->is.numbers, p->is.old_number, 0, NULL);
	customer_id_make(&p->key, p->identity, id);
	p->id = str_keep(&p->arena, (struct str){ id, sizeof(id) });
	person_take_customer(p, p->id);
	return unproved_take(p, r->opt.state, f);
}

bool person_find(struct person *p, struct run *r, const char *id_number, struct fault *f)
{
	struct str day = r->book->state.date;

	if (!start(p, r, id_number, f))
		return false;
	const struct records *records = run_records(r, f);
	const struct rowset *rejects[] = { run_all_rejects(r, f), run_table(r, &table_rejects_resolve, true, f),
					   run_table(r, &table_rejects_merge, true, f) };
	const struct rowset *clusters = run_table(r, &table_clusters, true, f);
	const struct rowset *superseded = run_table(r, &table_superseded, true, f);
	const struct rowset *corrections = run_all_corrections(r, f);
	const struct mended_rows *mended = run_mended(r, f);

	if (!mended || !records || !rejects[0] || !rejects[1] || !rejects[2] || !clusters || !superseded || !corrections)
		return false;
	take_numbers(p, records);
	take_clusters(p, clusters);
	take_former_keys(p, superseded);
	take_replaced(p, mended);
	take_corrections(p, corrections);
	for (int i = 0; i < 3; i++)
		take_rejects(p, rejects[i], records);
	learn(p, records, day);
	if (!mention_find_all(p, r, f))
		return false;
	p->unknown = !p->numbered && p->gone.n == 1 && !map_get(&p->known_hashes, p->id);
	if (!p->unknown)
		forgotten_add_number(&p->key, p->is.number, day, &p->hashes, &p->known_hashes, &p->arena);
	return true;
}

void person_release(struct person *p)
{
	customer_key_release(&p->key);
	map_release(&p->gone);
	map_release(&p->mentions);
	map_release(&p->names);
	map_release(&p->is.names);
	map_release(&p->spellings);
	map_release(&p->is.numbers);
	map_release(&p->is.phones);
	map_release(&p->is.customers);
	map_release(&p->known_hashes);
	rowset_release(&p->hashes);
	arena_release(&p->arena);
}
