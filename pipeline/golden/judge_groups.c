/*
 * What is not decided for one attribute alone: the parts of an address win together, the
 * type of a document goes with its number, and a resident number tells gender and birth date.
 */
#include "judge.h"

#include "id_number.h"

/* What that witness says; a list is in the order of its witnesses. */
static const struct observation *observation_by(const struct observations *of, uint32_t witness)
{
	size_t low = 0, high = of->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (of->list[middle].witness < witness)
			low = middle + 1;
		else
			high = middle;
	}
	return low < of->n && of->list[low].witness == witness ? &of->list[low] : NULL;
}

static const enum field address_group[] = { F_PROVINCE, F_CITY,	    F_DISTRICT, F_ADDRESS,
					    F_POSTCODE, F_ADDRESS1, F_ADDRESS2, F_ADDRESS3 };

#define EACH_OF_ADDRESS(member)                                                           \
	for (const enum field *member = address_group;                                    \
	     member < address_group + sizeof(address_group) / sizeof(*address_group); member++)

/* Without any full address: the witness that stands first of those who give a part. */
static bool first_with_a_part(const struct golden_case *c, uint32_t *witness)
{
	bool found = false;

	EACH_OF_ADDRESS(member)
	{
		for (size_t i = 0; i < c->of[*member].n; i++) {
			uint32_t w = c->of[*member].list[i].witness;

			if (!found || golden_before(c, F_ADDRESS, w, *witness))
				*witness = w;
			found = true;
		}
	}
	return found;
}

/*
 * The parts of an address come from one record: the one whose `address` is the true one. A
 * record with a part only (a province, a post code) can't win over one with an address.
 */
void judge_address(struct golden_case *c)
{
	uint32_t witness = c->golden[F_ADDRESS].witness;
	enum golden_rule rule = c->golden[F_ADDRESS].rule;

	if (rule == GOLDEN_NONE) {
		if (!first_with_a_part(c, &witness))
			return;
		rule = GOLDEN_FOLLOW;
	}
	EACH_OF_ADDRESS(member)
	{
		const struct observation *o = observation_by(&c->of[*member], witness);

		if (o && *member != F_ADDRESS)
			judge_set(c, *member, rule, o, STANDING_OUTRANKED);
	}
}

/* The type is that of the winning number; if its own record says none, another record with
 * the same number may. */
void judge_id_type(struct golden_case *c)
{
	const struct golden *number = &c->golden[F_ID_NUMBER];
	const struct observations *types = &c->of[F_ID_TYPE];
	const struct observation *own = observation_by(types, number->witness), *best = own;

	if (number->rule == GOLDEN_NONE)
		return;
	for (size_t i = 0; !own && i < types->n; i++) {
		const struct observation *o = observation_by(&c->of[F_ID_NUMBER],
							     types->list[i].witness);

		if (!o || !str_eq(o->value, number->value))
			continue;
		if (!best || golden_before(c, F_ID_NUMBER, o->witness, best->witness))
			best = &types->list[i];
	}
	if (best)
		judge_set(c, F_ID_TYPE, number->rule, best, STANDING_OUTRANKED);
}

/* A resident number, also where no record says its type: its shape and check character. */
bool golden_is_resident(struct str id_type, struct str id_number)
{
	if (id_number.n != 18 || id_number.p[0] == '9' || !id_number_holds(id_number))
		return false;
	return id_type.n == 0 || str_eq(id_type, STR("resident"));
}

static void derive(struct golden_case *c, enum field attribute, struct str value)
{
	struct observations *of = &c->of[attribute];
	uint32_t candidates = judge_distinct(c, of);
	bool known = false;

	for (size_t i = 0; i < of->n; i++) {
		bool same = str_eq(of->list[i].value, value);

		known |= same;
		of->list[i].standing = same ? STANDING_TRUE : STANDING_OUTRANKED;
	}
	c->golden[attribute] = (struct golden){ GOLDEN_DERIVED, value,
						c->golden[F_ID_NUMBER].witness,
						candidates + !known };
}

void judge_derived(struct golden_case *c)
{
	struct str number = c->golden[F_ID_NUMBER].value;
	char *b = c->birth_date;

	if (!golden_is_resident(c->golden[F_ID_TYPE].value, number))
		return;
	memcpy(b, number.p + 6, 4);
	memcpy(b + 5, number.p + 10, 2);
	memcpy(b + 8, number.p + 12, 2);
	b[4] = b[7] = '-';
	derive(c, F_GENDER, number.p[16] % 2 ? STR("M") : STR("F"));
	derive(c, F_BIRTH_DATE, (struct str){ b, 10 });
}

enum field golden_leader(enum entity entity, enum field attribute)
{
	if (entity != ENTITY_CUSTOMER)
		return attribute;
	EACH_OF_ADDRESS(member)
	{
		if (*member == attribute)
			return F_ADDRESS;
	}
	return attribute == F_ID_TYPE ? F_ID_NUMBER : attribute;
}
