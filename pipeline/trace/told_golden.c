/* The golden values of one customer or car: where each is from, what it beat, and why. */
#include "trace.h"

/* By rules/source_priority.csv; what a correction mends stands just above the record that it mends. */
static unsigned rank_of(const struct trace *t, const struct golden_attribute *at, enum field attribute,
			struct str source, struct str record_id)
{
	ptrdiff_t place = records_find(t->records, record_id);
	const struct mending *mending = place < 0 ? NULL : mendings_by(&t->mendings, (size_t)place);

	if (mending)
		return at->rank[golden_source_number(&t->golden, mending->base_source)] -
		       field_set_has(&mending->mended, attribute);
	return at->rank[golden_source_number(&t->golden, source)];
}

static const char *why_equal_lost(const struct golden_attribute *at, struct str won_on, struct str lost_on)
{
	int c = str_cmp(lost_on, won_on);

	if (at->newest || at->policy == POLICY_FOLLOW)
		return c < 0    ? "it is older"
		       : c == 0 ? "of one day the later update, then the smaller record id wins"
				: "its row is older than the correction that brought it in";
	if (at->policy == POLICY_FIXED)
		return "this value never changes once a record gave it";
	return c < 0 ? "it was true until the change was confirmed" :
		       "it contradicts at equal rank, and waits until an independent record agrees";
}

static struct str why_lost(struct trace *t, enum entity entity, enum field attribute,
			   const struct str won[LIN_COLUMNS], const struct record *lost)
{
	const struct golden_attribute *at = &t->golden.of[entity][golden_leader(entity, attribute)];
	unsigned winner, loser;

	if (str_eq(won[LIN_RULE], STR("derived")))
		return STR("the ID number says it");
	if (str_eq(won[LIN_RULE], STR("decision")))
		return STR("a person decided");
	if (at->newest)
		return str_of(why_equal_lost(at, won[LIN_OBSERVED_ON], lost->v[F_OBSERVED_ON]));
	winner = rank_of(t, at, attribute, won[LIN_SOURCE], won[LIN_RECORD_ID]);
	loser = rank_of(t, at, attribute, lost->v[F_SOURCE], lost->v[F_RECORD_ID]);
	if (winner < loser)
		return str_printf(&t->arena, "%.*s ranks below %.*s", STR_FMT(lost->v[F_SOURCE]),
				  STR_FMT(won[LIN_SOURCE]));
	return winner > loser ? STR("") :
				str_of(why_equal_lost(at, won[LIN_OBSERVED_ON], lost->v[F_OBSERVED_ON]));
}

static void tell_loser(struct trace *t, enum entity entity, enum field field,
		       const struct str won[LIN_COLUMNS], const struct record *rec)
{
	struct str value = trace_shown(t, won[LIN_ATTRIBUTE], rec->v[field]);

	account_open(&t->out, NULL);
	account_line(&t->out, "- %.*s", STR_FMT(value));
	if (t->out.json)
		account_value(&t->out, "value", value);
	account_value(&t->out, "source", rec->v[F_SOURCE]);
	account_value(&t->out, "record_id", rec->v[F_RECORD_ID]);
	account_value(&t->out, "observed_on", rec->v[F_OBSERVED_ON]);
	account_value(&t->out, "because", why_lost(t, entity, field, won, rec));
	account_close(&t->out);
}

/* The other values that records of this customer (or car) gave for an attribute. */
static void tell_beaten(struct trace *t, enum entity entity, const struct str *records, size_t n,
			const struct str won[LIN_COLUMNS])
{
	enum field field = field_find(won[LIN_ATTRIBUTE]);
	struct str *told = arena_alloc(&t->arena, sizeof(*told) * (n + 1));
	size_t n_told = 0;

	account_open_list(&t->out, "beat");
	for (size_t i = 0; i < n && field != F_COUNT; i++) {
		ptrdiff_t at = records_find(t->records, records[i]);
		struct record rec;
		bool again = false;

		if (at < 0)
			continue;
		records_get(t->records, (size_t)at, &rec, &t->arena);
		for (size_t k = 0; k < n_told; k++)
			again |= str_eq(told[k], rec.v[field]);
		if (again || !rec.v[field].n || str_eq(rec.v[field], won[LIN_VALUE]) ||
		    !(rec.feeds & FEEDS(entity)))
			continue;
		told[n_told++] = rec.v[field];
		tell_loser(t, entity, field, won, &rec);
	}
	account_close(&t->out);
}

void trace_golden(struct trace *t, struct str entity, struct str key, const struct str *records,
		  size_t n)
{
	enum entity of = str_eq(entity, STR("vehicle")) ? ENTITY_VEHICLE : ENTITY_CUSTOMER;
	struct str v[LIN_COLUMNS];

	account_open_list(&t->out, "golden_values");
	for (size_t i = 0; i < t->lineage->n; i++) {
		struct str value;

		if (!str_eq(rowset_value(t->lineage, i, LIN_KEY), key))
			continue;
		rowset_get(t->lineage, i, v);
		if (!str_eq(v[LIN_ENTITY], entity))
			continue;
		value = trace_shown(t, v[LIN_ATTRIBUTE], v[LIN_VALUE]);
		account_open(&t->out, NULL);
		account_line(&t->out, "- %.*s = %.*s", STR_FMT(v[LIN_ATTRIBUTE]), STR_FMT(value));
		if (t->out.json) {
			account_value(&t->out, "attribute", v[LIN_ATTRIBUTE]);
			account_value(&t->out, "value", value);
		}
		account_value(&t->out, "rule", v[LIN_RULE]);
		account_value(&t->out, "source", v[LIN_SOURCE]);
		account_value(&t->out, "record_id", v[LIN_RECORD_ID]);
		account_value(&t->out, "observed_on", v[LIN_OBSERVED_ON]);
		account_value(&t->out, "candidates", v[LIN_CANDIDATES]);
		tell_beaten(t, of, records, n, v);
		account_close(&t->out);
	}
	account_close(&t->out);
}
