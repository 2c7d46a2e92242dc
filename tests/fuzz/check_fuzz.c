/*
 * Any bytes as any value. The first byte says which check; the rest is the value. Beyond not
 * crashing: a value that is usable is usable again and stays what it is (clean twice is clean
 * once), and no verdict invents bytes that are no UTF-8.
 */
#include "address.h"
#include "date.h"
#include "id_number.h"
#include "person_name.h"
#include "phone_number.h"
#include "plain_value.h"
#include "plate.h"
#include "reference.h"
#include "text.h"
#include "vin.h"
#include "when.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct reference *ref;
static struct arena arena;

/* What a row states of the document once it was cleaned: the type that was recognised. */
static enum id_type settled;

static void check_id(struct str s, unsigned variant, struct verdict *v)
{
	struct id_context context = {.stated = variant % ID_TYPE_COUNT, .today = 20513};
	struct id_number id;

	context.company = variant / ID_TYPE_COUNT % 2;
	context.spreadsheet = variant / ID_TYPE_COUNT / 2 % 2;
	id_number_check(ref, &context, s, &arena, &id);
	*v = id.verdict;
	settled = id.type;
}

static void check_mobile(struct str s, unsigned variant, struct verdict *v)
{
	struct phone_number p;

	(variant % 2 ? phone_check : mobile_check)(ref, s, &arena, &p);
	*v = p.verdict;
}

static void check_vin(struct str s, unsigned variant, struct verdict *v)
{
	struct vin vin;

	vin_check(ref, variant % 2 ? 20513 : 0, s, &arena, &vin);
	*v = vin.verdict;
}

static void check_plate(struct str s, unsigned variant, struct verdict *v)
{
	struct plate plate;

	(void)variant;
	plate_check(ref, s, &arena, &plate);
	*v = plate.verdict;
}

static void check_name(struct str s, unsigned variant, struct verdict *v)
{
	struct person_name name;

	name_check(ref, variant % 3, s, &arena, &name);
	*v = name.verdict;
}

static void check_when(struct str s, unsigned variant, struct verdict *v)
{
	struct when_context context = {
		.today = variant & 8 ? 0 : 20513,
		.past = variant & 1,
		.birth = variant & 2,
		.time = variant & 4,
	};

	when_check(&context, s, &arena, v);
}

static void check_email(struct str s, unsigned variant, struct verdict *v)
{
	(void)variant;
	email_check(ref, s, &arena, v);
}

static void check_number(struct str s, unsigned variant, struct verdict *v)
{
	struct number_context context = {.negative = variant & 1, .whole = variant & 2};

	number_check(&context, s, &arena, v);
}

static void check_text(struct str s, unsigned variant, struct verdict *v)
{
	text_check(ref, variant % 2, s, &arena, v);
}

static void check_postcode(struct str s, unsigned variant, struct verdict *v)
{
	postcode_check(ref, variant % 2 ? STR("河北省") : STR(""), s, &arena, v);
}

/* All eight parts, cut at bars; the verdict is that of one of them. */
static void check_address(struct str s, unsigned variant, struct verdict *v)
{
	struct str raw[ADDRESS_PARTS] = {0};
	struct address address;

	for (int i = 0; i < ADDRESS_PARTS && str_cut(&s, '|', &raw[i]); i++)
		continue;
	address_check(ref, raw, &arena, &address);
	*v = address.part[variant % ADDRESS_PARTS];
}

static const struct {
	void (*check)(struct str s, unsigned variant, struct verdict *v);
	bool again; /* a usable value can be checked again on its own */
} checks[] = {
	{check_id, true},   {check_mobile, true},   {check_vin, true},	    {check_plate, true},
	{check_name, true}, {check_when, true},	    {check_email, true},    {check_number, true},
	{check_text, true}, {check_postcode, true}, {check_address, false},
};

static void tell(const char *law, struct str before, struct str after)
{
	fprintf(stderr, "%s: \"%.*s\" -> \"%.*s\"\n", law, STR_FMT(before), STR_FMT(after));
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = {0};
	struct verdict v, again;
	struct str s;
	unsigned kind, variant;

	if (!ref && !reference_load(&ref, "rules", &f))
		abort();
	if (size < 2 || size > 600)
		return 0;
	kind = data[0] % (sizeof(checks) / sizeof(checks[0]));
	variant = data[1];
	s = (struct str){(const char *)data + 2, size - 2};
	checks[kind].check(s, variant, &v);
	if (!text_is_utf8(s)) { /* values are decoded before they are checked */
		arena_reset(&arena);
		return 0;
	}
	if (!text_is_utf8(v.value))
		tell("no UTF-8", s, v.value);
	if (checks[kind].again && verdict_usable(&v)) {
		if (kind == 0)
			variant = variant / ID_TYPE_COUNT % 2 * ID_TYPE_COUNT + settled;
		checks[kind].check(v.value, variant, &again);
		if (!verdict_usable(&again) || verdict_first(&again, FINDING_FIXED) ||
		    !str_eq(v.value, again.value))
			tell("not the same twice", v.value, again.value);
	}
	arena_reset(&arena);
	return 0;
}
