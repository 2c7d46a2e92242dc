/* What became of what was returned, by dealer and code, and in how many days. */
#include "parts.h"

#include "returns.h"

static void add(struct tally *t, enum metric metric, const struct returned *f, int64_t numerator,
		int64_t denominator)
{
	tally_add(t, metric, SCOPE_ALL, STR(""), numerator, denominator);
	tally_add(t, metric, SCOPE_DEALER, f->dealer, numerator, denominator);
	tally_add(t, metric, SCOPE_CODE, f->code, numerator, denominator);
}

/* What was withdrawn is no longer asked of anybody, so it counts nowhere. */
static void count_returned(struct tally *t, const struct returned *f)
{
	bool confirmed = f->status == RETURN_CONFIRMED, mended = f->status == RETURN_FIXED;

	if (f->status == RETURN_WITHDRAWN)
		return;
	add(t, M_returned, f, 1, 0);
	add(t, M_open, f, f->status == RETURN_OPEN, 1);
	add(t, M_repair_rate, f, mended || confirmed, 1);
	add(t, M_confirmed, f, confirmed, 1);
	add(t, M_wrong_again, f, f->status == RETURN_WRONG_AGAIN, 1);
	if (mended || confirmed)
		add(t, M_days_to_repair, f, (int64_t)f->days * 100, 1);
}

bool count_repairs(const struct inputs *in, struct tally *t, struct fault *f)
{
	const struct returns *rt = returns_judged(in->r, f);

	for (size_t i = 0; rt && i < rt->n; i++)
		count_returned(t, &rt->list[i]);
	return rt != NULL;
}
