#include "batch.h"

#include "later.h"
#include "memo.h"
#include "pool.h"

#include <stdlib.h>

/* Pieces are worked on in waves, so that not more than a few of them wait to be gathered: while
 * the pieces of one are, those of the next are cleaned. */
enum { PIECE = 1024, PIECES_OF_A_JOB = 16 };

struct piece {
	struct records out;
	struct rowset rejects;
	uint32_t file[PIECE]; /* of each record: its context */
	uint8_t fate[PIECE];
};

struct wave {
	struct batch *batch;
	size_t first, n; /* record of its first piece; pieces */
	struct piece *pieces;
};

struct batch {
	const struct cleaner *cleaner;
	struct contexts *contexts;
	const struct records *from;
	struct records *to;
	struct rowset *rejects;
	struct wave waves[2];
	struct arena *arenas; /* one for each worker */
	struct clean_memo **memos; /* likewise */
	struct later *gathering;
};

static size_t piece_size(const struct wave *w, size_t piece)
{
	size_t start = w->first + piece * PIECE, left = w->batch->from->n - start;

	return left < PIECE ? left : PIECE;
}

static void clean_piece(void *context, size_t index, unsigned worker)
{
	const struct wave *w = context;
	struct batch *b = w->batch;
	struct piece *piece = &w->pieces[index];
	struct arena *a = &b->arenas[worker];
	size_t n = piece_size(w, index);
	struct record rec;

	records_init(&piece->out);
	rowset_init(&piece->rejects, &table_rejects_clean);
	for (size_t i = 0; i < n; i++) {
		size_t file;
		enum fate fate;

		records_get(b->from, w->first + index * PIECE + i, &rec, a);
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

static void gather_piece(const struct wave *w, size_t index)
{
	struct batch *b = w->batch;
	struct piece *piece = &w->pieces[index];
	size_t n = piece_size(w, index);

	for (size_t i = 0; i < n; i++)
		b->contexts->list[piece->file[i]].fates[piece->fate[i]]++;
	records_append(b->to, &piece->out);
	rowset_append(b->rejects, &piece->rejects);
	records_release(&piece->out);
	rowset_release(&piece->rejects);
}

static bool gather(void *context, struct fault *f)
{
	const struct wave *w = context;

	(void)f;
	for (size_t i = 0; i < w->n; i++)
		gather_piece(w, i);
	return true;
}

static void batch_init(struct batch *b, unsigned jobs)
{
	for (int i = 0; i < 2; i++)
		b->waves[i] = (struct wave){
			.batch = b,
			.pieces = xcalloc((size_t)jobs * PIECES_OF_A_JOB, sizeof(struct piece)),
		};
	b->arenas = xcalloc(jobs, sizeof(*b->arenas));
	b->memos = xcalloc(jobs, sizeof(struct clean_memo *));
	for (unsigned i = 0; i < jobs; i++)
		b->memos[i] = clean_memo_new();
	b->gathering = later_new();
}

static void batch_release(struct batch *b, unsigned jobs)
{
	later_free(b->gathering);
	for (unsigned i = 0; i < jobs; i++) {
		arena_release(&b->arenas[i]);
		clean_memo_free(b->memos[i]);
	}
	free(b->arenas);
	free(b->memos);
	free(b->waves[0].pieces);
	free(b->waves[1].pieces);
}

void clean_batch(const struct cleaner *c, struct contexts *contexts, const struct records *from,
		 unsigned jobs, struct records *to, struct rowset *rejects,
		 void (*progress)(void *context, uint64_t done), void *context)
{
	size_t most = (size_t)jobs * PIECES_OF_A_JOB, done = 0;
	struct batch b = {
		.cleaner = c, .contexts = contexts, .from = from, .to = to, .rejects = rejects,
	};
	struct fault none = {0};

	batch_init(&b, jobs);
	for (struct wave *w = b.waves; done < from->n; w = &b.waves[w == b.waves]) {
		size_t left = (from->n - done + PIECE - 1) / PIECE;

		w->first = done;
		w->n = left < most ? left : most;
		pool_each(jobs, w->n, clean_piece, w);
		later_wait(b.gathering, &none);
		later_do(b.gathering, gather, w, &none);
		done += w->n * PIECE;
		if (progress)
			progress(context, done < from->n ? done : from->n);
	}
	later_wait(b.gathering, &none);
	batch_release(&b, jobs);
}
