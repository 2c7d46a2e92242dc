#include "followup.h"

#include "analysis.h"
#include "pool.h"
#include "sql_scripts.h"

#include <stdlib.h>

/* What the rows of a list say of themselves, wherever the SELECT puts it. */
enum {
	COL_DEALER,
	COL_CUSTOMER,
	COL_DUE,
	COL_VIN,
	COL_RECORD,
	COL_BASIS,
	COL_KNOWN,
	COL_NAME, /* the last two are put behind the rule's own columns */
	COL_MOBILE,
	COLUMNS
};

struct answered { /* of one rule */
	struct followup *list;
	size_t n, cap;
};

struct finding { /* the rules are asked side by side */
	const struct followup_rules *rules;
	struct followups *fs;
	struct answered answers[FOLLOWUP_MOST];
	enum lang lang;
};

struct asking {
	struct answered *to;
	struct arena *arena;
	const struct followup_rule *rule;
	struct analysis_rows *rows;
	enum lang lang;
	size_t place[COLUMNS]; /* of the answer's columns; SIZE_MAX: it has none */
};

/* The golden name and mobile beside each row; of a list for calling only those who agreed. */
static char *question(const struct followup_rule *rule, struct arena *a)
{
	return str_keepz(
		a, str_printf(a,
			      "SELECT q.*, p.name AS golden_name, p.mobile AS golden_mobile FROM "
			      "(%.*s) q LEFT JOIN person p ON p.customer_id = q.customer_id%s",
			      STR_FMT(rule->sql),
			      rule->consent ? " WHERE p.marketing_consent = 'yes'" : ""));
}

static void find_columns(struct asking *x)
{
	static const char *const names[COLUMNS] = {
		[COL_DEALER] = "dealer", [COL_CUSTOMER] = "customer_id",
		[COL_DUE] = "due",	 [COL_VIN] = "vin",
		[COL_RECORD] = "record_id", [COL_BASIS] = "basis",
		[COL_KNOWN] = "known",
		[COL_NAME] = "golden_name", [COL_MOBILE] = "golden_mobile",
	};

	for (size_t c = 0; c < COLUMNS; c++) {
		x->place[c] = SIZE_MAX;
		for (size_t i = 0; i < analysis_columns(x->rows); i++)
			if (str_eq(analysis_column(x->rows, i), str_of(names[c])))
				x->place[c] = i;
	}
}

static struct str value_named(const struct asking *x, const struct str *v, struct str name)
{
	for (size_t i = 0; i < analysis_columns(x->rows); i++)
		if (str_eq(analysis_column(x->rows, i), name))
			return v[i];
	return (struct str){0};
}

static struct str text_of(const struct asking *x, const struct str *v)
{
	struct str rest = x->rule->text[x->lang], piece, name, text;
	struct buf b = {0};

	str_cut(&rest, '{', &piece);
	buf_str(&b, piece);
	while (str_cut(&rest, '{', &piece)) {
		str_cut(&piece, '}', &name);
		buf_str(&b, value_named(x, v, name));
		buf_str(&b, piece);
	}
	text = str_keep(x->arena, buf_view(&b));
	buf_release(&b);
	return text;
}

static void take(struct asking *x, size_t rule, const struct str *v)
{
	struct answered *to = x->to;
	struct str kept[COLUMNS];

	for (size_t c = 0; c < COLUMNS; c++)
		kept[c] = x->place[c] == SIZE_MAX ? (struct str){0}
						  : str_keep(x->arena, v[x->place[c]]);
	GROW(to->list, to->n, to->cap);
	to->list[to->n++] = (struct followup){
		.dealer = dealer_folder(kept[COL_DEALER], STR("")),
		.rule = rule,
		.customer_id = kept[COL_CUSTOMER],
		.name = kept[COL_NAME],
		.mobile = kept[COL_MOBILE],
		.due = kept[COL_DUE],
		.vin = kept[COL_VIN],
		.record_id = kept[COL_RECORD],
		.basis = kept[COL_BASIS],
		.known = kept[COL_KNOWN],
		.text = text_of(x, v),
	};
}

static bool ask(void *context, struct analysis *a, size_t rule, struct fault *f)
{
	struct finding *finding = context;
	struct asking x = {
		.to = &finding->answers[rule],
		.arena = &finding->fs->arenas[rule],
		.rule = &finding->rules->list[rule],
		.lang = finding->lang,
	};
	struct arena arena = {0};
	const struct str *v;
	bool ok;

	x.rows = analysis_ask(a, question(x.rule, &arena), NULL, 0, f);
	if (x.rows)
		find_columns(&x);
	while (x.rows && analysis_next(x.rows, &v))
		take(&x, rule, v);
	ok = x.rows && analysis_end(x.rows, f);
	arena_release(&arena);
	return ok;
}

static int by_dealer_and_day(const void *a, const void *b)
{
	const struct followup *x = a, *y = b;
	int c = str_cmp(x->dealer, y->dealer);

	if (!c)
		c = (x->rule > y->rule) - (x->rule < y->rule);
	if (!c)
		c = str_cmp(x->due, y->due);
	if (!c)
		c = str_cmp(x->customer_id, y->customer_id);
	if (!c)
		c = str_cmp(x->vin, y->vin);
	if (!c)
		c = record_id_cmp(x->record_id, y->record_id);
	return c ? c : str_cmp(x->text, y->text);
}

struct opening {
	struct desk *d;
	struct consultants consultants;
	struct analysis *analysis;
	struct fault *f;
};

/* The facts of the marts and the consultants: neither waits for the other. */
static void open_part(void *context, size_t part, unsigned worker)
{
	struct opening *x = context;

	(void)worker;
	if (part == 0)
		x->analysis = analysis_open(x->d->r, x->f);
	else
		consultants_gather(&x->consultants, x->d);
}

static bool extend(struct opening *x)
{
	struct rowset consultants;
	bool ok;

	rowset_init(&consultants, &table_consultant);
	consultants_find(&consultants, &x->consultants, x->d);
	ok = analysis_extend(x->analysis, sql_followup(), &consultants, 1, x->f);
	rowset_release(&consultants);
	return ok;
}

static struct analysis *open_questions(struct desk *d, struct fault *f)
{
	struct opening x = { .d = d, .f = f };
	struct consultants *c = &x.consultants;
	bool ok = false;

	c->people[0] = run_table(d->r, &table_customer, true, f);
	c->people[1] = run_table(d->r, &table_pending, true, f);
	c->person_of = run_person_lines(d->r, f);
	if (c->people[0] && c->people[1] && c->person_of) {
		pool_each(d->r->opt.jobs, 2, open_part, &x);
		ok = x.analysis && extend(&x);
	}
	consultants_release(c);
	return ok ? x.analysis : NULL;
}

static void gather(struct followups *fs, struct finding *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->rules->n; i++)
		n += x->answers[i].n;
	fs->list = xcalloc(n, sizeof(*fs->list));
	for (size_t i = 0; i < x->rules->n; i++) {
		const struct answered *from = &x->answers[i];

		if (from->n)
			memcpy(&fs->list[fs->n], from->list, from->n * sizeof(*from->list));
		fs->n += from->n;
		free(from->list);
	}
	if (fs->n)
		qsort(fs->list, fs->n, sizeof(*fs->list), by_dealer_and_day);
}

bool followups_find(struct followups *fs, const struct followup_rules *rules, struct desk *d,
		    struct fault *f)
{
	struct finding x = {.rules = rules, .fs = fs, .lang = d->r->opt.lang};
	struct analysis *a;
	bool ok;

	*fs = (struct followups){0};
	a = open_questions(d, f);
	ok = a && analysis_each(a, d->r->opt.jobs, rules->n, ask, &x, f);
	gather(fs, &x);
	return ok;
}

void followups_release(struct followups *fs)
{
	free(fs->list);
	for (size_t i = 0; i < FOLLOWUP_MOST; i++)
		arena_release(&fs->arenas[i]);
}
