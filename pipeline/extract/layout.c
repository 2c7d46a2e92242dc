#define _GNU_SOURCE
#include "layout.h"

#include "text.h"

enum { LONGEST_TOTAL = 4096, LONGEST_HOLLOW = 1 << 20 };

static const char delimiters[] = { ',', '\t', ';', '|' };

/* "sep=;" and its line end: what follows them is the first row. */
static size_t after_separator(struct str text, char *delimiter)
{
	size_t i = str_starts(text, STR("\"")) ? 1 : 0;

	if (text.n < i + 5 || (!str_eq((struct str){ text.p + i, 4 }, STR("sep=")) &&
			       !str_eq((struct str){ text.p + i, 4 }, STR("SEP="))))
		return 0;
	*delimiter = text.p[i + 4];
	i += 5;
	while (i < text.n && (text.p[i] == '"' || text.p[i] == '\r' || text.p[i] == ' '))
		i++;
	if (i < text.n && text.p[i] != '\n' && text.p[i - 1] != '\r')
		return 0;
	return i + (i < text.n && text.p[i] == '\n');
}

bool layout_cells(const struct dialect *d, enum encoding encoding, struct str row, size_t max,
		  struct str **cells, size_t *n, struct arena *a)
{
	const struct dialect decoded = { .delimiter = d->delimiter, .line_end = d->line_end };
	struct str text;
	size_t bad;

	/* The image of UTF-16 is UTF-8 already. */
	if (encoding_is_utf16(encoding))
		encoding = ENCODING_UTF8;
	*cells = NULL;
	*n = 0;
	if (!encoding_decode(encoding, row, a, &text, &bad))
		return false;
	for (size_t room = 64;; room = *n) {
		*cells = arena_alloc(a, (room ? room : 1) * sizeof(**cells));
		if (!csv_split(&decoded, text, 0, SIZE_MAX, *cells, room, n, a) || *n > max)
			return false;
		if (*n <= room)
			return true;
	}
}

static size_t named_cells(const struct layout *l)
{
	size_t named = 0;

	for (size_t i = 0; i < l->n; i++)
		named += str_trim(l->cells[i]).n > 0;
	return named;
}

/* Two known names make a header; one may be a word in the data. */
static bool is_header(const struct layout *l)
{
	return l->score >= 2 || (l->score == 1 && named_cells(l) == 1);
}

/* Nothing further down can be a better one. */
static bool is_surely_header(const struct layout *l)
{
	return l->score >= 3 && l->score * 2 > named_cells(l);
}

/* One way to read the file: with this delimiter. Better than what *best holds? */
static void try_delimiter(struct layout *best, char delimiter, struct str text, size_t start,
			  enum encoding encoding, const struct map *known,
			  const struct limits *limits, struct arena *a)
{
	struct splitter s = {
		.text = text,
		.at = start,
		.dialect = { delimiter, best->dialect.line_end,
			     encoding == ENCODING_GB18030 && delimiter == '|' },
		.max_row = limits->max_row_bytes,
	};
	struct str row;
	enum split split;

	for (size_t from = s.at; (split = splitter_next(&s, &row)) != SPLIT_END; from = s.at) {
		struct layout l = { .dialect = s.dialect, .start = from, .end = s.at, .row = s.row };

		if (s.row > limits->max_header_lines || is_surely_header(best))
			return;
		if (split != SPLIT_ROW || !layout_cells(&s.dialect, encoding, row, limits->max_columns,
							&l.cells, &l.n, a))
			continue;
		l.score = header_score(known, l.cells, l.n);
		if (l.score > best->score)
			*best = l;
	}
}

bool layout_find(struct layout *l, struct str text, enum encoding encoding,
		 const struct map *known, const struct limits *limits, struct arena *a)
{
	char named = 0;
	size_t start = after_separator(text, &named);

	*l = (struct layout){ .dialect.line_end = splitter_line_end(text) };
	for (size_t i = 0; i < sizeof(delimiters); i++)
		if (!start || named == delimiters[i])
			try_delimiter(l, delimiters[i], text, start, encoding, known, limits, a);
	return is_header(l);
}

/* "合计", "总计：12 条": the word, and behind it nothing but counts and units. */
static bool is_total(struct str cell, struct arena *a)
{
	static const struct str words[] = { STR_INIT("合计"), STR_INIT("总计"), STR_INIT("共计"),
					    STR_INIT("小计") };
	static const struct str units = STR_INIT("0123456789:,.条笔行人台户元个项共记录");
	struct str s = text_code(a, cell);
	size_t i = 0;

	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
		if (str_starts(s, words[k]))
			i = words[k].n;
	if (!i)
		return false;
	while (i < s.n) {
		size_t from = i;

		utf8_next(s, &i);
		if (!str_has(units, (struct str){ s.p + from, i - from }))
			return false;
	}
	return true;
}

/* Nothing but delimiters, quotes and white space. */
static bool is_hollow(const struct dialect *d, struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != d->delimiter && line.p[i] != '"' && line.p[i] != ' ' &&
		    line.p[i] != '\r' && line.p[i] != '\n')
			return false;
	return true;
}

static bool is_total_line(const struct layout *l, enum encoding encoding, struct str line,
			  struct arena *a)
{
	struct str *cells;
	size_t n;

	if (line.n > LONGEST_TOTAL ||
	    !layout_cells(&l->dialect, encoding, line, SIZE_MAX, &cells, &n, a))
		return false;
	for (size_t i = 0; i < n; i++)
		if (str_trim(cells[i]).n)
			return is_total(cells[i], a);
	return false;
}

size_t layout_data_end(const struct layout *l, struct str text, enum encoding encoding)
{
	struct arena scratch = { 0 };
	size_t end = text.n, at = text.n;

	while (at > l->end) {
		size_t lowest = at - l->end > LONGEST_HOLLOW ? at - LONGEST_HOLLOW : l->end;
		const char *before = memrchr(text.p + lowest, l->dialect.line_end, at - 1 - lowest);
		size_t from = before ? (size_t)(before + 1 - text.p) : lowest;
		struct str line = { text.p + from, at - from };

		if (is_total_line(l, encoding, line, &scratch))
			end = from;
		else if ((!before && lowest > l->end) || !is_hollow(&l->dialect, line))
			break;
		at = from;
	}
	arena_release(&scratch);
	return end;
}
