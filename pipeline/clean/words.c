#include "words.h"

#include "rules.h"

enum { LONGEST = 128 }; /* bytes of a word; what is longer is in no list */

static struct str folded(struct str word, char out[LONGEST])
{
	size_t n = 0;

	if (word.n > LONGEST)
		return word;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];

		if (c != ' ' && c != '\t')
			out[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return (struct str){out, n};
}

/* What the tables may hold is the same for everybody, so no edit can add to it. */
static const struct {
	enum field field;
	const char *values;
} fixed[] = {
	{F_CUSTOMER_TYPE, "person|company"},
	{F_GENDER, "M|F"},
	{F_ID_TYPE, "resident|passport|hk_macau_permit|taiwan_permit|foreign_resident|military|uscc|"
		    "org_code"},
	{F_MARKETING_CONSENT, "yes|no"},
	{F_KIND, "first_service|maintenance|repair|accident|recall|inquiry|complaint|roadside|lead|"
		 "test_drive|follow_up|survey|activity|claim|parts|insurance"},
	{F_CHANNEL, "phone|web|wechat|app|email|sms|weibo|forum|showroom|motor_show"},
};

static bool value_is_known(const struct rules *r, const struct rule_row *row, enum field field,
			   struct fault *f)
{
	struct str known[16], rest = {0}, value; /* kind has sixteen values, the most of all */
	size_t n = 0;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].field == field)
			rest = str_of(fixed[i].values);
	if (!rest.n || !row->v[2].n)
		return true;
	while (str_cut(&rest, '|', &value)) {
		if (str_eq(value, row->v[2]))
			return true;
		if (n < sizeof(known) / sizeof(known[0]))
			known[n++] = value;
	}
	return rules_unknown(r, row->line, f, "value of this field", row->v[2], known, n);
}

static bool add(struct words *w, const struct rules *r, const struct rule_row *row, size_t at,
		struct fault *f)
{
	enum field field = field_find(row->v[0]);
	char key[LONGEST];
	bool added;

	if (field == F_COUNT)
		return rules_unknown_field(r, row->line, f, row->v[0]);
	if (!value_is_known(r, row, field, f))
		return false;
	map_put(&w->of[field], folded(row->v[1], key), at, &added);
	if (!added)
		return rules_mistake(r, row->line, f,
				     "the word \"%.*s\" of %.*s stands there twice",
				     STR_FMT(row->v[1]), STR_FMT(row->v[0]));
	w->n_listed[field]++;
	return true;
}

/* What was cleaned once stays as it is when it is cleaned again. */
static bool add_itself(struct words *w, const struct rules *r, const struct rule_row *row,
		       size_t at, struct fault *f)
{
	enum field field = field_find(row->v[0]);
	char key[LONGEST];
	const uint64_t *held;

	if (field == F_COUNT || !row->v[2].n)
		return true;
	held = map_put(&w->of[field], folded(row->v[2], key), at, NULL);
	if (str_eq(w->values[*held], row->v[2]))
		return true;
	return rules_mistake(r, row->line, f,
			     "\"%.*s\" is a value of %.*s, and as a word it means \"%.*s\"",
			     STR_FMT(row->v[2]), STR_FMT(row->v[0]), STR_FMT(w->values[*held]));
}

static void list(struct words *w, const struct rules *r)
{
	for (int i = 0; i < F_COUNT; i++) {
		w->listed[i] = arena_alloc(&w->arena, (w->n_listed[i] + 1) * sizeof(struct str));
		w->n_listed[i] = 0;
	}
	for (size_t i = 0; i < r->n; i++) {
		enum field field = field_find(r->rows[i].v[0]);

		w->listed[field][w->n_listed[field]++] = r->rows[i].v[1];
	}
}

bool words_load(struct words *w, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"field", RULE_FILLED},
		{"word", RULE_FILLED},
		{"value", RULE_FREE},
		{NULL, RULE_FREE},
	};
	struct rules r;
	bool ok;

	*w = (struct words){0};
	ok = rules_read(&r, rules_dir, "words.csv", columns, &w->arena, f);
	w->values = arena_alloc(&w->arena, (r.n + 1) * sizeof(*w->values));
	for (size_t i = 0; i < r.n; i++) {
		w->values[i] = r.rows[i].v[2];
		ok &= add(w, &r, &r.rows[i], i, f);
	}
	for (size_t i = 0; i < r.n; i++)
		ok &= add_itself(w, &r, &r.rows[i], i, f);
	if (ok)
		list(w, &r);
	else
		words_release(w);
	return ok;
}

const struct str *words_find(const struct words *w, enum field field, struct str word)
{
	char key[LONGEST];
	const uint64_t *at = w->of[field].n ? map_get(&w->of[field], folded(word, key)) : NULL;

	return at ? &w->values[*at] : NULL;
}

const struct str *words_nearest(const struct words *w, enum field field, struct str word)
{
	return nearest_word(word, w->listed[field], w->n_listed[field]);
}

void words_release(struct words *w)
{
	for (int i = 0; i < F_COUNT; i++)
		map_release(&w->of[i]);
	arena_release(&w->arena);
	*w = (struct words){0};
}
