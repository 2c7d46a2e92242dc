#include "tables.h"

static const struct {
	struct str name, code;
} reasons[REASON_COUNT] = {
#define X(reason, code) [REASON_##reason] = {STR_INIT(#reason), STR_INIT(#code)},
	REASONS(X)
#undef X
};

struct str reason_name(enum reason reason)
{
	return reasons[reason].name;
}

struct str reason_code(enum reason reason)
{
	return reasons[reason].code;
}

void verdict_start(struct verdict *v, struct str value)
{
	v->value = value;
	v->suggestion = (struct str){"", 0};
	v->n = 0;
}

/* A verdict that is full forgets what comes after: no value has eight independent faults,
 * and the first ones are told. */
struct finding *verdict_add(struct verdict *v, enum reason reason, enum finding_weight weight,
			    struct str what)
{
	struct finding *finding = &v->findings[v->n < VERDICT_MAX ? v->n : VERDICT_MAX - 1];

	if (v->n < VERDICT_MAX)
		v->n++;
	*finding = (struct finding){reason, weight, what, {"", 0}};
	return finding;
}

const struct finding *verdict_first(const struct verdict *v, enum finding_weight weight)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->findings[i].weight == weight)
			return &v->findings[i];
	return NULL;
}

bool verdict_usable(const struct verdict *v)
{
	return verdict_first(v, FINDING_WRONG) == NULL;
}

/* Fills {what} and {expected} into the reason's sentence. */
struct str finding_detail(const struct reference *ref, const struct finding *finding, unsigned lang,
			  struct arena *a)
{
	struct str text = ref->reasons[finding->reason][lang];
	struct buf b = {0};
	struct str kept;

	while (text.n) {
		if (str_starts(text, STR("{what}"))) {
			buf_str(&b, finding->what);
			text = str_span(text.p + 6, text.p + text.n);
		} else if (str_starts(text, STR("{expected}"))) {
			buf_str(&b, finding->expected);
			text = str_span(text.p + 10, text.p + text.n);
		} else {
			buf_char(&b, text.p[0]);
			text = str_span(text.p + 1, text.p + text.n);
		}
	}
	kept = str_keep(a, buf_view(&b));
	buf_release(&b);
	return kept;
}
