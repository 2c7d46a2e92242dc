#include "batch.h"

#include "memo.h"
#include "pool.h"

#include <stdlib.h>

/* Pieces are worked on in waves, so that not more than a few of them wait to be gathered. */
enum { PIECE = 4096, PIECES_OF_A_JOB = 4 };

struct piece {
	struct records out;
	struct rowset rejects;
	uint32_t file[PIECE]; /* of each record: its context */
	uint8_t fate[PIECE];
};

struct batch {
	const struct cleaner *cleaner;
	const struct contexts *contexts;
	const struct records *from;
	size_t first; /* record of the wave's first piece */
	struct piece *pieces;
	struct arena *arenas; /* one for each worker */
	struct clean_memo **memos; /* likewise */
};

static size_t piece_size(const struct batch *b, size_t piece)
{
	size_t start = b->first + piece * PIECE, left = b->from->n - start;

	return left < PIECE ? left : PIECE;
}

static void clean_piece(void *context, size_t index, unsigned worker)
{
	struct batch *b = context;
	struct piece *piece = &b->pieces[index];
	struct arena *a = &b->arenas[worker];
	size_t n = piece_size(b, index);
	struct record rec;

	records_init(&piece->out);
	rowset_init(&piece->rejects, &table_rejects_clean);
	for (size_t i = 0; i < n; i++) {
		size_t file;
		enum fate fate;

		records_get(b->from, b->first + index * PIECE + i, &rec, a);
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

static void gather(struct batch *b, size_t index, struct contexts *contexts, struct records *to,
		   struct rowset *rejects)
{
	struct piece *piece = &b->pieces[index];
	size_t n = piece_size(b, index);

	for (size_t i = 0; i < n; i++)
		contexts->list[piece->file[i]].fates[piece->fate[i]]++;
	records_append(to, &piece->out);
	rowset_append(rejects, &piece->rejects);
	records_release(&piece->out);
	rowset_release(&piece->rejects);
}

void clean_batch(const struct cleaner *c, struct contexts *contexts, const struct records *from,
		 unsigned jobs, struct records *to, struct rowset *rejects,
		 void (*progress)(void *context, uint64_t done), void *context)
{
	size_t wave = (size_t)jobs * PIECES_OF_A_JOB;
	struct batch b = {
		.cleaner = c,
		.contexts = contexts,
		.from = from,
		.pieces = xcalloc(wave, sizeof(*b.pieces)),
		.arenas = xcalloc(jobs, sizeof(*b.arenas)),
		.memos = xcalloc(jobs, sizeof(struct clean_memo *)),
	};

	for (unsigned i = 0; i < jobs; i++)
		b.memos[i] = clean_memo_new();

	while (b.first < from->n) {
		size_t left = (from->n - b.first + PIECE - 1) / PIECE;
		size_t n = left < wave ? left : wave;

		pool_each(jobs, n, clean_piece, &b);
		for (size_t i = 0; i < n; i++)
			gather(&b, i, contexts, to, rejects);
		b.first += n * PIECE;
		if (progress)
			progress(context, b.first < from->n ? b.first : from->n);
	}
	for (unsigned i = 0; i < jobs; i++) {
		arena_release(&b.arenas[i]);
		clean_memo_free(b.memos[i]);
	}
	free(b.arenas);
	free(b.memos);
	free(b.pieces);
}
