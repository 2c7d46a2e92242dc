/*
 * Any bytes as a schema. Beyond not crashing: either there are mistakes and every one is told
 * with file and line, or the schema is whole: what it requires has a column, and its columns
 * lie in a table.
 */
#define _GNU_SOURCE
#include "lib/schema_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)            \
	do {                       \
		if (!(condition))  \
			abort();   \
	} while (0)

static bool has_column(const struct schema *s, enum field field)
{
	for (size_t i = 0; i < s->n_columns; i++)
		for (size_t k = 0; k < s->columns[i].n_fields; k++)
			if (s->columns[i].fields[k] == field)
				return true;
	return false;
}

static void check_whole(const struct schema *s)
{
	MUST(s->source.n && (s->feeds || s->corrections));
	for (int i = 0; i < F_COUNT; i++)
		MUST(!s->required[i] || has_column(s, (enum field)i));
	for (size_t i = 0; i < s->n_columns; i++)
		MUST(s->columns[i].n_headers && s->columns[i].headers[0].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	static char path[64];
	struct arena arena = { 0 };
	struct fault f = { 0 };
	struct schema s = { .name = STR("x") };

	if (fd < 0) {
		fd = memfd_create("schema", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	MUST(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	s.path = str_of(path);
	if (schema_read(&s, &arena, &f))
		check_whole(&s);
	else
		MUST(fault_is(&f) && str_has(buf_view(&f.text), s.path));
	fault_release(&f);
	map_release(&s.known);
	arena_release(&arena);
	return 0;
}
