/*
 * Says what the checks make of values: lines "KIND TAB VALUE" in, one line for each out:
 * KIND TAB VALUE TAB CLEANED TAB EXTRA TAB SUGGESTION, and then for each finding a field
 * CODE/reason/weight (wrong, doubt, fixed). KIND is id, id:TYPE, company, mobile, phone, vin, plate, name, date,
 * birth, time, email, number, mileage, text, postcode, address.
 */
#include "address.h"
#include "buf.h"
#include "date.h"
#include "id_number.h"
#include "person_name.h"
#include "phone_number.h"
#include "plain_value.h"
#include "plate.h"
#include "reference.h"
#include "vin.h"
#include "when.h"

#include <stdio.h>
#include <stdlib.h>

static int32_t today;

static void tell(const struct verdict *v, const char *extra)
{
	static const char *const weights[] = {"wrong", "doubt", "fixed"};

	printf("\t%.*s\t%s\t%.*s", STR_FMT(v->value), extra, STR_FMT(v->suggestion));
	for (size_t i = 0; i < v->n; i++) {
		const struct finding *f = &v->findings[i];
		struct str code = reason_code(f->reason), reason = reason_name(f->reason);

		printf("\t%.*s/%.*s/%s", STR_FMT(code), STR_FMT(reason), weights[f->weight]);
	}
}

static void tell_id(const struct reference *ref, struct str kind, struct str value, struct arena *a)
{
	struct id_context context = {.today = today};
	struct id_number id;

	context.company = str_eq(kind, STR("company"));
	if (kind.n > 3 && !context.company)
		context.stated = id_type_find(str_span(kind.p + 3, kind.p + kind.n));
	id_number_check(ref, &context, value, a, &id);
	tell(&id.verdict, id_type_name(id.type).p);
}

static void tell_when(struct str kind, struct str value, struct arena *a)
{
	struct when_context context = {.today = today, .past = true};
	struct verdict v;

	context.birth = str_eq(kind, STR("birth"));
	context.time = str_eq(kind, STR("time"));
	when_check(&context, value, a, &v);
	tell(&v, "");
}

static void tell_address(const struct reference *ref, struct str value, struct arena *a)
{
	static const char *const names[ADDRESS_PARTS] = {
		"province", "city", "district", "address", "line1", "line2", "line3", "postcode"};
	struct str raw[ADDRESS_PARTS] = {0};
	struct address address;

	/* province|city|district|address|line1|line2|line3|postcode */
	for (int i = 0; i < ADDRESS_PARTS && str_cut(&value, '|', &raw[i]); i++)
		continue;
	address_check(ref, raw, a, &address);
	for (int i = 0; i < ADDRESS_PARTS; i++)
		if (address.part[i].value.n)
			tell(&address.part[i], names[i]);
}

static void tell_any(const struct reference *ref, struct str kind, struct str value,
		     struct arena *a)
{
	struct number_context number = {.max = 1e9};
	struct phone_number phone;
	struct person_name name;
	struct plate plate;
	struct verdict v;
	struct vin vin;

	if (str_starts(kind, STR("id")) || str_eq(kind, STR("company"))) {
		tell_id(ref, kind, value, a);
	} else if (str_eq(kind, STR("mobile"))) {
		mobile_check(ref, value, a, &phone);
		tell(&phone.verdict, "");
	} else if (str_eq(kind, STR("phone"))) {
		phone_check(ref, value, a, &phone);
		tell(&phone.verdict, phone.is_mobile ? "mobile" : "");
	} else if (str_eq(kind, STR("vin"))) {
		vin_check(ref, today, value, a, &vin);
		tell(&vin.verdict, str_printf(a, "%d%c", vin.model_year, 0).p);
	} else if (str_eq(kind, STR("plate"))) {
		plate_check(ref, value, a, &plate);
		tell(&plate.verdict, "");
	} else if (str_eq(kind, STR("name"))) {
		name_check(ref, PARTY_UNKNOWN, value, a, &name);
		tell(&name.verdict, name.party == PARTY_COMPANY ? "company" : "person");
	} else if (str_eq(kind, STR("email"))) {
		email_check(ref, value, a, &v);
		tell(&v, "");
	} else if (str_eq(kind, STR("number")) || str_eq(kind, STR("mileage"))) {
		number.whole = str_eq(kind, STR("mileage"));
		number_check(&number, value, a, &v);
		tell(&v, "");
	} else if (str_eq(kind, STR("text"))) {
		text_check(ref, false, value, a, &v);
		tell(&v, "");
	} else if (str_eq(kind, STR("postcode"))) {
		postcode_check(ref, STR(""), value, a, &v);
		tell(&v, "");
	} else if (str_eq(kind, STR("address"))) {
		tell_address(ref, value, a);
	} else {
		tell_when(kind, value, a);
	}
}

int main(int argc, char **argv)
{
	struct reference *ref;
	struct fault f = {0};
	struct arena a = {0};
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (argc != 3 || !date_is(str_of(argv[2]))) {
		fprintf(stderr, "usage: check_driver RULES-DIR YYYY-MM-DD <values >verdicts\n");
		return EXIT_USAGE;
	}
	today = date_day(str_of(argv[2]));
	if (!reference_load(&ref, argv[1], &f)) {
		fprintf(stderr, "%.*s\n", STR_FMT(buf_view(&f.text)));
		return f.status;
	}
	while ((n = getline(&line, &room, stdin)) > 0) {
		struct str value = {line, (size_t)n - (line[n - 1] == '\n')}, kind = value;
		const char *tab = memchr(line, '\t', value.n);

		if (!tab)
			continue;
		kind.n = (size_t)(tab - line);
		value = str_span(tab + 1, value.p + value.n);
		printf("%.*s\t%.*s", STR_FMT(kind), STR_FMT(value));
		tell_any(ref, kind, value, &a);
		putchar('\n');
		arena_reset(&a);
	}
	free(line);
	arena_release(&a);
	reference_free(ref);
	return EXIT_DONE;
}
