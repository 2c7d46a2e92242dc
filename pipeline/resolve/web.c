#include "web.h"

#include <stdlib.h>

enum { MAX_CELLS = 24 /* names under one value that are compared with each other */ };

struct member {
	uint32_t who, name, record;
};

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->name != y->name)
		return (x->name > y->name) - (x->name < y->name);
	if (x->who != y->who)
		return (x->who > y->who) - (x->who < y->who);
	return (x->record > y->record) - (x->record < y->record);
}

/* A group can tell nothing where none is loose, or all are the same one. */
static bool tells(const struct people *p, const struct pair *group, size_t n)
{
	uint32_t first = p->person[group[0].record].who, loose = first & LOOSE;
	bool several = false;

	for (size_t i = 1; i < n && !(loose && several); i++) {
		uint32_t who = p->person[group[i].record].who;

		loose |= who & LOOSE;
		several |= who != first;
	}
	return loose && several;
}

/* Nearly all groups are small. */
static void sort_members(struct member *list, size_t n)
{
	if (n > 16) {
		qsort(list, n, sizeof(*list), by_name);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct member moved = list[i];
		size_t j = i;

		for (; j > 0 && by_name(&list[j - 1], &moved) > 0; j--)
			list[j] = list[j - 1];
		list[j] = moved;
	}
}

/* A birth date beside an ID number that is not the record's own speaks of that number's holder. */
static bool is_witness(const struct people *p, size_t evidence, uint32_t record)
{
	unsigned fields = p->reading->matching->evidence[evidence].fields;
	bool borrowed = p->flags[record] & (RECORD_SHARED_ID | RECORD_SPLIT);

	return !(p->flags[record] & RECORD_DISPUTED) &&
	       !(borrowed && fields & 1u << MATCH_BIRTH_DATE);
}

/* The members of a group that are witnesses, once each under each name. */
static size_t members_of(const struct people *p, size_t evidence, const struct pair *group, size_t n,
			 struct member *list)
{
	size_t kept = 0, witnesses = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t record = group[i].record;

		if (is_witness(p, evidence, record))
			list[witnesses++] = (struct member){ p->person[record].who,
							     p->person[record].name, record };
	}
	sort_members(list, witnesses);
	for (size_t i = 0; i < witnesses; i++)
		if (!kept || list[i].name != list[kept - 1].name || list[i].who != list[kept - 1].who)
			list[kept++] = list[i];
	return kept;
}

static void add_member(struct web_part *to, uint32_t who)
{
	GROW(to->members, to->n_members, to->cap_members);
	to->members[to->n_members++] = who;
}

static void add_cell(struct web_part *to, const struct member *list, size_t n)
{
	GROW(to->cells, to->n_cells, to->cap_cells);
	to->cells[to->n_cells++] =
		(struct cell){ (uint32_t)to->n_blocks, (uint32_t)to->n_members };
	for (size_t i = 0; i < n; i++)
		add_member(to, list[i].who);
}

/* Of two records of one cell: by the number of their name (gather.h). */
static enum name_grade own_grade(uint32_t name)
{
	return !name ? NAME_ABSENT : name & 1 ? NAME_EXACT : NAME_SURNAME;
}

static void add_grade(struct web_part *to, enum name_grade grade)
{
	GROW(to->grades, to->n_grades, to->cap_grades);
	to->grades[to->n_grades++] = (uint8_t)grade;
}

/* How the names of a block's cells compare; each cell has one name, so its first record
 * speaks for all. */
static void add_grades(struct web_part *to, const struct people *p, const uint32_t *records,
		       size_t n, struct arena *a)
{
	struct name_form forms[MAX_CELLS];

	for (size_t i = 0; i < n && n > 1; i++) {
		struct record rec;

		reading_record(p->reading, records[i], &rec, a);
		reading_name(p->reading, records[i], &rec, &forms[i], a);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			add_grade(to, i == j ? own_grade(p->person[records[i]].name) :
					       name_compare(&forms[i], &forms[j]));
	arena_reset(a);
}

static size_t count_names(const struct member *list, size_t n)
{
	size_t names = 0;

	for (size_t i = 0; i < n; i++)
		names += i == 0 || list[i].name != list[i - 1].name;
	return names;
}

static void add_block(struct web_part *to, const struct people *p, size_t evidence,
		      const struct member *list, size_t n, struct arena *a)
{
	uint32_t records[MAX_CELLS];
	size_t cells = 0, from = 0;
	struct block b = {
		.first_cell = (uint32_t)to->n_cells,
		.evidence = (uint8_t)evidence,
		.grades = (uint32_t)to->n_grades,
	};

	for (size_t i = 1; i <= n; i++) {
		if (i < n && list[i].name == list[from].name)
			continue;
		records[cells++] = list[from].record;
		add_cell(to, list + from, i - from);
		from = i;
	}
	b.n_cells = (uint8_t)cells;
	GROW(to->blocks, to->n_blocks, to->cap_blocks);
	to->blocks[to->n_blocks++] = b;
	add_grades(to, p, records, cells, a);
}

/* The car of a driving school comes with dozens of drivers: too many names to compare each with
 * each. Then only the same names stand beside each other. */
static void add_name_by_name(struct web_part *to, const struct people *p, size_t evidence,
			     const struct member *list, size_t n, struct arena *a)
{
	size_t from = 0;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && list[i].name == list[from].name)
			continue;
		if (i - from > 1)
			add_block(to, p, evidence, list + from, i - from, a);
		from = i;
	}
}

void web_weave(struct web_part *to, const struct people *p, size_t evidence,
	       const struct pair *group, size_t n, struct arena *a)
{
	if (n < 2 || !tells(p, group, n))
		return;
	if (n > to->cap_list) {
		to->cap_list = 2 * n;
		to->list = xreallocarray(to->list, to->cap_list, sizeof(*to->list));
	}
	n = members_of(p, evidence, group, n, to->list);
	if (n < 2)
		return;
	if (count_names(to->list, n) <= MAX_CELLS)
		add_block(to, p, evidence, to->list, n, a);
	else
		add_name_by_name(to, p, evidence, to->list, n, a);
}

/* ---- from parts to one web ---- */

static void *more_room(void *list, size_t n, size_t *cap, size_t size)
{
	if (n <= *cap)
		return list;
	*cap = n + n / 2;
	return xreallocarray(list, *cap, size);
}

void web_join(struct web *w, struct web_part *part)
{
	size_t n_blocks = w->n_blocks + part->n_blocks, n_cells = w->n_cells + part->n_cells;
	size_t n_members = w->n_members + part->n_members, n_grades = w->n_grades + part->n_grades;

	if (n_cells >= UINT32_MAX || n_members >= UINT32_MAX || n_grades >= UINT32_MAX)
		BUG("a web of more than four billion threads");
	w->blocks = more_room(w->blocks, n_blocks, &w->cap_blocks, sizeof(*w->blocks));
	w->cells = more_room(w->cells, n_cells + 1, &w->cap_cells, sizeof(*w->cells));
	w->members = more_room(w->members, n_members, &w->cap_members, sizeof(*w->members));
	w->grades = more_room(w->grades, n_grades, &w->cap_grades, 1);
	for (size_t i = 0; i < part->n_blocks; i++) {
		part->blocks[i].first_cell += (uint32_t)w->n_cells;
		part->blocks[i].grades += (uint32_t)w->n_grades;
		w->blocks[w->n_blocks + i] = part->blocks[i];
	}
	for (size_t i = 0; i < part->n_cells; i++) {
		part->cells[i].block += (uint32_t)w->n_blocks;
		part->cells[i].from += (uint32_t)w->n_members;
		w->cells[w->n_cells + i] = part->cells[i];
	}
	if (part->n_members)
		memcpy(w->members + w->n_members, part->members,
		       part->n_members * sizeof(*w->members));
	if (part->n_grades)
		memcpy(w->grades + w->n_grades, part->grades, part->n_grades);
	w->n_blocks = n_blocks;
	w->n_cells = n_cells;
	w->n_members = n_members;
	w->n_grades = n_grades;
	free(part->blocks);
	free(part->cells);
	free(part->members);
	free(part->grades);
	free(part->list);
}

/* From each loose record to the cells that it is a member of. */
void web_index(struct web *w, const struct people *p)
{
	uint32_t n = p->n_loose, *at;

	w->p = p;
	w->cells = more_room(w->cells, w->n_cells + 1, &w->cap_cells, sizeof(*w->cells));
	w->cells[w->n_cells] = (struct cell){ 0, (uint32_t)w->n_members };
	w->start = xcalloc((size_t)n + 2, sizeof(*w->start));
	at = w->start + 1; /* shifted by one while counting, so that filling sets it right */
	for (size_t i = 0; i < w->n_members; i++)
		if (w->members[i] & LOOSE)
			at[(w->members[i] & ~LOOSE) + 1]++;
	for (uint32_t i = 0; i < n; i++)
		at[i + 1] += at[i];
	w->cells_of = xreallocarray(NULL, (size_t)at[n] + 1, sizeof(*w->cells_of));
	for (size_t c = 0; c < w->n_cells; c++)
		for (uint32_t i = w->cells[c].from; i < w->cells[c + 1].from; i++)
			if (w->members[i] & LOOSE)
				w->cells_of[at[w->members[i] & ~LOOSE]++] = (uint32_t)c;
}

void web_close(struct web *w)
{
	free(w->blocks);
	free(w->cells);
	free(w->members);
	free(w->grades);
	free(w->start);
	free(w->cells_of);
	*w = (struct web){ 0 };
}
