/*
 * A dealer may not decide everything: names and ID numbers that headquarters' own exports
 * gave, and values that failed a check and that its word alone can't make right. Its answer
 * is kept, changes nothing, and lies here for a person. What nobody can make right by accepting
 * it is remembered for `yice review` (table_unanswerable).
 */
#include "results.h"

enum why_review { NOT_THE_DEALERS, AS_IT_IS, NOT_CONFIRMABLE, WHY_COUNT };

static const char *const reasons[WHY_COUNT][LANG_COUNT] = {
	[NOT_THE_DEALERS] = {
		"经销商%.*s更正了总部导出的数据；姓名和证件号码由总部决定，接受后才生效。",
		"dealer %.*s corrected what headquarters' own export gave; names and ID numbers are "
		"headquarters' to decide, the value counts once it is accepted" },
	[AS_IT_IS] = {
		"经销商%.*s回答“确认无误”，但该值未通过检查，不能由经销商确认；接受后才生效。",
		"dealer %.*s says that the value is right as it is, but it failed a check that a "
		"dealer cannot confirm; it counts once it is accepted" },
	[NOT_CONFIRMABLE] = {
		"经销商%.*s回答“确认无误”，但该值未通过检查，任何人都不能确认；请经销商填写正确的值。",
		"dealer %.*s says that the value is right as it is, but it failed a check that nobody "
		"can confirm: the dealer has to give the right value" },
};

static struct str golden_value(const struct rowset *rs, struct str key, struct str attribute)
{
	int column = table_column(rs->def, attribute);
	ptrdiff_t row = key.n && column >= 0 ? master_row(rs, key) : -1;

	return row < 0 ? STR("") : rowset_value(rs, (size_t)row, column);
}

static struct str current_value(const struct merge *m, const struct results *to, uint32_t base,
				struct str attribute, struct arena *a)
{
	struct str customer = customer_of(m, base);
	struct str value = golden_value(&to->customer, customer, attribute);

	if (!value.n)
		value = golden_value(&to->pending, customer, attribute);
	if (!value.n && entity_has(ENTITY_VEHICLE, field_find(attribute)))
		value = golden_value(&to->vehicle, records_value(m->records, base, F_VIN, a), attribute);
	return value;
}

/* A record that a late file renamed is known to its dealer under either name. */
static struct str asked_of(const struct str *v, struct arena *a)
{
	return fault_key(v[COR_BASE_RECORD_ID], v[COR_FIELD], v[COR_CODE], a);
}

static uint64_t *asked_for(const struct map *rejects, const struct rowset *all, size_t line)
{
	struct str v[REJ_COLUMNS];
	struct arena a = { 0 };
	uint64_t *wanted;

	rowset_get(all, line, v);
	wanted = map_get(rejects, v[REJ_REJECT_ID]);
	if (!wanted)
		wanted = map_get(rejects, fault_key(v[REJ_RECORD_ID], v[REJ_FIELD], v[REJ_CODE], &a));
	arena_release(&a);
	return wanted;
}

/* reject_id or fault_key -> line of all rejects, for the answers that only say "right as it is". */
static bool find_rejects(struct merge *m, struct map *rejects, const struct rowset **all,
			 struct fault *f)
{
	*all = run_all_rejects(m->run, f);
	for (size_t i = 0; *all && i < (*all)->n; i++) {
		uint64_t *wanted = asked_for(rejects, *all, i);

		if (wanted)
			*wanted = i + 1;
	}
	return *all != NULL;
}

/* Of two answers of dealers, by day, then as they stand in the files. */
static bool is_after(const struct str *v, const struct str *other)
{
	int c = str_cmp(v[COR_OBSERVED_ON], other[COR_OBSERVED_ON]);

	return c ? c > 0 : record_id_cmp(v[COR_RECORD_ID], other[COR_RECORD_ID]) > 0;
}

static enum why_review why_of(struct str reason)
{
	if (str_eq(reason, STR("not_confirmable")))
		return NOT_CONFIRMABLE;
	return str_eq(reason, STR("as_it_is")) ? AS_IT_IS : NOT_THE_DEALERS;
}

static struct str place_of(const struct str *v, struct arena *a)
{
	return str_printf(a, "%.*s\x1F%.*s", STR_FMT(v[COR_BASE_RECORD_ID]), STR_FMT(v[COR_FIELD]));
}

/* Field of a record -> its last applied correction: what was asked of the value before it is
 * asked no more. */
static void find_mended(const struct rowset *c, struct map *mended)
{
	struct arena a = { 0 };
	struct str v[COR_COLUMNS], last[COR_COLUMNS];

	for (size_t i = 0; i < c->n; i++, arena_reset(&a)) {
		uint64_t *at;

		rowset_get(c, i, v);
		if (!str_eq(v[COR_STATUS], STR("applied")))
			continue;
		at = map_put(mended, place_of(v, &a), i, NULL);
		rowset_get(c, *at, last);
		if (is_after(v, last))
			*at = i;
	}
	arena_release(&a);
}

static bool is_moot(const struct rowset *c, const struct map *mended, const struct str *v)
{
	struct arena a = { 0 };
	const uint64_t *at = map_get(mended, place_of(v, &a));
	struct str last[COR_COLUMNS];

	arena_release(&a);
	if (at)
		rowset_get(c, *at, last);
	return at && is_after(last, v);
}

static void review_correction(const struct merge *m, struct results *to, const struct str *v,
			      struct str value, struct arena *a)
{
	ptrdiff_t base = mendings_find_newest(&m->mendings, v[COR_BASE_RECORD_ID]);
	enum why_review why = why_of(v[COR_REASON]);
	struct str customer = base < 0 ? STR("") : customer_of(m, (uint32_t)base), current = STR("");
	char id[16];

	if (base >= 0)
		current = current_value(m, to, (uint32_t)base, v[COR_FIELD], a);
	/* the word on a value that only draws a warning speaks of the golden value itself */
	if ((why == NOT_THE_DEALERS && str_eq(current, value)) ||
	    decision_on(m, customer, v[COR_FIELD], value) != CHANGE_UNDECIDED)
		return;
	reject_id_make(v[COR_RECORD_ID], v[COR_FIELD], STR("change_held"), id);
	rowset_add(&to->review,
		   (struct str[REV_COLUMNS]){
			   [REV_REVIEW_ID] = { id, sizeof(id) },
			   [REV_KIND] = STR("change_held"),
			   [REV_CUSTOMER_ID] = customer,
			   [REV_ATTRIBUTE] = v[COR_FIELD],
			   [REV_CURRENT_VALUE] = current,
			   [REV_NEW_VALUE] = value,
			   [REV_RECORD_ID] = v[COR_RECORD_ID],
			   [REV_REASON] = str_printf(a,
						     reasons[why][m->run->opt.lang],
						     STR_FMT(v[COR_DEALER_CODE])),
		   });
	if (why == NOT_CONFIRMABLE)
		rowset_add(&to->unanswerable, (struct str[]){{id, sizeof(id)}});
}

bool corrections_review(struct merge *m, struct results *to, struct fault *f)
{
	const struct rowset *c = m->corrections, *all = NULL;
	struct map rejects = { 0 }, mended = { 0 };
	struct arena a = { 0 };
	struct str v[COR_COLUMNS];
	bool ok;

	for (size_t i = 0; i < c->n; i++) {
		rowset_get(c, i, v);
		if (!str_eq(v[COR_STATUS], STR("review")))
			continue;
		map_put(&rejects, v[COR_REJECT_ID], 0, NULL);
		map_put(&rejects, asked_of(v, &a), 0, NULL);
		arena_reset(&a);
	}
	if (rejects.n)
		find_mended(c, &mended);
	ok = rejects.n == 0 || find_rejects(m, &rejects, &all, f);
	for (size_t i = 0; ok && rejects.n && i < c->n; i++) {
		struct str value;
		const uint64_t *reject;

		rowset_get(c, i, v);
		if (!str_eq(v[COR_STATUS], STR("review")) || is_moot(c, &mended, v))
			continue;
		value = v[COR_VALUE];
		reject = map_get(&rejects, v[COR_REJECT_ID]);
		if (!*reject)
			reject = map_get(&rejects, asked_of(v, &a));
		if (why_of(v[COR_REASON]) != NOT_THE_DEALERS && *reject)
			value = rowset_value(all, *reject - 1, REJ_VALUE);
		review_correction(m, to, v, value, &a);
		arena_reset(&a);
	}
	map_release(&rejects);
	map_release(&mended);
	arena_release(&a);
	return ok;
}
