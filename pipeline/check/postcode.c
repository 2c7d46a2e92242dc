/* Post codes: six digits, of which the first two or three tell the province. */
#include "address.h"
#include "form.h"
#include "place.h"

/* Bit of a province in the sets of the table; 0: no province of that name. */
static uint64_t province_set(const struct reference *ref, struct str province)
{
	struct place nowhere = {NULL, NULL, NULL};
	struct sighting s = place_find(ref, REGION_PROVINCE, province, &nowhere);
	uint32_t code = s.region ? s.region->code / 10000 : 0;

	return code >= 11 && code < 75 ? UINT64_C(1) << (code - 11) : 0;
}

static unsigned first_three(struct str digits)
{
	return (unsigned)(digits.p[0] - '0') * 100 + (unsigned)(digits.p[1] - '0') * 10 +
	       (unsigned)(digits.p[2] - '0');
}

/* A spreadsheet drops the leading zero of 050000: certain where the province agrees. */
static void five_judge(const struct reference *ref, uint64_t province, struct arena *a,
		       struct verdict *v)
{
	struct str was = v->value, whole = str_printf(a, "0%.*s", STR_FMT(v->value));
	uint64_t set = ref->postal[first_three(whole)];

	if (set & province) {
		v->value = whole;
		verdict_add(v, REASON_postcode_zero_lost, FINDING_FIXED, was);
		return;
	}
	verdict_add(v, REASON_postcode_shape, FINDING_WRONG, was);
	if (set && !province)
		v->suggestion = whole;
}

void postcode_check(const struct reference *ref, struct str province, struct str raw,
		    struct arena *a, struct verdict *out)
{
	struct str code = form_code(a, raw, " -");
	uint64_t set, here;

	verdict_start(out, code);
	if (!code.n)
		return;
	here = province_set(ref, province);
	if (code.n == 5 && str_is_digits(code)) {
		five_judge(ref, here, a, out);
	} else if (code.n != 6 || !str_is_digits(code)) {
		verdict_add(out, REASON_postcode_shape, FINDING_WRONG, code);
	} else if (is_placeholder(ref, PLACEHOLDER_POSTCODE, code)) {
		verdict_add(out, REASON_postcode_placeholder, FINDING_WRONG, code);
	} else if (!map_get(&ref->postal_whole, code)) {
		set = ref->postal[first_three(code)];
		if (!set)
			verdict_add(out, REASON_postcode_unknown, FINDING_WRONG,
				    (struct str){code.p, 2});
		else if (here && !(set & here))
			verdict_add(out, REASON_postcode_province, FINDING_DOUBT,
				    (struct str){code.p, 2})
				->expected = province;
	}
}
