/*
 * Reading a rule file. Its bytes are copied into the arena once and the cells are slices of
 * that copy, unquoted in place.
 */
#include "rules.h"

#include "infile.h"
#include "map.h"
#include "record.h"
#include "table.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

enum { MAX_COLUMNS = 64, MAX_NAMES = 512 };
static const struct infile_limits limits = {.max_bytes = 256 << 20, .max_ratio = 0};

struct scan { /* where the reading stands */
	char *at, *end;
	size_t line;
};

struct line { /* one row of the file before its columns are sorted */
	size_t line;
	struct str cells[MAX_COLUMNS];
	size_t n;
	const char *problem; /* NULL, or why it is no row */
};

struct header { /* where each column that was asked for stands in the file */
	int place[MAX_COLUMNS]; /* -1: nowhere */
	size_t n; /* columns of the file */
};

bool rules_mistake(const struct rules *r, size_t line, struct fault *f, const char *format, ...)
{
	char sentence[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	if (!line)
		return fault_add(f, EXIT_USAGE, "%s: %s", r->path, sentence);
	return fault_add(f, EXIT_USAGE, "%s:%zu: %s", r->path, line, sentence);
}

static void end_line(struct scan *s)
{
	if (s->at < s->end && *s->at == '\r')
		s->at++;
	if (s->at < s->end && *s->at == '\n')
		s->at++;
	s->line++;
}

static bool at_line_end(const struct scan *s)
{
	return s->at == s->end || *s->at == '\n' ||
	       (*s->at == '\r' && (s->at + 1 == s->end || s->at[1] == '\n'));
}

static void skip_line(struct scan *s)
{
	while (!at_line_end(s))
		s->at++;
	end_line(s);
}

static struct str plain_cell(struct scan *s)
{
	const char *start = s->at;

	while (!at_line_end(s) && *s->at != ',')
		s->at++;
	return str_trim(str_span(start, s->at));
}

/* The quote that closes the cell which begins at `p`, NULL where there is none. */
static char *closing_quote(char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p != '"')
			continue;
		if (p + 1 == end || p[1] != '"')
			return p;
		p++;
	}
	return NULL;
}

/* Doubled quotes made single, in place. */
static struct str unquoted(char *start, const char *end, size_t *lines)
{
	char *to = start;

	for (const char *p = start; p < end; p++) {
		*lines += *p == '\n';
		*to++ = *p;
		p += *p == '"';
	}
	return str_span(start, to);
}

/* On a problem nothing was changed and the scan stands where it stood. */
static const char *quoted_cell(struct scan *s, struct str *cell)
{
	char *close = closing_quote(s->at + 1, s->end);
	struct scan behind;

	if (!close)
		return "a quote is opened and never closed";
	behind = (struct scan){close + 1, s->end, 0};
	if (!at_line_end(&behind) && close[1] != ',')
		return "there is text behind a closing quote";
	*cell = unquoted(s->at + 1, close, &s->line);
	s->at = close + 1;
	return NULL;
}

/* A quote that never closes must not swallow the rest of the file: the row then ends where
 * the line does in which it is opened. */
static void read_line(struct scan *s, struct line *row)
{
	row->line = s->line;
	row->n = 0;
	row->problem = NULL;
	for (;;) {
		struct str cell;

		if (s->at < s->end && *s->at == '"')
			row->problem = quoted_cell(s, &cell);
		else
			cell = plain_cell(s);
		if (!row->problem && row->n == MAX_COLUMNS)
			row->problem = "there are more than 64 columns";
		if (row->problem) {
			skip_line(s);
			return;
		}
		row->cells[row->n++] = cell;
		if (at_line_end(s))
			break;
		s->at++;
	}
	end_line(s);
	while (row->n && !row->cells[row->n - 1].n)
		row->n--;
}

/* The next line that is neither blank nor a comment. */
static bool next_line(struct scan *s, struct line *row)
{
	while (s->at < s->end) {
		if (*s->at == '#') {
			skip_line(s);
			continue;
		}
		read_line(s, row);
		if (row->n || row->problem)
			return true;
	}
	return false;
}

static size_t columns_count(const struct rule_column *columns)
{
	size_t n = 0;

	while (columns[n].name)
		n++;
	return n;
}

static bool header_read(const struct rules *r, const struct line *row,
			const struct rule_column *columns, struct header *h, struct fault *f)
{
	size_t n = columns_count(columns);
	bool ok = true;

	h->n = row->n;
	for (size_t i = 0; i < n; i++)
		h->place[i] = -1;
	for (size_t c = 0; c < row->n; c++) {
		size_t i = 0;

		while (i < n && !str_eq(row->cells[c], str_of(columns[i].name)))
			i++;
		if (i == n)
			ok = rules_mistake(r, row->line, f, "unknown column \"%.*s\"",
					   STR_FMT(row->cells[c]));
		else if (h->place[i] >= 0)
			ok = rules_mistake(r, row->line, f, "the column %s stands there twice",
					   columns[i].name);
		else
			h->place[i] = (int)c;
	}
	for (size_t i = 0; i < n; i++)
		if (h->place[i] < 0 && columns[i].need != RULE_MAY_LACK)
			ok = rules_mistake(r, row->line, f, "the column %s is missing",
					   columns[i].name);
	return ok;
}

static bool row_keep(struct rules *r, const struct line *row, const struct header *h,
		     const struct rule_column *columns, struct arena *a, struct fault *f)
{
	size_t n = columns_count(columns);
	struct str *v = arena_alloc(a, (n ? n : 1) * sizeof(*v));
	bool ok = true;

	if (row->problem)
		return rules_mistake(r, row->line, f, "%s", row->problem);
	if (row->n > h->n)
		return rules_mistake(r, row->line, f,
				     "the row has %zu columns, the header has %zu; a value with a "
				     "comma stands in quotes",
				     row->n, h->n);
	for (size_t i = 0; i < n; i++) {
		v[i] = h->place[i] >= 0 && (size_t)h->place[i] < row->n ? row->cells[h->place[i]]
									: STR("");
		if (!text_is_utf8(v[i]))
			ok = rules_mistake(r, row->line, f,
					   "%s is not UTF-8; save the file as \"CSV UTF-8\"",
					   columns[i].name);
		else if (!v[i].n && columns[i].need == RULE_FILLED)
			ok = rules_mistake(r, row->line, f, "%s is empty", columns[i].name);
	}
	if (ok)
		r->rows[r->n++] = (struct rule_row){row->line, v};
	return ok;
}

static size_t lines_count(struct str bytes)
{
	const char *end = bytes.p + bytes.n;
	size_t n = 1;

	for (const char *p = bytes.p; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

/* The file's bytes as a scan over a copy in the arena. */
static bool scan_open(struct scan *s, const struct rules *r, struct arena *a, struct fault *f)
{
	struct infile in;
	struct fault reading = {0};
	char *copy;

	if (!infile_open(&in, r->path, false, limits, &reading)) {
		rules_mistake(r, 0, f, "%.*s", STR_FMT(buf_view(&reading.text)));
		fault_release(&reading);
		return false;
	}
	copy = str_keepz(a, in.bytes);
	*s = (struct scan){copy, copy + in.bytes.n, 1};
	infile_close(&in);
	if (str_starts(str_span(s->at, s->end), STR("\xEF\xBB\xBF")))
		s->at += 3;
	return true;
}

bool rules_read(struct rules *r, const char *dir, const char *name,
		const struct rule_column *columns, struct arena *a, struct fault *f)
{
	struct scan s;
	struct line row;
	struct header h;
	bool ok = true;

	r->path = str_keepz(a, str_printf(a, "%s/%s", dir, name));
	r->rows = NULL;
	r->n = 0;
	if (!scan_open(&s, r, a, f))
		return false;
	if (!next_line(&s, &row))
		return rules_mistake(r, 0, f, "the file is empty, not even a header stands there");
	if (row.problem)
		return rules_mistake(r, row.line, f, "%s", row.problem);
	if (!header_read(r, &row, columns, &h, f))
		return false;
	r->rows = arena_alloc(a, lines_count(str_span(s.at, s.end)) * sizeof(*r->rows));
	while (next_line(&s, &row))
		ok &= row_keep(r, &row, &h, columns, a, f);
	return ok;
}

int rules_choice(const struct rules *r, const struct rule_row *row, const char *what,
		 struct str value, const char *const *choices, struct fault *f)
{
	struct buf all = {0};

	for (int i = 0; choices[i]; i++)
		if (str_eq(value, str_of(choices[i])))
			return i;
	for (int i = 0; choices[i]; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", choices[i]);
	rules_mistake(r, row->line, f, "%s \"%.*s\" is none of %.*s", what, STR_FMT(value),
		      STR_FMT(buf_view(&all)));
	buf_release(&all);
	return -1;
}

bool rules_once(const struct rules *r, size_t n_key, struct fault *f)
{
	struct map seen = {0};
	struct buf key = {0};
	bool ok = true;

	for (size_t i = 0; i < r->n; i++) {
		uint64_t *line;
		bool added;

		buf_reset(&key);
		for (size_t k = 0; k < n_key; k++) {
			buf_str(&key, r->rows[i].v[k]);
			buf_char(&key, '\0');
		}
		line = map_put(&seen, buf_view(&key), r->rows[i].line, &added);
		if (!added)
			ok = rules_mistake(r, r->rows[i].line, f, "\"%.*s\" stands on line %llu already",
					   STR_FMT(r->rows[i].v[0]), (unsigned long long)*line);
	}
	buf_release(&key);
	map_release(&seen);
	return ok;
}

bool rules_unknown(const struct rules *r, size_t line, struct fault *f, const char *what,
		   struct str value, const struct str *words, size_t n)
{
	const struct str *near = nearest_word(value, words, n);

	if (!near)
		return rules_mistake(r, line, f, "there is no %s \"%.*s\"", what,
				     STR_FMT(value));
	return rules_mistake(r, line, f, "there is no %s \"%.*s\"; the nearest is \"%.*s\"",
			     what, STR_FMT(value), STR_FMT(*near));
}

bool rules_unknown_field(const struct rules *r, size_t line, struct fault *f, struct str value)
{
	struct str names[F_COUNT];

	for (int i = 0; i < F_COUNT; i++)
		names[i] = field_name((enum field)i);
	return rules_unknown(r, line, f, "field", value, names, F_COUNT);
}

bool rules_unknown_column(const struct rules *r, size_t line, struct fault *f, struct str value,
			  const struct table_def *const *tables, size_t n)
{
	struct str names[MAX_NAMES];
	size_t n_names = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < table_width(tables[i]) && n_names < MAX_NAMES; c++)
			names[n_names++] = str_of(tables[i]->columns[c]);
	return rules_unknown(r, line, f, "column", value, names, n_names);
}

bool rules_number(const struct rules *r, const struct rule_row *row, const char *what,
		  struct str value, uint64_t min, uint64_t max, uint64_t *number, struct fault *f)
{
	if (str_u64(value, number) && *number >= min && *number <= max)
		return true;
	return rules_mistake(r, row->line, f, "%s \"%.*s\" is no whole number from %llu to %llu",
			     what, STR_FMT(value), (unsigned long long)min,
			     (unsigned long long)max);
}
