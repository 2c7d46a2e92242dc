/*
 * rules/sources.csv, source_priority.csv and change.csv made into numbers.
 *
 * An order such as "callcenter>finance>manual>dms" gives its sources the ranks 4, 8, 12 and
 * 16; sources that it does not list stand two before dms; a correction stands one before the
 * source of the record that it mends. So every step of the contract has its own number.
 */
#include "golden.h"

#include <stdlib.h>

#include "rules.h"

enum { STEP = 4, BEFORE_DMS = 2 };

struct loading {
	struct golden_rules *rules;
	struct fault *f;
	bool ok;
	bool ordered[ENTITY_COUNT][F_COUNT]; /* a line of source_priority.csv names it */
	bool judged[ENTITY_COUNT][F_COUNT]; /* a line of change.csv names it */
};

/* Those that reach a person are ordered as the mobile where no line names them. */
static const enum field reaching[] = {
	F_PHONE,    F_EMAIL,	F_PROVINCE, F_CITY,	F_DISTRICT,	F_ADDRESS,
	F_POSTCODE, F_ADDRESS1, F_ADDRESS2, F_ADDRESS3, F_CONTACT_NAME, F_CONTACT_PHONE,
};

static bool is_of_record(enum field field)
{
	return field == F_RECORD_ID || field == F_SOURCE || field == F_OBSERVED_ON ||
	       field == F_SOURCE_KEY || field == F_UPDATED_AT;
}

static void list_attributes(struct golden_attributes *of, enum entity entity)
{
	size_t n;
	const enum field *fields = entity_fields(entity, &n);

	for (size_t i = 0; i < n; i++)
		if (!is_of_record(fields[i]) && fields[i] != F_VIN)
			of->list[of->n++] = fields[i];
}

static int source_find(const struct golden_rules *rules, struct str name)
{
	for (size_t i = 0; i < rules->n_sources; i++)
		if (str_eq(rules->sources[i], name))
			return (int)i;
	return -1;
}

static bool load_sources(struct golden_rules *rules, const char *dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "source", RULE_FILLED }, { "zh", RULE_MAY_LACK }, { "en", RULE_MAY_LACK },
		{ "note", RULE_MAY_LACK }, { NULL, 0 },
	};
	struct rules r;
	bool ok = rules_read(&r, dir, "sources.csv", columns, &rules->arena, f);

	for (size_t i = 0; i < r.n; i++) {
		struct str name = r.rows[i].v[0];

		if (source_find(rules, name) >= 0)
			ok = rules_mistake(&r, r.rows[i].line, f, "the source \"%.*s\" stands there twice",
					   STR_FMT(name));
		else if (rules->n_sources == GOLDEN_MAX_SOURCES)
			ok = rules_mistake(&r, r.rows[i].line, f, "there are more than %d sources",
					   GOLDEN_MAX_SOURCES);
		else
			rules->sources[rules->n_sources++] = name;
	}
	if (ok && source_find(rules, STR("dms")) < 0)
		ok = rules_mistake(&r, 0, f, "the source dms is missing: the dealers' data that come last");
	return ok;
}

static bool unknown_attribute(const struct golden_attributes *of, enum entity entity,
			      const struct rules *r, const struct rule_row *row, struct fault *f)
{
	struct str names[F_COUNT];

	for (size_t i = 0; i < of->n; i++)
		names[i] = field_name(of->list[i]);
	return rules_unknown(r, row->line, f, entity == ENTITY_CUSTOMER ? "attribute of a customer" :
			     "attribute of a vehicle", row->v[1], names, of->n);
}

/* Entity and attribute of a line; false with a mistake. */
static bool line_subject(const struct golden_rules *rules, const struct rules *r,
			 const struct rule_row *row, enum entity *entity, enum field *attribute,
			 struct fault *f)
{
	static const char *const entities[] = { "customer", "vehicle", NULL };
	int choice = rules_choice(r, row, "entity", row->v[0], entities, f);
	const struct golden_attributes *of;

	if (choice < 0)
		return false;
	*entity = choice ? ENTITY_VEHICLE : ENTITY_CUSTOMER;
	*attribute = field_find(row->v[1]);
	of = &rules->attributes[*entity];
	for (size_t i = 0; i < of->n; i++)
		if (of->list[i] == *attribute)
			return true;
	return unknown_attribute(of, *entity, r, row, f);
}

/* Ranks of an order; those that it does not list stand just before dms. */
static bool order_read(struct golden_rules *rules, const struct rules *r, const struct rule_row *row,
		       struct golden_attribute *at, struct fault *f)
{
	struct str rest = row->v[2], name;
	int dms = source_find(rules, STR("dms"));
	uint8_t next = STEP;
	bool ok = true;

	at->newest = str_eq(rest, STR("newest"));
	if (at->newest)
		return true;
	memset(at->rank, 0, sizeof(at->rank));
	while (str_cut(&rest, '>', &name)) {
		int source = source_find(rules, str_trim(name));

		if (source < 0)
			ok = rules_unknown(r, row->line, f, "source", str_trim(name), rules->sources,
					   rules->n_sources);
		else if (at->rank[source])
			ok = rules_mistake(r, row->line, f, "\"%.*s\" stands in the order twice",
					   STR_FMT(name));
		else
			at->rank[source] = next;
		next += STEP;
	}
	if (!ok || dms < 0)
		return false;
	if (!at->rank[dms])
		at->rank[dms] = next;
	for (size_t i = 0; i <= GOLDEN_MAX_SOURCES; i++)
		if (!at->rank[i])
			at->rank[i] = at->rank[dms] - BEFORE_DMS;
	return true;
}

static void load_priority(struct loading *l, const char *dir)
{
	static const struct rule_column columns[] = {
		{ "entity", RULE_FILLED }, { "attribute", RULE_FILLED },
		{ "priority", RULE_FILLED }, { NULL, 0 },
	};
	struct rules r;

	l->ok &= rules_read(&r, dir, "source_priority.csv", columns, &l->rules->arena, l->f);
	for (size_t i = 0; i < r.n; i++) {
		const struct rule_row *row = &r.rows[i];
		enum entity entity;
		enum field attribute;

		if (!line_subject(l->rules, &r, row, &entity, &attribute, l->f))
			l->ok = false;
		else if (l->ordered[entity][attribute])
			l->ok = rules_mistake(&r, row->line, l->f, "%.*s,%.*s stands there twice",
					      STR_FMT(row->v[0]), STR_FMT(row->v[1]));
		else if (!order_read(l->rules, &r, row, &l->rules->of[entity][attribute], l->f))
			l->ok = false;
		else
			l->ordered[entity][attribute] = true;
	}
}

static enum field ordered_like(enum entity entity, enum field attribute)
{
	if (entity == ENTITY_VEHICLE)
		return F_PURCHASE_DATE;
	for (size_t i = 0; i < sizeof(reaching) / sizeof(*reaching); i++)
		if (reaching[i] == attribute)
			return F_MOBILE;
	return F_NAME;
}

/* Attributes without a line of their own: as the one they are like, or any but dms first; the
 * dealer is that of the newest record. */
static void fill_orders(struct loading *l, enum entity entity)
{
	const struct golden_attributes *attributes = &l->rules->attributes[entity];
	struct golden_attribute *of = l->rules->of[entity];

	for (size_t i = 0; i < attributes->n; i++) {
		enum field a = attributes->list[i], like = ordered_like(entity, a);

		if (l->ordered[entity][a])
			continue;
		if (a == F_DEALER_CODE) {
			of[a].newest = true;
		} else if (l->ordered[entity][like]) {
			memcpy(of[a].rank, of[like].rank, sizeof(of[a].rank));
			of[a].newest = of[like].newest;
		} else {
			memset(of[a].rank, STEP, sizeof(of[a].rank));
			of[a].rank[source_find(l->rules, STR("dms"))] = 2 * STEP;
		}
	}
}

static void load_changes(struct loading *l, const char *dir)
{
	static const struct rule_column columns[] = {
		{ "entity", RULE_FILLED }, { "attribute", RULE_FILLED },
		{ "policy", RULE_FILLED }, { NULL, 0 },
	};
	static const char *const policies[] = { "follow", "confirm", "fixed", NULL };
	struct rules r;

	l->ok &= rules_read(&r, dir, "change.csv", columns, &l->rules->arena, l->f);
	for (size_t i = 0; i < r.n; i++) {
		const struct rule_row *row = &r.rows[i];
		enum entity entity;
		enum field attribute;
		int policy = rules_choice(&r, row, "policy", row->v[2], policies, l->f);

		if (!line_subject(l->rules, &r, row, &entity, &attribute, l->f) || policy < 0) {
			l->ok = false;
			continue;
		}
		if (l->judged[entity][attribute])
			l->ok = rules_mistake(&r, row->line, l->f, "%.*s,%.*s stands there twice",
					      STR_FMT(row->v[0]), STR_FMT(row->v[1]));
		l->judged[entity][attribute] = true;
		l->rules->of[entity][attribute].policy = (enum change_policy)policy;
	}
}

static bool load_files(struct golden_rules *rules, const char *dir, struct fault *f)
{
	struct loading *l = xcalloc(1, sizeof(*l));
	bool ok;

	*rules = (struct golden_rules){ 0 };
	list_attributes(&rules->attributes[ENTITY_CUSTOMER], ENTITY_CUSTOMER);
	list_attributes(&rules->attributes[ENTITY_VEHICLE], ENTITY_VEHICLE);
	l->rules = rules;
	l->f = f;
	l->ok = load_sources(rules, dir, f);
	load_priority(l, dir);
	load_changes(l, dir);
	ok = l->ok;
	if (ok) {
		fill_orders(l, ENTITY_CUSTOMER);
		fill_orders(l, ENTITY_VEHICLE);
	}
	free(l);
	return ok;
}

/* By its name, unless another brand or series has a model of that name. */
static void name_models(struct golden_rules *rules)
{
	const struct model *list = rules->models.list;
	size_t n = rules->models.written.n;
	struct map names = { 0 }; /* -> a line, or SEVERAL */
	enum { SEVERAL = UINT32_MAX };

	rules->compared = arena_alloc(&rules->arena, (n + 1) * sizeof(*rules->compared));
	for (size_t i = 0; i < n; i++) {
		uint64_t *first = map_put(&names, list[i].model, i, NULL);

		if (*first != SEVERAL && !(str_eq(list[i].brand, list[*first].brand) &&
					   str_eq(list[i].series, list[*first].series)))
			*first = SEVERAL;
	}
	for (size_t i = 0; i < n; i++)
		rules->compared[i] = *map_get(&names, list[i].model) != SEVERAL
					     ? list[i].model
					     : str_printf(&rules->arena, "%.*s\x1F%.*s\x1F%.*s", STR_FMT(list[i].brand),
							  STR_FMT(list[i].series), STR_FMT(list[i].model));
	map_release(&names);
}

bool golden_rules_load(struct golden_rules *rules, const char *rules_dir, struct fault *f)
{
	bool ok = load_files(rules, rules_dir, f);

	ok = models_load(&rules->models, rules_dir, f) && ok;
	if (ok)
		name_models(rules);
	else
		golden_rules_release(rules);
	return ok;
}

void golden_rules_release(struct golden_rules *rules)
{
	models_release(&rules->models);
	arena_release(&rules->arena);
	*rules = (struct golden_rules){ 0 };
}

bool golden_rules_check(const char *rules_dir, struct fault *f)
{
	struct golden_rules rules;
	bool ok = load_files(&rules, rules_dir, f);

	golden_rules_release(&rules);
	return ok;
}

uint8_t golden_source_number(const struct golden_rules *rules, struct str source)
{
	int number = source_find(rules, source);

	return number < 0 ? GOLDEN_MAX_SOURCES : (uint8_t)number;
}

struct str golden_model(const struct golden_rules *rules, struct str written)
{
	const struct model *model = models_find(&rules->models, written);

	return model ? rules->compared[model - rules->models.list] : written;
}
