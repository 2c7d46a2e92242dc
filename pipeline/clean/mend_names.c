/*
 * Answers to what a record was told of under another name. Its first sight names a record, so
 * whoever was told of a fault before an earlier file came was told of a later sight. Each sight
 * is tried as a name, whether it ever was one or not: an archive that is read again in one go
 * must give what its nights gave.
 */
#include "mend.h"

#include "dealer_folder.h"

#include <stdlib.h>

struct names {
	struct mends *m;
	const struct received *received;
	const struct rowset *told[2]; /* rejects of earlier runs, and of this one */
	struct map owners; /* dealers with open rows -> is one of them new? */
	bool any_new;
	bool *new_files; /* by their numbers: those of this run */
	uint32_t file, row; /* the record at hand; row 0: none yet */
	struct record rec;
	bool found; /* a table has it */
	size_t from[2], to[2]; /* its lines of `told` */
	struct arena arena; /* of the record at hand */
};

static struct str name_of(const struct received *rc, uint32_t file, uint32_t row, struct arena *a)
{
	return str_printf(a, "%.*s:%u", STR_FMT(received_file(rc, file)->stem), row);
}

/* The first line of that record or of one after it. */
static size_t first_line(const struct rowset *rs, struct str record_id)
{
	size_t low = 0, high = rs->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (record_id_cmp(rowset_value(rs, mid, REJ_RECORD_ID), record_id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_correction(const struct names *n, struct str source)
{
	return n->m->all_anew && str_eq(source, STR("correction"));
}

static void look_up(struct names *n, const struct records *all)
{
	const struct records *from = n->m->c->cleaned;
	struct str id;
	ptrdiff_t at;

	arena_reset(&n->arena);
	id = name_of(n->received, n->file, n->row, &n->arena);
	at = records_find(from, id);
	if (at < 0) {
		from = all;
		at = records_find(from, id);
	}
	n->found = at >= 0;
	if (n->found)
		records_get(from, (size_t)at, &n->rec, &n->arena);
	for (int t = 0; t < 2; t++) {
		n->from[t] = n->to[t] = first_line(n->told[t], id);
		while (n->to[t] < n->told[t]->n &&
		       str_eq(rowset_value(n->told[t], n->to[t], REJ_RECORD_ID), id))
			n->to[t]++;
	}
}

/* A row that waits since an earlier run was tried with the sights of that time. */
static bool is_asked_for(const struct names *n, struct str dealer, bool is_new)
{
	const uint64_t *owner = map_get(&n->owners, dealer_folder(dealer, STR("")));

	if (!dealer.n)
		return is_new || n->any_new;
	return owner && (is_new || *owner);
}

static void try_name(struct names *n, struct str name, bool is_new)
{
	struct str v[REJ_COLUMNS];

	if (n->found && !is_correction(n, n->rec.v[F_SOURCE]) &&
	    is_asked_for(n, n->rec.v[F_DEALER_CODE], is_new))
		mends_match_whole(n->m, &n->rec, name);
	for (int t = 0; t < 2; t++) {
		for (size_t line = n->from[t]; line < n->to[t]; line++) {
			rowset_get(n->told[t], line, v);
			if (!is_correction(n, v[REJ_SOURCE]) &&
			    is_asked_for(n, v[REJ_DEALER_CODE], is_new))
				mends_match_as(n->m, v, name);
		}
	}
}

static void try_all(struct names *n, const struct records *all)
{
	struct received_cursor cursor = {0};
	struct received_repeat repeat;
	struct arena a = {0};

	while (received_next_repeat(n->received, &cursor, &repeat)) {
		bool is_new = n->new_files[repeat.file];

		if (!is_new && !n->any_new)
			continue;
		if (repeat.name_file != n->file || repeat.name_row != n->row) {
			n->file = repeat.name_file;
			n->row = repeat.name_row;
			look_up(n, all);
		}
		try_name(n, name_of(n->received, repeat.file, repeat.row, &a), is_new);
		arena_reset(&a);
	}
	arena_release(&a);
}

static void find_owners(struct names *n)
{
	for (size_t i = 0; i < n->m->n; i++) {
		const struct mend *mend = &n->m->list[i];
		bool is_new = n->m->all_anew || i < n->m->n_new;

		if (mend->code || mend->row[CRW_REJECT_ID].n != 16)
			continue;
		*map_put(&n->owners, mend->row[CRW_DEALER_CODE], 0, NULL) |= is_new;
		n->any_new |= is_new;
	}
}

static void find_new_files(struct names *n)
{
	size_t files = received_files(n->received);

	n->new_files = xcalloc(files + 1, sizeof(*n->new_files));
	for (size_t i = 0; i < files; i++)
		n->new_files[i] = contexts_of_file(n->m->c->contexts,
						   received_file(n->received, i)->name) != NULL;
}

bool mends_match_names(struct mends *m, const struct rowset *rejects, struct fault *f)
{
	struct names n = {.m = m, .told = {rejects, m->c->rejects}};
	const struct records *all = run_records(m->c->run, f);

	n.received = all ? run_received(m->c->run, f) : NULL;
	if (!n.received)
		return false;
	find_owners(&n);
	if (n.owners.n) {
		find_new_files(&n);
		try_all(&n, all);
	}
	free(n.new_files);
	map_release(&n.owners);
	arena_release(&n.arena);
	return true;
}
