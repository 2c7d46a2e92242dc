#include "models.h"

#include "rules.h"

enum { LONGEST = 256 }; /* bytes of a writing; what is longer is in no list */

/* Upper case, without white space: "A6L 45 tfsi" is "A6L45TFSI". */
static struct str folded(struct str written, char out[LONGEST])
{
	size_t n = 0;

	if (written.n > LONGEST)
		return written;
	for (size_t i = 0; i < written.n; i++) {
		char c = written.p[i];

		if (c != ' ' && c != '\t')
			out[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return (struct str){out, n};
}

bool models_load(struct models *m, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"written", RULE_FILLED}, {"brand", RULE_FREE}, {"series", RULE_FILLED},
		{"model", RULE_FILLED},	  {NULL, RULE_FREE},
	};
	struct rules r;
	bool ok;

	*m = (struct models){0};
	ok = rules_read(&r, rules_dir, "ref/models.csv", columns, &m->arena, f);
	m->list = arena_alloc(&m->arena, (r.n + 1) * sizeof(*m->list));
	for (size_t i = 0; i < r.n; i++) {
		const struct str *v = r.rows[i].v;
		char key[LONGEST];
		bool added;

		m->list[i] = (struct model){v[1], v[2], v[3]};
		map_put(&m->written, folded(v[0], key), i, &added);
		if (!added)
			ok = rules_mistake(&r, r.rows[i].line, f, "\"%.*s\" stands there twice",
					   STR_FMT(v[0]));
	}
	if (!ok)
		models_release(m);
	return ok;
}

const struct model *models_find(const struct models *m, struct str written)
{
	char key[LONGEST];
	const uint64_t *line = m->written.n ? map_get(&m->written, folded(written, key)) : NULL;

	return line ? &m->list[*line] : NULL;
}

static bool model_eq(const struct model *a, const struct model *b)
{
	return str_eq(a->brand, b->brand) && str_eq(a->series, b->series) &&
	       str_eq(a->model, b->model);
}

bool models_same(const struct models *m, struct str a, struct str b)
{
	const struct model *one = models_find(m, a), *other = models_find(m, b);
	char key_a[LONGEST], key_b[LONGEST];

	if (one && other)
		return model_eq(one, other);
	return str_eq(folded(a, key_a), folded(b, key_b));
}

void models_release(struct models *m)
{
	map_release(&m->written);
	arena_release(&m->arena);
	*m = (struct models){0};
}
