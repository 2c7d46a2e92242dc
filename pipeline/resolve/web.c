#include "web.h"

#include "pairs.h"
#include "pool.h"

#include <stdlib.h>

enum {
	MAX_CELLS = 24, /* names under one value; guards allow fewer, unlike ones at least */
	EVIDENCE_BITS = 31,
};

struct filter { /* which keys loose records have: a Bloom filter, two bits in one word */
	uint64_t *words;
	uint64_t mask; /* words - 1 */
};

struct member {
	uint32_t who, name, record;
};

struct part_web { /* what one part of the grouped keys gives */
	struct block *blocks;
	size_t n_blocks, cap_blocks;
	struct cell *cells;
	size_t n_cells, cap_cells;
	uint32_t *members;
	size_t n_members, cap_members;
	uint8_t *grades;
	size_t n_grades, cap_grades;
};

struct weaving {
	struct web *w;
	const struct people *p;
	const struct crowd *crowd;
	const struct likeness *likeness;
	struct filter filter;
	struct pairs keys;
	size_t loose_pieces;
	struct part_web *parts;
	struct arena *arenas;
};

/* ---- keys ---- */

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 32;
}

/* The block that a witness falls in by a kind of evidence, 0 where it lacks a value of it or
 * has one that many share. The number of the evidence stands in the low bits. */
static uint64_t block_key(const struct weaving *v, size_t evidence, const struct witness *w)
{
	const struct evidence *e = &v->p->reading->matching->evidence[evidence];
	uint64_t key = evidence + 1;

	for (int field = 0; field < MATCH_FIELDS; field++) {
		if (!(e->fields >> field & 1))
			continue;
		if (!w->value[field] || crowd_shares(v->crowd, w->value[field]))
			return 0;
		key = mix(key, w->value[field]);
	}
	if (e->by_name && (!w->name || w->form.surname_only))
		return 0;
	if (e->by_name)
		key = mix(key, w->name);
	return (key & ~(uint64_t)EVIDENCE_BITS) | evidence;
}

static uint64_t filter_bits(uint64_t key)
{
	return 1ull << (key >> 8 & 63) | 1ull << (key >> 14 & 63);
}

static void filter_add(const struct filter *f, uint64_t key)
{
	__atomic_fetch_or(&f->words[key >> 24 & f->mask], filter_bits(key), __ATOMIC_RELAXED);
}

static bool filter_may_have(const struct filter *f, uint64_t key)
{
	return (f->words[key >> 24 & f->mask] & filter_bits(key)) == filter_bits(key);
}

/* About sixteen bits for each key that a loose record may have. */
static void filter_open(struct filter *f, const struct people *p)
{
	size_t keys = (size_t)p->n_loose * p->reading->matching->n_evidence, words = 1024;

	while (words < keys / 8)
		words *= 2;
	f->words = xcalloc(words, sizeof(*f->words));
	f->mask = words - 1;
}

/* ---- gathering ---- */

/* Adds the keys of those kinds of evidence that need the value `like`, or of all that need
 * none such (MATCH_FIELDS). */
static void add_keys(struct weaving *v, size_t piece, uint32_t record, const struct witness *w,
		     enum match_field like)
{
	static const unsigned likes = 1u << MATCH_ID_LIKE | 1u << MATCH_MOBILE_LIKE;
	const struct matching *m = v->p->reading->matching;
	bool loose = (v->p->who[record] & LOOSE) != 0;

	for (size_t e = 0; e < m->n_evidence; e++) {
		unsigned needed = m->evidence[e].fields & likes;
		uint64_t key;

		if (needed != (like == MATCH_FIELDS ? 0 : 1u << like))
			continue;
		key = block_key(v, e, w);
		if (!key || (!loose && !filter_may_have(&v->filter, key)))
			continue;
		if (loose)
			filter_add(&v->filter, key);
		pairs_add(&v->keys, piece, key, record);
	}
}

/* A record whose number failed has in common with others what it is like; one with a valid
 * number, what others may be like. */
static void add_likes(struct weaving *v, size_t piece, uint32_t record, const struct record *rec,
		      struct witness *w)
{
	for (size_t k = likeness_find(v->likeness, record);
	     k < v->likeness->n && v->likeness->list[k].record == record; k++) {
		uint64_t value = v->likeness->list[k].value;

		w->value[value & WITNESS_FIELD_BITS] = value;
		add_keys(v, piece, record, w, (enum match_field)(value & WITNESS_FIELD_BITS));
	}
	for (int field = 0; field < MATCH_FIELDS; field++) {
		uint64_t right;

		if (!likeness_is_field((enum match_field)field))
			continue;
		right = likeness_of_right(v->p, v->crowd, record, rec, (enum match_field)field);
		if (!right)
			continue;
		w->value[field] = right;
		add_keys(v, piece, record, w, (enum match_field)field);
	}
}

static void add_record(struct weaving *v, size_t piece, uint32_t record, struct witness *w,
		       struct arena *a)
{
	struct record rec;

	reading_record(v->p->reading, record, &rec, a);
	reading_witness(v->p->reading, record, &rec, w, a);
	add_keys(v, piece, record, w, MATCH_FIELDS);
	add_likes(v, piece, record, &rec, w);
	arena_reset(a);
}

static void gather_loose(void *context, size_t piece, unsigned worker)
{
	struct weaving *v = context;
	size_t end = (piece + 1) * RECORDS_PIECE;
	struct witness w;

	end = end < v->p->n_loose ? end : v->p->n_loose;
	for (size_t i = piece * RECORDS_PIECE; i < end; i++) {
		add_record(v, piece, v->p->loose[i], &w, &v->arenas[worker]);
		v->w->birth[i] = w.birth_date;
	}
}

static void gather_identities(void *context, size_t piece, unsigned worker)
{
	struct weaving *v = context;
	size_t end = (piece + 1) * RECORDS_PIECE < v->p->n ? (piece + 1) * RECORDS_PIECE : v->p->n;
	struct witness w;

	for (size_t i = piece * RECORDS_PIECE; i < end; i++)
		if (!(v->p->who[i] & LOOSE))
			add_record(v, v->loose_pieces + piece, (uint32_t)i, &w, &v->arenas[worker]);
}

/* ---- blocks ---- */

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->name != y->name)
		return (x->name > y->name) - (x->name < y->name);
	if (x->who != y->who)
		return (x->who > y->who) - (x->who < y->who);
	return (x->record > y->record) - (x->record < y->record);
}

/* The members of a group, once each under each name. Zero where they can tell nothing: none
 * is loose, or all are the same one. */
static size_t members_of(const struct people *p, const struct pair *group, size_t n,
			 struct member *list)
{
	bool loose = false, several = false;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t record = group[i].record;
		uint32_t who = p->who[record];

		who = who & LOOSE ? who : people_identity(p, who);
		list[i] = (struct member){ who, p->name[record], record };
		loose |= (who & LOOSE) != 0;
		several |= who != list[0].who;
	}
	if (!loose || !several)
		return 0;
	qsort(list, n, sizeof(*list), by_name);
	for (size_t i = 0; i < n; i++)
		if (!kept || list[i].name != list[kept - 1].name || list[i].who != list[kept - 1].who)
			list[kept++] = list[i];
	return kept;
}

static void add_member(struct part_web *to, uint32_t who)
{
	GROW(to->members, to->n_members, to->cap_members);
	to->members[to->n_members++] = who;
}

static void add_cell(struct part_web *to, const struct member *list, size_t n)
{
	GROW(to->cells, to->n_cells, to->cap_cells);
	to->cells[to->n_cells++] = (struct cell){
		.block = (uint32_t)to->n_blocks,
		.from = (uint32_t)to->n_members,
		.n = (uint32_t)n,
	};
	for (size_t i = 0; i < n; i++)
		add_member(to, list[i].who);
}

static enum name_grade own_grade(const struct name_form *form)
{
	return !form->text.n ? NAME_ABSENT : form->surname_only ? NAME_SURNAME : NAME_EXACT;
}

/* How the names of a block's cells compare; each cell has one name, so its first record
 * speaks for all. */
static void add_grades(struct part_web *to, const struct people *p, const uint32_t *records,
		       size_t n, struct arena *a)
{
	struct name_form forms[MAX_CELLS];

	for (size_t i = 0; i < n; i++) {
		struct record rec;

		reading_record(p->reading, records[i], &rec, a);
		reading_name(p->reading, records[i], &rec, &forms[i], a);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			GROW(to->grades, to->n_grades, to->cap_grades);
			to->grades[to->n_grades++] =
				(uint8_t)(i == j ? own_grade(&forms[i]) :
						   name_compare(&forms[i], &forms[j]));
		}
	}
	arena_reset(a);
}

static size_t count_names(const struct member *list, size_t n)
{
	size_t names = 0;

	for (size_t i = 0; i < n; i++)
		names += i == 0 || list[i].name != list[i - 1].name;
	return names;
}

static void add_block(struct part_web *to, const struct people *p, size_t evidence,
		      const struct member *list, size_t n, struct arena *a)
{
	uint32_t records[MAX_CELLS];
	size_t cells = 0, from = 0;
	struct block b = {
		.first_cell = (uint32_t)to->n_cells,
		.evidence = (uint16_t)evidence,
		.grades = (uint32_t)to->n_grades,
	};

	if (count_names(list, n) > MAX_CELLS)
		return;
	for (size_t i = 1; i <= n; i++) {
		if (i < n && list[i].name == list[from].name)
			continue;
		records[cells++] = list[from].record;
		add_cell(to, list + from, i - from);
		from = i;
	}
	b.n_cells = (uint16_t)cells;
	GROW(to->blocks, to->n_blocks, to->cap_blocks);
	to->blocks[to->n_blocks++] = b;
	add_grades(to, p, records, cells, a);
}

static void weave_part(void *context, size_t part, unsigned worker)
{
	struct weaving *v = context;
	struct member *list = NULL;
	size_t from, end = v->keys.start[part], cap = 0;

	while (pairs_next(&v->keys, part, &from, &end)) {
		const struct pair *group = v->keys.list + from;
		size_t n = end - from;

		if (n < 2)
			continue;
		if (n > cap) {
			cap = 2 * n;
			list = xreallocarray(list, cap, sizeof(*list));
		}
		n = members_of(v->p, group, n, list);
		if (n)
			add_block(&v->parts[part], v->p, pair_hash(group) & EVIDENCE_BITS, list, n,
				  &v->arenas[worker]);
	}
	free(list);
}

/* ---- from parts to one web ---- */

static void count_parts(struct weaving *v)
{
	struct web *w = v->w;

	for (size_t part = 0; part < v->keys.n_parts; part++) {
		w->n_blocks += v->parts[part].n_blocks;
		w->n_cells += v->parts[part].n_cells;
		w->n_members += v->parts[part].n_members;
		w->n_grades += v->parts[part].n_grades;
	}
	if (w->n_cells >= UINT32_MAX || w->n_members >= UINT32_MAX || w->n_grades >= UINT32_MAX)
		BUG("a web of more than four billion threads");
	w->blocks = xreallocarray(NULL, w->n_blocks + 1, sizeof(*w->blocks));
	w->cells = xreallocarray(NULL, w->n_cells + 1, sizeof(*w->cells));
	w->members = xreallocarray(NULL, w->n_members + 1, sizeof(*w->members));
	w->grades = xreallocarray(NULL, w->n_grades + 1, 1);
}

static void copy_part(struct web *w, const struct part_web *part, size_t at[4])
{
	for (size_t i = 0; i < part->n_blocks; i++) {
		struct block b = part->blocks[i];

		b.first_cell += (uint32_t)at[1];
		b.grades += (uint32_t)at[3];
		w->blocks[at[0] + i] = b;
	}
	for (size_t i = 0; i < part->n_cells; i++) {
		struct cell c = part->cells[i];

		c.block += (uint32_t)at[0];
		c.from += (uint32_t)at[2];
		w->cells[at[1] + i] = c;
	}
	if (part->n_members)
		memcpy(w->members + at[2], part->members, part->n_members * sizeof(*w->members));
	if (part->n_grades)
		memcpy(w->grades + at[3], part->grades, part->n_grades);
	at[0] += part->n_blocks;
	at[1] += part->n_cells;
	at[2] += part->n_members;
	at[3] += part->n_grades;
}

static void join_parts(struct weaving *v)
{
	size_t at[4] = { 0 };

	count_parts(v);
	for (size_t part = 0; part < v->keys.n_parts; part++) {
		struct part_web *from = &v->parts[part];

		copy_part(v->w, from, at);
		free(from->blocks);
		free(from->cells);
		free(from->members);
		free(from->grades);
	}
	free(v->parts);
}

/* From each loose record to the cells that it is a member of. */
static void index_cells(struct web *w)
{
	uint32_t n = w->p->n_loose, *at;

	w->start = xcalloc((size_t)n + 2, sizeof(*w->start));
	at = w->start + 1; /* shifted by one while counting, so that filling sets it right */
	for (size_t i = 0; i < w->n_members; i++)
		if (w->members[i] & LOOSE)
			at[(w->members[i] & ~LOOSE) + 1]++;
	for (uint32_t i = 0; i < n; i++)
		at[i + 1] += at[i];
	w->cells_of = xreallocarray(NULL, (size_t)at[n] + 1, sizeof(*w->cells_of));
	for (size_t c = 0; c < w->n_cells; c++)
		for (uint32_t i = 0; i < w->cells[c].n; i++) {
			uint32_t who = w->members[w->cells[c].from + i];

			if (who & LOOSE)
				w->cells_of[at[who & ~LOOSE]++] = (uint32_t)c;
		}
}

void web_open(struct web *w, const struct people *p, const struct crowd *crowd,
	      const struct likeness *likeness)
{
	struct weaving v = { .w = w, .p = p, .crowd = crowd, .likeness = likeness };

	*w = (struct web){ .p = p };
	w->birth = xreallocarray(NULL, (size_t)p->n_loose + 1, sizeof(*w->birth));
	v.loose_pieces = ((size_t)p->n_loose + RECORDS_PIECE - 1) / RECORDS_PIECE;
	v.arenas = xcalloc(p->jobs, sizeof(*v.arenas));
	filter_open(&v.filter, p);
	pairs_init(&v.keys, v.loose_pieces + people_pieces(p), p->jobs);
	pool_each(p->jobs, v.loose_pieces, gather_loose, &v);
	pool_each(p->jobs, people_pieces(p), gather_identities, &v);
	free(v.filter.words);
	pairs_settle(&v.keys);
	v.parts = xcalloc(v.keys.n_parts, sizeof(*v.parts));
	pool_each(p->jobs, v.keys.n_parts, weave_part, &v);
	join_parts(&v);
	pairs_release(&v.keys);
	index_cells(w);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&v.arenas[i]);
	free(v.arenas);
}

void web_close(struct web *w)
{
	free(w->blocks);
	free(w->cells);
	free(w->members);
	free(w->grades);
	free(w->start);
	free(w->cells_of);
	free(w->birth);
	*w = (struct web){ 0 };
}
