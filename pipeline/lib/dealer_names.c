#include "dealer_names.h"

#include "rules.h"

bool dealer_names_load(struct dealer_names *dn, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"code", RULE_FILLED},	 {"name", RULE_FREE},	{"tax_no", RULE_FREE},
		{"province", RULE_FREE}, {"region", RULE_FREE}, {NULL, RULE_FREE},
	};
	struct rules r;
	bool ok;

	*dn = (struct dealer_names){0};
	ok = rules_read(&r, rules_dir, "ref/dealers.csv", columns, &dn->arena, f);
	dn->names = arena_alloc(&dn->arena, (r.n + 1) * sizeof(*dn->names));
	for (size_t i = 0; i < r.n; i++) {
		dn->names[i] = r.rows[i].v[1];
		map_put(&dn->by_code, r.rows[i].v[0], i, NULL);
	}
	return ok;
}

struct str dealer_name(const struct dealer_names *dn, struct str code)
{
	const uint64_t *at = map_get(&dn->by_code, code);

	return at ? dn->names[*at] : (struct str){0};
}

void dealer_names_release(struct dealer_names *dn)
{
	map_release(&dn->by_code);
	arena_release(&dn->arena);
	*dn = (struct dealer_names){0};
}
