#define _GNU_SOURCE /* qsort_r */
/*
 * The judgement: for each attribute of a case the true value, and what became of the others.
 *
 * `confirm` is the one that needs the order of time: a value of equal rank that contradicts
 * the established one waits (a hold) until an independent later record agrees with it, a
 * better source settles the matter, or a person does. `fixed` and `follow` need the ranks only.
 */
#include "judge.h"

#include <stdlib.h>

#include "digest.h"

struct hold { /* a value that waits for agreement */
	struct str value;
	uint32_t first; /* observation that gave it first */
	bool live;
};

struct judge_scratch {
	uint32_t *order; /* observations in order of time */
	uint32_t *held_by; /* for each observation its hold + 1, or 0 */
	struct hold *holds;
	uint64_t *hashes;
	size_t cap, n_holds, cap_holds;
};

/* Above this many values equal ones are found by their hash. */
enum { MANY = 24 };

static struct judge_scratch *scratch_for(struct golden_case *c, size_t n)
{
	struct judge_scratch *s = c->scratch;

	if (!s)
		s = c->scratch = xcalloc(1, sizeof(*s));
	if (n > s->cap) {
		s->cap = n * 2;
		s->order = xreallocarray(s->order, s->cap, sizeof(*s->order));
		s->held_by = xreallocarray(s->held_by, s->cap, sizeof(*s->held_by));
		s->hashes = xreallocarray(s->hashes, s->cap, sizeof(*s->hashes));
	}
	s->n_holds = 0;
	return s;
}

void judge_release(struct golden_case *c)
{
	struct judge_scratch *s = c->scratch;

	if (!s)
		return;
	free(s->order);
	free(s->held_by);
	free(s->hashes);
	free(s->holds);
	free(s);
	c->scratch = NULL;
}

/* Is it not what the correction mends, but what else its row says? */
static bool is_of_row(const struct witness *w, enum field attribute)
{
	return w->row && !field_set_has(&w->row->mended, attribute);
}

int32_t golden_day(const struct golden_case *c, enum field attribute, uint32_t witness)
{
	const struct witness *w = &c->witnesses[witness];

	return is_of_row(w, attribute) ? w->row->day : w->day;
}

static unsigned rank_of(const struct golden_case *c, enum field attribute, uint32_t witness)
{
	const struct golden_attribute *at = &c->rules->of[c->entity][attribute];
	const struct witness *w = &c->witnesses[witness];

	return at->newest ? 0 : at->rank[w->source_no] - (w->correction && !is_of_row(w, attribute));
}

bool golden_before(const struct golden_case *c, enum field attribute, uint32_t a, uint32_t b)
{
	const struct witness *x = &c->witnesses[a], *y = &c->witnesses[b];
	unsigned rank_a = rank_of(c, attribute, a), rank_b = rank_of(c, attribute, b);
	int32_t day_a = golden_day(c, attribute, a), day_b = golden_day(c, attribute, b);
	int newer;

	if (rank_a != rank_b)
		return rank_a < rank_b;
	if (day_a != day_b)
		return day_a > day_b;
	newer = str_cmp(x->updated_at, y->updated_at);
	return newer ? newer > 0 : x->place < y->place;
}

/* On one day a "no" to marketing outweighs a "yes", whoever wrote it later. */
static bool newest_before(const struct golden_case *c, enum field attribute,
			  const struct observation *a, const struct observation *b)
{
	int32_t day_a = golden_day(c, attribute, a->witness), day_b = golden_day(c, attribute, b->witness);
	bool no_a = str_eq(a->value, STR("no")), no_b = str_eq(b->value, STR("no"));

	if (day_a != day_b)
		return day_a > day_b;
	if (attribute == F_MARKETING_CONSENT && no_a != no_b)
		return no_a;
	return golden_before(c, attribute, a->witness, b->witness);
}

static int by_hash(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint32_t distinct_many(struct golden_case *c, const struct observations *of)
{
	struct judge_scratch *s = scratch_for(c, of->n);
	uint32_t n = 1;

	for (size_t i = 0; i < of->n; i++)
		s->hashes[i] = hash64(of->list[i].compared);
	qsort(s->hashes, of->n, sizeof(*s->hashes), by_hash);
	for (size_t i = 1; i < of->n; i++)
		n += s->hashes[i] != s->hashes[i - 1];
	return n;
}

uint32_t judge_distinct(struct golden_case *c, const struct observations *of)
{
	uint32_t n = 0;

	if (of->n > MANY)
		return distinct_many(c, of);
	for (size_t i = 0; i < of->n; i++) {
		size_t j = 0;

		while (j < i && !str_eq(of->list[j].compared, of->list[i].compared))
			j++;
		n += j == i;
	}
	return n;
}

/* The observation that stands first for its attribute, among all or those of one value. */
static const struct observation *first_of(const struct golden_case *c, enum field attribute,
					  const struct str *value)
{
	const struct observations *of = &c->of[attribute];
	const struct observation *best = NULL;

	for (size_t i = 0; i < of->n; i++) {
		const struct observation *o = &of->list[i];

		if (value && !str_eq(o->compared, *value))
			continue;
		if (!best || golden_before(c, attribute, o->witness, best->witness))
			best = o;
	}
	return best;
}

void judge_set(struct golden_case *c, enum field attribute, enum golden_rule rule,
	       const struct observation *o, enum standing others)
{
	struct observations *of = &c->of[attribute];

	c->golden[attribute] = (struct golden){ rule, o->value, o->witness, judge_distinct(c, of) };
	for (size_t i = 0; i < of->n; i++)
		of->list[i].standing = str_eq(of->list[i].compared, o->compared) ? STANDING_TRUE
										 : others;
}

static void judge_newest(struct golden_case *c, enum field attribute)
{
	const struct observations *of = &c->of[attribute];
	const struct observation *best = &of->list[0];

	for (size_t i = 1; i < of->n; i++)
		if (newest_before(c, attribute, &of->list[i], best))
			best = &of->list[i];
	judge_set(c, attribute, GOLDEN_NEWEST, best, STANDING_OUTRANKED);
}

/* In order of time: day, rank, place. */
static int by_time(const struct golden_case *c, enum field attribute, const struct observation *a,
		   const struct observation *b)
{
	const struct witness *x = &c->witnesses[a->witness], *y = &c->witnesses[b->witness];
	unsigned rank_a = rank_of(c, attribute, a->witness);
	unsigned rank_b = rank_of(c, attribute, b->witness);
	int32_t day_a = golden_day(c, attribute, a->witness), day_b = golden_day(c, attribute, b->witness);

	if (day_a != day_b)
		return day_a < day_b ? -1 : 1;
	if (rank_a != rank_b)
		return rank_a < rank_b ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* The first value that a record of the best rank gave stands for ever. */
static void judge_fixed(struct golden_case *c, enum field attribute)
{
	const struct observations *of = &c->of[attribute];
	const struct observation *first = &of->list[0];

	for (size_t i = 1; i < of->n; i++) {
		const struct observation *o = &of->list[i];
		unsigned rank = rank_of(c, attribute, o->witness);
		unsigned best = rank_of(c, attribute, first->witness);

		if (rank < best || (rank == best && by_time(c, attribute, o, first) < 0))
			first = o;
	}
	judge_set(c, attribute, GOLDEN_FIXED, first_of(c, attribute, &first->compared),
		   STANDING_CONFLICTS);
}

struct time_order {
	const struct golden_case *c;
	enum field attribute;
};

static int by_time_of_index(const void *a, const void *b, void *context)
{
	const struct time_order *t = context;
	const struct observation *list = t->c->of[t->attribute].list;

	return by_time(t->c, t->attribute, &list[*(const uint32_t *)a], &list[*(const uint32_t *)b]);
}

struct established { /* what stands while the observations pass by */
	struct str value;
	unsigned rank;
	bool decided; /* by a person */
};

static struct hold *hold_of(struct judge_scratch *s, struct str value)
{
	for (size_t i = 0; i < s->n_holds; i++)
		if (s->holds[i].live && str_eq(s->holds[i].value, value))
			return &s->holds[i];
	return NULL;
}

static void drop_holds(struct judge_scratch *s)
{
	for (size_t i = 0; i < s->n_holds; i++)
		s->holds[i].live = false;
}

/*
 * Does observation `index` speak for the held value on its own? Another source does; the
 * same source does with a file of a later day, unless the row is one that was held already
 * and came again. A correction is the word of the one whose record it mends.
 */
static bool agrees_independently(const struct golden_case *c, enum field attribute,
				 const struct hold *hold, uint32_t index)
{
	const struct judge_scratch *s = c->scratch;
	const struct observations *of = &c->of[attribute];
	uint32_t held = of->list[hold->first].witness;
	const struct witness *first = &c->witnesses[held], *w = &c->witnesses[of->list[index].witness];
	uint32_t mark = (uint32_t)(hold - s->holds) + 1;

	if (!str_eq(w->base, first->base))
		return true;
	if (golden_day(c, attribute, of->list[index].witness) <= golden_day(c, attribute, held))
		return false;
	for (size_t i = 0; c->same_row && i < of->n; i++)
		if (s->held_by[i] == mark &&
		    c->same_row(c->context, c->witnesses[of->list[i].witness].place, w->place))
			return false;
	return true;
}

/* A value of equal rank that nobody has agreed with. */
static void hold_back(struct golden_case *c, enum field attribute, struct established *now,
		      struct hold *hold, uint32_t index)
{
	struct judge_scratch *s = c->scratch;
	struct observation *o = &c->of[attribute].list[index];
	enum change_verdict said = c->decided ? c->decided(c->context, c, attribute, o->value)
					      : CHANGE_UNDECIDED;

	if (said == CHANGE_ACCEPTED) {
		now->value = o->compared;
		now->decided = true;
		if (hold)
			hold->live = false;
		return;
	}
	if (said == CHANGE_REFUSED) {
		o->standing = STANDING_CONFLICTS;
		return;
	}
	if (!hold) {
		GROW(s->holds, s->n_holds, s->cap_holds);
		hold = &s->holds[s->n_holds++];
		*hold = (struct hold){ o->compared, index, true };
	}
	s->held_by[index] = (uint32_t)(hold - s->holds) + 1;
}

/* One more observation, in order of time. */
static void weigh(struct golden_case *c, enum field attribute, struct established *now,
		  uint32_t index)
{
	struct judge_scratch *s = c->scratch;
	struct observation *o = &c->of[attribute].list[index];
	unsigned rank = rank_of(c, attribute, o->witness);
	struct hold *hold;

	if (str_eq(o->compared, now->value)) {
		if (rank > now->rank)
			o->standing = STANDING_FORMER; /* should the value change: it was right */
		if (rank < now->rank)
			drop_holds(s);
		if (rank < now->rank)
			now->rank = rank;
		return;
	}
	if (rank < now->rank) {
		*now = (struct established){ o->compared, rank, false };
		drop_holds(s);
		return;
	}
	hold = hold_of(s, o->compared);
	if (hold && agrees_independently(c, attribute, hold, index)) {
		now->value = o->compared;
		now->decided = false;
		hold->live = false;
		if (rank > now->rank)
			o->standing = STANDING_FORMER; /* it made the value true */
	} else if (rank == now->rank) {
		hold_back(c, attribute, now, hold, index);
	}
}

/* What became of an observation once all are weighed. */
static enum standing standing_of(const struct golden_case *c, enum field attribute,
				 const struct established *now, uint32_t index)
{
	const struct judge_scratch *s = c->scratch;
	const struct observation *o = &c->of[attribute].list[index];
	uint32_t mark = s->held_by[index];

	if (str_eq(o->compared, now->value))
		return STANDING_TRUE;
	if (mark && s->holds[mark - 1].live)
		return STANDING_HELD;
	if (o->standing != STANDING_OUTRANKED)
		return o->standing;
	return rank_of(c, attribute, o->witness) > now->rank ? STANDING_CONFLICTS : STANDING_FORMER;
}

static void judge_confirm(struct golden_case *c, enum field attribute)
{
	struct observations *of = &c->of[attribute];
	struct judge_scratch *s = scratch_for(c, of->n);
	struct time_order order = { c, attribute };
	struct established now;
	const struct observation *best;

	for (uint32_t i = 0; i < of->n; i++) {
		s->order[i] = i;
		s->held_by[i] = 0;
		of->list[i].standing = STANDING_OUTRANKED;
	}
	qsort_r(s->order, of->n, sizeof(*s->order), by_time_of_index, &order);
	best = &of->list[s->order[0]];
	now = (struct established){ best->compared, rank_of(c, attribute, best->witness), false };
	for (size_t i = 1; i < of->n; i++)
		weigh(c, attribute, &now, s->order[i]);
	for (uint32_t i = 0; i < of->n; i++)
		of->list[i].standing = standing_of(c, attribute, &now, i);
	best = first_of(c, attribute, &now.value);
	c->golden[attribute] = (struct golden){ now.decided ? GOLDEN_DECISION : GOLDEN_CONFIRM,
						best->value, best->witness, judge_distinct(c, of) };
}

/*
 * A value that a person accepted stands over what the ranks say, also one that no record
 * gives. What became true later, by agreement, is not undone.
 */
static void follow_person(struct golden_case *c, enum field attribute)
{
	struct observations *of = &c->of[attribute];
	struct golden *g = &c->golden[attribute];
	struct str value = c->accepted(c->context, c, attribute), compared = value;
	const struct observation *own;

	if (!value.n)
		return;
	if (attribute == F_MODEL)
		compared = golden_model(c->rules, value);
	own = first_of(c, attribute, &compared);
	if (own && own->standing != STANDING_CONFLICTS && own->standing != STANDING_OUTRANKED)
		return;
	if (own)
		judge_set(c, attribute, GOLDEN_DECISION, own, STANDING_FORMER);
	else if (of->n)
		*g = (struct golden){ GOLDEN_DECISION, value, g->witness, g->candidates + 1 };
	for (size_t i = 0; !own && i < of->n; i++)
		of->list[i].standing = STANDING_FORMER;
}

static bool all_alike(const struct observations *of)
{
	for (size_t i = 1; i < of->n; i++)
		if (!str_eq(of->list[i].compared, of->list[0].compared))
			return false;
	return true;
}

static void judge_attribute(struct golden_case *c, enum field attribute)
{
	const struct golden_attribute *at = &c->rules->of[c->entity][attribute];
	const struct observations *of = &c->of[attribute];

	if (of->n == 0)
		return;
	if (at->newest)
		judge_newest(c, attribute);
	else if (at->policy == POLICY_FIXED)
		judge_fixed(c, attribute);
	else if (at->policy == POLICY_CONFIRM && !all_alike(of))
		judge_confirm(c, attribute);
	else
		judge_set(c, attribute,
			  at->policy == POLICY_CONFIRM ? GOLDEN_CONFIRM : GOLDEN_FOLLOW,
			  first_of(c, attribute, NULL), STANDING_OUTRANKED);
	if (c->accepted && attribute != F_ID_NUMBER)
		follow_person(c, attribute);
}

void golden_case_judge(struct golden_case *c)
{
	const struct golden_attributes *attributes = &c->rules->attributes[c->entity];

	for (size_t i = 0; i < attributes->n; i++) {
		enum field a = attributes->list[i];

		c->golden[a] = (struct golden){ 0 };
		if (golden_leader(c->entity, a) == a)
			judge_attribute(c, a);
	}
	if (c->entity != ENTITY_CUSTOMER)
		return;
	judge_address(c);
	judge_id_type(c);
	judge_derived(c);
	if (c->golden[F_MARKETING_CONSENT].rule == GOLDEN_NONE)
		c->golden[F_MARKETING_CONSENT] =
			(struct golden){ .rule = GOLDEN_DEFAULT, .value = STR_INIT("no") };
}
