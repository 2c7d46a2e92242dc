/*
 * The pieces of reading alone, for measuring:
 *
 *     pieces split FILE...   rows and fields of plain files, by the readers that extract uses
 *     pieces decode FILE     GB18030 to UTF-8 on standard output
 */
#define _GNU_SOURCE /* memrchr */
#include "extract/csv_scan.h"
#include "extract/gb18030.h"
#include "extract/splitter.h"
#include "infile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FIELDS = 256, MAX_ROW = 1 << 20, BLOCK = 1 << 20 };

static void fail(const struct fault *f)
{
	fprintf(stderr, "pieces: %.*s\n", (int)f->text.n, f->text.p);
	exit(1);
}

static struct infile open_file(const char *path)
{
	struct infile in;
	struct fault f = { 0 };

	if (!infile_open(&in, path, false, (struct infile_limits){ 0 }, &f))
		fail(&f);
	return in;
}

static size_t split_file(const char *path, size_t *fields)
{
	struct infile in = open_file(path);
	struct splitter s = { .text = in.bytes, .dialect = { ',', '\n', false }, .max_row = MAX_ROW };
	struct str row, cells[MAX_FIELDS];
	struct arena a = { 0 };
	enum split split;
	size_t rows = 0, n;

	while ((split = splitter_next(&s, &row)) != SPLIT_END) {
		if (split != SPLIT_ROW || !csv_split(&s.dialect, row, 0, MAX_FIELDS, cells, MAX_FIELDS, &n, &a))
			continue;
		rows++;
		*fields += n;
		arena_reset(&a);
	}
	arena_release(&a);
	infile_close(&in);
	return rows;
}

/* Blocks end behind a line: no byte of a GB18030 character is a line end. */
static void decode_file(const char *path)
{
	struct infile in = open_file(path);
	char *out = xmalloc(GB18030_ROOM(BLOCK));

	for (size_t at = 0, n, bad; at < in.bytes.n; at += n) {
		struct str block = { in.bytes.p + at, in.bytes.n - at < BLOCK ? in.bytes.n - at : BLOCK };
		const char *end = memrchr(block.p, '\n', block.n);

		if (end && at + block.n < in.bytes.n)
			block.n = (size_t)(end + 1 - block.p);
		n = block.n;
		size_t written = gb18030_decode(block, out, &bad);

		if (bad < n || write(STDOUT_FILENO, out, written) != (ssize_t)written) {
			fprintf(stderr, "pieces: %s: stopped at byte %zu\n", path, at + bad);
			exit(1);
		}
	}
	free(out);
	infile_close(&in);
}

int main(int argc, char **argv)
{
	size_t rows = 0, fields = 0;

	if (argc == 3 && strcmp(argv[1], "decode") == 0) {
		decode_file(argv[2]);
		return 0;
	}
	if (argc < 3 || strcmp(argv[1], "split") != 0) {
		fputs("usage: pieces split FILE... | pieces decode FILE\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		rows += split_file(argv[i], &fields);
	printf("%zu rows, %zu fields\n", rows, fields);
	return 0;
}
