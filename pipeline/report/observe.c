/*
 * One pass over the records of everything received, beside the faults told of them (both in
 * the order of record ids). Counts are gathered for a stretch of rows of one file and booked
 * when it ends: a cell costs an addition, not a look-up. Each thread takes a part
 * of the records and counts for itself; sums do not depend on where the parts begin.
 */
#include "parts.h"

#include "accuracy.h"
#include "date.h"
#include "pool.h"
#include "stretch.h"

#include <stdlib.h>

enum mark { /* told of a record by resolve and merge */
	MARK_FAULT = 1,
	MARK_CONTRADICTION = 2,
};

enum { AHEAD = 6 }; /* golden records that are fetched while these are looked at */

struct observer { /* a part of the records, one thread's work */
	struct inputs *in;
	unsigned number; /* of the part */
	size_t first, end; /* its records */
	bool final; /* what was told behind the last record is this part's */
	struct tally *tally;
	struct stretch stretch;
	size_t reject; /* the next of in->rejects */
	const unsigned char *marks; /* by record, of all */
	struct accuracy *accuracy;
	const struct export_facts *last; /* of the record before: most often of this one too */
	struct arena arena; /* of one record */
};

struct told { /* what was told of one record */
	bool wrong[F_COUNT]; /* a value that was not used */
	bool any, contradiction, address;
};

/* Codes that two values of a record, or of two records, cannot both be right. */
static bool is_contradiction(struct str code)
{
	static const struct str codes[] = {
		STR_INIT("NAME_CONFLICT"),	STR_INIT("CHANGE_HELD"),     STR_INIT("VALUE_FIXED"),
		STR_INIT("SHARED_ID"),		STR_INIT("GENDER_MISMATCH"), STR_INIT("DATE_ORDER"),
		STR_INIT("BIRTHDATE_MISMATCH"), STR_INIT("ADDRESS_REGION"),  STR_INIT("ID_TYPE"),
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (str_eq(codes[i], code))
			return true;
	return false;
}

/* ---- faults ---- */

static void book_fault(struct tally *tally, const struct str *v, const struct origin_scope *from)
{
	bool fix = str_eq(v[REJ_ACTION], STR("fix"));
	enum metric metric = fix ? M_repaired : M_faults;

	if (str_eq(from->source, STR("correction")))
		return;
	tally_add(tally, metric, SCOPE_ALL, STR(""), 1, 0);
	tally_add(tally, metric, SCOPE_CODE, v[REJ_CODE], 1, 0);
	if (from->source.n)
		tally_add(tally, metric, SCOPE_SOURCE, from->source, 1, 0);
	tally_add(tally, metric, SCOPE_DEALER, from->dealer, 1, 0);
	if (!fix)
		tally_add_pair(tally, metric, SCOPE_DEALER_CODE, from->dealer, v[REJ_CODE], 1, 0);
}

static struct origin_scope origin_of(const struct inputs *in, const struct str *v)
{
	struct str stem;
	uint32_t row;

	record_id_split(v[REJ_RECORD_ID], &stem, &row);
	const struct export_facts *from = inputs_export(in, stem);

	return (struct origin_scope){
		.source = from ? from->source : v[REJ_SOURCE],
		.dealer = inputs_dealer(v[REJ_DEALER_CODE], from),
	};
}

/* Faults that only the whole shows come in no particular order, and before the pass. */
static void mark_told(const struct inputs *in, struct tally *tally, const struct rowset *rejects,
		      unsigned char *marks)
{
	struct str v[REJ_COLUMNS];

	for (size_t i = 0; i < rejects->n; i++) {
		rowset_get(rejects, i, v);
		struct origin_scope from = origin_of(in, v);
		ptrdiff_t at = records_find(in->records, v[REJ_RECORD_ID]);

		book_fault(tally, v, &from);
		if (at < 0)
			continue;
		marks[at] |= MARK_FAULT;
		if (is_contradiction(v[REJ_CODE]))
			marks[at] |= MARK_CONTRADICTION;
	}
}

static void tell(struct told *told, const struct str *v)
{
	enum field field = field_find(v[REJ_FIELD]);

	if (str_eq(v[REJ_ACTION], STR("fix")))
		return;
	told->any = true;
	told->contradiction |= is_contradiction(v[REJ_CODE]);
	told->address |= str_starts(v[REJ_CODE], STR("ADDRESS_"));
	if (field < F_COUNT && !str_eq(v[REJ_ACTION], STR("warn")))
		told->wrong[field] = true;
}

/* ---- one record ---- */

static struct dealer_rows *begin_row(struct observer *o, const struct export_facts *from, struct str dealer)
{
	struct dealer_rows *d;

	if (o->stretch.from != from) {
		stretch_end(&o->stretch, o->tally);
		o->stretch.from = from;
	}
	d = stretch_dealer(&o->stretch, dealer);
	d->rows++;
	return d;
}

/* The day of which the record tells something new; "" where no day can be asked of it. */
static struct str day_told(const struct terms *terms, const struct record *rec, bool *urgent)
{
	*urgent = false;
	if (rec->feeds & FEEDS(ENTITY_CONTACT)) {
		*urgent = words_have(&terms->urgent_kinds, rec->v[F_KIND]);
		return *urgent || words_have(&terms->daily_kinds, rec->v[F_KIND]) ? rec->v[F_CONTACT_AT] :
										    STR("");
	}
	if (rec->v[F_UPDATED_AT].n)
		return rec->v[F_UPDATED_AT];
	return rec->v[F_INVOICE_DATE].n ? rec->v[F_INVOICE_DATE] : rec->v[F_LOAN_DATE];
}

/* Records of one customer may be looked at by two threads at once. */
static void mark_person(struct observer *o, uint32_t person, enum person_bit bit)
{
	__atomic_fetch_or(&o->in->person[person], bit, __ATOMIC_RELAXED);
}

/* Late: an urgent record that is older than its export's day, any other older than one day. */
static void count_time(struct observer *o, struct dealer_rows *s, const struct record *rec,
		       uint32_t person)
{
	bool urgent;
	int32_t told = date_day(day_told(&o->in->terms, rec, &urgent));
	int32_t sent = date_day(rec->v[F_OBSERVED_ON]);

	if (told == INT32_MIN || sent == INT32_MIN)
		return;
	bool on_time = sent - told <= (urgent ? 0 : 1);

	s->judged++;
	s->on_time += on_time;
	s->urgent += urgent;
	s->urgent_on_time += urgent && on_time;
	if (person != NOBODY)
		mark_person(o, person, on_time ? PERSON_ON_TIME : PERSON_LATE);
}

static bool is_persons_address(const struct inputs *in, uint32_t person, const struct record *rec)
{
	return rec->v[F_ADDRESS].n &&
	       str_eq(rec->v[F_ADDRESS], inputs_person(in, person, CUS_ADDRESS)) &&
	       str_eq(rec->v[F_CITY], inputs_person(in, person, CUS_CITY));
}

/* An address without a fault that the customer has; one that came back mended is such a one too. */
static void mark_address(struct observer *o, size_t i, const struct record *rec, const struct told *told)
{
	uint32_t person = o->in->person_of[i];

	if (person != NOBODY && !told->address && is_persons_address(o->in, person, rec))
		mark_person(o, person, PERSON_ADDRESS);
}

static void count_consultant(struct observer *o, struct str dealer, const struct record *rec,
			     bool faultless)
{
	if (rec->v[F_SALES_CONSULTANT].n)
		tally_add_pair(o->tally, M_faultless, SCOPE_CONSULTANT, dealer,
			       rec->v[F_SALES_CONSULTANT], faultless, 1);
}

static void observe(struct observer *o, size_t i, const struct record *rec, const struct told *told,
		    const struct export_facts *from)
{
	uint32_t person = o->in->person_of[i];
	bool faultless = !told->any && !(o->marks[i] & MARK_FAULT);

	struct dealer_rows *d = begin_row(o, from, inputs_dealer(rec->v[F_DEALER_CODE], from));

	accuracy_add(o->accuracy, o->number, rec, i, &(struct origin_scope){ from->source, d->dealer });
	d->faultless += faultless;
	d->consistent += !told->contradiction && !(o->marks[i] & MARK_CONTRADICTION);
	stretch_cells(&o->stretch, rec, told->wrong);
	count_time(o, d, rec, person);
	count_consultant(o, d->dealer, rec, faultless);
}

/* ---- the pass ---- */

static const struct export_facts *export_of(struct observer *o, struct str record_id)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	if (!o->last || !str_eq(o->last->stem, stem))
		o->last = inputs_export(o->in, stem);
	return o->last;
}

/* A row that no table could use is a row with a fault all the same; a correction's row is
 * judged by what became of it. */
static void count_rejected_row(struct observer *o, const struct str *v)
{
	struct origin_scope scope = origin_of(o->in, v);

	if (str_eq(scope.source, STR("correction")))
		return;
	tally_add_origin(o->tally, M_faultless, &scope, 0, 1);
	tally_add_origin(o->tally, M_faults, &scope, 0, 1);
}

/* Books the faults of records up to and with this one, and gathers what was told of it. An
 * empty id stands for the end. */
static void hear(struct observer *o, struct str record_id, struct told *told)
{
	const struct rowset *rejects = o->in->rejects;
	struct str v[REJ_COLUMNS], rejected = { 0 };

	*told = (struct told){ 0 };
	for (; o->reject < rejects->n; o->reject++) {
		rowset_get(rejects, o->reject, v);
		int c = record_id.n ? record_id_cmp(v[REJ_RECORD_ID], record_id) : -1;

		if (c > 0)
			break;
		struct origin_scope from = origin_of(o->in, v);

		book_fault(o->tally, v, &from);
		if (c == 0)
			tell(told, v);
		else if (!str_eq(v[REJ_RECORD_ID], rejected))
			count_rejected_row(o, v);
		rejected = c == 0 ? rejected : v[REJ_RECORD_ID];
	}
}

static void count_codes(struct tally *t)
{
	const struct count *rows = tally_get(t, M_faultless, SCOPE_ALL, STR(""));
	const enum metric metrics[] = { M_faults, M_repaired };

	if (!rows)
		return;
	int64_t all = rows->denominator;

	for (int m = 0; m < 2; m++) {
		struct map *codes = &t->scopes[metrics[m]][SCOPE_CODE];

		for (size_t i = 0; i < codes->n; i++)
			t->counts[codes->entries[i].value].denominator = all;
	}
	struct map *pairs = &t->scopes[M_faults][SCOPE_DEALER_CODE];

	for (size_t i = 0; i < pairs->n; i++) {
		struct str rest = pairs->entries[i].key, dealer;

		str_cut(&rest, '/', &dealer);
		rows = tally_get(t, M_faultless, SCOPE_DEALER, dealer);
		if (rows)
			t->counts[pairs->entries[i].value].denominator = rows->denominator;
	}
}

/* ---- parts ---- */

/* The first row from which on record ids come after that one; both are in their order. */
static size_t rows_after(const struct rowset *rs, int column, struct str record_id)
{
	size_t low = 0, high = rs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (record_id_cmp(rowset_value(rs, middle, column), record_id) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* What was told of rows that are no records belongs to the part of the record behind them,
 * or to the last part. */
static void observer_begin(struct observer *o)
{
	struct str before;

	if (o->first == 0)
		return;
	before = records_value(o->in->records, o->first - 1, F_RECORD_ID, &o->arena);
	o->reject = rows_after(o->in->rejects, REJ_RECORD_ID, before);
}

static void observe_part(void *context, size_t piece, unsigned worker)
{
	struct observer *o = (struct observer *)context + piece;
	const struct records *records = o->in->records;
	struct record rec;
	struct told told;

	(void)worker;
	observer_begin(o);
	for (size_t i = o->first; i < o->end; i++) {
		arena_reset(&o->arena);
		if (i + AHEAD < o->end)
			inputs_prefetch(o->in, i + AHEAD);
		records_get(records, i, &rec, &o->arena);
		const struct export_facts *from = export_of(o, rec.v[F_RECORD_ID]);

		hear(o, rec.v[F_RECORD_ID], &told);
		if (from && !from->corrections)
			observe(o, i, &rec, &told, from);
		mark_address(o, i, &rec, &told);
	}
	stretch_end(&o->stretch, o->tally);
	if (o->final)
		hear(o, STR(""), &told);
}

void observe_records(struct inputs *in, struct tally *t)
{
	unsigned parts = in->r->opt.jobs;
	size_t n = in->records->n;
	unsigned char *marks = xcalloc(n, 1);
	struct accuracy *accuracy = accuracy_new(in, parts);
	struct observer *observers = xcalloc(parts, sizeof(*observers));

	mark_told(in, t, in->told_by_resolve, marks);
	mark_told(in, t, in->told_by_merge, marks);
	for (unsigned i = 0; i < parts; i++)
		observers[i] = (struct observer){
			.in = in,
			.number = i,
			.first = n * i / parts,
			.end = n * (i + 1) / parts,
			.final = i + 1 == parts,
			.tally = i ? xcalloc(1, sizeof(*t)) : t,
			.marks = marks,
			.accuracy = accuracy,
		};
	pool_each(parts, parts, observe_part, observers);
	for (unsigned i = 1; i < parts; i++) {
		tally_merge(t, observers[i].tally);
		tally_release(observers[i].tally);
		free(observers[i].tally);
	}
	count_codes(t);
	accuracy_count(accuracy, t);
	accuracy_free(accuracy);
	for (unsigned i = 0; i < parts; i++)
		arena_release(&observers[i].arena);
	free(observers);
	free(marks);
}
