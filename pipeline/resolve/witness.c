/* From the fields of a record to the values that witnesses are compared by. */
#include "customer_key.h"
#include "date.h"
#include "digest.h"
#include "reading.h"
#include "text.h"

enum { ADDRESS_CHARACTERS = 6, COMPANY_CHARACTERS = 6 };

uint64_t witness_mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 32;
}

/* The field is part of the hash: a mobile and a phone of the same digits are not one value. */
uint64_t witness_hash(enum match_field field, struct str value)
{
	uint64_t hash = value.n ? witness_mix(hash64(value), field + 1) : 0;

	return value.n && !hash ? 1 : hash;
}

void reading_name(const struct reading *r, size_t i, const struct record *rec,
		  struct name_form *form, struct arena *a)
{
	bool company = str_eq(rec->v[F_CUSTOMER_TYPE], STR("company"));
	struct str surname = STR("");

	if (!rec->v[F_NAME].n)
		surname = reading_surname(r, i);
	if (surname.n)
		name_form_surname(form, surname, a);
	else
		name_form_make(form, &r->matching->words, rec->v[F_NAME], company, a);
}

struct str reading_identity(const struct record *rec, struct arena *a)
{
	return customer_identity(a, rec->v[F_ID_TYPE], rec->v[F_ID_NUMBER]);
}

int32_t record_birth_date(const struct record *rec)
{
	struct str number = rec->v[F_ID_NUMBER];
	char day[10];

	if (number.n == 18 && id_number_holds(number) &&
	    date_compact((struct str){ number.p + 6, 8 }, day))
		return date_day((struct str){ day, sizeof(day) });
	return date_day(rec->v[F_BIRTH_DATE]);
}

/* The sender's own number of the row, within its schema, sender and dealer. */
static uint64_t source_key_hash(const struct reading *r, const struct record *rec)
{
	ptrdiff_t file = reading_key_file(r, rec->v[F_RECORD_ID]);
	const struct scope *scope = file < 0 ? NULL : &r->scopes[file];

	if (!scope || scope->key == F_COUNT || !rec->v[scope->key].n)
		return 0;
	return witness_mix(witness_mix(scope->hash, hash64(rec->v[F_DEALER_CODE])),
			   witness_hash(MATCH_SOURCE_KEY, rec->v[scope->key]));
}

static struct str without_prefix(struct str s, struct str prefix)
{
	return prefix.n && str_starts(s, prefix) ? str_span(s.p + prefix.n, s.p + s.n) : s;
}

/* Letters, digits and ideographs alone: what people put between them differs. */
static struct str bare(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1), *end = to;

	for (size_t i = 0; i < s.n;) {
		size_t at = i;
		uint32_t c = utf8_next(s, &i);
		bool kept = text_is_han(c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');

		if (kept) {
			memcpy(end, s.p + at, i - at);
			end += i - at;
		}
	}
	return str_span(to, end);
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* An address says who lives there only with a house number. The region before the street is
 * left out, since half of the people leave it out; the city is told beside it. */
static uint64_t address_hash(const struct record *rec, struct arena *a)
{
	struct str street = text_fold_han(a, text_upper(a, rec->v[F_ADDRESS]));

	street = without_prefix(street, rec->v[F_PROVINCE]);
	street = without_prefix(street, rec->v[F_CITY]);
	street = without_prefix(street, rec->v[F_DISTRICT]);
	street = bare(street, a);
	if (utf8_count(street) < ADDRESS_CHARACTERS || !has_digit(street))
		return 0;
	return witness_mix(hash64(rec->v[F_CITY]), witness_hash(MATCH_ADDRESS, street));
}

static uint64_t company_hash(const struct name_form *form)
{
	bool whole = form->core.n && form->core.n < form->text.n &&
		     utf8_count(form->text) >= COMPANY_CHARACTERS;

	return whole ? witness_hash(MATCH_COMPANY, form->text) : 0;
}

/* The first of January is what people type who do not know the day. */
static uint64_t birth_hash(const struct record *rec)
{
	int32_t day = record_birth_date(rec);
	char text[10];

	if (day == INT32_MIN || (!rec->v[F_ID_NUMBER].n && str_ends(rec->v[F_BIRTH_DATE], STR("-01-01"))))
		return 0;
	date_text(day, text);
	return witness_hash(MATCH_BIRTH_DATE, (struct str){ text, sizeof(text) });
}

static uint64_t name_hash(const struct name_form *form)
{
	uint64_t hash = hash64(form->text);

	if (!form->text.n)
		return 0;
	return form->surname_only ? witness_mix(hash, 1) : hash;
}

static uint64_t value_of(const struct reading *r, const struct record *rec,
			 const struct name_form *form, enum match_field field, struct arena *a)
{
	switch (field) {
	case MATCH_SOURCE_KEY:
		return source_key_hash(r, rec);
	case MATCH_VIN:
		return witness_hash(field, rec->v[F_VIN]);
	case MATCH_MOBILE:
		return witness_hash(field, rec->v[F_MOBILE]);
	case MATCH_PHONE:
		return witness_hash(field, rec->v[F_PHONE]);
	case MATCH_EMAIL:
		return witness_hash(field, text_upper(a, rec->v[F_EMAIL]));
	case MATCH_PLATE:
		return witness_hash(field, rec->v[F_PLATE]);
	case MATCH_ADDRESS:
		return address_hash(rec, a);
	case MATCH_BIRTH_DATE:
		return birth_hash(rec);
	case MATCH_DEALER_CODE:
		return witness_hash(field, rec->v[F_DEALER_CODE]);
	case MATCH_COMPANY:
		return company_hash(form);
	default:
		return 0; /* a number that is like another needs both: likeness.h */
	}
}

void reading_witness(const struct reading *r, size_t i, const struct record *rec,
		     unsigned fields, struct witness *w, struct arena *a)
{
	reading_name(r, i, rec, &w->form, a);
	w->name = name_hash(&w->form);
	for (int field = 0; field < MATCH_FIELDS; field++)
		w->value[field] = fields >> field & 1 ?
					  value_of(r, rec, &w->form, (enum match_field)field, a) :
					  0;
}
