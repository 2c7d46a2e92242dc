#include "fingerprint.h"

#include "book.h"
#include "digest.h"
#include "infile.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

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
	return name.n && name.p[0] == '.';
}

static void add_number(struct buf *b, uint64_t n)
{
	buf_add(b, &n, sizeof(n));
}

/* Names and contents of all files below a folder, in the order of names. */
static bool add_folder(struct buf *b, struct arena *a, const char *dir, struct fault *f)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, NULL, alphasort);

	if (n < 0)
		return fault_errno(f, "read the folder", dir);
	for (int i = 0; i < n; i++) {
		const char *path = str_keepz(a, str_printf(a, "%s/%s", dir, entries[i]->d_name));
		struct infile in;
		struct stat st;

		if (!fault_is(f) && !of_whole_customers(str_of(entries[i]->d_name))) {
			buf_str(b, str_of(entries[i]->d_name));
			if (stat(path, &st) != 0) {
				fault_errno(f, "look at", path);
			} else if (S_ISDIR(st.st_mode)) {
				add_folder(b, a, path, f);
			} else if (infile_open(&in, path, false, (struct infile_limits){ 0 }, f)) {
				struct hash128 h = hash128(in.bytes);

				add_number(b, h.lo);
				add_number(b, h.hi);
				infile_close(&in);
			}
		}
		free(entries[i]);
	}
	free(entries);
	return !fault_is(f);
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
		add_folder(&b, &r->book->arena, rules, &trouble);
	struct hash128 h = hash128(buf_view(&b));

	r->book->fingerprint = str_printf(&r->book->arena, "%016llx%016llx", (unsigned long long)h.lo,
					  (unsigned long long)h.hi);
	buf_release(&b);
	book_trouble(r, &trouble);
	return r->book->fingerprint;
}
