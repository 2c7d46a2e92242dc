#include "header_list.h"

/* Takes the next entry off *rest, up to a ";" that is not escaped. */
static bool next_entry(struct str *rest, struct str *entry)
{
	size_t i = 0;

	if (!rest->n)
		return false;
	while (i < rest->n && rest->p[i] != ';')
		i += rest->p[i] == '\\' ? 2 : 1;
	if (i > rest->n)
		i = rest->n;
	*entry = (struct str){ rest->p, i };
	*rest = i < rest->n ? str_span(rest->p + i + 1, rest->p + rest->n) : STR("");
	return true;
}

static struct str unescaped(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n), *p = out;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		*p++ = s.p[i];
	}
	return str_span(out, p);
}

struct str header_list_find(struct str list, struct str field, struct arena *a)
{
	struct str entry;

	while (next_entry(&list, &entry))
		if (entry.n > field.n && entry.p[field.n] == '=' &&
		    str_eq((struct str){ entry.p, field.n }, field))
			return unescaped(str_span(entry.p + field.n + 1, entry.p + entry.n), a);
	return STR("");
}
