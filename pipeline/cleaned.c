/*
 * The cleaned form of records as the state keeps it: DIR/cleaned.gz. A cache under the
 * fingerprint of the rules that made it: the original rows are the truth.
 *
 * The magic, the fingerprint and a LF; then for each record: the tables it feeds, the number
 * of its fields, and for each the field's number, a varint length and the bytes.
 */
#include "book.h"

#include "infile.h"
#include "outfile.h"

#include <stdlib.h>
#include <unistd.h>

static const struct str MAGIC = STR_INIT("yice cleaned 1 ");

enum { LENGTH_MAX = 10 };

static unsigned char *put_length(unsigned char *p, size_t n)
{
	for (; n >= 0x80; n >>= 7)
		*p++ = (unsigned char)(n | 0x80);
	*p++ = (unsigned char)n;
	return p;
}

static bool take_length(struct str *in, size_t *n)
{
	*n = 0;
	for (unsigned shift = 0; in->n && shift < 35; shift += 7) {
		unsigned char c = (unsigned char)*in->p;

		*in = (struct str){ in->p + 1, in->n - 1 };
		*n |= (size_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return *n <= in->n;
	}
	return false;
}

/* Into room for the largest form, made once for the record. */
static void put_record(struct buf *b, const struct record *rec)
{
	unsigned char fields[F_COUNT], *start, *p;
	size_t size = 2;
	int n = 0;

	for (int i = 0; i < F_COUNT; i++) {
		if (!rec->v[i].n)
			continue;
		fields[n++] = (unsigned char)i;
		size += 1 + LENGTH_MAX + rec->v[i].n;
	}
	start = p = (unsigned char *)buf_room(b, size);
	*p++ = (unsigned char)rec->feeds;
	*p++ = (unsigned char)n;
	for (int i = 0; i < n; i++) {
		const struct str *value = &rec->v[fields[i]];

		*p++ = fields[i];
		p = put_length(p, value->n);
		memcpy(p, value->p, value->n);
		p += value->n;
	}
	buf_took(b, (size_t)(p - start));
}

static bool take_record(struct str *in, struct record *rec)
{
	*rec = (struct record){ 0 };
	if (in->n < 2)
		return false;
	rec->feeds = (unsigned char)in->p[0];
	int n = (unsigned char)in->p[1];

	*in = (struct str){ in->p + 2, in->n - 2 };
	for (int i = 0; i < n; i++) {
		size_t length;
		int field = in->n ? (unsigned char)in->p[0] : F_COUNT;

		if (field >= F_COUNT)
			return false;
		*in = (struct str){ in->p + 1, in->n - 1 };
		if (!take_length(in, &length))
			return false;
		rec->v[field] = (struct str){ in->p, length };
		*in = (struct str){ in->p + length, in->n - length };
	}
	return true;
}

static char *cleaned_path(struct arena *a, const char *dir)
{
	return str_keepz(a, str_printf(a, "%s/cleaned.gz", dir));
}

bool cleaned_save(const struct records *rs, const char *dir, struct str fingerprint, struct fault *f)
{
	struct arena a = { 0 };
	struct outfile *o = outfile_open(cleaned_path(&a, dir), f);
	struct buf b = { 0 };
	struct record rec;

	arena_reset(&a);
	if (!o)
		return false;
	outfile_str(o, MAGIC);
	outfile_str(o, fingerprint);
	outfile_write(o, "\n", 1);
	for (size_t i = 0; i < rs->n; i++) {
		records_get(rs, i, &rec, &a);
		put_record(&b, &rec);
		if (b.n > 1 << 20) {
			outfile_str(o, buf_view(&b));
			buf_reset(&b);
		}
		arena_reset(&a);
	}
	outfile_str(o, buf_view(&b));
	buf_release(&b);
	arena_release(&a);
	return outfile_commit(o, f);
}

bool cleaned_each(const char *dir, struct str fingerprint, void (*take)(void *context, struct record *rec),
		  void *context, struct fault *f)
{
	struct arena a = { 0 };
	char *path = cleaned_path(&a, dir);
	struct infile in;
	struct str rest, line;
	struct record rec;
	bool ok = file_exists(path) && infile_open(&in, path, false, (struct infile_limits){ 0 }, f);

	if (!ok) {
		arena_release(&a);
		return false;
	}
	rest = in.bytes;
	ok = str_cut(&rest, '\n', &line) && str_starts(line, MAGIC) &&
	     (!fingerprint.n || str_eq(str_span(line.p + MAGIC.n, line.p + line.n), fingerprint));
	while (ok && rest.n) {
		if (!take_record(&rest, &rec)) {
			ok = fault_set(f, EXIT_FAILED, "%s is damaged", path);
			fault_hint(f, "remove the file: it is made again from the original rows");
			break;
		}
		take(context, &rec);
	}
	infile_close(&in);
	arena_release(&a);
	return ok;
}

static void add_record(void *records, struct record *rec)
{
	records_add(records, rec);
}

bool cleaned_load(struct records *rs, const char *dir, struct str fingerprint, struct fault *f)
{
	return cleaned_each(dir, fingerprint, add_record, rs, f);
}
