#include "secret.h"

#include "buf.h"

/* Where the next password at or behind `from` begins, and its end; false where there is none. */
static bool find_password(struct str text, size_t from, size_t *begin, size_t *end)
{
	static const struct str url = STR_INIT("://"), key = STR_INIT("password=");

	for (size_t i = from; i < text.n; i++) {
		struct str rest = { text.p + i, text.n - i };

		if (str_starts(rest, url)) {
			bool store = str_ends((struct str){ text.p, i }, STR("postgresql")) ||
				     str_ends((struct str){ text.p, i }, STR("postgres"));
			const char *ends = store ? " \t\n\"'" : " \t\n\"'/?";
			size_t colon = 0, at = 0;

			/* up to the last @ before a slash or blank: a password may hold one; of a store, where
			 * nothing else has one behind it, a slash as well */
			for (size_t k = i + url.n; k < text.n && !strchr(ends, text.p[k]); k++) {
				if (text.p[k] == ':' && !colon)
					colon = k;
				if (text.p[k] == '@')
					at = k;
			}
			if (colon && at > colon) {
				*begin = colon + 1;
				*end = at;
				return true;
			}
		}
		if (str_starts(rest, key)) {
			*begin = i + key.n;
			*end = *begin;
			while (*end < text.n && !strchr(" \t\n\"&", text.p[*end]))
				++*end;
			return true;
		}
	}
	return false;
}

struct str secret_mask(struct arena *a, struct str text)
{
	struct buf b = { 0 };
	size_t from = 0, begin, end;
	struct str masked;

	while (find_password(text, from, &begin, &end)) {
		buf_add(&b, text.p + from, begin - from);
		buf_str(&b, STR("***"));
		from = end;
	}
	buf_add(&b, text.p + from, text.n - from);
	masked = str_keep(a, buf_view(&b));
	buf_release(&b);
	return masked;
}

void secret_blank(char *text)
{
	struct str s = str_of(text);
	size_t begin, end;

	for (size_t from = 0; find_password(s, from, &begin, &end); from = end)
		memset(text + begin, '*', end - begin);
}
