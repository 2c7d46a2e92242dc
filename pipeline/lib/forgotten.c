#include "forgotten.h"

#include "id_number.h"
#include "plain_value.h"
#include "text.h"

#include <iconv.h>

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

bool forgotten_row(const struct forgotten *fg, const struct record *rec, struct arena *a)
{
	struct str identities[MAX_IDENTITIES], number;
	size_t n = row_identities(rec, identities, a);

	for (size_t i = 0; i < n; i++) {
		if (is_forgotten(fg, identities[i], a))
			return true;
	}
	return forgotten_find(fg, rec->v[F_ID_NUMBER], &number, 1, a) > 0;
}

/* Runs of 15 digits, or of 17 and a check character, are ID numbers; zeros between are UTF-16. */
size_t forgotten_find(const struct forgotten *fg, struct str bytes, struct str *numbers, size_t most, struct arena *a)
{
	char run[19];
	size_t length = 0, found = 0;

	for (size_t i = 0; i <= bytes.n && found < most; i++) {
		char c = i < bytes.n ? bytes.p[i] : ' ';
		bool check = length == 17 && (c == 'x' || c == 'X');

		if (c == '\0' && i < bytes.n)
			continue;
		if ((c >= '0' && c <= '9') || check) {
			if (length < sizeof(run))
				run[length++] = check ? 'X' : c;
			continue;
		}
		if ((length == OLD_LENGTH || length == 18) && forgotten_number(fg, (struct str){ run, length }, a))
			numbers[found++] = str_keep(a, (struct str){ run, length });
		length = 0;
	}
	return found;
}

/* ---- names beside phones ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_filler(char c)
{
	return c == '\0' || c == ' ' || c == '-';
}

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

/* How many bytes a character takes that is there as it is, or of full width (clean makes these the
 * plain ones) in UTF-8, GB18030 or UTF-16; 0: it is another one. */
static size_t width_of(const char *bytes, size_t n, char c)
{
	const unsigned char *b = (const unsigned char *)bytes;
	unsigned char full = (unsigned char)(c - 0x20); /* U+FF00 and this */

	if ((*bytes >= 'a' && *bytes <= 'z' ? (char)(*bytes - 'a' + 'A') : *bytes) == c)
		return 1;
	if (c <= ' ' || n < 2)
		return 0;
	if ((b[0] == 0xA3 && b[1] == (unsigned char)(c | 0x80)) || (b[0] == full && b[1] == 0xFF) ||
	    (b[0] == 0xFF && b[1] == full))
		return 2;
	return n >= 3 && b[0] == 0xEF && b[1] == 0xBC + (full >> 6) && b[2] == (0x80 | (full & 0x3F)) ? 3 : 0;
}

/* How many bytes a space or dash takes, in the same ways. */
static size_t filler_width(const char *bytes, size_t n)
{
	static const struct str full[] = { STR_INIT("\xE3\x80\x80"), STR_INIT("\xEF\xBC\x8D"), STR_INIT("\xA1\xA1"),
					   STR_INIT("\xA3\xAD"), STR_INIT("\x0D\xFF"), STR_INIT("\xFF\x0D") };

	for (size_t i = 0; i < sizeof(full) / sizeof(full[0]); i++) {
		if (str_starts((struct str){ bytes, n }, full[i]))
			return full[i].n;
	}
	return is_filler(*bytes);
}

/* Told quickly, since it is asked of each byte. */
static inline bool can_begin(const char *bytes, size_t n, char c)
{
	return ((*bytes ^ c) & 0x5F) == 0 || *bytes == '\xA3' || *bytes == '\xEF' || *bytes == '\xFF' ||
	       (n > 1 && bytes[1] == '\xFF');
}

/* Where a match of the number that begins at `at` ends, or 0. */
static size_t match_end(const char *bytes, size_t n, size_t at, struct str number)
{
	size_t i = at, d = 0;

	while (i < n && d < number.n) {
		size_t width = width_of(bytes + i, n - i, number.p[d]);

		if (width)
			d++;
		else if (d == 0 || !(width = filler_width(bytes + i, n - i)))
			return 0;
		i += width;
	}
	return d == number.n ? i : 0;
}

bool forgotten_holds(struct str bytes, struct str number)
{
	for (size_t at = 0; number.n && at < bytes.n; at++) {
		if (can_begin(bytes.p + at, bytes.n - at, number.p[0]) && match_end(bytes.p, bytes.n, at, number))
			return true;
	}
	return false;
}

/* Zeros of UTF-16 stay, and a half of what is of full width becomes one. */
static void blank(char *bytes, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++) {
		if (bytes[i])
			bytes[i] = bytes[i] == '\xFF' ? '\0' : ' ';
	}
}

size_t forgotten_overwrite(char *bytes, size_t n, struct str number)
{
	size_t times = 0;

	for (size_t at = 0; number.n && at < n; at++) {
		size_t end = can_begin(bytes + at, n - at, number.p[0]) ? match_end(bytes, n, at, number) : 0;

		blank(bytes, at, end);
		times += end > 0;
	}
	return times;
}

/* Where what is dialled before a phone begins: the country, or a zero. */
static size_t dialled_from(const char *bytes, size_t at)
{
	static const struct str before[] = { STR_INIT("6800"), STR_INIT("68+"), STR_INIT("68"), STR_INIT("0") };

	for (size_t k = 0; k < sizeof(before) / sizeof(before[0]); k++) {
		size_t i = at, d = 0;

		while (i > 0 && d < before[k].n && (bytes[i - 1] == before[k].p[d] || is_filler(bytes[i - 1]))) {
			i--;
			d += bytes[i] == before[k].p[d];
		}
		if (d == before[k].n && (i == 0 || !is_digit(bytes[i - 1])))
			return i;
	}
	return at;
}

size_t forgotten_overwrite_phone(char *bytes, size_t n, struct str phone)
{
	size_t times = 0;

	for (size_t at = 0; phone.n && at < n; at++) {
		size_t end = match_end(bytes, n, at, phone);

		if (end)
			blank(bytes, dialled_from(bytes, at), end);
		times += end > 0;
	}
	return times;
}

size_t forgotten_overwrite_number(char *bytes, size_t n, const struct forgotten_person *is)
{
	return forgotten_overwrite(bytes, n, is->number) + forgotten_overwrite(bytes, n, is->old_number);
}

static const char *const encodings[FORGOTTEN_SPELLINGS] = { "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" };

/* The bytes of a text in an encoding; empty where it has none. */
static struct str encoded(struct arena *a, struct str name, const char *encoding)
{
	iconv_t to = iconv_open(encoding, "UTF-8");
	char *in = (char *)name.p, *out = arena_alloc(a, name.n * 4 + 1), *end = out;
	size_t n_in = name.n, room = name.n * 4 + 1;

	bool known = to != (iconv_t)-1, ok = known && iconv(to, &in, &n_in, &end, &room) != (size_t)-1;

	if (known)
		iconv_close(to);
	return ok ? str_span(out, end) : STR("");
}

void forgotten_spell(struct str name, struct str spellings[FORGOTTEN_SPELLINGS], struct arena *a)
{
	for (size_t i = 0; i < FORGOTTEN_SPELLINGS; i++) {
		struct str bytes = encoded(a, name, encodings[i]);
		char *p = arena_alloc(a, bytes.n + 1);
		size_t n = 0;

		for (size_t k = 0; k < bytes.n; k++) {
			char c = bytes.p[k];

			if (!is_filler(c))
				p[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		}
		spellings[i] = (struct str){ p, n };
	}
}

static bool is_own_phone(const struct record *rec, struct str phone, struct arena *a)
{
	return str_eq(forgotten_phone(a, rec->v[F_MOBILE]), phone) || str_eq(forgotten_phone(a, rec->v[F_PHONE]), phone);
}

static size_t overwrite_mention(char *bytes, size_t n, const struct forgotten_mention *m, bool name, struct arena *a)
{
	struct str spellings[FORGOTTEN_SPELLINGS];
	size_t times = 0;

	if (!name)
		return forgotten_overwrite_phone(bytes, n, m->phone);
	forgotten_spell(m->name, spellings, a);
	for (size_t i = 0; i < FORGOTTEN_SPELLINGS; i++)
		times += forgotten_overwrite(bytes, n, spellings[i]);
	return times;
}

void forgotten_clear_mention(struct record *rec, char *bytes, size_t n, const struct forgotten_mention *m, struct arena *a)
{
	bool name = is_own_phone(rec, m->phone, a);

	overwrite_mention(bytes, n, m, name, a);
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		char *copy = str_keepz(a, rec->v[i]);

		if (rec->v[i].n && overwrite_mention(copy, rec->v[i].n, m, name, a))
			rec->v[i] = str_trim((struct str){ copy, rec->v[i].n });
	}
}

void forgotten_clear_number(struct record *rec, char *bytes, size_t n, struct str number, struct arena *a)
{
	forgotten_overwrite(bytes, n, number);
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		if (rec->v[i].n < number.n)
			continue;
		char *copy = str_keepz(a, rec->v[i]);

		if (forgotten_overwrite(copy, rec->v[i].n, number))
			rec->v[i] = str_trim((struct str){ copy, rec->v[i].n });
	}
}
