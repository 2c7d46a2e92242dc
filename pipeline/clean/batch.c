#include "batch.h"

#include "memo.h"
#include "pool.h"

#include <stdlib.h>

enum { PIECE = 1024, PIECES_OF_A_JOB = 16 };

struct piece {
	struct records out;
	struct rowset rejects;
	uint32_t file[PIECE]; /* of each record: its context */
	uint8_t fate[PIECE];
};

struct batch {
	const struct cleaner *cleaner;
	struct contexts *contexts;
	const struct records *from;
	struct records *to;
	struct rowset *rejects;
	struct piece *slots; /* of pieces that wait to be gathered */
	size_t n_slots;
	struct arena *arenas; /* one for each worker */
	struct clean_memo **memos; /* likewise */
	void (*progress)(void *context, uint64_t done);
	void *context;
};

static size_t piece_size(const struct batch *b, size_t number)
{
	size_t left = b->from->n - number * PIECE;

	return left < PIECE ? left : PIECE;
}

static void clean_piece(void *context, size_t number, unsigned worker)
{
	struct batch *b = context;
	struct piece *piece = &b->slots[number % b->n_slots];
	struct arena *a = &b->arenas[worker];
	size_t n = piece_size(b, number);
	struct record rec;

	records_init(&piece->out);
	rowset_init(&piece->rejects, &table_rejects_clean);
	for (size_t i = 0; i < n; i++) {
		size_t file;
		enum fate fate;

		records_get(b->from, number * PIECE + i, &rec, a);
		file = contexts_find(b->contexts, rec.v[F_RECORD_ID]);
		fate = cleaner_record_next(b->cleaner, &b->contexts->list[file].context, &rec,
					   &piece->rejects, a, b->memos[worker]);
		piece->file[i] = (uint32_t)file;
		piece->fate[i] = (uint8_t)fate;
		if (fate != FATE_REJECTED)
			records_add(&piece->out, &rec);
		arena_reset(a);
	}
}

static void gather_piece(void *context, size_t number)
{
	struct batch *b = context;
	struct piece *piece = &b->slots[number % b->n_slots];
	size_t n = piece_size(b, number);

	for (size_t i = 0; i < n; i++)
		b->contexts->list[piece->file[i]].fates[piece->fate[i]]++;
	records_append(b->to, &piece->out);
	rowset_append(b->rejects, &piece->rejects);
	records_release(&piece->out);
	rowset_release(&piece->rejects);
	if (b->progress)
		b->progress(b->context, number * PIECE + n);
}

static void batch_init(struct batch *b, unsigned jobs)
{
	b->n_slots = (size_t)jobs * PIECES_OF_A_JOB;
	b->slots = xcalloc(b->n_slots, sizeof(*b->slots));
	b->arenas = xcalloc(jobs, sizeof(*b->arenas));
	b->memos = xcalloc(jobs, sizeof(struct clean_memo *));
	for (unsigned i = 0; i < jobs; i++)
		b->memos[i] = clean_memo_new();
}

static void batch_release(struct batch *b, unsigned jobs)
{
	for (unsigned i = 0; i < jobs; i++) {
		arena_release(&b->arenas[i]);
		clean_memo_free(b->memos[i]);
	}
	free(b->arenas);
	free(b->memos);
	free(b->slots);
}

void clean_batch(const struct cleaner *c, struct contexts *contexts, const struct records *from,
		 unsigned jobs, struct records *to, struct rowset *rejects,
		 void (*progress)(void *context, uint64_t done), void *context)
{
	struct batch b = {
		.cleaner = c, .contexts = contexts, .from = from, .to = to, .rejects = rejects,
		.progress = progress, .context = context,
	};

	batch_init(&b, jobs);
	pool_in_order(jobs, (from->n + PIECE - 1) / PIECE, b.n_slots, clean_piece, gather_piece, &b);
	batch_release(&b, jobs);
}
