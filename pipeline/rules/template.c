#include "template.h"

/* The word at text.p[i], which is "{"; *end is behind its "}". NULL: no such word. */
static const struct str *word_at(struct str text, size_t i, const struct template_words *words,
				 size_t *end)
{
	const struct {
		struct str name;
		const struct str *value;
	} known[] = {
		{STR("{value}"), &words->value},
		{STR("{field}"), &words->field},
		{STR("{header}"), &words->header},
		{STR("{detail}"), &words->detail},
	};
	struct str rest = {text.p + i, text.n - i};

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		if (str_starts(rest, known[k].name)) {
			*end = i + known[k].name.n;
			return known[k].value;
		}
	return NULL;
}

struct str template_fill(struct str text, const struct template_words *words, struct arena *a)
{
	size_t room = text.n, bracket = 0, n = 0;
	bool missing = false;
	char *out;

	for (size_t i = 0, end; i < text.n; i++) {
		const struct str *word = text.p[i] == '{' ? word_at(text, i, words, &end) : NULL;

		room += word ? word->n : 0;
	}
	out = arena_alloc(a, room ? room : 1);
	for (size_t i = 0; i < text.n;) {
		size_t end = i + 1;
		const struct str *word = text.p[i] == '{' ? word_at(text, i, words, &end) : NULL;

		if (word) {
			if (word->n)
				memcpy(out + n, word->p, word->n);
			n += word->n;
			missing |= !word->n;
		} else if (text.p[i] == '[') {
			bracket = n;
			missing = false;
		} else if (text.p[i] == ']') {
			n = missing ? bracket : n;
		} else {
			out[n++] = text.p[i];
		}
		i = end;
	}
	return (struct str){out, n};
}

bool template_check(const struct rules *r, const struct rule_row *row, struct str text,
		    struct fault *f)
{
	const struct template_words none = {0};
	bool inside = false, ok = true;

	for (size_t i = 0, end; i < text.n; i++) {
		if (text.p[i] == '{' && !word_at(text, i, &none, &end))
			ok = rules_mistake(r, row->line, f,
					   "{...} in a sentence is one of {value} {field} {header} "
					   "{detail}: %.*s",
					   STR_FMT(text));
		if (text.p[i] == (inside ? '[' : ']'))
			ok = rules_mistake(r, row->line, f,
					   "a square bracket in a sentence lacks its partner: %.*s",
					   STR_FMT(text));
		if (text.p[i] == '[' || text.p[i] == ']')
			inside = text.p[i] == '[';
	}
	if (inside)
		ok = rules_mistake(r, row->line, f,
				   "a square bracket in a sentence lacks its partner: %.*s",
				   STR_FMT(text));
	return ok;
}
