#include "told.h"

#include "header_list.h"

#include <stdlib.h>

bool told_codes_known(const struct matching *m, const struct codes *codes, struct fault *f)
{
	for (int i = 0; i < MATCH_FIELDS; i++)
		if (m->guard[i].tell.n && !codes_find(codes, m->guard[i].tell))
			fault_add(f, EXIT_USAGE, "matching.csv: the guard of %.*s tells %.*s, which codes.csv "
						 "does not know",
				  STR_FMT(match_field_name((enum match_field)i)),
				  STR_FMT(m->guard[i].tell));
	return !fault_is(f);
}

uint32_t told_target(const struct told *t, uint32_t record)
{
	uint32_t target = customers_target(t->customers, reading_newest(t->reading, record));

	return target == NOBODY ? NOBODY : decided_target(t->decided, target);
}

static void add_reject(const struct told *t, struct rowset *rejects, uint32_t record,
		       struct str code, enum field field, struct arena *a)
{
	ptrdiff_t file;
	struct record rec;
	struct reject reject = { .code = codes_find(t->codes, code), .field = field_name(field) };

	reading_record(t->reading, record, &rec, a);
	file = reading_file(t->reading, rec.v[F_RECORD_ID]);
	reject.action = reject.code->action;
	reject.record_id = rec.v[F_RECORD_ID];
	reject.source = rec.v[F_SOURCE];
	reject.dealer_code = rec.v[F_DEALER_CODE];
	reject.value = rec.v[field];
	if (file >= 0) {
		reject.file = rowset_value(t->reading->files, (size_t)file, FIL_FILE);
		reject.header = header_list_find(
			rowset_value(t->reading->files, (size_t)file, FIL_HEADERS), reject.field, a);
	}
	reject_add(rejects, &reject, t->lang, a);
}

void told_rejects(const struct told *t, struct rowset *rejects)
{
	struct arena a = { 0 };
	size_t next = 0;

	for (uint32_t i = 0; i < t->people->n; i++) {
		if (t->people->flags[i] & RECORD_SHARED_ID)
			add_reject(t, rejects, i, STR("SHARED_ID"), F_ID_NUMBER, &a);
		for (; next < t->crowd->n_told && t->crowd->told[next].record == i; next++) {
			enum match_field field = t->crowd->told[next].field;

			add_reject(t, rejects, i, t->reading->matching->guard[field].tell,
				   field_find(match_field_name(field)), &a);
		}
		arena_reset(&a);
	}
	arena_release(&a);
}
