#define _GNU_SOURCE /* le64toh */
#include "csv_table.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "gz.h"
#include "mem.h"
#include "text.h"

enum {
	BLOCK = 256 << 10,
	MAX_ROW = 256 << 20,
	SLACK = 8, /* behind the block, so that eight bytes can be looked at anywhere */
};

#define EACH_BYTE(c) (0x0101010101010101u * (c))

struct csv_reader {
	char *path;
	int fd;
	struct gz_reader *in; /* NULL: rows that lie in memory */
	struct str given[2]; /* of those what is still to be read */
	struct fault fault; /* sticky */
	bool at_end;
	/* the block: bytes from `at` to `end` are still to be read */
	char *block;
	size_t size, at, end;
	size_t line, next_line;
	struct str *fields;
	size_t n_fields, cap_fields;
	struct str *header;
	size_t n_header;
	struct arena arena;
};

static char *with_gz(const char *path)
{
	size_t n = strlen(path);
	char *gz = xmalloc(n + sizeof(".gz"));

	memcpy(gz, path, n);
	memcpy(gz + n, ".gz", sizeof(".gz"));
	return gz;
}

bool csv_table_exists(const char *path)
{
	char *gz = with_gz(path);
	bool found = file_exists(path) || file_exists(gz);

	free(gz);
	return found;
}

static int open_table(const char *path, char **opened)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *gz;

	*opened = xstrdup(path);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	gz = with_gz(path);
	fd = open(gz, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		free(gz);
		return fd;
	}
	free(*opened);
	*opened = gz;
	return fd;
}

static size_t take_given(struct csv_reader *r, char *p, size_t n)
{
	struct str *from = r->given[0].n ? &r->given[0] : &r->given[1];

	n = n < from->n ? n : from->n;
	if (n)
		memcpy(p, from->p, n);
	*from = (struct str){ from->p + n, from->n - n };
	return n;
}

/* Moves what is left to the front of the block and reads on behind it; false at the end of
 * the file. The block grows only for a row that is larger than it. */
static bool refill(struct csv_reader *r)
{
	size_t left = r->end - r->at, got;

	if (r->at_end)
		return false;
	memmove(r->block, r->block + r->at, left);
	r->at = 0;
	r->end = left;
	if (left == r->size) {
		if (r->size >= MAX_ROW)
			return fault_set(&r->fault, EXIT_FAILED,
					 "%s, line %zu: a row of more than %d MiB", r->path,
					 r->next_line, MAX_ROW >> 20);
		r->size *= 2;
		r->block = xrealloc(r->block, r->size + SLACK);
	}
	got = r->in ? gz_reader_read(r->in, r->block + left, r->size - left) :
		      take_given(r, r->block + left, r->size - left);
	r->end += got;
	r->at_end = got == 0;
	if (got == 0 && r->in && gz_reader_error(r->in))
		return fault_set(&r->fault, EXIT_FAILED, "cannot read %s: %s", r->path,
				 gz_reader_error(r->in));
	return got > 0;
}

/* The row from `at` on ends before the returned place, a line feed or the end of the file;
 * *quotes tells whether there are any. NULL at the end of the table or on a fault. A line
 * feed ends the row where an even number of quotes stands before it. */
static char *row_end(struct csv_reader *r, bool *quotes)
{
	size_t searched = 0, n_quotes = 0;

	for (;;) {
		char *from = r->block + r->at + searched, *end = r->block + r->end;
		char *feed = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
		char *stop = feed ? feed : end, *quote;

		for (quote = from; quote < stop; quote++) {
			quote = memchr(quote, '"', (size_t)(stop - quote));
			if (!quote)
				break;
			n_quotes++;
		}
		*quotes = n_quotes > 0;
		if (feed && n_quotes % 2 == 0)
			return feed;
		searched = (size_t)(stop - (r->block + r->at)) + (feed != NULL);
		if (!feed && !refill(r))
			return r->end > r->at && !fault_is(&r->fault) ? r->block + r->end : NULL;
	}
}

static void add_field(struct csv_reader *r, const char *p, const char *end)
{
	GROW(r->fields, r->n_fields, r->cap_fields);
	r->fields[r->n_fields++] = str_span(p, end);
}

/* The top bit of each byte that is a comma, the first byte lowest: exact, unlike that of csv_row.c,
 * since every bit that is set is a field's end. */
static uint64_t commas_at(const char *p)
{
	uint64_t word, x;

	memcpy(&word, p, 8);
	x = le64toh(word) ^ EACH_BYTE(',');
	return ~(((x & EACH_BYTE(0x7F)) + EACH_BYTE(0x7F)) | x | EACH_BYTE(0x7F));
}

static void split_plain(struct csv_reader *r, const char *p, const char *end)
{
	const char *from = p;

	for (; p < end; p += 8) {
		uint64_t commas = commas_at(p);

		for (; commas; commas &= commas - 1) {
			const char *comma = p + __builtin_ctzll(commas) / 8;

			if (comma >= end)
				break;
			add_field(r, from, comma);
			from = comma + 1;
		}
	}
	add_field(r, from, end);
}

/* The field behind an opening quote, its doubled quotes made one in place. *p is left
 * behind the closing one; NULL where there is none. */
static char *unquote(char **p, char *end)
{
	char *out = *p, *in = *p;

	while (in < end) {
		if (*in == '"') {
			if (in + 1 == end || in[1] != '"') {
				*p = in + 1;
				return out;
			}
			in++;
		}
		*out++ = *in++;
	}
	return NULL;
}

static bool split_quoted(struct csv_reader *r, char *p, char *end)
{
	for (;; p++) {
		char *from = p, *field_end;

		if (p < end && *p == '"') {
			from = ++p;
			field_end = unquote(&p, end);
			if (!field_end || (p < end && *p != ','))
				return fault_set(&r->fault, EXIT_FAILED,
						 "%s, line %zu: field %zu has a quote that does not "
						 "close it",
						 r->path, r->line, r->n_fields + 1);
		} else {
			while (p < end && *p != ',' && *p != '"')
				p++;
			if (p < end && *p == '"')
				return fault_set(&r->fault, EXIT_FAILED,
						 "%s, line %zu: field %zu has a quote inside; the "
						 "whole field must be quoted",
						 r->path, r->line, r->n_fields + 1);
			field_end = p;
		}
		add_field(r, from, field_end);
		if (p == end)
			return true;
	}
}

static size_t count_feeds(const char *p, const char *end)
{
	size_t n = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		n++;
		p++;
	}
	return n;
}

/* Splits the next row that is not blank into r->fields. */
static bool next_row(struct csv_reader *r)
{
	char *start, *end;
	bool quotes;

	do {
		end = row_end(r, &quotes);
		if (!end)
			return false;
		start = r->block + r->at;
		r->line = r->next_line;
		r->next_line += 1 + (quotes ? count_feeds(start, end) : 0);
		r->at = (size_t)(end - r->block) + (end < r->block + r->end);
		if (end > start && end[-1] == '\r')
			end--;
	} while (start == end);
	if (!text_is_utf8(str_span(start, end)))
		return fault_set(&r->fault, EXIT_FAILED, "%s, line %zu: not UTF-8", r->path, r->line);
	r->n_fields = 0;
	if (quotes)
		return split_quoted(r, start, end);
	split_plain(r, start, end);
	return true;
}

static bool read_header(struct csv_reader *r)
{
	while (r->end < 3 && refill(r))
		;
	if (r->end >= 3 && memcmp(r->block, "\xEF\xBB\xBF", 3) == 0)
		r->at = 3;
	if (!next_row(r))
		return fault_set(&r->fault, EXIT_FAILED, "%s is empty: not even a header row",
				 r->path);
	r->n_header = r->n_fields;
	r->header = arena_alloc(&r->arena, r->n_header * sizeof(*r->header));
	for (size_t i = 0; i < r->n_header; i++) {
		r->header[i] = str_keep(&r->arena, r->fields[i]);
		if (csv_reader_column(r, r->header[i]) != (int)i)
			return fault_set(&r->fault, EXIT_FAILED, "%s: the column %.*s stands twice",
					 r->path, STR_FMT(r->header[i]));
	}
	return true;
}

static struct csv_reader *begin(struct csv_reader *r, struct fault *f)
{
	r->size = BLOCK;
	r->block = xcalloc(1, BLOCK + SLACK);
	r->next_line = 1;
	if (read_header(r))
		return r;
	csv_reader_close(r, f);
	return NULL;
}

struct csv_reader *csv_reader_open(const char *path, struct fault *f)
{
	struct csv_reader *r = xcalloc(1, sizeof(*r));

	if (strcmp(path, "-") == 0) {
		r->fd = STDIN_FILENO;
		r->path = xstrdup("standard input");
	} else {
		r->fd = open_table(path, &r->path);
	}
	if (r->fd < 0) {
		fault_errno(f, "open", path);
		free(r->path);
		free(r);
		return NULL;
	}
	r->in = gz_reader_new(r->fd);
	return begin(r, f);
}

struct csv_reader *csv_reader_over(const char *path, struct str header, struct str rows, struct fault *f)
{
	struct csv_reader *r = xcalloc(1, sizeof(*r));

	r->path = xstrdup(path);
	r->fd = -1;
	r->given[0] = header;
	r->given[1] = rows;
	return begin(r, f);
}

int csv_reader_column(const struct csv_reader *r, struct str name)
{
	for (size_t i = 0; i < r->n_header; i++)
		if (str_eq(r->header[i], name))
			return (int)i;
	return -1;
}

size_t csv_reader_columns(const struct csv_reader *r)
{
	return r->n_header;
}

struct str csv_reader_header(const struct csv_reader *r, size_t i)
{
	return r->header[i];
}

bool csv_reader_next(struct csv_reader *r, const struct str **fields)
{
	if (fault_is(&r->fault) || !next_row(r))
		return false;
	*fields = r->fields;
	if (r->n_fields == r->n_header)
		return true;
	return fault_set(&r->fault, EXIT_FAILED, "%s, line %zu: %zu fields where the header has %zu",
			 r->path, r->line, r->n_fields, r->n_header);
}

size_t csv_reader_line(const struct csv_reader *r)
{
	return r->line;
}

const char *csv_reader_path(const struct csv_reader *r)
{
	return r->path;
}

bool csv_reader_close(struct csv_reader *r, struct fault *f)
{
	bool ok = !fault_is(&r->fault);

	if (!ok)
		fault_set(f, r->fault.status, "%.*s", STR_FMT(r->fault.text));
	if (r->in && r->fd != STDIN_FILENO)
		close(r->fd);
	if (r->in)
		gz_reader_free(r->in);
	fault_release(&r->fault);
	arena_release(&r->arena);
	free(r->block);
	free(r->fields);
	free(r->path);
	free(r);
	return ok;
}
