/* The writer of csv_table.h: most fields need no quotes, which eight bytes at a time tell. */
#include "csv_table.h"

#define EACH_BYTE(c) (0x0101010101010101u * (c))

/* Non-zero where one of the eight bytes equals c (which one is not told exactly). */
static uint64_t any_equal(uint64_t word, unsigned char c)
{
	uint64_t x = word ^ EACH_BYTE(c);

	return (x - EACH_BYTE(1)) & ~x & EACH_BYTE(0x80);
}

static uint64_t any_special(uint64_t word)
{
	return any_equal(word, ',') | any_equal(word, '"') | any_equal(word, '\n') |
	       any_equal(word, '\r');
}

/* Copies a field as it is; non-zero where it holds what must be quoted. The last eight bytes
 * overlap those before; short fields are two halves that overlap. */
static uint64_t copy_plain(char *p, struct str s)
{
	uint64_t special = 0, word = 0;
	size_t i = 0;

	if (s.n >= 8) {
		for (; i + 8 < s.n; i += 8) {
			memcpy(&word, s.p + i, 8);
			memcpy(p + i, &word, 8);
			special |= any_special(word);
		}
		memcpy(&word, s.p + s.n - 8, 8);
		memcpy(p + s.n - 8, &word, 8);
	} else if (s.n >= 4) {
		uint32_t first, last;

		memcpy(&first, s.p, 4);
		memcpy(&last, s.p + s.n - 4, 4);
		memcpy(p, &first, 4);
		memcpy(p + s.n - 4, &last, 4);
		word = (uint64_t)last << 32 | first;
	} else {
		for (; i < s.n; i++) {
			p[i] = s.p[i];
			word = word << 8 | (unsigned char)s.p[i];
		}
		word |= EACH_BYTE(0x80) << 8 * s.n;
	}
	return special | any_special(word);
}

static char *put_quoted(char *p, struct str s)
{
	*p++ = '"';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			*p++ = '"';
		*p++ = s.p[i];
	}
	*p++ = '"';
	return p;
}

char *csv_put(char *p, struct str field)
{
	return copy_plain(p, field) ? put_quoted(p, field) : p + field.n;
}

void csv_field(struct buf *b, struct str field)
{
	char *p = buf_room(b, CSV_ROOM(field.n));

	buf_took(b, (size_t)(csv_put(p, field) - p));
}

/* A row of one empty field would be a blank line, which is no row. */
void csv_row(struct buf *b, const struct str *fields, size_t n)
{
	size_t room = 3;
	char *start, *p;

	for (size_t i = 0; i < n; i++)
		room += CSV_ROOM(fields[i].n) + 1;
	start = p = buf_room(b, room);
	if (n == 1 && fields[0].n == 0)
		p = put_quoted(p, fields[0]);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*p++ = ',';
		if (fields[i].n > 0)
			p = csv_put(p, fields[i]);
	}
	*p++ = '\n';
	buf_took(b, (size_t)(p - start));
}
