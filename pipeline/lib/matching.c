#include "matching.h"

#include "rules.h"

#include <stdlib.h>

enum column { RULE, NAME, VALUE, EXACT, NEAR, SLIP, SURNAME, ABSENT, UNLESS, TELL, NOTE };

static const struct rule_column columns[] = {
	{ "rule", RULE_FILLED },   { "name", RULE_FILLED }, { "value", RULE_FILLED },
	{ "exact", RULE_FREE },	   { "near", RULE_FREE },   { "slip", RULE_FREE },
	{ "surname", RULE_FREE },  { "absent", RULE_FREE }, { "unless", RULE_FREE },
	{ "tell", RULE_FREE },	   { "note", RULE_MAY_LACK }, { NULL, RULE_FREE },
};

struct reading { /* what the kinds of lines share */
	struct matching *m;
	const struct rules *rules;
	const struct rule_row *row;
	struct fault *f;
};

static const struct str field_names[MATCH_FIELDS] = {
#define X(upper, lower) [MATCH_##upper] = STR_INIT(#lower),
	MATCH_FIELDS_LIST(X)
#undef X
};

struct str match_field_name(enum match_field field)
{
	return field_names[field];
}

static bool mistake(const struct reading *r, const char *what, struct str value)
{
	return rules_mistake(r->rules, r->row->line, r->f, "%s \"%.*s\"", what, STR_FMT(value));
}

static bool read_number(const struct reading *r, struct str text, double min, double max,
			double *number)
{
	if (str_double(text, number) && *number >= min && *number <= max)
		return true;
	return rules_mistake(r->rules, r->row->line, r->f, "\"%.*s\" is no number from %g to %g",
			     STR_FMT(text), min, max);
}

static bool no_such_field(const struct reading *r, struct str name)
{
	return rules_unknown(r->rules, r->row->line, r->f, "evidence in the field", name, field_names,
			     MATCH_FIELDS);
}

static bool read_threshold(const struct reading *r)
{
	struct matching *m = r->m;
	struct str name = r->row->v[NAME], value = r->row->v[VALUE];
	double records;

	if (str_eq(name, STR("link")))
		return read_number(r, value, 0.5, 1, &m->link);
	if (str_eq(name, STR("review")))
		return read_number(r, value, 0.5, 1, &m->review);
	if (str_eq(name, STR("margin")))
		return read_number(r, value, 1, 1e9, &m->margin);
	if (!str_eq(name, STR("records")))
		return mistake(r, "a threshold is link, review, margin or records, not", name);
	if (!read_number(r, value, 2, 1e9, &records))
		return false;
	m->max_records = (unsigned)records;
	return true;
}

static int field_of(struct str name)
{
	for (int i = 0; i < MATCH_FIELDS; i++)
		if (str_eq(name, field_names[i]))
			return i;
	return -1;
}

static bool read_guard(const struct reading *r)
{
	struct str name = r->row->v[NAME];
	int field = field_of(name);
	double names;

	if (!read_number(r, r->row->v[VALUE], 1, 1e6, &names))
		return false;
	if (str_eq(name, STR("id_number"))) {
		r->m->id_names = (unsigned)names;
		return true;
	}
	if (field < 0)
		return no_such_field(r, name);
	r->m->guard[field] = (struct guard){ (unsigned)names, r->row->v[TELL] };
	return true;
}

static bool read_trust(const struct reading *r)
{
	struct str rest = r->row->v[VALUE], source;

	if (!str_eq(r->row->v[NAME], STR("id_number")))
		return mistake(r, "sources are trusted with an id_number, not with", r->row->v[NAME]);
	while (str_cut(&rest, '>', &source)) {
		if (r->m->n_trust == MATCHING_MAX_LIST)
			return mistake(r, "too many sources in", r->row->v[VALUE]);
		r->m->trust[r->m->n_trust++] = str_trim(source);
	}
	return true;
}

/* "vin+mobile" as bits. */
static bool read_fields(const struct reading *r, struct str list, unsigned *bits)
{
	struct str rest = list, name;

	while (str_cut(&rest, '+', &name)) {
		int field = field_of(str_trim(name));

		if (field < 0)
			return no_such_field(r, str_trim(name));
		*bits |= 1u << field;
	}
	return true;
}

static bool read_evidence(const struct reading *r)
{
	static const enum column of_grade[NAME_GRADES] = {
		[NAME_EXACT] = EXACT, [NAME_NEAR] = NEAR,     [NAME_SLIP] = SLIP,
		[NAME_SURNAME] = SURNAME, [NAME_ABSENT] = ABSENT,
	};
	struct evidence e = { .name = r->row->v[NAME] };

	if (r->m->n_evidence == MATCHING_MAX_EVIDENCE)
		return mistake(r, "there are too many kinds of evidence before", e.name);
	if (!read_fields(r, r->row->v[VALUE], &e.fields) ||
	    !read_fields(r, r->row->v[UNLESS], &e.unless))
		return false;
	if (e.unless & ~(1u << MATCH_BIRTH_DATE))
		return mistake(r, "only birth_date can stand under unless, not", r->row->v[UNLESS]);
	for (int grade = NAME_ABSENT; grade < NAME_GRADES; grade++) {
		struct str text = r->row->v[of_grade[grade]];

		if (text.n && !read_number(r, text, 0, 0.9999, &e.score[grade]))
			return false;
	}
	r->m->evidence[r->m->n_evidence++] = e;
	return true;
}

static bool read_witness(const struct reading *r)
{
	if (r->m->n_witness == MATCHING_MAX_LIST)
		return mistake(r, "there are too many witnesses before", r->row->v[NAME]);
	return read_fields(r, r->row->v[VALUE], &r->m->witness[r->m->n_witness++]);
}

static bool read_renewal(const struct reading *r)
{
	struct str sides[2] = { r->row->v[NAME], r->row->v[VALUE] };

	for (int i = 0; i < 2; i++)
		if (id_type_find(sides[i]) == ID_TYPE_NONE && !str_eq(sides[i], STR("residence_permit")))
			return mistake(r, "there is no document", sides[i]);
	if (r->m->n_renewals == MATCHING_MAX_LIST)
		return mistake(r, "there are too many renewals before", sides[0]);
	r->m->renewals[r->m->n_renewals++] = (struct renewal){ sides[0], sides[1] };
	return true;
}

/* Words are gathered first (their number is not known) and sorted when all are there. */
static bool read_word(const struct reading *r, struct str *titles, struct str *forms)
{
	struct name_words *w = &r->m->words;

	if (str_eq(r->row->v[NAME], STR("title")))
		titles[w->n_titles++] = r->row->v[VALUE];
	else if (str_eq(r->row->v[NAME], STR("company")))
		forms[w->n_company_forms++] = r->row->v[VALUE];
	else
		return mistake(r, "a word is a title or a company, not", r->row->v[NAME]);
	return true;
}

static int longest_first(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(*x, *y);
}

static void settle_words(struct matching *m, struct str *titles, struct str *forms)
{
	qsort(titles, m->words.n_titles, sizeof(*titles), longest_first);
	qsort(forms, m->words.n_company_forms, sizeof(*forms), longest_first);
	m->words.titles = titles;
	m->words.company_forms = forms;
}

/* Without a guard on any of its fields a value may stand under thousands of names, which
 * cannot be compared with each other one by one. */
static bool settle_evidence(const struct rules *rules, struct matching *m, struct fault *f)
{
	static const unsigned likes = 1u << MATCH_ID_LIKE | 1u << MATCH_MOBILE_LIKE;
	bool ok = true;

	for (size_t i = 0; i < m->n_evidence; i++) {
		struct evidence *e = &m->evidence[i];
		bool guarded = false;

		for (size_t k = 0; k < i; k++)
			if (m->evidence[k].fields == e->fields)
				ok = rules_mistake(rules, 0, f,
						   "%.*s and %.*s are evidence of the same fields",
						   STR_FMT(m->evidence[k].name), STR_FMT(e->name));
		if ((e->fields & likes) && (e->fields & (e->fields - 1)))
			ok = rules_mistake(rules, 0, f,
					   "the evidence %.*s has other fields beside one of numbers that failed",
					   STR_FMT(e->name));
		for (int field = 0; field < MATCH_FIELDS; field++)
			guarded |= (e->fields >> field & 1) && m->guard[field].names;
		e->by_name = !guarded;
		for (int grade = NAME_ABSENT; grade < NAME_EXACT && e->by_name; grade++)
			if (e->score[grade] > 0)
				ok = rules_mistake(rules, 0, f,
						   "the evidence %.*s has no field with a guard, so only exact "
						   "names can be compared", STR_FMT(e->name));
	}
	return ok;
}

static bool settle(const struct rules *rules, struct matching *m, struct fault *f)
{
	bool ok = settle_evidence(rules, m, f);

	if (m->link <= 0 || m->review <= 0 || m->margin <= 0 || !m->max_records)
		ok = rules_mistake(rules, 0, f,
				   "a threshold is missing: link, review, margin and records are needed");
	if (m->review > m->link)
		ok = rules_mistake(rules, 0, f, "the threshold review is above link");
	if (!m->id_names)
		ok = rules_mistake(rules, 0, f, "the guard of id_number is missing");
	return ok;
}

/* What stands in a column that its kind of line does not look at was meant to do something. */
static bool only_used_columns(const struct reading *r)
{
	bool evidence = str_eq(r->row->v[RULE], STR("evidence"));
	bool guard = str_eq(r->row->v[RULE], STR("guard")), ok = true;

	for (enum column c = EXACT; c <= TELL; c++)
		if (r->row->v[c].n && !(c == TELL ? guard : evidence))
			ok = rules_mistake(r->rules, r->row->line, r->f,
					   "the column %s says nothing in a line of the kind %.*s",
					   columns[c].name, STR_FMT(r->row->v[RULE]));
	return ok;
}

static bool read_row(const struct reading *r, struct str *titles, struct str *forms)
{
	static const char *const kinds[] = { "threshold", "guard",   "trust", "evidence",
					     "renewal",	  "word",    "witness", NULL };

	switch (rules_choice(r->rules, r->row, "rule", r->row->v[RULE], kinds, r->f)) {
	case 0:
		return read_threshold(r);
	case 1:
		return read_guard(r);
	case 2:
		return read_trust(r);
	case 3:
		return read_evidence(r);
	case 4:
		return read_renewal(r);
	case 5:
		return read_word(r, titles, forms);
	case 6:
		return read_witness(r);
	default:
		return false;
	}
}

/* A renewal, a word and a witness say something by all three cells; of all other lines one with
 * the name of an earlier one would quietly take its place. */
static bool once(const struct rules *rules, struct arena *a, struct fault *f)
{
	struct rules named = { .path = rules->path, .rows = arena_alloc(a, (rules->n + 1) * sizeof(*named.rows)) };
	struct rules listed = { .path = rules->path, .rows = arena_alloc(a, (rules->n + 1) * sizeof(*listed.rows)) };
	bool ok;

	for (size_t i = 0; i < rules->n; i++) {
		struct str kind = rules->rows[i].v[RULE];
		bool list = str_eq(kind, STR("renewal")) || str_eq(kind, STR("word")) ||
			    str_eq(kind, STR("witness"));
		struct rules *to = list ? &listed : &named;

		to->rows[to->n++] = rules->rows[i];
	}
	ok = rules_once(&named, 2, f);
	return rules_once(&listed, 3, f) && ok;
}

bool matching_load(struct matching *m, const char *rules_dir, struct fault *f)
{
	struct rules rules;
	struct str *titles, *forms;
	bool ok;

	*m = (struct matching){ 0 };
	ok = rules_read(&rules, rules_dir, "matching.csv", columns, &m->arena, f);
	ok &= once(&rules, &m->arena, f);
	titles = arena_alloc(&m->arena, (rules.n + 1) * sizeof(*titles));
	forms = arena_alloc(&m->arena, (rules.n + 1) * sizeof(*forms));
	for (size_t i = 0; i < rules.n; i++) {
		struct reading r = { m, &rules, &rules.rows[i], f };

		ok &= only_used_columns(&r);
		ok &= read_row(&r, titles, forms);
	}
	settle_words(m, titles, forms);
	ok = ok && settle(&rules, m, f);
	if (!ok)
		matching_release(m);
	return ok;
}

bool matching_check(const char *rules_dir, struct fault *f)
{
	struct matching m;
	bool ok = matching_load(&m, rules_dir, f);

	if (ok)
		matching_release(&m);
	return ok;
}

void matching_release(struct matching *m)
{
	arena_release(&m->arena);
	*m = (struct matching){ 0 };
}
