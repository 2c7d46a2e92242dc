#include "fingerprint.h"

#include "book.h"
#include "digest.h"
#include "infile.h"
#include "outfile.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool is_hidden(struct str name)
{
	return name.n && name.p[0] == '.';
}

static bool of_whole_customers(struct str name)
{
	static const struct str names[] = {
		STR_INIT("source_priority.csv"), STR_INIT("change.csv"),     STR_INIT("matching.csv"),
		STR_INIT("alerts.csv"),		 STR_INIT("followup.csv"),   STR_INIT("customer_id.key"),
		STR_INIT("ownership.csv"),
		STR_INIT("README.md"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq(name, names[i]))
			return true;
	}
	return is_hidden(name);
}

/* What no run reads, or what tells of each run by itself. */
static bool of_no_result(struct str name)
{
	return is_hidden(name) || str_starts(name, STR("manifest.")) || str_eq(name, STR("lock")) ||
	       str_eq(name, STR("README.md"));
}

static void add_number(struct buf *b, uint64_t n)
{
	buf_add(b, &n, sizeof(n));
}

static void add_file(struct buf *b, const char *path, struct fault *f)
{
	struct infile in;

	if (!infile_open(&in, path, false, (struct infile_limits){ 0 }, f))
		return;
	struct hash128 h = hash128(in.bytes);

	add_number(b, h.lo);
	add_number(b, h.hi);
	infile_close(&in);
}

enum depth { FILES_ONLY, ALL_BELOW };

/* Names and contents of the files of a folder but those left out, in the order of names. */
static bool add_folder(struct buf *b, struct arena *a, const char *dir, enum depth depth,
		       bool (*left_out)(struct str name), struct fault *f)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, NULL, alphasort);

	if (n < 0)
		return fault_errno(f, "read the folder", dir);
	for (int i = 0; i < n; i++) {
		const char *path = str_keepz(a, str_printf(a, "%s/%s", dir, entries[i]->d_name));
		struct stat st = { 0 };

		if (!fault_is(f) && !left_out(str_of(entries[i]->d_name)) &&
		    (stat(path, &st) == 0 || fault_errno(f, "look at", path)) &&
		    (depth == ALL_BELOW || !S_ISDIR(st.st_mode))) {
			buf_str(b, str_of(entries[i]->d_name));
			if (S_ISDIR(st.st_mode))
				add_folder(b, a, path, depth, left_out, f);
			else
				add_file(b, path, f);
		}
		free(entries[i]);
	}
	free(entries);
	return !fault_is(f);
}

/* Of what was gathered, which goes. */
static struct str digits_of(struct run *r, struct buf *b)
{
	struct hash128 h = hash128(buf_view(b));

	buf_release(b);
	return str_printf(&r->book->arena, "%016llx%016llx", (unsigned long long)h.lo, (unsigned long long)h.hi);
}

struct str fingerprint_of(struct run *r)
{
	struct fault trouble = { 0 };
	const char *rules = run_rules_dir(r, &trouble);
	const struct schemas *schemas = run_schemas(r, &trouble);
	struct buf b = { 0 };

	if (r->book->fingerprint.n)
		return r->book->fingerprint;
	buf_str(&b, STR(YICE_VERSION));
	add_number(&b, r->opt.lang);
	if (schemas) {
		add_number(&b, schemas->fingerprint.lo);
		add_number(&b, schemas->fingerprint.hi);
	}
	if (rules)
		add_folder(&b, &r->book->arena, rules, ALL_BELOW, of_whole_customers, &trouble);
	r->book->fingerprint = digits_of(r, &b);
	book_trouble(r, &trouble);
	return r->book->fingerprint;
}

/* Which files came and what they are, not how many of their rows were new. */
static bool add_ledger(struct buf *b, struct run *r, struct fault *f)
{
	static const int told[] = { LED_FILE, LED_SOURCE, LED_SENDER, LED_SHA256, LED_ROWS, LED_STATUS, LED_REASON };
	const struct rowset *ledger = run_table(r, &table_ledger, false, f);

	for (size_t i = 0; ledger && i < ledger->n; i++) {
		for (size_t c = 0; c < sizeof(told) / sizeof(told[0]); c++) {
			struct str value = rowset_value(ledger, i, told[c]);

			add_number(b, value.n);
			buf_str(b, value);
		}
	}
	return ledger != NULL;
}

bool fingerprint_of_all(struct run *r, struct str *whole, struct fault *f)
{
	struct arena *a = &r->book->arena;
	struct state *state = &r->book->state;
	const char *rules = run_rules_dir(r, f), *program = "/proc/self/exe";
	struct buf b = { 0 };
	bool ok;

	*whole = STR("");
	if (!file_exists(program))
		return true;
	run_schemas(r, f);
	add_number(&b, r->opt.lang);
	buf_str(&b, run_date(r));
	add_file(&b, program, f);
	ok = !fault_is(f) && rules && add_folder(&b, a, rules, ALL_BELOW, of_no_result, f) &&
	     add_folder(&b, a, r->book->schemas_dir, ALL_BELOW, of_no_result, f) &&
	     add_folder(&b, a, state->dir, FILES_ONLY, of_no_result, f) &&
	     add_folder(&b, a, state_next_kept_dir(state), ALL_BELOW, of_no_result, f) && add_ledger(&b, r, f);
	*whole = digits_of(r, &b);
	return ok;
}
