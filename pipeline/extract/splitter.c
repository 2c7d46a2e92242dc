#include "splitter.h"

#include "infile.h"

enum {
	LOOKAHEAD = 64 << 10, /* quotes are looked for in steps that stay in the cache */
	STRAY_LINES = 64, /* over how many line breaks a row with stray quotes may go */
	STRAY_BYTES = 16 << 10,
	FIRST_LINE = 16 << 20, /* of a longer one the end is not looked for */
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Offset behind the line that begins at `at`. */
static size_t line_after(const struct splitter *s, size_t at)
{
	const char *end = infile_find(s->text.p + at, s->text.n - at, s->dialect.line_end);

	return end ? (size_t)(end + 1 - s->text.p) : s->text.n;
}

/* Is there a quote from the row's beginning up to `end`? s->quote remembers what was found
 * beyond, so that each byte is looked at once. */
static bool has_quote(struct splitter *s, size_t end)
{
	while (s->quote < end) {
		size_t from = s->quote > s->at ? s->quote : s->at;
		size_t to = smaller(from + LOOKAHEAD, s->text.n);
		const char *found = memchr(s->text.p + from, '"', to - from);

		if (found) {
			s->quote = (size_t)(found - s->text.p);
			return s->quote < end;
		}
		s->quote = to;
		if (to == s->text.n)
			return false;
	}
	return s->quote < end;
}

static bool is_blank(struct str row)
{
	for (size_t i = 0; i < row.n; i++)
		if (row.p[i] != ' ' && row.p[i] != '\r' && row.p[i] != '\n')
			return false;
	return true;
}

/* The shape of the row at `at`; none where it goes on beyond `end`. */
static struct csv_shape shape_at(const struct splitter *s, enum quoting quoting, size_t at,
				 size_t end)
{
	struct csv_shape shape = csv_shape(&s->dialect, quoting, s->text.p + at, s->text.p + end);

	if (shape.end == s->text.p + end && end < s->text.n && shape.end[-1] != s->dialect.line_end)
		shape.ok = false;
	return shape;
}

static bool fits(const struct splitter *s, const struct csv_shape *shape)
{
	return s->width == 0 ? shape->ok : csv_shape_fits(shape, s->least, s->width);
}

/* The line alone is a row of the right number of fields, in one way or another. */
static bool line_fits(const struct splitter *s, size_t at, size_t end)
{
	for (enum quoting quoting = 0; quoting < QUOTING_COUNT; quoting++) {
		struct csv_shape shape = shape_at(s, quoting, at, end);

		if (fits(s, &shape))
			return true;
	}
	return false;
}

static bool quotes_pair_up(struct str line)
{
	size_t quotes = 0;

	for (size_t i = 0; i < line.n; i++)
		quotes += line.p[i] == '"';
	return quotes % 2 == 0;
}

/* Is the line a whole row, or the beginning of one that is well-formed? */
static bool is_sound_row(const struct splitter *s, size_t at, size_t end)
{
	struct csv_shape strict;

	if (quotes_pair_up((struct str){ s->text.p + at, end - at }) && line_fits(s, at, end))
		return true;
	strict = shape_at(s, QUOTING_STRICT, at, smaller(s->text.n, at + s->max_row));
	return fits(s, &strict) && (size_t)(strict.end - s->text.p) > end;
}

/* It has the delimiters of a whole row, whatever its quotes. Where the lines before can be
 * read on into it (`doubtful`), it must open quotes of its own before it closes any. */
static bool is_row_of_its_own(const struct splitter *s, size_t at, size_t end, bool doubtful)
{
	const char *line = s->text.p + at, *quote = memchr(line, '"', end - at);
	size_t n = csv_raw_fields(&s->dialect, line, s->text.p + end);

	if (n < s->least || n > s->width)
		return false;
	return !doubtful || (quote && (quote == line || quote[-1] == s->dialect.delimiter));
}

/* The first line from `at` on that begins another row; `end` where there is none before it. */
static size_t next_row(struct splitter *s, size_t at, size_t end, bool doubtful)
{
	if (!doubtful && at < s->no_row)
		at = s->no_row;
	for (size_t line_end; at < end; at = line_end) {
		line_end = line_after(s, at);
		if (line_end - at <= s->max_row &&
		    !is_blank((struct str){ s->text.p + at, line_end - at }) &&
		    (is_sound_row(s, at, line_end) || is_row_of_its_own(s, at, line_end, doubtful)))
			return at;
		if (!doubtful)
			s->no_row = line_end;
	}
	return end;
}

static size_t stray_reach(const struct splitter *s)
{
	size_t end = s->at, most = smaller(s->text.n, s->at + smaller(s->max_row, STRAY_BYTES));

	for (int lines = 0; lines < STRAY_LINES && end < most; lines++)
		end = line_after(s, end);
	return smaller(end, most);
}

/*
 * Where a stretch ends whose quotes cannot be made out, another row being found at `next`. A
 * line with all the delimiters of a row is one that lacks a closing quote: what follows it, too
 * short or blank, is counted for itself. Behind a quote left open in the last column, lines
 * without a delimiter may be its text; behind fewer delimiters, all lines may.
 */
static size_t stretch_end(const struct splitter *s, size_t line_end, size_t next)
{
	const char *line = s->text.p + s->at, *end = s->text.p + line_end;
	struct csv_shape shape;
	size_t at = line_end;

	if (csv_raw_fields(&s->dialect, line, end) < s->least)
		return next;
	shape = csv_shape(&s->dialect, QUOTING_LOOSE, line, end);
	if (shape.ok || shape.n + 1 < s->least)
		return line_end;
	for (size_t behind; at < next; at = behind) {
		behind = line_after(s, at);
		if (is_blank((struct str){ s->text.p + at, behind - at }) ||
		    csv_raw_fields(&s->dialect, s->text.p + at, s->text.p + behind) > 1)
			break;
	}
	return at;
}

/*
 * A row with quotes whose line alone does not settle it. What RFC 4180 makes of it is right
 * where the number of fields says so. Else it may be text with quotes of its own, on one line
 * or several; or a quote was never closed: then a line further on is a row by itself.
 */
static enum split odd_row(struct splitter *s, size_t line_end, size_t *end)
{
	size_t start = s->at, reach = smaller(s->text.n, start + s->max_row), limit = reach, next;
	struct csv_shape strict = shape_at(s, QUOTING_STRICT, start, reach), stray;
	bool stray_fits;

	*end = strict.ok ? (size_t)(strict.end - s->text.p) : line_end;
	if (strict.ok && (*end <= line_end || fits(s, &strict)))
		return SPLIT_ROW;
	if (line_fits(s, start, line_end)) {
		*end = line_end;
		return SPLIT_ROW;
	}
	stray = shape_at(s, QUOTING_STRAY, start, stray_reach(s));
	stray_fits = fits(s, &stray) && (size_t)(stray.end - s->text.p) > line_end;
	if (strict.ok)
		limit = *end;
	else if (stray_fits)
		limit = (size_t)(stray.end - s->text.p);
	next = next_row(s, line_end, limit, strict.ok || stray_fits);
	if (next < limit) {
		*end = stretch_end(s, line_end, next);
		return SPLIT_QUOTES;
	}
	if (stray_fits)
		*end = (size_t)(stray.end - s->text.p);
	return strict.ok || stray_fits ? SPLIT_ROW : SPLIT_QUOTES;
}

enum split splitter_next(struct splitter *s, struct str *row)
{
	size_t end;
	enum split found = SPLIT_ROW;

	if (s->at >= s->text.n)
		return SPLIT_END;
	s->row++;
	end = line_after(s, s->at);
	if (end - s->at > s->max_row)
		found = SPLIT_LONG;
	else if (has_quote(s, end))
		found = odd_row(s, end, &end);
	*row = (struct str){ s->text.p + s->at, end - s->at };
	if (found == SPLIT_ROW && is_blank(*row))
		found = SPLIT_BLANK;
	s->at = end;
	return found;
}

char splitter_line_end(struct str text)
{
	const char *end = text.p + smaller(text.n, FIRST_LINE);
	bool quoted = false;

	for (const char *p = text.p; p < end; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && *p == '\n')
			return '\n';
		else if (!quoted && *p == '\r' && p + 1 < end)
			return p[1] == '\n' ? '\n' : '\r';
	}
	return '\n';
}
