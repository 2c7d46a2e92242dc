#include "csv_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Behind p stands what ends a field. A last CR without its LF counts. */
static inline bool at_end(const struct dialect *d, const char *p, const char *end)
{
	if (p == end || *p == d->delimiter || *p == d->line_end)
		return true;
	return d->line_end == '\n' && *p == '\r' && (p + 1 == end || p[1] == '\n');
}

/* The first delimiter or line end from p on, or end. */
static const char *find_end(const struct dialect *d, const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i delimiter = _mm_set1_epi8(d->delimiter), line_end = _mm_set1_epi8(d->line_end);

	for (; end - p >= 16; p += 16) {
		__m128i block = _mm_loadu_si128((const __m128i *)(const void *)p);
		int hits = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, delimiter),
							  _mm_cmpeq_epi8(block, line_end)));

		if (hits)
			return p + __builtin_ctz((unsigned)hits);
	}
#endif
	while (p < end && *p != d->delimiter && *p != d->line_end)
		p++;
	return p;
}

/* The same where the delimiter may be the second byte of a character of GB18030. */
static const char *find_end_wide(const struct dialect *d, const char *p, const char *end)
{
	while (p < end && *p != d->delimiter && *p != d->line_end)
		p += (*p & 0x80) && end - p > 1 ? 2 : 1;
	return p;
}

/* Ends the field at p, where at_end holds: takes the delimiter or the line end. */
static void take_end(const struct dialect *d, const char *p, const char *end,
		     struct csv_field *field)
{
	field->last = p == end || *p != d->delimiter;
	if (p < end && *p == '\r' && d->line_end == '\n')
		p++;
	field->next = p < end ? p + 1 : p;
}

static void scan_plain(const struct dialect *d, const char *p, const char *end,
		       struct csv_field *field)
{
	const char *stop = d->wide ? find_end_wide(d, p, end) : find_end(d, p, end);

	field->content = str_span(p, stop);
	field->escaped = false;
	/* The CR of a CRLF, and a last one whose LF was cut off. */
	if ((stop == end || *stop == '\n') && d->line_end == '\n' && stop > p && stop[-1] == '\r')
		field->content.n--;
	take_end(d, stop, end, field);
}

/* What follows a closing quote, up to the delimiter, is kept as text (Python's csv and
 * others read it so). */
static void scan_loose_rest(const struct dialect *d, const char *open, const char *close,
			    const char *end, struct csv_field *field)
{
	struct csv_field rest;

	scan_plain(d, close + 1, end, &rest);
	field->content = str_span(open, rest.content.p + rest.content.n);
	field->escaped = true;
	field->last = rest.last;
	field->next = rest.next;
}

static const char *skip_spaces(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static bool scan_quoted(const struct dialect *d, enum quoting quoting, const char *open,
			const char *end, struct csv_field *field)
{
	bool stray = false;

	field->escaped = false;
	for (const char *q = open; (q = memchr(q, '"', (size_t)(end - q))); q++) {
		const char *behind = skip_spaces(q + 1, end);

		if (at_end(d, behind, end)) {
			field->content = str_span(open, q);
			take_end(d, behind, end, field);
			return true;
		}
		if (q[1] == '"') {
			/* Behind a stray quote "", is text and the end, not one quote of text. */
			if (stray && at_end(d, q + 2, end))
				continue;
			field->escaped = true;
			q++;
		} else if (quoting == QUOTING_LOOSE) {
			scan_loose_rest(d, open, q, end, field);
			return true;
		} else if (quoting == QUOTING_STRICT) {
			return false;
		} else {
			stray = true;
		}
	}
	return false;
}

bool csv_field_scan(const struct dialect *d, enum quoting quoting, const char *p,
		    const char *end, struct csv_field *field)
{
	const char *open = skip_spaces(p, end);

	if (open < end && *open == '"') {
		if (open == p)
			return scan_quoted(d, quoting, p + 1, end, field);
		/* Spaces in front are padding, if what follows can be read as quoted. */
		if (scan_quoted(d, quoting == QUOTING_LOOSE ? QUOTING_LOOSE : QUOTING_STRICT,
				open + 1, end, field))
			return true;
	}
	scan_plain(d, p, end, field);
	return true;
}

size_t csv_raw_fields(const struct dialect *d, const char *p, const char *end)
{
	struct csv_field field;
	size_t n = 0;

	do {
		scan_plain(d, p, end, &field);
		p = field.next;
		n++;
	} while (!field.last);
	return n;
}

struct csv_shape csv_shape(const struct dialect *d, enum quoting quoting, const char *p,
			   const char *end)
{
	struct csv_shape shape = { .ok = false, .end = p };
	struct csv_field field;

	do {
		if (!csv_field_scan(d, quoting, shape.end, end, &field))
			return shape;
		shape.n++;
		if (str_trim(field.content).n)
			shape.filled = shape.n;
		shape.end = field.next;
	} while (!field.last);
	shape.ok = true;
	return shape;
}

/* One quote for two; strays stay. */
static struct str unquote(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		out[n++] = s.p[i];
		if (s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"')
			i++;
	}
	return (struct str){ out, n };
}

/* "b"c: what is left when the closing quote is taken out. */
static struct str unquote_loose(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n);
	size_t n = 0;
	bool inside = true;

	for (size_t i = 0; i < s.n; i++) {
		if (!inside || s.p[i] != '"') {
			out[n++] = s.p[i];
		} else if (i + 1 < s.n && s.p[i + 1] == '"') {
			out[n++] = s.p[i++];
		} else {
			inside = false;
		}
	}
	return (struct str){ out, n };
}

static size_t split_as(const struct dialect *d, enum quoting quoting, struct str text,
		       struct str *fields, size_t max, struct arena *a)
{
	const char *p = text.p, *end = text.p + text.n;
	struct csv_field field;
	size_t n = 0;

	do {
		csv_field_scan(d, quoting, p, end, &field);
		if (n < max) {
			fields[n] = field.content;
			if (field.escaped)
				fields[n] = quoting == QUOTING_LOOSE ? unquote_loose(field.content, a) :
								       unquote(field.content, a);
		}
		n++;
		p = field.next;
	} while (!field.last);
	return n;
}

/* A row is cut 64 bytes at a time: a bit for each byte that is the one looked for. */
enum { STRIDE = 64 };

static uint64_t bits_of(const char *p, char c)
{
	uint64_t bits = 0;

#ifdef __SSE2__
	const __m128i wanted = _mm_set1_epi8(c);

	for (int i = 0; i < STRIDE / 16; i++) {
		__m128i block = _mm_loadu_si128((const __m128i *)(const void *)p + i);

		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted)) << (16 * i);
	}
#else
	for (int i = 0; i < STRIDE; i++)
		bits |= (uint64_t)(p[i] == c) << i;
#endif
	return bits;
}

struct cutting { /* of a row without quotes into fields */
	struct str *fields;
	size_t max, n;
	const char *start; /* of the field at hand */
};

static inline void cut(struct cutting *c, const char *at)
{
	if (c->n < c->max)
		c->fields[c->n] = str_span(c->start, at);
	c->n++;
	c->start = at + 1;
}

/* At each delimiter among 64 bytes, of which `bits` tells. */
static inline void cut_stride(struct cutting *c, const char *p, uint64_t bits)
{
	const char *start = c->start;
	struct str *field;

	if (c->n + STRIDE > c->max) {
		for (; bits; bits &= bits - 1)
			cut(c, p + __builtin_ctzll(bits));
		return;
	}
	field = c->fields + c->n;
	for (; bits; bits &= bits - 1) {
		const char *at = p + __builtin_ctzll(bits);

		*field++ = (struct str){ start, (size_t)(at - start) };
		start = at + 1;
	}
	c->n = (size_t)(field - c->fields);
	c->start = start;
}

/* A row without quotes, which nearly all are. False where it has one. */
static bool split_plain(const struct dialect *d, struct str text, struct str *fields, size_t max,
			size_t *n)
{
	const char *end = text.p + text.n, *p = text.p;
	struct cutting c = { fields, max, 0, text.p };

	if (end > p && end[-1] == d->line_end)
		end--;
	if (end > p && end[-1] == '\r' && d->line_end == '\n')
		end--;
	for (; end - p >= STRIDE; p += STRIDE) {
		if (bits_of(p, '"'))
			return false;
		cut_stride(&c, p, bits_of(p, d->delimiter));
	}
	if (p > text.p && p < end) { /* the last stride again, without what was cut */
		const char *last = end - STRIDE;

		if (bits_of(last, '"'))
			return false;
		cut_stride(&c, p, bits_of(last, d->delimiter) >> (p - last));
		p = end;
	}
	for (; p < end; p++) {
		if (*p == '"')
			return false;
		if (*p == d->delimiter)
			cut(&c, p);
	}
	cut(&c, end);
	*n = c.n;
	return true;
}

bool csv_split(const struct dialect *d, struct str text, size_t least, size_t width,
	       struct str *fields, size_t max, size_t *n, struct arena *a)
{
	const char *end = text.p + text.n;
	enum quoting best = QUOTING_COUNT;

	if (split_plain(d, text, fields, max, n))
		return true;
	for (enum quoting quoting = 0; quoting < QUOTING_COUNT; quoting++) {
		struct csv_shape shape = csv_shape(d, quoting, text.p, end);

		if (!shape.ok || shape.end != end)
			continue;
		if (best == QUOTING_COUNT)
			best = quoting;
		if (csv_shape_fits(&shape, least, width)) {
			best = quoting;
			break;
		}
	}
	if (best == QUOTING_COUNT)
		return false;
	*n = split_as(d, best, text, fields, max, a);
	return true;
}

size_t csv_filled(const struct dialect *d, struct str text)
{
	const char *end = text.p + text.n;

	for (enum quoting quoting = 0; quoting < QUOTING_COUNT; quoting++) {
		struct csv_shape shape = csv_shape(d, quoting, text.p, end);

		if (shape.ok && shape.end == end)
			return shape.filled;
	}
	return 0;
}
