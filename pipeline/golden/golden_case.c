/* What the records say of one customer or one vehicle, gathered by attribute. */
#include "judge.h"

#include <stdlib.h>

#include "date.h"

void golden_case_start(struct golden_case *c, const struct golden_rules *rules, enum entity entity,
		       struct str key)
{
	const struct golden_attributes *attributes = &rules->attributes[entity];

	c->rules = rules;
	c->entity = entity;
	c->key = key;
	c->n = 0;
	for (size_t i = 0; i < attributes->n; i++)
		c->of[attributes->list[i]].n = 0;
}

static struct str compared_by(const struct golden_case *c, enum field attribute,
			      const struct record *rec)
{
	if (attribute == F_MODEL)
		return golden_model(c->rules, rec->v[F_MODEL]);
	return rec->v[attribute];
}

static void observe(struct golden_case *c, enum field attribute, const struct record *rec,
		    uint32_t witness)
{
	struct observations *of = &c->of[attribute];

	GROW(of->list, of->n, of->cap);
	of->list[of->n++] = (struct observation){ rec->v[attribute],
						  compared_by(c, attribute, rec), witness,
						  STANDING_OUTRANKED };
}

uint32_t golden_case_add(struct golden_case *c, const struct record *rec, size_t place,
			 struct str base)
{
	uint32_t witness = (uint32_t)c->n;
	bool correction = str_eq(rec->v[F_SOURCE], STR("correction"));
	struct str of = correction ? base : rec->v[F_SOURCE];
	const struct golden_attributes *attributes = &c->rules->attributes[c->entity];

	GROW(c->witnesses, c->n, c->cap);
	c->witnesses[c->n++] = (struct witness){
		.place = place,
		.record_id = rec->v[F_RECORD_ID],
		.source = rec->v[F_SOURCE],
		.base = of,
		.observed_on = rec->v[F_OBSERVED_ON],
		.updated_at = rec->v[F_UPDATED_AT],
		.day = date_day(rec->v[F_OBSERVED_ON]),
		.source_no = golden_source_number(c->rules, of),
		.correction = correction,
	};
	if (!(rec->feeds & FEEDS(c->entity)))
		return witness;
	for (size_t i = 0; i < attributes->n; i++)
		if (rec->v[attributes->list[i]].n)
			observe(c, attributes->list[i], rec, witness);
	return witness;
}

void golden_case_release(struct golden_case *c)
{
	for (size_t i = 0; i < F_COUNT; i++)
		free(c->of[i].list);
	free(c->witnesses);
	judge_release(c);
	*c = (struct golden_case){ 0 };
}

struct str golden_rule_name(enum golden_rule rule)
{
	static const struct str names[] = {
		[GOLDEN_NONE] = STR_INIT(""),
		[GOLDEN_FOLLOW] = STR_INIT("follow"),
		[GOLDEN_CONFIRM] = STR_INIT("confirm"),
		[GOLDEN_FIXED] = STR_INIT("fixed"),
		[GOLDEN_NEWEST] = STR_INIT("newest"),
		[GOLDEN_DERIVED] = STR_INIT("derived"),
		[GOLDEN_DECISION] = STR_INIT("decision"),
		[GOLDEN_DEFAULT] = STR_INIT("default"),
		[GOLDEN_KEY] = STR_INIT("key"),
	};

	return names[rule];
}
