#include "contexts.h"

/* "field=header as it came", joined by ";"; those two characters and "\" stand behind a "\". */
static struct str unescaped(struct str *rest, char end, struct arena *a)
{
	char *out = arena_alloc(a, rest->n ? rest->n : 1);
	size_t n = 0, i = 0;

	for (; i < rest->n && rest->p[i] != end; i++) {
		if (rest->p[i] == '\\' && i + 1 < rest->n)
			i++;
		out[n++] = rest->p[i];
	}
	i += i < rest->n;
	*rest = str_span(rest->p + i, rest->p + rest->n);
	return (struct str){out, n};
}

static void read_headers(struct file_context *file, struct str text, struct arena *a)
{
	while (text.n) {
		enum field field = field_find(unescaped(&text, '=', a));
		struct str header = unescaped(&text, ';', a);

		if (field != F_COUNT)
			file->headers[field] = header;
	}
	file->context.headers = file->headers;
}

static void read_expects(struct file_context *file, struct str text)
{
	struct str name;

	while (str_cut(&text, ';', &name)) {
		enum field field = field_find(name);

		if (field != F_COUNT)
			file->expected[field] = true;
	}
	file->context.expected = file->expected;
}

static void read_findings(struct file_context *file, struct str text)
{
	struct str finding;

	while (str_cut(&text, ';', &finding))
		if (str_eq(finding, STR("id_number:spreadsheet")))
			file->context.spreadsheet_ids = true;
}

void contexts_load(struct contexts *c, const struct rowset *files, enum lang lang)
{
	*c = (struct contexts){.n = 0};
	c->list = arena_zalloc(&c->arena, (files->n + 1) * sizeof(*c->list));
	for (size_t i = 0; i < files->n; i++) {
		struct file_context *file = &c->list[c->n];
		struct str v[FIL_COLUMNS];

		rowset_get(files, i, v);
		if (!str_eq(v[FIL_STATUS], STR("ok")))
			continue;
		file->context.file = v[FIL_FILE];
		file->context.schema = v[FIL_SCHEMA];
		file->context.lang = lang;
		file->sender = v[FIL_SENDER];
		file->feeds = v[FIL_FEEDS];
		read_headers(file, v[FIL_HEADERS], &c->arena);
		read_expects(file, v[FIL_EXPECTS]);
		read_findings(file, v[FIL_FINDINGS]);
		map_put(&c->by_stem, v[FIL_STEM], c->n, NULL);
		map_put(&c->by_file, v[FIL_FILE], c->n, NULL);
		c->n++;
	}
	c->list[c->n++].context.lang = lang;
}

const struct file_context *contexts_of_file(const struct contexts *c, struct str file)
{
	const uint64_t *at = map_get(&c->by_file, file);

	return at ? &c->list[*at] : NULL;
}

size_t contexts_find(const struct contexts *c, struct str record_id)
{
	struct str stem;
	const uint64_t *at;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	at = map_get(&c->by_stem, stem);
	return at ? *at : c->n - 1;
}

void contexts_release(struct contexts *c)
{
	map_release(&c->by_stem);
	map_release(&c->by_file);
	arena_release(&c->arena);
	*c = (struct contexts){0};
}
