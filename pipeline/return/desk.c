#include "desk.h"

#include "outfile.h"

static void find_sent_again(struct desk *d)
{
	struct arena a = {0};

	for (size_t i = 0; i < d->n; i++, arena_reset(&a)) {
		struct origin *o = &d->origins[i];
		const uint64_t *next = map_get(&d->by_stem, bad_stem(&a, bad_base(o->stem), bad_times(o->stem) + 1));

		o->sent_again = next ? &d->origins[*next] : NULL;
	}
	arena_release(&a);
}

static void join_series(struct desk *d)
{
	struct map newest = {0};

	for (size_t i = 0; i < d->n; i++) {
		struct origin *o = &d->origins[i];
		bool added;

		o->series = str_printf(&d->arena, "%.*s\x1F%.*s", STR_FMT(o->sender), STR_FMT(o->schema));
		struct origin *other = &d->origins[*map_put(&newest, o->series, i, &added)];

		o->beside = added ? o : other->beside;
		other->beside = o;
	}
	map_release(&newest);
}

bool desk_open(struct desk *d, struct run *r, struct fault *f)
{
	const struct rowset *files = run_all_files(r, f);
	const char *rules_dir = run_rules_dir(r, f);
	struct str v[FIL_COLUMNS];

	*d = (struct desk){.r = r, .today = run_date(r), .lock = PTHREAD_MUTEX_INITIALIZER};
	if (!files || !rules_dir || !file_reasons_load(&d->file_reasons, rules_dir, f) ||
	    !dealer_names_load(&d->dealer_names, rules_dir, f) || !(d->records = run_records(r, f)) || !(d->mended = run_mended(r, f)) ||
	    !(d->codes = run_codes(r, f)) ||
	    !(d->schemas = run_schemas(r, f)))
		return false;
	d->origins = arena_zalloc(&d->arena, (files->n + 1) * sizeof(*d->origins));
	for (size_t i = 0; i < files->n; i++) {
		rowset_get(files, i, v);
		if (!str_eq(v[FIL_STATUS], STR("ok")))
			continue;
		map_put(&d->by_stem, v[FIL_STEM], d->n, NULL);
		d->origins[d->n++] = (struct origin){
			.file = v[FIL_FILE],
			.stem = v[FIL_STEM],
			.schema = v[FIL_SCHEMA],
			.sender = v[FIL_SENDER],
			.observed_on = v[FIL_OBSERVED_ON],
			.encoding = v[FIL_ENCODING],
			.reads = schemas_find(d->schemas, v[FIL_SCHEMA]),
		};
	}
	find_sent_again(d);
	join_series(d);
	return true;
}

void desk_close(struct desk *d)
{
	map_release(&d->by_stem);
	file_reasons_release(&d->file_reasons);
	dealer_names_release(&d->dealer_names);
	arena_release(&d->arena);
}

const struct origin *desk_origin(const struct desk *d, struct str record_id)
{
	static const struct origin nowhere;
	struct str stem;
	uint32_t row;
	const uint64_t *at;

	record_id_split(record_id, &stem, &row);
	at = map_get(&d->by_stem, stem);
	return at ? &d->origins[*at] : &nowhere;
}

int origin_cmp(const struct origin *x, const struct origin *y)
{
	int c = str_cmp(x->observed_on, y->observed_on);

	return c ? c : str_cmp(x->stem, y->stem);
}

const struct origin *desk_last_origin(struct desk *d, struct str record_id)
{
	struct str last = desk_last_file(d, record_id);

	return desk_origin(d, last.n ? last : record_id);
}

const struct origin *desk_sent_again(struct desk *d, struct str record_id)
{
	const struct origin *last = desk_origin(d, record_id)->sent_again;

	while (last && last->sent_again)
		last = last->sent_again;
	return last && str_eq(desk_last_file(d, record_id), last->stem) ? NULL : last;
}

bool desk_record(struct desk *d, struct str record_id, struct record *rec, struct arena *a)
{
	ptrdiff_t at = records_find(d->records, record_id);
	const struct origin *o = desk_origin(d, record_id);
	struct fault ignored = {0};
	bool found;

	if (at >= 0) {
		records_get(d->records, (size_t)at, rec, a);
		return true;
	}
	pthread_mutex_lock(&d->lock);
	found = o->reads && !o->reads->corrections && run_reread(d->r, record_id, rec, a, &ignored);
	pthread_mutex_unlock(&d->lock);
	fault_release(&ignored);
	return found;
}

struct str desk_newest(struct desk *d, struct str record_id, struct arena *a)
{
	struct str newest;

	pthread_mutex_lock(&d->lock);
	newest = run_newest(d->r, record_id, a);
	pthread_mutex_unlock(&d->lock);
	return newest;
}

struct str desk_last_file(struct desk *d, struct str record_id)
{
	struct str stem;

	pthread_mutex_lock(&d->lock);
	stem = run_last_file(d->r, record_id);
	pthread_mutex_unlock(&d->lock);
	return stem;
}

bool desk_original(struct desk *d, struct str record_id, struct original_row *original)
{
	bool kept;

	pthread_mutex_lock(&d->lock);
	kept = run_original(d->r, record_id, original);
	pthread_mutex_unlock(&d->lock);
	return kept;
}

struct str desk_key(const struct origin *origin, const struct record *rec)
{
	if (!origin->reads || origin->reads->key >= F_COUNT)
		return (struct str){0};
	return str_trim(rec->v[origin->reads->key]);
}

bool folder_put(const char *path, struct str bytes, struct fault *f)
{
	struct outfile *o = outfile_open(path, f);

	if (!o)
		return false;
	outfile_sync_later(o);
	outfile_str(o, bytes);
	return outfile_commit(o, f);
}
