/*
 * A customer's records give the golden record, the relations and the relatives' cars. Without
 * any usable ID number the customer is pending.
 */
#include "people.h"

#include <stdlib.h>

static bool has_key_number(const struct merge *m, const uint32_t *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m->id_use[places[i]] == ID_USE_KEY)
			return true;
	return false;
}

/* A record's ID number may be nobody's (shared by many names, set aside) or that of a
 * document which was renewed since. */
static bool id_is_used(const struct merge *m, uint32_t place, bool has_key)
{
	enum id_use use = m->id_use[place];

	return use != ID_USE_BARRED && !(use == ID_USE_FORMER && has_key);
}

/* What a correction mends is told by the mended record; what it brought in, by itself: of a row that no table
 * has, or one that is another customer's or nobody's. */
static bool tells_relations(const struct merge *m, uint32_t place)
{
	const struct mending *mending = m->mendings.n ? mendings_by(&m->mendings, place) : NULL;

	if (!mending)
		return true;
	if (mending->base == MENDS_NOTHING)
		return brings_in_row(m, place);
	return m->customer[mendings_newest(&m->mendings, mending->base)] != m->customer[place];
}

static void add_relations(const struct merge *m, struct worker *w, struct record *rec, uint32_t place,
			  uint32_t witness, struct arena *a)
{
	if (!tells_relations(m, place))
		return;
	if (m->mendings.n)
		mendings_record(&m->mendings, place, rec, a);
	relations_collect(&w->relations, rec, witness);
}

static void add_record(const struct merge *m, struct worker *w, uint32_t place, bool has_key,
		       struct arena *a)
{
	struct record rec;
	uint32_t witness;

	records_get(m->records, place, &rec, a);
	if (rec.v[F_ID_NUMBER].n && !id_is_used(m, place, has_key))
		rec.v[F_ID_NUMBER] = rec.v[F_ID_TYPE] = STR("");
	witness = case_add(m, &w->c, &rec, place, a);
	add_relations(m, w, &rec, place, witness, a);
}

static void merge_customer(const struct pass *pass, struct piece *piece, struct worker *w, size_t g)
{
	const struct merge *m = pass->m;
	const struct results *results = pass->context;
	const struct groups *groups = pass->groups;
	const uint32_t *places = groups->items + groups->starts[g];
	size_t n = groups->starts[g + 1] - groups->starts[g];
	struct str key = groups->keys[g];
	bool has_key = has_key_number(m, places, n), pending;

	golden_case_start(&w->c, &m->rules, ENTITY_CUSTOMER, key);
	for (size_t i = 0; i < n; i++)
		add_record(m, w, places[i], has_key, &piece->arena);
	golden_case_judge(&w->c);
	pending = w->c.golden[F_ID_NUMBER].rule == GOLDEN_NONE;
	results->is_pending[g] = pending;
	golden_row_add(m, pending ? &results->pending_table : &results->customer_table, &w->c, key,
		       pending ? &piece->pending : &piece->rows,
		       results->lineage ? &piece->lineage : NULL, &piece->arena);
	tell_case(&(struct telling){ .m = m,
				     .c = &w->c,
				     .customer = key,
				     .rejects = &piece->rejects,
				     .review = &piece->review,
				     .arena = &w->scratch });
	relations_emit(&w->relations, &w->c, key, &piece->relation, &piece->ownership);
	arena_reset(&w->scratch);
}

static void work(const struct pass *pass, struct piece *piece, struct worker *w)
{
	merge_prepare(pass->m, &w->c);
	for (size_t g = piece->from; g < piece->to; g++) {
		pass_prefetch(pass, g + PASS_AHEAD);
		merge_customer(pass, piece, w, g);
	}
}

static void gather(const struct pass *pass, const struct piece *piece)
{
	struct results *to = pass->context;

	results_take_rows(&to->customer_table, &piece->rows, &to->customer, &to->customer_history);
	results_take_rows(&to->pending_table, &piece->pending, &to->pending, &to->pending_history);
	rowset_append(&to->relation, &piece->relation);
	rowset_append(&to->relatives, &piece->ownership);
	results_take(to, piece);
}

/* Lines are in the order of the groups, in either table. */
static void put_lines(const struct merge *m, const struct results *to)
{
	uint32_t *lines = xmalloc((m->records->n + 1) * sizeof(*lines));
	uint32_t customer = 0, pending = (uint32_t)to->customer.n;

	memset(lines, 0xFF, m->records->n * sizeof(*lines)); /* RUN_NOBODY */
	for (size_t g = 0; g < m->customers.n; g++) {
		uint32_t line = to->is_pending[g] ? pending++ : customer++;

		for (uint32_t i = m->customers.starts[g]; i < m->customers.starts[g + 1]; i++)
			lines[m->customers.items[i]] = line;
	}
	for (size_t i = 0; i < m->mendings.n_replaced; i++)
		lines[m->mendings.replaced[i].record] = lines[m->mendings.replaced[i].newest];
	run_put_person_lines(m->run, lines);
}

void people_merge(struct merge *m, struct results *to)
{
	struct pass pass = {
		.m = m, .groups = &m->customers, .name = "merge", .work = work, .gather = gather,
		.context = to,
	};

	to->is_pending = xcalloc(m->customers.n, sizeof(*to->is_pending));
	pass_run(&pass);
	put_lines(m, to);
	free(to->is_pending);
	to->is_pending = NULL;
	relations_settle(&to->relation, &to->customer, &to->pending);
}
