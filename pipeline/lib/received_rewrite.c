/*
 * A folder of received rows written anew without what somebody asked to be forgotten. Rows
 * keep their places and numbers, since later folders refer to them by those.
 */
#include "received.h"

#include "received_bytes.h"

#include "infile.h"
#include "mem.h"
#include "outfile.h"

struct rewriting {
	struct str keys, rows; /* what is still to be read */
	struct buf out_keys, out_rows;
	bool (*scrub)(void *context, struct str stem, uint32_t row, char *bytes, size_t n, struct hash128 *values);
	void *context;
};

/* A row without a key of its sender is under a key made of its values. */
static uint64_t key_of_values(struct hash128 values)
{
	return (values.lo ^ values.hi) | 1;
}

static bool rewrite_content(struct rewriting *w, struct str stem, uint32_t row)
{
	struct hash128 values, before;
	uint64_t key, offset, length;
	size_t at = w->out_rows.n;

	if (!get_bytes(&w->keys, &values, sizeof(values)) || !get_bytes(&w->keys, &key, sizeof(key)) ||
	    !get_varint(&w->keys, &offset) || !get_varint(&w->keys, &length) || length > w->rows.n)
		return false;
	before = values;
	buf_add(&w->out_rows, w->rows.p, (size_t)length);
	w->rows = (struct str){ w->rows.p + length, w->rows.n - (size_t)length };
	if (length && !w->scrub(w->context, stem, row, w->out_rows.p + at, (size_t)length, &values)) {
		w->out_rows.n = at;
		length = 0;
		if (key == key_of_values(before))
			key = key_of_values(values);
	}
	buf_add(&w->out_keys, &values, sizeof(values));
	buf_add(&w->out_keys, &key, sizeof(key));
	put_varint(&w->out_keys, offset);
	put_varint(&w->out_keys, length);
	return true;
}

static bool rewrite_file(struct rewriting *w)
{
	struct str texts[7], rest;
	uint32_t row = 0;

	for (int i = 0; i < 7; i++) {
		if (!get_text(&w->keys, &texts[i]))
			return false;
		put_text(&w->out_keys, texts[i]);
	}
	rest = w->keys;
	if (rest.n < 12)
		return false;
	buf_add(&w->out_keys, rest.p, 12); /* delimiter, full or delta, day */
	w->keys = (struct str){ rest.p + 12, rest.n - 12 };
	for (;;) {
		uint64_t step, ref;

		if (!get_varint(&w->keys, &step))
			return false;
		put_varint(&w->out_keys, step);
		if (!step)
			return true;
		row += (uint32_t)step;
		if (!get_varint(&w->keys, &ref))
			return false;
		put_varint(&w->out_keys, ref);
		if (!ref && !rewrite_content(w, texts[1], row))
			return false;
	}
}

static bool rewrite_all(struct rewriting *w)
{
	uint64_t base;

	if (!str_starts(w->keys, RECEIVED_MAGIC))
		return false;
	w->keys = str_span(w->keys.p + RECEIVED_MAGIC.n, w->keys.p + w->keys.n);
	buf_str(&w->out_keys, RECEIVED_MAGIC);
	if (!get_varint(&w->keys, &base))
		return false;
	put_varint(&w->out_keys, base);
	while (w->keys.n) {
		if (!rewrite_file(w))
			return false;
	}
	return true;
}

static bool put_folder(const struct rewriting *w, const char *dir, struct arena *a, struct fault *f)
{
	return outfile_put(str_keepz(a, str_printf(a, "%s/received.rows.gz", dir)), buf_view(&w->out_rows), f) &&
	       outfile_put(str_keepz(a, str_printf(a, "%s/received.keys.gz", dir)), buf_view(&w->out_keys), f);
}

bool received_rewrite(const char *from, const char *dir,
		      bool (*scrub)(void *context, struct str stem, uint32_t row, char *bytes, size_t n,
				    struct hash128 *values),
		      void *context, struct fault *f)
{
	struct rewriting w = { .scrub = scrub, .context = context };
	struct infile keys, rows;
	struct arena a = { 0 };
	bool ok = infile_open(&keys, str_keepz(&a, str_printf(&a, "%s/received.keys.gz", from)), false,
			      (struct infile_limits){ 0 }, f);

	if (ok && !infile_open(&rows, str_keepz(&a, str_printf(&a, "%s/received.rows.gz", from)), false,
			       (struct infile_limits){ 0 }, f)) {
		infile_close(&keys);
		ok = false;
	}
	if (ok) {
		w.out_rows.max = w.out_keys.max = SIZE_MAX;
		w.keys = keys.bytes;
		w.rows = rows.bytes;
		ok = (rewrite_all(&w) || fault_set(f, EXIT_FAILED, "%s/received.keys.gz is damaged", from)) &&
		     (!dir || put_folder(&w, dir, &a, f));
		infile_close(&keys);
		infile_close(&rows);
	}
	buf_release(&w.out_keys);
	buf_release(&w.out_rows);
	arena_release(&a);
	return ok;
}
