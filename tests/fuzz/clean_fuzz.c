/*
 * Any values as a record, under the rules that ship. The first two bytes say which tables it
 * feeds and of which schema it is; then come fields: number, length, bytes. Beyond not
 * crashing: what was cleaned stays as it is when it is cleaned again, a value that was told
 * and dropped is empty, and what is written is UTF-8.
 */
#include "cleaner.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct codes codes;
static struct cleaner *cleaner;
static struct arena arena;

static void load(void)
{
	struct fault f = {0};

	if (!codes_load(&codes, "rules", &f) || !cleaner_load(&cleaner, "rules", &codes, &f)) {
		fprintf(stderr, "%.*s\n", STR_FMT(f.text));
		exit(1);
	}
}

static struct record record_of(const uint8_t *data, size_t size)
{
	struct record rec = {.feeds = 1 + data[0] % 7};
	size_t at = 2;

	rec.v[F_RECORD_ID] = STR("x:2");
	rec.v[F_SOURCE] = STR("dms");
	rec.v[F_OBSERVED_ON] = STR("2026-03-01");
	while (at + 2 <= size) {
		size_t field = F_SOURCE_KEY + data[at] % (F_COUNT - F_SOURCE_KEY);
		size_t n = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
		struct str value = {(const char *)data + at + 2, n};

		if (text_is_utf8(value))
			rec.v[field] = value;
		at += 2 + n;
	}
	return rec;
}

static void clean(struct record *rec, const struct clean_context *context, struct rowset *rejects)
{
	rowset_init(rejects, &table_rejects_clean);
	cleaner_record(cleaner, context, rec, rejects, &arena);
}

static void say(const char *what, enum field field, struct str once, struct str twice)
{
	fprintf(stderr, "%s: %.*s: \"%.*s\" \"%.*s\"\n", what, STR_FMT(field_name(field)),
		STR_FMT(once), STR_FMT(twice));
	abort();
}

static void check_dropped(const struct record *rec, const struct rowset *rejects)
{
	for (size_t i = 0; i < rejects->n; i++) {
		enum field field = field_find(rowset_value(rejects, i, REJ_FIELD));
		struct str action = rowset_value(rejects, i, REJ_ACTION);

		/* the type is read from the number where the word for it was not used; of the scores only
		 * the one that is none goes */
		if (field != F_COUNT && field != F_ID_TYPE && field != F_SCORES && rec->v[field].n &&
		    (str_eq(action, STR("blank")) || str_eq(action, STR("reject"))))
			say("dropped and there", field, rec->v[field], action);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const schemas[] = {"dms_customer", "callcenter", "dms_service",
					      "finance",      "survey",	    "invoice"};
	static struct str headers[F_COUNT];
	struct clean_context context = {.elsewhere = true, .headers = headers};
	struct record once, twice;
	struct rowset rejects;

	if (!cleaner)
		load();
	if (size < 2)
		return 0;
	context.schema = str_of(schemas[data[1] % 6]);
	once = record_of(data, size);
	for (int i = 0; i < F_COUNT; i++)
		headers[i] = once.v[i].n || data[1] & 16 ? field_name((enum field)i) : STR("");
	clean(&once, &context, &rejects);
	check_dropped(&once, &rejects);
	rowset_release(&rejects);
	twice = once;
	clean(&twice, &context, &rejects);
	rowset_release(&rejects);
	for (int i = 0; i < F_COUNT; i++) {
		if (!text_is_utf8(once.v[i]))
			say("no UTF-8", (enum field)i, once.v[i], STR(""));
		if (!str_eq(once.v[i], twice.v[i]))
			say("cleaned again", (enum field)i, once.v[i], twice.v[i]);
	}
	arena_reset(&arena);
	return 0;
}
