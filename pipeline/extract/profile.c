/*
 * profile: an export that nobody has seen before in; what it holds out, and a schema for it.
 *
 * Comes in: one file, text or workbook. Goes out: the schema proposal (standard output, or
 * --out FILE) with what is known of each column in its notes, and the same as a table for
 * the eye. Never: shows a value that may be a person's; patterns stand for them.
 */
#include "stage.h"

#include "encoding.h"
#include "profile.h"
#include "workbook.h"

#include "csv_table.h"

#include <stdio.h>
#include <stdlib.h>

struct guess { /* what a column seems to be */
	const struct schema_column *column; /* known by its header */
	enum field field; /* else by its values; F_COUNT: unknown */
};

struct profiling {
	const struct schemas *schemas;
	const struct schema *nearest; /* the schema with the most of these headers */
	struct map known; /* header -> schema and column */
	struct infile file;
	struct buf sheet;
	char *image;
	enum encoding encoding;
	struct str text; /* behind the BOM, as it is split */
	struct layout layout;
	struct profile profile;
	struct guess *guesses;
	struct arena arena;
	const struct limits *limits;
};

/* ---- what the file is ---- */

static void know_headers(struct profiling *p)
{
	for (size_t s = 0; s < p->schemas->n; s++) {
		const struct schema *schema = &p->schemas->list[s];

		for (size_t i = 0; i < schema->n_columns && !schema->corrections; i++)
			for (size_t k = 0; k < schema->columns[i].n_headers; k++)
				map_put(&p->known, header_key(schema->columns[i].headers[k], &p->arena),
					s << 32 | i, NULL);
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
	struct sheet_search search = { { try_sheet }, p };
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

	p->encoding = encoding_detect(p->file.bytes, &sound);
	p->text = p->file.bytes;
	p->text.p += encoding_bom(p->encoding).n;
	p->text.n -= encoding_bom(p->encoding).n;
	if (encoding_is_utf16(p->encoding))
		p->text = utf16_image(p->encoding, p->text, &p->image);
	find_layout(p);
}

static bool open_file(struct profiling *p, const char *path, struct fault *f)
{
	enum workbook_kind kind;

	if (!infile_open(&p->file, path, false, p->limits->file, f))
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

/* ---- what the columns are ---- */

static const struct schema_column *column_in(const struct schema *schema, struct str header,
					     struct arena *a)
{
	struct str key = header_key(header, a);

	for (size_t i = 0; i < schema->n_columns; i++)
		for (size_t k = 0; k < schema->columns[i].n_headers; k++)
			if (str_eq(header_key(schema->columns[i].headers[k], a), key))
				return &schema->columns[i];
	return NULL;
}

static void find_nearest(struct profiling *p)
{
	size_t best = 0;

	for (size_t s = 0; s < p->schemas->n; s++) {
		struct map known = { 0 };
		size_t score;

		if (p->schemas->list[s].corrections)
			continue;
		header_known(&p->schemas->list[s], &known);
		score = header_score(&known, p->layout.cells, p->layout.n);
		map_release(&known);
		if (score > best) {
			best = score;
			p->nearest = &p->schemas->list[s];
		}
	}
}

static bool is_guessed(const struct profiling *p, size_t n, enum field field)
{
	for (size_t i = 0; i < n; i++) {
		const struct guess *g = &p->guesses[i];

		if (!g->column && g->field == field)
			return true;
		for (size_t k = 0; g->column && k < g->column->n_fields; k++)
			if (g->column->fields[k] == field)
				return true;
	}
	return false;
}

/* Its values say what it is, and no column was taken for that yet. */
static enum field field_by_look(const struct profiling *p, size_t n)
{
	static const enum field fields[LOOK_COUNT] = {
		[LOOK_ID_NUMBER] = F_ID_NUMBER, [LOOK_MOBILE] = F_MOBILE, [LOOK_VIN] = F_VIN,
		[LOOK_PLATE] = F_PLATE, [LOOK_POSTCODE] = F_POSTCODE, [LOOK_DATE] = F_COUNT,
		[LOOK_PLACE] = F_COUNT, [LOOK_EMAIL] = F_EMAIL,
	};
	enum look look = column_look(&p->profile.columns[n]);

	if (look == LOOK_COUNT || fields[look] == F_COUNT ||
	    is_guessed(p, p->profile.n, fields[look]))
		return F_COUNT;
	return fields[look];
}

static void guess_columns(struct profiling *p)
{
	p->guesses = xcalloc(p->profile.n + 1, sizeof(*p->guesses));
	for (size_t i = 0; i < p->profile.n; i++) {
		struct str header = p->profile.columns[i].header;
		struct guess *g = &p->guesses[i];
		const uint64_t *elsewhere;

		g->field = F_COUNT;
		if (!header.n)
			continue;
		if (p->nearest)
			g->column = column_in(p->nearest, header, &p->arena);
		elsewhere = map_get(&p->known, header_key(header, &p->arena));
		if (!g->column && elsewhere)
			g->column = &p->schemas->list[*elsewhere >> 32].columns[(uint32_t)*elsewhere];
	}
	for (size_t i = 0; i < p->profile.n; i++)
		if (!p->guesses[i].column)
			p->guesses[i].field = field_by_look(p, i);
}

/* "address#1;address1" */
static struct str fields_text(const struct guess *g, struct arena *a)
{
	struct str text = STR("");

	if (!g->column)
		return g->field == F_COUNT ? text : field_name(g->field);
	for (size_t k = 0; k < g->column->n_fields; k++) {
		struct str name = field_name(g->column->fields[k]);
		int part = g->column->parts[k];

		text = part ? str_printf(a, "%.*s%s%.*s#%d", STR_FMT(text), k ? ";" : "",
					 STR_FMT(name), part) :
			      str_printf(a, "%.*s%s%.*s", STR_FMT(text), k ? ";" : "", STR_FMT(name));
	}
	return text;
}

/* ---- the table for the eye, and the notes ---- */

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((part * 100 + whole / 2) / whole) : 0;
}

/* The words of a column that has few, each often: those of a list, not of a person. */
static struct str word_list(const struct profiling *p, const struct column_profile *c,
			    struct arena *a)
{
	struct str text = STR("");

	if (c->n_words > MOST_WORDS || p->profile.rows < 20 || c->filled < c->values.n * 5 ||
	    column_look(c) < LOOK_DATE)
		return text;
	for (size_t i = 0; i < c->n_words; i++)
		text = str_printf(a, "%.*s%s%.*s", STR_FMT(text), i ? "|" : "", STR_FMT(c->words[i]));
	return text.n > 100 ? STR("") : text;
}

static struct str column_note(struct profiling *p, size_t i)
{
	const struct column_profile *c = &p->profile.columns[i];
	struct pattern most = column_pattern(c);
	enum look look = column_look(c);
	struct str words = word_list(p, c, &p->arena), note;

	if (!c->filled)
		return STR("empty");
	note = str_printf(&p->arena, "%u %% filled; %zu%s distinct; %.*s (%u %%)",
			  percent(c->filled, p->profile.rows), c->values.n, c->many ? "+" : "",
			  STR_FMT(most.text), percent(most.count, c->filled));
	if (look != LOOK_COUNT)
		note = str_printf(&p->arena, "%.*s; looks like %.*s", STR_FMT(note),
				  STR_FMT(look_name(look)));
	if (words.n)
		note = str_printf(&p->arena, "%.*s; %.*s", STR_FMT(note), STR_FMT(words));
	return note;
}

static struct str delimiter_name(char delimiter)
{
	return delimiter == ',' ? STR("comma") : delimiter == '\t' ? STR("tab") :
	       delimiter == ';' ? STR("semicolon") : STR("|");
}

static struct str file_note(struct profiling *p)
{
	return str_printf(&p->arena, "%.*s; %.*s; header in row %u; %llu rows%s",
			  STR_FMT(encoding_name(p->encoding)),
			  STR_FMT(delimiter_name(p->layout.dialect.delimiter)), p->layout.row,
			  (unsigned long long)p->profile.rows,
			  p->profile.faulty ? str_printf(&p->arena, "; %llu that are none",
						(unsigned long long)p->profile.faulty).p : "");
}

/* Columns on a screen: a Han character is two wide. */
static void put_padded(struct buf *b, struct str s, size_t width)
{
	size_t used = 0;

	for (size_t i = 0; i < s.n;)
		used += utf8_next(s, &i) >= 0x1100 ? 2 : 1;
	buf_str(b, s);
	while (used++ < width)
		buf_char(b, ' ');
	buf_str(b, STR("  "));
}

static void write_table(struct profiling *p, const char *path, struct buf *b)
{
	buf_printf(b, "%s: %.*s\n", path, STR_FMT(file_note(p)));
	if (p->nearest)
		buf_printf(b, "nearest schema: %.*s\n", STR_FMT(p->nearest->name));
	for (size_t i = 0; i < p->profile.n; i++) {
		struct str field = fields_text(&p->guesses[i], &p->arena);

		buf_printf(b, "%4zu  ", i + 1);
		put_padded(b, p->profile.columns[i].header, 24);
		put_padded(b, field.n ? field : STR("?"), 22);
		buf_str(b, column_note(p, i));
		buf_char(b, '\n');
	}
}

/* ---- the proposal ---- */

static void put_line(struct buf *b, struct str word, struct str field, struct str value,
		     struct str note)
{
	csv_row(b, (const struct str[]){ word, field, value, STR(""), note }, 5);
}

static bool feeds_something_in(const struct profiling *p, enum entity entity, bool alone)
{
	for (enum field field = F_SOURCE_KEY; field < F_COUNT; field++) {
		bool elsewhere = false;

		if (!entity_has(entity, field) || !is_guessed(p, p->profile.n, field))
			continue;
		for (enum entity other = 0; other < ENTITY_COUNT; other++)
			elsewhere |= other != entity && entity_has(other, field);
		if (!alone || !elsewhere)
			return true;
	}
	return false;
}

static struct str feeds_text(struct profiling *p)
{
	struct str text = STR("");

	for (int alone = 1; alone >= 0 && !text.n; alone--)
		for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
			if (feeds_something_in(p, entity, alone))
				text = str_printf(&p->arena, "%.*s%s%.*s", STR_FMT(text),
						  text.n ? ";" : "", STR_FMT(entity_name(entity)));
	return text;
}

/* Who or which car a row speaks of. */
static struct str keys_text(struct profiling *p)
{
	static const enum field keys[] = { F_NAME, F_ID_NUMBER, F_MOBILE, F_VIN };
	struct str text = STR("");

	for (size_t i = 0; i < 4; i++)
		if (is_guessed(p, p->profile.n, keys[i]))
			text = str_printf(&p->arena, "%.*s%s%.*s", STR_FMT(text), text.n ? ";" : "",
					  STR_FMT(field_name(keys[i])));
	return text;
}

static void put_joins(struct profiling *p, struct buf *b)
{
	for (size_t i = 0; p->nearest && i < p->nearest->n_joins; i++) {
		const struct schema_join *join = &p->nearest->joins[i];
		bool used = false;

		for (size_t c = 0; c < p->profile.n; c++)
			for (size_t k = 0; p->guesses[c].column && k < p->guesses[c].column->n_fields; k++)
				used |= p->guesses[c].column->fields[k] == join->field &&
					p->guesses[c].column->parts[k] == 1;
		if (used)
			csv_row(b, (const struct str[]){ STR("join"), field_name(join->field),
				str_printf(&p->arena, "\"%.*s\"", STR_FMT(join->between)),
				join->keep ? STR("keep") : STR(""), STR("") }, 5);
	}
}

/* A header that stands a second time cannot be told apart: the first one counts. */
static bool is_repeated(const struct profiling *p, size_t n, struct arena *a)
{
	struct str key = header_key(p->profile.columns[n].header, a);

	for (size_t i = 0; i < n; i++)
		if (str_eq(header_key(p->profile.columns[i].header, a), key))
			return true;
	return false;
}

static void write_proposal(struct profiling *p, struct buf *b)
{
	struct str keys = keys_text(p);

	buf_str(b, STR("line,field,value,variants,note\n"));
	put_line(b, STR(""), STR(""), STR(""), file_note(p));
	put_line(b, STR("source"), STR(""), p->nearest ? p->nearest->source : STR("dms"),
		 STR("look: which source of rules/sources.csv is it?"));
	put_line(b, STR("mode"), STR(""), STR("delta"), STR("look: full, if a missing row was withdrawn"));
	put_line(b, STR("feeds"), STR(""), feeds_text(p), STR(""));
	if (is_guessed(p, p->profile.n, F_SOURCE_KEY))
		put_line(b, STR("key"), STR(""), STR("source_key"), STR(""));
	else if (is_guessed(p, p->profile.n, F_CONTACT_NO))
		put_line(b, STR("key"), STR(""), STR("contact_no"), STR(""));
	put_line(b, STR("requires"), STR(""), keys, STR("without these columns a file is refused"));
	put_line(b, STR("expects"), STR(""), keys, STR("a missing value is told"));
	put_joins(p, b);
	for (size_t i = 0; i < p->profile.n; i++)
		if (p->profile.columns[i].header.n && !is_repeated(p, i, &p->arena))
			put_line(b, STR("column"), fields_text(&p->guesses[i], &p->arena),
				 p->profile.columns[i].header, column_note(p, i));
}

/* ---- the stage ---- */

static bool write_all(struct profiling *p, struct run *r, struct fault *f)
{
	struct buf table = { 0 }, proposal = { 0 };
	bool ok = true;

	write_table(p, r->opt.arguments[0], &table);
	write_proposal(p, &proposal);
	if (r->opt.out) {
		ok = outfile_put(r->opt.out, buf_view(&proposal), f);
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
	know_headers(&p);
	ok = open_file(&p, r->opt.arguments[0], f);
	if (ok) {
		read_rows(&p);
		find_nearest(&p);
		guess_columns(&p);
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
		"under the name that the exports begin with. No value of a person is shown.",
	.options = options,
	.arguments = "FILE",
	.run = profile_run,
};
