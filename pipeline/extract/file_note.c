#include "file_note.h"

static void put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ';' || s.p[i] == '=' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
}

struct str file_note_headers(const struct export *e, struct arena *a)
{
	struct buf b = { 0 };

	for (int i = 0; i < F_COUNT; i++) {
		struct str header = export_field_header(e, (enum field)i);

		if (!header.n)
			continue;
		if (b.n)
			buf_char(&b, ';');
		buf_str(&b, field_name((enum field)i));
		buf_char(&b, '=');
		put_escaped(&b, header);
	}
	struct str kept = str_keep(a, buf_view(&b));

	buf_release(&b);
	return kept;
}

struct str file_note_expects(const struct schema *schema, struct arena *a)
{
	struct str s = { 0 };

	for (int i = 0; i < F_COUNT; i++) {
		if (schema->expected[i])
			s = str_printf(a, "%.*s%s%.*s", STR_FMT(s), s.n ? ";" : "", STR_FMT(field_name((enum field)i)));
	}
	return s;
}

struct str file_note_feeds(const struct schema *schema, struct arena *a)
{
	struct str s = { 0 };

	for (int i = 0; i < ENTITY_COUNT; i++) {
		if (schema->feeds & FEEDS(i))
			s = str_printf(a, "%.*s%s%.*s", STR_FMT(s), s.n ? ";" : "", STR_FMT(entity_name((enum entity)i)));
	}
	return s;
}
