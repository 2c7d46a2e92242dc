#include <stdio.h>

#include "csv_table.h"
#include "records_file.h"

enum { FLUSH_AT = 256 << 10 };

bool records_path(char path[PATH_MAX], const char *dir, enum entity entity, struct fault *f)
{
	int n = snprintf(path, PATH_MAX, "%s/%.*s.csv", dir, STR_FMT(entity_name(entity)));

	return (n > 0 && n < PATH_MAX) ||
	       fault_set(f, EXIT_FAILED, "the name of the folder %s is too long", dir);
}

struct output {
	struct outfile *file;
	struct buf buf;
};

static void output_flush(struct output *o)
{
	outfile_str(o->file, buf_view(&o->buf));
	buf_reset(&o->buf);
}

bool records_save(const struct records *rs, const char *dir, struct fault *f)
{
	struct output out[ENTITY_COUNT] = { 0 };
	struct record rec;
	struct arena a = { 0 };
	char path[PATH_MAX];
	bool ok = true;

	for (enum entity e = 0; ok && e < ENTITY_COUNT; e++) {
		ok = records_path(path, dir, e, f) && (out[e].file = outfile_open(path, f));
		record_csv_header(e, &out[e].buf);
	}
	for (size_t i = 0; ok && i < rs->n; i++) {
		records_get(rs, i, &rec, &a);
		for (enum entity e = 0; e < ENTITY_COUNT; e++) {
			if (!(rec.feeds & FEEDS(e)))
				continue;
			record_csv(&rec, e, &out[e].buf);
			if (out[e].buf.n >= FLUSH_AT)
				output_flush(&out[e]);
		}
		arena_reset(&a);
	}
	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		if (ok) {
			output_flush(&out[e]);
			ok = outfile_commit(out[e].file, f);
		} else {
			outfile_abandon(out[e].file);
		}
		buf_release(&out[e].buf);
	}
	arena_release(&a);
	return ok;
}
