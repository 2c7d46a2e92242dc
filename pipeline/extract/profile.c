/*
 * profile: an export that nobody has seen before in; what it holds out, and a schema for it.
 *
 * Comes in: one file, text or workbook. Goes out: the schema proposal (standard output, or
 * --out FILE) with what is known of each column in its notes, and the same as a table for
 * the eye. A file without a header row is refused. Never: shows a value that may be a person's;
 * patterns stand for them.
 */
#include "stage.h"

#include "encoding.h"
#include "inbox.h"
#include "profile.h"
#include "workbook.h"

#include "destination.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what the file is ---- */

static void know_headers(struct profiling *p)
{
	for (size_t s = 0; s < p->schemas->n; s++) {
		const struct schema *schema = &p->schemas->list[s];

		for (size_t i = 0; i < schema->n_columns && !schema->corrections; i++)
			for (size_t k = 0; k < schema->columns[i].n_headers; k++)
				map_put(&p->known, schema->columns[i].keys[k], s << 32 | i, NULL);
	}
}

/* No header is known: the delimiter that cuts most lines into as many pieces as the line
 * before them, and the first of those lines. */
static void guess_layout(struct profiling *p)
{
	static const char delimiters[] = { ',', '\t', ';', '|' };
	size_t best = 0;

	for (size_t d = 0; d < sizeof(delimiters); d++) {
		struct splitter s = { .text = p->text, .max_row = p->limits->max_row_bytes,
				      .dialect = { delimiters[d], splitter_line_end(p->text), false } };
		struct layout first = { .dialect = s.dialect };
		size_t alike = 0, from = 0;
		struct str row;
		enum split split;

		for (; s.row < p->limits->max_header_lines &&
		       (split = splitter_next(&s, &row)) != SPLIT_END; from = s.at) {
			struct layout l = { s.dialect, from, s.at, s.row, 0, NULL, 0 };

			if (split != SPLIT_ROW || !layout_cells(&s.dialect, p->encoding, row, 10000,
								&l.cells, &l.n, &p->arena))
				continue;
			if (l.n == first.n) {
				alike++;
			} else if (l.n > first.n) {
				first = l;
				alike = 0;
			}
		}
		if (first.n > 1 && alike * first.n > best) {
			best = alike * first.n;
			p->layout = first;
		}
	}
}

static bool find_layout(struct profiling *p)
{
	if (layout_find(&p->layout, p->text, p->encoding, &p->known, p->limits, &p->arena))
		return true;
	p->layout.n = 0;
	guess_layout(p);
	return p->layout.n > 0;
}

struct sheet_search {
	struct sheet_taker taker;
	struct profiling *p;
};

static bool try_sheet(struct sheet_taker *taker, struct str sheet, struct buf *image)
{
	struct profiling *p = ((struct sheet_search *)taker)->p;

	(void)sheet;
	p->text = buf_view(image);
	if (!find_layout(p))
		return false;
	p->sheet = *image;
	*image = (struct buf){ 0 };
	return true;
}

static bool open_workbook(struct profiling *p, enum workbook_kind kind, struct fault *f)
{
	struct sheet_search search = { { .take = try_sheet }, p };
	struct str reason = STR("");

	p->encoding = kind == WORKBOOK_XLSX ? ENCODING_XLSX :
		      kind == WORKBOOK_XLS  ? ENCODING_XLS :
					      ENCODING_HTML;
	if (!workbook_read(kind, p->file.bytes, p->limits, &search.taker, &p->arena, &reason))
		return fault_set(f, EXIT_FAILED, "%.*s", STR_FMT(reason));
	return true;
}

static void open_text(struct profiling *p)
{
	bool sound;

	p->encoding = encoding_detect(p->file.bytes, &p->file, &sound);
	p->text = p->file.bytes;
	p->text.p += encoding_bom(p->encoding).n;
	p->text.n -= encoding_bom(p->encoding).n;
	if (encoding_is_utf16(p->encoding))
		p->text = utf16_image(p->encoding, p->text, &p->image);
	find_layout(p);
}

static bool is_file(const char *path, struct fault *f)
{
	struct stat st;

	if (!inbox_named(path, &st, f))
		return false;
	if (!S_ISDIR(st.st_mode))
		return true;
	fault_set(f, EXIT_USAGE, "%s is a folder, no file", path);
	fault_hint(f, "name one export in it");
	return false;
}

static bool open_file(struct profiling *p, const char *path, struct fault *f)
{
	enum workbook_kind kind;

	if (!is_file(path, f) || !infile_open(&p->file, path, false, p->limits->file, f))
		return false;
	kind = workbook_kind(p->file.bytes);
	if (kind == WORKBOOK_NONE)
		open_text(p);
	else if (!open_workbook(p, kind, f))
		return false;
	if (p->layout.n)
		return true;
	fault_set(f, EXIT_FAILED, "%s holds no table that can be made out", path);
	fault_hint(f, "is it text with a line of headers, or an Excel workbook?");
	return false;
}

static void read_rows(struct profiling *p)
{
	const struct layout *l = &p->layout;
	struct splitter s = {
		.text = { p->text.p, layout_data_end(l, p->text, p->encoding) },
		.dialect = l->dialect,
		.width = l->n,
		.max_row = p->limits->max_row_bytes,
		.at = l->end,
		.row = l->row,
	};
	struct arena scratch = { 0 };
	enum split split;
	struct str row, *cells;
	size_t n;

	profile_init(&p->profile, l);
	while ((split = splitter_next(&s, &row)) != SPLIT_END) {
		if (split == SPLIT_BLANK)
			continue;
		if (split == SPLIT_ROW &&
		    layout_cells(&l->dialect, p->encoding, row, SIZE_MAX, &cells, &n, &scratch))
			profile_row(&p->profile, cells, n);
		else
			p->profile.faulty++;
		arena_reset(&scratch);
	}
	arena_release(&scratch);
}

static bool check_header(struct profiling *p, const char *path, struct fault *f)
{
	if (!profile_headless(p))
		return true;
	fault_set(f, EXIT_USAGE,
		  "%s, row %u: the file seems to have no header row: values stand there, as in the rows below", path,
		  p->layout.row);
	fault_hint(f, "ask the sender for the header, or write the header line of the schema in front");
	return false;
}

/* ---- the stage ---- */

static bool write_all(struct profiling *p, struct run *r, struct fault *f)
{
	struct buf table = { 0 }, proposal = { 0 };
	bool ok = true;

	profile_table(p, r->opt.arguments[0], &table);
	profile_proposal(p, &proposal);
	if (r->opt.out && !destination_is_stdout(r->opt.out)) {
		ok = destination_put(r->opt.out, buf_view(&proposal), f);
		fwrite(table.p, 1, table.n, stdout);
	} else {
		fwrite(table.p, 1, table.n, stderr);
		fwrite(proposal.p, 1, proposal.n, stdout);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		ok = fault_errno(f, "write to", "standard output");
	buf_release(&table);
	buf_release(&proposal);
	return ok;
}

static void profiling_release(struct profiling *p)
{
	profile_release(&p->profile);
	map_release(&p->known);
	if (p->file.bytes.p)
		infile_close(&p->file);
	buf_release(&p->sheet);
	free(p->image);
	free(p->guesses);
	arena_release(&p->arena);
}

static bool profile_run(struct run *r, struct fault *f)
{
	struct limits limits;
	struct profiling p = { .schemas = run_schemas(r, f), .limits = &limits };
	const char *rules = p.schemas ? run_rules_dir(r, f) : NULL;
	bool ok;

	if (!rules || !limits_load(&limits, rules, f))
		return false;
	if (r->opt.n_arguments != 1)
		return fault_set(f, EXIT_USAGE, "profile takes one file");
	if (r->opt.out && !destination_check("--out", r->opt.out, f))
		return false;
	know_headers(&p);
	ok = open_file(&p, r->opt.arguments[0], f);
	if (ok) {
		read_rows(&p);
		ok = check_header(&p, r->opt.arguments[0], f);
	}
	if (ok) {
		profile_guess(&p);
		ok = write_all(&p, r, f);
	}
	profiling_release(&p);
	return ok;
}

static const struct stage_option options[] = {
	{ "--out", "FILE", "writes the proposal there, and the table to standard output", false },
	OPTION_SCHEMAS, OPTION_RULES, { 0 },
};

const struct stage stage_profile = {
	.name = "profile",
	.summary = "what an unknown export holds; proposes a schema",
	.usage = "FILE [--out SCHEMA.csv]",
	.help = "Tells encoding, delimiter and header row of an export, and of each column how much is\n"
		"filled, how many values differ, what they look like and which field it seems to be.\n"
		"The schema proposal goes to standard output: look it through and put it into schemas/\n"
		"under the name that the exports begin with. Patterns stand for values. An export without a header\n"
		"row, whose first row would be taken for one, is refused with exit status 2 where a number, a day\n"
		"or the like in it tells so; a row of words alone cannot be told from a header.",
	.options = options,
	.arguments = "FILE",
	.run = profile_run,
};
