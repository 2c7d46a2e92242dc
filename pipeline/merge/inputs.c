/* The tables that merge reads, indexed by the place of the record they speak of. */
#include "merge.h"

#include <stdlib.h>

#include "date.h"

struct str customer_of(const struct merge *m, uint32_t place)
{
	uint32_t number = m->customer[place];

	return number == NO_PLACE ? STR("") : m->customers.keys[number];
}

/* Walks a table that is (usually) in the order of record ids along the records. */
struct walk {
	const struct records *records;
	struct arena *arena;
	size_t next;
};

static uint32_t walk_to(struct walk *w, struct str record_id)
{
	ptrdiff_t found;

	if (w->next < w->records->n &&
	    str_eq(records_value(w->records, w->next, F_RECORD_ID, w->arena), record_id))
		return (uint32_t)w->next++;
	found = records_find(w->records, record_id);
	if (found < 0)
		return NO_PLACE;
	w->next = (size_t)found + 1;
	return (uint32_t)found;
}

static enum id_use id_use_of(struct str word)
{
	if (str_eq(word, STR("key")))
		return ID_USE_KEY;
	if (str_eq(word, STR("former")))
		return ID_USE_FORMER;
	return str_eq(word, STR("barred")) ? ID_USE_BARRED : ID_USE_NONE;
}

/* Every record of a cluster, its customer's key and what is said of its ID number. */
static void gather_clusters(struct merge *m)
{
	struct arena a = { 0 };
	struct walk w = { m->records, &a, 0 };
	struct str v[CLU_COLUMNS];

	m->id_use = xcalloc(m->records->n + 1, sizeof(*m->id_use));
	for (size_t i = 0; i < m->clusters->n; i++) {
		uint32_t place;

		rowset_get(m->clusters, i, v);
		place = walk_to(&w, v[CLU_RECORD_ID]);
		arena_reset(&a);
		if (place == NO_PLACE || !v[CLU_CUSTOMER_ID].n || is_replaced(m, place))
			continue;
		m->id_use[place] = (uint8_t)id_use_of(v[CLU_ID_USE]);
		groups_add(&m->customers, v[CLU_CUSTOMER_ID], place);
	}
	arena_release(&a);
}

static void index_clusters(struct merge *m)
{
	gather_clusters(m);
	groups_build(&m->customers, m->run->opt.jobs);
	m->customer = xmalloc((m->records->n + 1) * sizeof(*m->customer));
	memset(m->customer, 0xFF, (m->records->n + 1) * sizeof(*m->customer));
	for (uint32_t g = 0; g < m->customers.n; g++)
		for (uint32_t i = m->customers.starts[g]; i < m->customers.starts[g + 1]; i++)
			m->customer[m->customers.items[i]] = g;
}

/* What is seen again of a row that no table has counts for what brought it in. */
static uint32_t place_seen(const struct merge *m, struct walk *w, struct str record_id)
{
	uint32_t place = walk_to(w, record_id);
	const uint64_t *brought = place == NO_PLACE && m->brought_in.n ? map_get(&m->brought_in, record_id)
								       : NULL;

	return brought ? (uint32_t)*brought : place;
}

static void index_seen(struct merge *m, const struct rowset *seen)
{
	struct arena a = { 0 };
	struct walk w = { m->records, &a, 0 };

	if (seen->n == 0)
		return;
	m->last_seen = xmalloc((m->records->n + 1) * sizeof(*m->last_seen));
	for (size_t i = 0; i < m->records->n; i++)
		m->last_seen[i] = INT32_MIN;
	for (size_t i = 0; i < seen->n; i++) {
		uint32_t place = place_seen(m, &w, rowset_value(seen, i, SEEN_RECORD_ID));
		int32_t day = date_day(rowset_value(seen, i, SEEN_LAST_SEEN));

		if (place != NO_PLACE && day > m->last_seen[place])
			m->last_seen[place] = day;
		arena_reset(&a);
	}
	arena_release(&a);
}

static void index_files(struct merge *m)
{
	for (size_t i = 0; i < m->files->n; i++)
		map_put(&m->file_rows, rowset_value(m->files, i, FIL_STEM), i, NULL);
}

/* ---- corrections ---- */

/* They stand in the order in which they count. */
static void index_brought_in(struct merge *m)
{
	for (size_t i = 0; i < m->mendings.n; i++) {
		const struct mending *mending = &m->mendings.list[i];

		if (mending->base == MENDS_NOTHING)
			*map_put(&m->brought_in, mending->base_id, 0, NULL) = mending->correction;
	}
}

bool brings_in_row(const struct merge *m, uint32_t place)
{
	const struct mending *mending = m->brought_in.n ? mendings_by(&m->mendings, place) : NULL;

	return mending && mending->base == MENDS_NOTHING &&
	       *map_get(&m->brought_in, mending->base_id) == place;
}

static struct str day_of_base(const struct merge *m, const struct mending *mending)
{
	const uint64_t *file;
	struct str stem;
	uint32_t row;

	record_id_split(mending->base_id, &stem, &row);
	file = map_get(&m->file_rows, stem);
	return file ? rowset_value(m->files, *file, FIL_OBSERVED_ON) : STR("");
}

/* Does the record of a correction carry anything but what it mends? */
static bool carries_row(const struct mending *mending, const struct record *rec)
{
	for (enum field field = F_CUSTOMER_TYPE; field < F_COUNT; field++)
		if (rec->v[field].n && field != F_CONTACT_NO && !field_set_has(&mending->mended, field))
			return true;
	return false;
}

static const struct brought_in *brought_in_by(const struct merge *m, const struct mending *mending,
					      const struct record *rec, struct arena *a)
{
	struct brought_in *row;

	if (mending->base != MENDS_NOTHING && !carries_row(mending, rec))
		return NULL;
	row = arena_alloc(a, sizeof(*row));
	*row = (struct brought_in){ date_day(day_of_base(m, mending)), mending->mended };
	return row;
}

/* Laid over another record it copies that one's dealer, who brought the customer on that one's day. */
static struct record without_dealer(const struct mending *mending, const struct record *rec)
{
	struct record said = *rec;

	if (!field_set_has(&mending->mended, F_DEALER_CODE))
		said.v[F_DEALER_CODE] = STR("");
	return said;
}

uint32_t case_add(const struct merge *m, struct golden_case *c, const struct record *rec, uint32_t place,
		  struct arena *a)
{
	const struct mending *mending = m->mendings.n ? mendings_by(&m->mendings, place) : NULL;
	const struct brought_in *row = mending ? brought_in_by(m, mending, rec, a) : NULL;
	struct record said;
	uint32_t witness;

	if (mending && !row) {
		said = without_dealer(mending, rec);
		rec = &said;
	}
	witness = golden_case_add(c, rec, place, mending ? mending->base_source : STR("dms"));
	c->witnesses[witness].row = row;
	return witness;
}

void name_row(const struct merge *m, uint32_t place, struct record *rec)
{
	const struct mending *mending = m->mendings.n ? mendings_by(&m->mendings, place) : NULL;

	if (!mending)
		return;
	rec->v[F_RECORD_ID] = mending->base_id;
	rec->v[F_SOURCE] = mending->base_source;
	rec->v[F_OBSERVED_ON] = day_of_base(m, mending);
}

bool is_mended(const struct merge *m, uint32_t place, enum field field)
{
	size_t n = 0;
	const struct mending *mending = mendings_of(&m->mendings, place, &n);

	for (; n > 0; mending++, n--)
		if (mending->field == field)
			return true;
	return false;
}

bool is_replaced(const struct merge *m, uint32_t place)
{
	return mendings_newest(&m->mendings, place) != place;
}

/* ---- rows ---- */

/* SCHEMA_SENDER_YYYYMMDD[_PART]: a sender may itself be eight digits, so the date is the
 * first real one behind two words. */
struct str stem_sender(struct str record_id)
{
	struct str stem;
	uint32_t row;
	bool two_words = false;
	char date[10];

	record_id_split(record_id, &stem, &row);
	for (size_t i = 0; i + 9 <= stem.n; i++) {
		if (stem.p[i] != '_')
			continue;
		if (two_words && (i + 9 == stem.n || stem.p[i + 9] == '_') &&
		    date_compact((struct str){ stem.p + i + 1, 8 }, date))
			return str_span(stem.p, stem.p + i);
		two_words = true;
	}
	return stem;
}

struct str sender_of(const struct merge *m, struct str record_id)
{
	struct str stem;
	uint32_t row;
	const uint64_t *file;
	size_t n;

	record_id_split(record_id, &stem, &row);
	file = map_get(&m->file_rows, stem);
	if (!file)
		return stem_sender(record_id);
	n = rowset_value(m->files, *file, FIL_SCHEMA).n + 1 + rowset_value(m->files, *file, FIL_SENDER).n;
	return n <= stem.n ? str_span(stem.p, stem.p + n) : stem;
}

/* Two rows of one sender and schema with the same values? */
static bool same_row(void *merge, size_t place, size_t other)
{
	const struct merge *m = merge;
	struct arena a = { 0 };
	struct record x, y;
	bool same;

	records_get(m->records, place, &x, &a);
	records_get(m->records, other, &y, &a);
	same = str_eq(sender_of(m, x.v[F_RECORD_ID]), sender_of(m, y.v[F_RECORD_ID]));
	for (enum field i = 0; same && i < F_COUNT; i++)
		same = i == F_RECORD_ID || i == F_OBSERVED_ON || str_eq(x.v[i], y.v[i]);
	arena_release(&a);
	return same;
}

void merge_prepare(const struct merge *m, struct golden_case *c)
{
	c->context = (void *)m;
	c->same_row = same_row;
	c->decided = m->decisions.rows->n ? change_decided : NULL;
	c->accepted = m->decisions.rows->n ? change_accepted : NULL;
}

/* ---- loading ---- */

static bool read_mendings(struct merge *m, struct fault *f)
{
	const struct schemas *schemas = run_schemas(m->run, f);
	const struct mended_rows *mended = schemas ? run_mended(m->run, f) : NULL;

	if (!mended)
		return false;
	mendings_open(&m->mendings, m->records, m->corrections);
	mendings_carry(&m->mendings, m->files, schemas);
	mendings_follow(&m->mendings, mended);
	return true;
}

bool inputs_load(struct merge *m, struct run *r, struct fault *f)
{
	const char *dir = run_rules_dir(r, f);
	const struct rowset *seen, *decisions;

	m->run = r;
	if (!dir || !golden_rules_load(&m->rules, dir, f) ||
	    !ownership_rules_load(&m->ownership_rules, dir, f))
		return false;
	m->codes = run_codes(r, f);
	m->records = m->codes ? run_records(r, f) : NULL;
	m->clusters = m->records ? run_table(r, &table_clusters, false, f) : NULL;
	m->files = m->clusters ? run_all_files(r, f) : NULL;
	m->corrections = m->files ? run_all_corrections(r, f) : NULL;
	seen = m->corrections ? run_all_seen(r, f) : NULL;
	m->superseded = seen ? run_table(r, &table_superseded_resolve, true, f) : NULL;
	decisions = m->superseded ? run_all_decisions(r, f) : NULL;
	if (!decisions || !read_mendings(m, f))
		return false;
	index_clusters(m);
	index_files(m);
	index_brought_in(m);
	index_seen(m, seen);
	decisions_index(m, decisions);
	return true;
}

void inputs_release(struct merge *m)
{
	golden_rules_release(&m->rules);
	ownership_rules_release(&m->ownership_rules);
	groups_release(&m->customers);
	free(m->customer);
	free(m->id_use);
	free(m->last_seen);
	mendings_close(&m->mendings);
	map_release(&m->file_rows);
	map_release(&m->brought_in);
	decisions_release(&m->decisions);
	*m = (struct merge){ 0 };
}
