/* See book.h and include/run.h. */
#include "book.h"

#include "date.h"
#include "infile.h"
#include "outfile.h"
#include "returns.h"
#include "spill.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef YICE_DATA_DIR
#define YICE_DATA_DIR "/usr/local/share/yice"
#endif

static const char *const date_columns[] = { "business_date", NULL };
static const struct table_def table_date = { "extract/run", date_columns, 0 };

void book_open(struct run *r)
{
	r->book = xcalloc(1, sizeof(*r->book));
	r->book->out = r->opt.out ? r->opt.out : ".";
	r->book->state.lock = -1;
	r->book->later = later_new();
	book_spill(r, r->opt.out);
}

void book_spill(struct run *r, const char *folder)
{
	spill_begin(folder, r->opt.memory ? r->opt.memory : memory_of_machine() / 2);
}

bool book_written(struct run *r, struct fault *f)
{
	return later_wait(r->book->later, f);
}

void book_trouble(struct run *r, struct fault *trouble)
{
	if (fault_is(trouble))
		fault_set(&r->book->trouble, trouble->status, "%.*s", STR_FMT(buf_view(&trouble->text)));
	fault_release(trouble);
}

bool book_sound(struct run *r, struct fault *f)
{
	const struct fault *trouble = &r->book->trouble;

	return !fault_is(trouble) || fault_set(f, trouble->status, "%.*s", STR_FMT(buf_view(&trouble->text)));
}

void book_close(struct run *r)
{
	struct book *b = r->book;

	later_free(b->later); /* it may still write what goes below */
	analysis_close(b->analysis);
	judged_forget(r);
	carried_release(&b->carried);
	dataset_release(&b->all);
	if (b->have_decisions)
		rowset_release(&b->decisions);
	book_tables_release(b);
	received_close(b->received);
	if (b->have_state)
		state_close(&b->state);
	if (b->have_codes)
		codes_release(&b->codes);
	if (b->have_schemas)
		schemas_release(&b->schemas);
	reference_free(b->reference);
	if (b->private_dir) {
		struct fault ignored = { 0 };

		remove_tree(b->private_dir, &ignored);
		fault_release(&ignored);
	}
	fault_release(&b->trouble);
	arena_release(&b->arena);
	free(b);
	r->book = NULL;
}

/* ---- rules, schemas, codes ---- */

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Beside the executable's tree (build/yice -> rules/), else where they were installed. */
static const char *data_dir(struct run *r, const char *name)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	for (int up = 0; n > 0 && up < 3; up++) {
		while (n > 0 && exe[n - 1] != '/')
			n--;
		const char *path = str_keepz(&r->book->arena,
					     str_printf(&r->book->arena, "%.*s%s", (int)n, exe, name));
		if (n > 0 && is_folder(path))
			return path;
		if (n > 0)
			n--;
	}
	return str_keepz(&r->book->arena, str_printf(&r->book->arena, YICE_DATA_DIR "/%s", name));
}

static const char *existing_dir(const char *path, const char *what, struct fault *f)
{
	if (is_folder(path))
		return path;
	fault_set(f, EXIT_USAGE, "there is no folder of %s at %s", what, path);
	fault_hint(f, "name it with --%s DIR", what);
	return NULL;
}

const char *run_rules_dir(struct run *r, struct fault *f)
{
	if (!r->book->rules)
		r->book->rules = existing_dir(r->opt.rules ? r->opt.rules : data_dir(r, "rules"), "rules", f);
	return r->book->rules;
}

const struct codes *run_codes(struct run *r, struct fault *f)
{
	struct book *b = r->book;
	const char *dir = run_rules_dir(r, f);

	if (!b->have_codes && dir)
		b->have_codes = codes_load(&b->codes, dir, f);
	return b->have_codes ? &b->codes : NULL;
}

const struct schemas *run_schemas(struct run *r, struct fault *f)
{
	struct book *b = r->book;

	if (b->have_schemas)
		return &b->schemas;
	b->schemas_dir = existing_dir(r->opt.schemas ? r->opt.schemas : data_dir(r, "schemas"), "schemas", f);
	if (b->schemas_dir)
		b->have_schemas = schemas_load(&b->schemas, b->schemas_dir, f);
	return b->have_schemas ? &b->schemas : NULL;
}

const struct reference *run_reference(struct run *r, struct fault *f)
{
	struct book *b = r->book;
	const char *dir = run_rules_dir(r, f);

	if (!b->reference && dir && !reference_load(&b->reference, dir, f))
		b->reference = NULL;
	return b->reference;
}

const struct rowset *run_carried_quality(const struct run *r)
{
	return r->book->carried.is ? &r->book->carried.quality : NULL;
}

/* ---- the business date ---- */

static struct str today(struct arena *a)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	return str_printf(a, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

struct str run_date(struct run *r)
{
	struct book *b = r->book;
	struct fault trouble = { 0 };

	if (!b->date.n && r->opt.date)
		b->date = str_of(r->opt.date);
	if (!b->date.n && r->opt.in) {
		const struct rowset *rs = run_table(r, &table_date, true, &trouble);

		if (rs && rs->n && date_is(rowset_value(rs, 0, 0)))
			b->date = rowset_value(rs, 0, 0);
	}
	if (!b->date.n)
		b->date = today(&b->arena);
	book_trouble(r, &trouble);
	return b->date;
}

/* What the run.json in --in tells of a member, as it stands there; "" where it tells nothing. */
static bool told_by_run(struct run *r, struct str member, struct str *value, struct fault *f)
{
	const char *path = run_in_path(r, "run.json");
	struct infile in;
	struct str rest, line;

	*value = STR("");
	if (!file_exists(path))
		return true;
	if (!infile_open(&in, path, true, (struct infile_limits){ 0 }, f))
		return false;
	rest = in.bytes;
	while (!value->n && str_cut(&rest, '\n', &line)) {
		line = str_trim(line);
		if (str_starts(line, member) && str_ends(line, STR(",")))
			*value = str_keep(&r->book->arena, str_span(line.p + member.n, line.p + line.n - 1));
	}
	infile_close(&in);
	return true;
}

bool run_number(struct run *r, uint32_t *number, struct fault *f)
{
	struct str value;
	uint64_t told = 0;

	*number = r->chained ? r->book->state.run + !r->forgotten : 0;
	if (r->chained)
		return true;
	if (!told_by_run(r, STR("\"run\": "), &value, f))
		return false;
	if (value.n && str_u64(value, &told))
		*number = (uint32_t)told;
	return true;
}

bool run_is_remembered(struct run *r, bool *is, struct fault *f)
{
	const struct state *s = &r->book->state;
	struct str date;
	uint32_t number;

	*is = r->forgotten;
	if (r->chained)
		return true;
	if (!book_state(r, f) || !run_number(r, &number, f) || !told_by_run(r, STR("\"business_date\": "), &date, f))
		return false;
	*is = number && s->run && str_eq(date, str_printf(&r->book->arena, "\"%.*s\"", STR_FMT(s->date))) &&
	      number <= s->run;
	return true;
}

bool run_put_date(struct run *r, struct fault *f)
{
	struct rowset rs;
	struct str date = run_date(r);

	rowset_init(&rs, &table_date);
	rowset_add(&rs, &date);
	return run_put(r, &rs, f);
}
