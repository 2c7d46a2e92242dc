#include "forgotten.h"

#include "date.h"
#include "id_number.h"
#include "number_bytes.h"
#include "person_name.h"
#include "phone_number.h"
#include "plain_value.h"
#include "text.h"

static const char *const forgotten_columns[] = { "hash", "forgotten_on", "key", NULL };
const struct table_def table_forgotten = { "forgotten", forgotten_columns, 0 };

enum { OLD_LENGTH = 15, MOBILE_LENGTH = 11, MIN_PHONE = 7 };
enum { MAX_HAN = 4, MAX_WORDS = 4, MAX_NAME = 40 }; /* of a name within a text: characters, words */

/* What tells one secret from another, and nothing of it. */
static struct str key_mark(const struct customer_key *key, struct arena *a)
{
	char *mark = arena_bytes(a, CUSTOMER_ID_LENGTH);

	customer_id_make(key, STR("key"), mark);
	return (struct str){ mark, CUSTOMER_ID_LENGTH };
}

bool forgotten_key_holds(const struct rowset *table, const struct customer_key *key, struct fault *f)
{
	struct arena a = { 0 };
	struct str mark = key_mark(key, &a);
	size_t others = 0;

	for (size_t i = 0; i < table->n; i++) {
		struct str theirs = rowset_value(table, i, FOR_KEY);

		others += theirs.n && !str_eq(theirs, mark);
	}
	arena_release(&a);
	if (!others)
		return true;
	fault_set(f, EXIT_USAGE, "customer_id.key of the rules is another one than when people were forgotten: "
				 "nobody could be kept out by it");
	fault_hint(f, "put the former key back; with another one every customer would get another customer_id");
	return false;
}

bool forgotten_load(struct forgotten *fg, const struct rowset *table, const char *rules_dir, struct fault *f)
{
	*fg = (struct forgotten){ 0 };
	for (size_t i = 0; i < table->n; i++)
		map_put(&fg->hashes, rowset_value(table, i, FOR_HASH), i, NULL);
	return !table->n || (customer_key_load(&fg->key, rules_dir, f) && forgotten_key_holds(table, &fg->key, f));
}

void forgotten_release(struct forgotten *fg)
{
	map_release(&fg->hashes);
	customer_key_release(&fg->key);
}

/* ---- what a row says, in the form that its hash is of ---- */

struct str number_as_cleaned(struct arena *a, struct str value)
{
	struct str code = text_code(a, value_undress(value));
	char *p = arena_alloc(a, code.n + 4);
	size_t n = 0;

	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] != '-')
			p[n++] = code.p[i];
	}
	if (n == OLD_LENGTH && str_is_digits((struct str){ p, n })) {
		memmove(p + 8, p + 6, n - 6);
		memcpy(p + 6, "19", 2);
		p[17] = (char)id_number_check_character(p);
		n = 18;
	}
	return (struct str){ p, n };
}

struct str number_of_before(struct arena *a, struct str number)
{
	if (number.n != 18 || !str_is_digits((struct str){ number.p, 17 }) || memcmp(number.p + 6, "19", 2) != 0)
		return STR("");
	return str_printf(a, "%.*s%.*s", 6, number.p, 9, number.p + 8);
}

struct str forgotten_phone(struct arena *a, struct str phone)
{
	struct str code = number_as_cleaned(a, phone);

	if (code.n > MOBILE_LENGTH && code.n <= MOBILE_LENGTH + 3)
		code = (struct str){ code.p + code.n - MOBILE_LENGTH, MOBILE_LENGTH };
	return code;
}

struct str forgotten_identity(struct arena *a, struct str id_number)
{
	return customer_identity(a, STR(""), number_as_cleaned(a, id_number));
}

/* False where a part is missing. */
static bool pair_identity(struct arena *a, const char *what, struct str name, struct str beside, struct str *identity)
{
	name = text_code(a, value_undress(name));
	if (!name.n || beside.n < MIN_PHONE)
		return false;
	*identity = str_printf(a, "%s:%.*s:%.*s", what, STR_FMT(name), STR_FMT(beside));
	return true;
}

enum { MAX_IDENTITIES = 4 };

/* Under what a row may be known. */
static size_t row_identities(const struct record *rec, struct str *identities, struct arena *a)
{
	size_t n = 0;
	struct str name = rec->v[F_NAME];

	if (rec->v[F_ID_NUMBER].n)
		identities[n++] = forgotten_identity(a, rec->v[F_ID_NUMBER]);
	n += pair_identity(a, "phone", name, forgotten_phone(a, rec->v[F_MOBILE]), &identities[n]);
	n += pair_identity(a, "phone", name, forgotten_phone(a, rec->v[F_PHONE]), &identities[n]);
	n += pair_identity(a, "vin", name, text_code(a, value_undress(rec->v[F_VIN])), &identities[n]);
	return n;
}

static struct str hash_of(const struct customer_key *key, struct str identity, struct arena *a)
{
	char *hash = arena_alloc(a, CUSTOMER_ID_LENGTH);

	customer_id_make(key, identity, hash);
	return (struct str){ hash, CUSTOMER_ID_LENGTH };
}

/* ---- asking ---- */

static bool is_forgotten(const struct forgotten *fg, struct str identity, struct arena *a)
{
	return map_get(&fg->hashes, hash_of(&fg->key, identity, a)) != NULL;
}

bool forgotten_number(const struct forgotten *fg, struct str id_number, struct arena *a)
{
	return id_number.n && is_forgotten(fg, forgotten_identity(a, id_number), a);
}

static bool has_identity(const struct forgotten *fg, const struct record *rec, struct arena *a)
{
	struct str identities[MAX_IDENTITIES];
	size_t n = row_identities(rec, identities, a);

	for (size_t i = 0; i < n; i++) {
		if (is_forgotten(fg, identities[i], a))
			return true;
	}
	return false;
}

/* The cells by which somebody is known as clean would leave them: O for 0, a title behind the name ... */
static struct record mended(const struct record *rec, const struct reference *reference, struct arena *a)
{
	const struct id_context context = { .today = date_day(rec->v[F_OBSERVED_ON]) };
	struct record as = *rec;
	struct id_number id;
	struct phone_number phone;
	struct person_name name;

	id_number_check(reference, &context, rec->v[F_ID_NUMBER], a, &id);
	as.v[F_ID_NUMBER] = id.verdict.value;
	mobile_check(reference, rec->v[F_MOBILE], a, &phone);
	as.v[F_MOBILE] = phone.verdict.value;
	phone_check(reference, rec->v[F_PHONE], a, &phone);
	as.v[F_PHONE] = phone.verdict.value;
	name_check(reference, PARTY_UNKNOWN, rec->v[F_NAME], a, &name);
	as.v[F_NAME] = name.verdict.value;
	return as;
}

bool forgotten_row(const struct forgotten *fg, const struct record *rec, const struct reference *reference,
		   struct arena *a)
{
	struct str number;

	if (has_identity(fg, rec, a) || forgotten_find(fg, rec->v[F_ID_NUMBER], &number, 1, a))
		return true;

	struct record as = mended(rec, reference, a);

	return has_identity(fg, &as, a);
}

/* ---- names beside phones ---- */

static bool is_beside(const struct forgotten *fg, struct str name, struct str phone, struct arena *a)
{
	struct str identity;

	return pair_identity(a, "phone", name, phone, &identity) && is_forgotten(fg, identity, a);
}

struct mention_search {
	const struct forgotten *fg;
	struct forgotten_mention *found;
	size_t n, most;
	struct arena *a;
};

static bool take_mention(struct mention_search *g, struct str name, struct str phone)
{
	if (g->n == g->most || !is_beside(g->fg, name, phone, g->a))
		return false;
	g->found[g->n++] = (struct forgotten_mention){ str_keep(g->a, name), str_keep(g->a, phone) };
	return true;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '\'' || c == '.';
}

/* Names that begin at `at`: two to four ideographs, or as many words as a name has. */
static bool take_name_at(struct mention_search *g, struct str text, size_t at, struct str phone)
{
	size_t i = at, length = 0, words = 1;

	while (i < text.n && length < MAX_NAME && words <= MAX_WORDS) {
		uint32_t c = utf8_next(text, &i);
		size_t next = i;
		bool han = text_is_han(c);

		if (!han && !is_letter(c) && !(c == ' ' && length))
			return false;
		length++;
		words += c == ' ';
		bool ends = i == text.n || !is_letter(utf8_next(text, &next));

		if (length > 1 && (han || (is_letter(c) && ends)) && take_mention(g, str_span(text.p + at, text.p + i), phone))
			return true;
		if (han && length == MAX_HAN)
			return false;
	}
	return false;
}

static void take_names(struct mention_search *g, struct str text, struct str phone)
{
	for (size_t i = 0, from = 0; i < text.n; from = i) {
		if (take_name_at(g, text, from, phone))
			return;
		utf8_next(text, &i);
	}
}

/* Each group of digits, with one or more that stand behind it: 139 7777 8888. */
static void take_phones(struct mention_search *g, struct str text)
{
	for (size_t at = 0; at < text.n; at++) {
		char digits[MOBILE_LENGTH + 3];
		size_t n = 0;

		if (!is_digit(text.p[at]) || (at && is_digit(text.p[at - 1])))
			continue;
		for (size_t i = at; i < text.n && (is_digit(text.p[i]) || is_filler(text.p[i])); i++) {
			if (is_digit(text.p[i]) && n == sizeof(digits))
				break;
			if (is_digit(text.p[i]))
				digits[n++] = text.p[i];
			if (n >= MIN_PHONE && is_digit(text.p[i]) && (i + 1 == text.n || !is_digit(text.p[i + 1])))
				take_names(g, text, forgotten_phone(g->a, (struct str){ digits, n }));
		}
	}
}

size_t forgotten_find_mentions(const struct forgotten *fg, const struct record *rec, struct forgotten_mention *found,
			       size_t most, struct arena *a)
{
	static const struct {
		enum field name, phone;
	} others[] = { { F_CONTACT_NAME, F_CONTACT_PHONE }, { F_RELATIVE_NAME, F_RELATIVE_MOBILE } };
	struct mention_search g = { fg, found, 0, most, a };

	for (size_t i = 0; i < 2; i++)
		take_mention(&g, rec->v[others[i].name], forgotten_phone(a, rec->v[others[i].phone]));
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		if (rec->v[i].n > MIN_PHONE + 2)
			take_phones(&g, text_clean(a, rec->v[i]));
	}
	return g.n;
}

/* ---- forgetting ---- */

static void add(const struct customer_key *key, struct str identity, struct str day, struct rowset *to,
		struct map *known, struct arena *a)
{
	struct str v[FOR_COLUMNS] = { hash_of(key, identity, a), day, key_mark(key, a) };
	bool added;

	map_put(known, v[FOR_HASH], to->n, &added);
	if (added)
		rowset_add(to, v);
}

void forgotten_add_number(const struct customer_key *key, struct str id_number, struct str day, struct rowset *to,
			  struct map *known, struct arena *a)
{
	add(key, forgotten_identity(a, id_number), day, to, known, a);
}

void forgotten_add_row(const struct customer_key *key, const struct record *rec, struct str day, struct rowset *to,
		       struct map *known, struct arena *a)
{
	struct str identities[MAX_IDENTITIES];
	size_t n = row_identities(rec, identities, a);

	for (size_t i = 0; i < n; i++)
		add(key, identities[i], day, to, known, a);
}
