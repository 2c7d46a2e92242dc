#include "customers.h"

#include "pool.h"

#include <stdlib.h>

struct numbering {
	struct customers *c;
	struct arena *arenas;
};

enum { IDENTITY_PIECE = 1 << 12 };

static int nibble(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void number_piece(void *context, size_t piece, unsigned worker)
{
	struct numbering *n = context;
	const struct people *p = n->c->p;
	size_t end = (piece + 1) * IDENTITY_PIECE;

	end = end < p->n_identities ? end : p->n_identities;
	for (size_t i = piece * IDENTITY_PIECE; i < end; i++) {
		char id[CUSTOMER_ID_LENGTH];

		customer_id_make(n->c->key, people_document(p, (uint32_t)i, &n->arenas[worker]), id);
		for (int k = 0; k < CUSTOMER_ID_LENGTH / 2; k++)
			n->c->ids[i][k] = (unsigned char)(nibble(id[2 * k]) << 4 | nibble(id[2 * k + 1]));
		arena_reset(&n->arenas[worker]);
	}
}

void customers_open(struct customers *c, const struct people *p, const struct customer_key *key)
{
	struct numbering n = { c, xcalloc(p->jobs, sizeof(*n.arenas)) };

	*c = (struct customers){ .p = p, .key = key };
	c->ids = xcalloc((size_t)p->n_identities + 1, sizeof(*c->ids));
	pool_each(p->jobs, ((size_t)p->n_identities + IDENTITY_PIECE - 1) / IDENTITY_PIECE,
		  number_piece, &n);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&n.arenas[i]);
	free(n.arenas);
}

/* ---- pending ones ---- */

struct str customers_evidence(const struct people *p, uint32_t record, struct arena *a)
{
	const struct matching *m = p->reading->matching;
	struct name_form form;
	struct record rec;

	records_get(p->reading->records, record, &rec, a);
	name_form_make(&form, &m->words, rec.v[F_NAME],
		       str_eq(rec.v[F_CUSTOMER_TYPE], STR("company")), a);
	if (form.text.n && rec.v[F_MOBILE].n)
		return str_printf(a, "pending:name %.*s\nmobile %.*s", STR_FMT(form.text),
				  STR_FMT(rec.v[F_MOBILE]));
	if (form.text.n && rec.v[F_VIN].n)
		return str_printf(a, "pending:name %.*s\nvin %.*s", STR_FMT(form.text),
				  STR_FMT(rec.v[F_VIN]));
	if (form.text.n && rec.v[F_SOURCE_KEY].n)
		return str_printf(a, "pending:name %.*s\ndealer %.*s\nkey %.*s", STR_FMT(form.text),
				  STR_FMT(rec.v[F_DEALER_CODE]), STR_FMT(rec.v[F_SOURCE_KEY]));
	return str_printf(a, "pending:record %.*s", STR_FMT(rec.v[F_RECORD_ID]));
}

struct str customers_evidence_alone(const struct people *p, uint32_t record, struct arena *a)
{
	struct str evidence = customers_evidence(p, record, a);
	struct str id = records_value(p->reading->records, record, F_RECORD_ID, a);

	return str_printf(a, "%.*s\nrecord %.*s", STR_FMT(evidence), STR_FMT(id));
}

/* By the first day, then by the order of record ids, which is that of their numbers. */
static bool is_earlier(const struct people *p, uint32_t a, uint32_t b, struct arena *scratch)
{
	struct str day = records_value(p->reading->records, a, F_OBSERVED_ON, scratch);
	int c = str_cmp(day, records_value(p->reading->records, b, F_OBSERVED_ON, scratch));

	arena_reset(scratch);
	return c ? c < 0 : a < b;
}

/* The earliest record of each pending customer; NOBODY where nothing of it feeds customer. */
static uint32_t *find_earliest(const struct links *l)
{
	const struct people *p = l->web->p;
	uint32_t *earliest = xreallocarray(NULL, (size_t)p->n_loose + 1, sizeof(*earliest));
	struct arena a = { 0 };

	memset(earliest, 0xFF, ((size_t)p->n_loose + 1) * sizeof(*earliest));
	for (uint32_t i = 0; i < p->n_loose; i++) {
		uint32_t record = p->loose[i], *slot;

		if (!(l->of[i].target & LOOSE) || p->reading->role[record] != ROLE_CUSTOMER)
			continue;
		slot = &earliest[l->of[i].target & ~LOOSE];
		if (*slot == NOBODY || is_earlier(p, record, *slot, &a))
			*slot = record;
	}
	arena_release(&a);
	return earliest;
}

static void make_id(const struct customers *c, struct pending_customer *pending, bool taken)
{
	struct arena a = { 0 };
	struct str evidence = taken ? customers_evidence_alone(c->p, pending->record, &a) :
				      customers_evidence(c->p, pending->record, &a);

	customer_id_make(c->key, evidence, pending->id);
	arena_release(&a);
}

struct keyed { /* pending customers by key, the earliest of each key first */
	const struct pending_customer *pending;
	struct str day;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int c = memcmp(x->pending->id, y->pending->id, CUSTOMER_ID_LENGTH);

	c = c ? c : str_cmp(x->day, y->day);
	return c ? c :
		   (x->pending->record > y->pending->record) - (x->pending->record < y->pending->record);
}

/* Two namesakes who share a mobile with many say the same of themselves and are kept apart
 * all the same: the later one's key is told by its record. */
static void part_namesakes(struct customers *c)
{
	struct keyed *list = xreallocarray(NULL, c->n_pending + 1, sizeof(*list));
	bool *taken = xcalloc(c->n_pending + 1, sizeof(*taken));
	struct arena a = { 0 };

	for (size_t i = 0; i < c->n_pending; i++)
		list[i] = (struct keyed){
			&c->pending[i],
			records_value(c->p->reading->records, c->pending[i].record, F_OBSERVED_ON, &a),
		};
	if (c->n_pending)
		qsort(list, c->n_pending, sizeof(*list), by_key);
	for (size_t i = 1; i < c->n_pending; i++)
		if (memcmp(list[i].pending->id, list[i - 1].pending->id, CUSTOMER_ID_LENGTH) == 0)
			taken[list[i].pending - c->pending] = true;
	for (size_t i = 0; i < c->n_pending; i++)
		if (taken[i])
			make_id(c, &c->pending[i], true);
	arena_release(&a);
	free(taken);
	free(list);
}

void customers_add_pending(struct customers *c, const struct links *links)
{
	uint32_t *earliest = find_earliest(links);
	size_t n = 0;

	c->links = links;
	for (uint32_t i = 0; i < c->p->n_loose; i++)
		n += earliest[i] != NOBODY;
	c->pending = xcalloc(n + 1, sizeof(*c->pending));
	for (uint32_t i = 0; i < c->p->n_loose; i++) {
		if (earliest[i] == NOBODY)
			continue;
		c->pending[c->n_pending] = (struct pending_customer){ .root = i, .record = earliest[i] };
		make_id(c, &c->pending[c->n_pending++], false);
	}
	free(earliest);
	part_namesakes(c);
}

static int by_root(const void *a, const void *b)
{
	const struct pending_customer *x = a, *y = b;

	return (x->root > y->root) - (x->root < y->root);
}

bool customers_id(const struct customers *c, uint32_t target, char id[CUSTOMER_ID_LENGTH])
{
	struct pending_customer key = { .root = target & ~LOOSE }, *found;

	if (!(target & LOOSE)) {
		for (int k = 0; k < CUSTOMER_ID_LENGTH / 2; k++) {
			id[2 * k] = "0123456789abcdef"[c->ids[target][k] >> 4];
			id[2 * k + 1] = "0123456789abcdef"[c->ids[target][k] & 15];
		}
		return true;
	}
	found = bsearch(&key, c->pending, c->n_pending, sizeof(key), by_root);
	if (found)
		memcpy(id, found->id, CUSTOMER_ID_LENGTH);
	return found != NULL;
}

uint32_t customers_target(const struct customers *c, uint32_t record)
{
	uint32_t who = c->p->person[record].who;

	if (who == NOBODY)
		return NOBODY;
	if (who & LOOSE)
		return c->links->of[who & ~LOOSE].target;
	return people_identity(c->p, who);
}

void customers_close(struct customers *c)
{
	free(c->ids);
	free(c->pending);
	*c = (struct customers){ 0 };
}
