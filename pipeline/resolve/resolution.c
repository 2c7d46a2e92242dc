#include "resolution.h"

#include "pool.h"

#include <stdlib.h>

/* Identities first, then what speaks for the records without one. */
void resolution_open(struct resolution *x, const struct inputs *in)
{
	uint64_t memory = in->memory ? in->memory / 4 : UINT64_MAX;
	struct likeness likeness;

	reading_open(&x->reading, in->records, in->matching, in->schemas, in->files, in->rejects,
		     in->corrections, in->mended, in->reference);
	decided_open(&x->decided, in->decisions, &x->reading, in->key);
	gather_open(&x->gather, &x->reading, x->decided.split, in->jobs ? in->jobs : 1, memory);
	people_open(&x->people, &x->gather);
	customers_open(&x->customers, &x->people, in->key);
	decided_bind(&x->decided, &x->customers);
	evidence_judge(&x->gather, &x->people, &x->crowd, &x->web);
	renewals_open(&x->renewals, &x->people, &x->crowd, &x->decided.apart);
	decided_merge_identities(&x->decided, &x->people);
	likeness_open(&likeness, &x->people, &x->crowd);
	evidence_add_likes(&x->web, &x->people, &likeness);
	likeness_close(&likeness);
	web_index(&x->web, &x->people);
	links_open(&x->links, &x->web, x->decided.bars, x->decided.n_bars, x->decided.apart_loose);
	links_attach(&x->links);
	links_join_pending(&x->links);
	customers_add_pending(&x->customers, &x->links);
	decided_merge_pending(&x->decided, &x->customers);
}

void resolution_close(struct resolution *x)
{
	links_close(&x->links);
	renewals_close(&x->renewals);
	web_close(&x->web);
	crowd_close(&x->crowd);
	customers_close(&x->customers);
	people_close(&x->people);
	gather_close(&x->gather);
	decided_close(&x->decided);
	reading_close(&x->reading);
}

struct told resolution_told(struct resolution *x, const struct codes *codes, enum lang lang)
{
	return (struct told){
		.reading = &x->reading,
		.people = &x->people,
		.crowd = &x->crowd,
		.renewals = &x->renewals,
		.links = &x->links,
		.customers = &x->customers,
		.decided = &x->decided,
		.codes = codes,
		.lang = lang,
	};
}

/* ---- clusters ---- */

/* Only an ID number is certain; evidence is not, however much of it there is. */
#define SUREST 0.9999

/* What merge may do with a valid ID number that the record itself carries. */
static struct str id_use(const struct resolution *x, uint32_t record, uint32_t base,
			 uint32_t target, struct arena *a)
{
	uint32_t who = x->people.person[base].who;
	struct record rec;
	struct str own;

	if (x->reading.role[record] == ROLE_REPLACED)
		return STR("");
	if (x->reading.role[record] != ROLE_CORRECTION && !reading_is_mended(&x->reading, record)) {
		if (!(x->people.flags[record] & RECORD_HAS_ID))
			return STR("");
		return who & LOOSE ? STR("barred") : who == target ? STR("key") : STR("former");
	}
	records_get(x->reading.records, record, &rec, a);
	own = reading_identity(&rec, a);
	if (!own.n || !(rec.feeds & FEEDS(ENTITY_CUSTOMER)))
		return STR("");
	if ((who & LOOSE) || !str_eq(own, people_document(&x->people, who, a)))
		return STR("barred");
	return who == target ? STR("key") : STR("former");
}

static void add_cluster(const struct told *t, const struct resolution *x, uint32_t record,
			struct rowset *clusters, struct arena *a)
{
	bool correction = x->reading.role[record] == ROLE_CORRECTION;
	uint32_t base = reading_newest(&x->reading, correction ? reading_base(&x->reading, record) : record);
	uint32_t target = told_target(t, base), who = x->people.person[base].who;
	struct str method = STR("id_number"), score = STR("1.0000");
	char id[CUSTOMER_ID_LENGTH];

	if (target == NOBODY || !customers_id(&x->customers, target, id))
		return;
	if (x->reading.role[record] == ROLE_REPLACED) {
		method = STR("replaced");
	} else if (correction) {
		method = STR("correction");
	} else if ((who & LOOSE) && target != customers_target(&x->customers, base)) {
		method = STR("decision");
	} else if (who & LOOSE) {
		const struct link *link = &x->links.of[who & ~LOOSE];

		method = link_method(link, x->reading.matching, a);
		if (method.n)
			score = str_printf(a, "%.4f", link->score < SUREST ? (double)link->score : SUREST);
		else
			method = STR("alone");
	}
	rowset_add(clusters, (struct str[]){
				     [CLU_RECORD_ID] = records_value(x->reading.records, record,
								     F_RECORD_ID, a),
				     [CLU_CUSTOMER_ID] = { id, sizeof(id) },
				     [CLU_METHOD] = method,
				     [CLU_SCORE] = score,
				     [CLU_KIND] = target & LOOSE ? STR("pending") : STR("id"),
				     [CLU_ID_USE] = id_use(x, record, base, target, a),
			     });
}

enum { CLUSTERS_PIECE = 1 << 14, CLUSTERS_PER_JOB = 4 };

struct clustering {
	const struct resolution *x;
	const struct told *t;
	struct rowset *to;
	struct rowset *slots;
	size_t n_slots;
};

static void cluster_piece(void *context, size_t piece, unsigned worker)
{
	const struct clustering *c = context;
	struct rowset *clusters = &c->slots[piece % c->n_slots];
	size_t from = piece * CLUSTERS_PIECE, to = from + CLUSTERS_PIECE;
	struct arena a = { 0 };

	(void)worker;
	rowset_init(clusters, &table_clusters);
	for (size_t i = from; i < to && i < c->x->people.n; i++, arena_reset(&a))
		add_cluster(c->t, c->x, (uint32_t)i, clusters, &a);
	arena_release(&a);
}

static void gather_clusters(void *context, size_t piece)
{
	const struct clustering *c = context;
	struct rowset *clusters = &c->slots[piece % c->n_slots];

	rowset_append(c->to, clusters);
	rowset_release(clusters);
}

void resolution_clusters(const struct resolution *x, const struct told *t, struct rowset *clusters)
{
	size_t pieces = (x->people.n + CLUSTERS_PIECE - 1) / CLUSTERS_PIECE;
	struct clustering c = { .x = x, .t = t, .to = clusters };

	c.n_slots = (size_t)x->people.jobs * CLUSTERS_PER_JOB;
	c.slots = xcalloc(c.n_slots, sizeof(*c.slots));
	pool_in_order(x->people.jobs, pieces, c.n_slots, cluster_piece, gather_clusters, &c);
	free(c.slots);
}
