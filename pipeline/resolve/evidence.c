#include "evidence.h"

#include "pool.h"

#include <stdlib.h>

struct part { /* of a column */
	struct crowd_part crowd;
	struct web_part web;
};

struct judging { /* of one column */
	const struct people *p;
	const struct crowd *crowd;
	const struct column *column; /* NULL: numbers that are like others */
	const struct pairs *values;
	size_t evidence; /* the kind that its groups are, or n_evidence: none */
	struct part *parts;
	struct arena *arenas;
};

/* Several fields are no evidence where one of them has a value that many share. All records of
 * the group have the same values, so the first speaks for them. */
static bool is_shared(const struct judging *j, uint32_t record, struct arena *a)
{
	const struct matching *m = j->p->reading->matching;
	unsigned fields = m->evidence[j->evidence].fields;
	struct record rec;
	struct witness w;
	bool shared = false;

	if (m->evidence[j->evidence].by_name)
		return false; /* none of its fields has a guard */
	reading_record(j->p->reading, record, &rec, a);
	reading_witness(j->p->reading, record, &rec, fields, &w, a);
	for (int field = 0; field < MATCH_FIELDS; field++)
		shared |= w.value[field] && crowd_shares(j->crowd, w.value[field]);
	arena_reset(a);
	return shared;
}

/* One holder's own value: nothing to guard against, nobody to find. Most groups are that. */
static bool is_one_holders(const struct people *p, const struct pair *group, size_t n)
{
	uint32_t who = p->person[group[0].record].who;

	for (size_t i = 1; i < n; i++)
		if (p->person[group[i].record].who != who)
			return false;
	return !(who & LOOSE);
}

static bool is_evidence(const struct judging *j, const struct pair *group, size_t n,
			struct part *part, struct arena *a)
{
	if (!j->column)
		return true;
	if (j->column->is_field)
		return crowd_judge(j->p, (enum match_field)j->column->number, group, n, &part->crowd, a);
	return !is_shared(j, group->record, a);
}

static void judge_part(void *context, size_t number, unsigned worker)
{
	struct judging *j = context;
	struct part *part = &j->parts[number];
	struct arena *a = &j->arenas[worker];
	size_t from, end = j->values->start[number];

	while (pairs_next(j->values, number, &from, &end)) {
		const struct pair *group = j->values->list + from;
		size_t n = end - from;

		if (n > 1 && !is_one_holders(j->p, group, n) && is_evidence(j, group, n, part, a) &&
		    j->evidence < j->p->reading->matching->n_evidence)
			web_weave(&part->web, j->p, j->evidence, group, n, a);
	}
}

static void judge_values(struct judging *j, struct crowd *crowd, struct web *web)
{
	j->parts = xcalloc(j->values->n_parts, sizeof(*j->parts));
	j->arenas = xcalloc(j->p->jobs, sizeof(*j->arenas));
	pool_each(j->p->jobs, j->values->n_parts, judge_part, j);
	for (size_t i = 0; i < j->values->n_parts; i++) {
		if (crowd)
			crowd_join(crowd, &j->parts[i].crowd);
		web_join(web, &j->parts[i].web);
	}
	for (unsigned i = 0; i < j->p->jobs; i++)
		arena_release(&j->arenas[i]);
	free(j->arenas);
	free(j->parts);
}

static size_t evidence_of_field(const struct matching *m, enum match_field field)
{
	size_t e = 0;

	while (e < m->n_evidence && m->evidence[e].fields != 1u << field)
		e++;
	return e;
}

static void judge_column(struct column *column, const struct people *p, struct crowd *crowd,
			 struct web *web)
{
	struct judging j = {
		.p = p,
		.crowd = crowd,
		.column = column,
		.values = &column->values,
		.evidence = column->number,
	};

	if (column->is_field)
		j.evidence = evidence_of_field(p->reading->matching,
					       (enum match_field)column->number);
	pairs_settle(&column->values);
	judge_values(&j, crowd, web);
	pairs_release(&column->values);
}

void evidence_judge(struct gather *g, const struct people *p, struct crowd *crowd, struct web *web)
{
	*crowd = (struct crowd){ 0 };
	*web = (struct web){ .p = p };
	do {
		for (size_t c = g->from; c < g->to; c++)
			judge_column(&g->columns[c], p, crowd, web);
	} while (gather_sweep(g));
	crowd_sort(crowd);
}

void evidence_add_likes(struct web *web, const struct people *p, struct likeness *likeness)
{
	static const enum match_field fields[] = { MATCH_ID_LIKE, MATCH_MOBILE_LIKE };

	for (int i = 0; i < 2; i++) {
		struct judging j = {
			.p = p,
			.values = likeness_settle(likeness, fields[i]),
			.evidence = evidence_of_field(p->reading->matching, fields[i]),
		};

		judge_values(&j, NULL, web);
	}
}
