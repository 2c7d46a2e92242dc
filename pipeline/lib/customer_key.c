#include "customer_key.h"

#include "digest.h"
#include "id_number.h"
#include "infile.h"

enum { MIN_SECRET = 32, PERMIT_HOLDER = 9 /* letter and eight digits: the person */ };

static bool shorter_secret(struct fault *f, const char *path)
{
	fault_add(f, EXIT_USAGE, "%s: the key has fewer than %d characters", path, MIN_SECRET);
	fault_hint(f, "make one with `openssl rand -hex 32 > %s` before the first run, and keep it: "
		      "with another key every customer gets another customer_id", path);
	return false;
}

/* What cannot be read is a mistake in the rules, as in their other files. */
static bool unreadable_key(struct fault *f, struct fault *reading)
{
	fault_add(f, EXIT_USAGE, "%.*s", STR_FMT(str_trim(buf_view(&reading->text))));
	fault_release(reading);
	return false;
}

bool customer_key_load(struct customer_key *key, const char *rules_dir, struct fault *f)
{
	static const struct infile_limits limits = { .max_bytes = 4096, .max_ratio = 0 };
	const char *path;
	struct infile in;
	struct fault reading = { 0 };
	struct str rest, line;

	*key = (struct customer_key){ 0 };
	path = str_keepz(&key->arena, str_printf(&key->arena, "%s/customer_id.key", rules_dir));
	if (!infile_open(&in, path, false, limits, &reading))
		return unreadable_key(f, &reading);
	rest = in.bytes;
	if (str_cut(&rest, '\n', &line))
		key->secret = str_keep(&key->arena, str_trim(line));
	infile_close(&in);
	return key->secret.n >= MIN_SECRET || shorter_secret(f, path);
}

bool customer_key_check(const char *rules_dir, struct fault *f)
{
	struct customer_key key;
	bool ok = customer_key_load(&key, rules_dir, f);

	customer_key_release(&key);
	return ok;
}

void customer_key_release(struct customer_key *key)
{
	arena_release(&key->arena);
	*key = (struct customer_key){ 0 };
}

/* A USCC has eighteen characters like a resident's number, and no birth date that holds. */
static bool is_uscc(enum id_type type, struct str number)
{
	return number.n == 18 &&
	       (type == ID_TYPE_USCC || (type == ID_TYPE_NONE && !id_number_holds(number)));
}

/* H or M, eight digits for the person, two for how often the permit was renewed. */
static bool is_renewed_permit(struct str number)
{
	return number.n == PERMIT_HOLDER + 2 && (number.p[0] == 'H' || number.p[0] == 'M') &&
	       str_is_digits(str_span(number.p + 1, number.p + number.n));
}

struct str customer_identity(struct arena *a, struct str id_type, struct str id_number)
{
	struct str number = id_number;

	if (!number.n)
		return STR("");
	if (is_uscc(id_type_find(id_type), number))
		number = id_number_key(ID_TYPE_USCC, number);
	else if (is_renewed_permit(number))
		number.n = PERMIT_HOLDER;
	return str_printf(a, "number:%.*s", STR_FMT(number));
}

void customer_id_make(const struct customer_key *key, struct str identity,
		      char out[CUSTOMER_ID_LENGTH])
{
	unsigned char hash[32];

	hmac_sha256(key->secret, identity, hash);
	hex_of(hash, CUSTOMER_ID_LENGTH / 2, out);
}
