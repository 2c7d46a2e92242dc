/* rules/ref/dealers.csv: whom the group knows; empty, it doubts nobody. */
#include "step.h"

static bool dealer_read(struct known_dealers *d, const struct rules *r, size_t i, struct fault *f)
{
	const struct str *v = r->rows[i].v;
	bool added;

	d->codes[i] = v[0];
	map_put(&d->by_code, v[0], i, &added);
	if (!added)
		return rules_mistake(r, r->rows[i].line, f, "the dealer %.*s stands there twice",
				     STR_FMT(v[0]));
	if (!v[2].n)
		return true;
	map_put(&d->by_tax_no, v[2], i, &added);
	if (!added)
		return rules_mistake(r, r->rows[i].line, f,
				     "the taxpayer number %.*s stands there twice", STR_FMT(v[2]));
	return true;
}

bool known_dealers_load(struct known_dealers *d, const char *rules_dir, struct arena *a, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"code", RULE_FILLED},	 {"name", RULE_FREE},	{"tax_no", RULE_FREE},
		{"province", RULE_FREE}, {"region", RULE_FREE}, {NULL, RULE_FREE},
	};
	struct rules r;
	bool ok = rules_read(&r, rules_dir, "ref/dealers.csv", columns, a, f);

	d->codes = arena_alloc(a, (r.n + 1) * sizeof(struct str));
	for (size_t i = 0; i < r.n; i++)
		ok &= dealer_read(d, &r, i, f);
	return ok;
}

void known_dealers_release(struct known_dealers *d)
{
	map_release(&d->by_code);
	map_release(&d->by_tax_no);
}
