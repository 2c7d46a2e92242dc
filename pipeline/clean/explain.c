/* Step by step what happens to one value: the steps of its field, one after the other. */
#include "filter.h"

#include "step.h"

#include <stdio.h>

struct words_of { /* what the explanation says, in one language */
	const char *value, *step, *stays, *becomes, *skipped, *empty, *result, *gone, *accepted;
};

static const struct words_of says[] = {
	[LANG_ZH] = {"字段 %.*s（%.*s），原值 “%.*s”\n", "%.*s:%zu %s —— %s\n", "    值不变\n",
		     "    变为 “%.*s”\n", "    条件不符，跳过\n", "    已无值，跳过\n",
		     "结果：“%.*s”\n", "结果：不采用\n", "    未发现问题\n"},
	[LANG_EN] = {"field %.*s (%.*s), value \"%.*s\"\n", "%.*s:%zu %s: %s\n",
		     "    the value stays\n", "    becomes \"%.*s\"\n",
		     "    its condition does not hold: passed over\n",
		     "    there is no value left: passed over\n", "result: \"%.*s\"\n",
		     "result: the value is not used\n", "    no fault\n"},
};

static void explain_told(const struct row *row, size_t from, enum lang lang, struct buf *out)
{
	for (size_t i = from; i < row->n_told; i++) {
		const struct told *t = &row->told[i];
		const struct reject reject = {
			.code = t->code,
			.action = t->action,
			.field = t->field == F_COUNT ? STR("") : field_name(t->field),
			.detail = t->detail,
			.suggestion = t->suggestion,
		};

		buf_printf(out, "    %.*s (%.*s): %.*s\n", STR_FMT(t->code->name),
			   STR_FMT(action_name(t->action)),
			   STR_FMT(reject_message(&reject, lang, row->a)));
		buf_printf(out, "      %.*s\n", STR_FMT(reject_suggestion(&reject, lang, row->a)));
	}
}

static void explain_step(struct row *row, const struct step *step, enum lang lang, struct buf *out)
{
	const struct words_of *say = &says[lang];
	struct str before = row->rec->v[step->field], after;
	size_t told = row->n_told;

	buf_printf(out, say->step, STR_FMT(STR("cleansing.csv")), step->line, step->check->name,
		   step->check->sentence[lang]);
	if (!conditions_hold(step, row)) {
		buf_printf(out, "%s", say->skipped);
		return;
	}
	if (!step->on_empty && !before.n) {
		buf_printf(out, "%s", say->empty);
		return;
	}
	step->run(row, step);
	after = row->rec->v[step->field];
	explain_told(row, told, lang, out);
	if (!str_eq(before, after))
		buf_printf(out, say->becomes, STR_FMT(after));
	else
		buf_printf(out, "%s", say->stays);
}

void cleaner_explain(const struct cleaner *c, const struct clean_context *context, enum field field,
		     struct str value, enum lang lang, struct buf *out)
{
	struct record rec = {.feeds = (1u << ENTITY_COUNT) - 1};
	struct arena a = {0};
	struct row row;

	rec.v[field] = value;
	struct record raw = rec;

	row_start(&row, c, context, &rec, raw.v, &a);
	buf_printf(out, says[lang].value, STR_FMT(field_name(field)),
		   STR_FMT(codes_label(c->codes, field_name(field), lang)), STR_FMT(value));
	for (size_t i = 0; i < c->n_steps; i++)
		if (c->steps[i].field == field)
			explain_step(&row, &c->steps[i], lang, out);
	if (rec.v[field].n || !value.n)
		buf_printf(out, says[lang].result, STR_FMT(rec.v[field]));
	else
		buf_printf(out, "%s", says[lang].gone);
	arena_release(&a);
}

/* A check may change other fields than its own: a second mobile goes to the phone. */
static void watch_step(struct row *row, const struct step *step,
		       void (*changed)(void *who, const struct value_change *change), void *who)
{
	struct str before[F_COUNT];

	if (!conditions_hold(step, row) ||
	    (step->field != F_COUNT && !step->on_empty && !row->rec->v[step->field].n))
		return;
	memcpy(before, row->rec->v, sizeof(before));
	step->run(row, step);
	for (enum field field = F_SOURCE_KEY; field < F_COUNT; field++)
		if (!str_eq(before[field], row->rec->v[field]))
			changed(who, &(struct value_change){step->line, step->check->name, field,
							    before[field], row->rec->v[field]});
}

void cleaner_watch(const struct cleaner *c, const struct clean_context *context, struct record *rec,
		   void (*changed)(void *who, const struct value_change *change), void *who,
		   struct arena *a)
{
	struct record raw = *rec;
	struct row row;

	row_start(&row, c, context, rec, raw.v, a);
	for (size_t i = 0; i < c->n_steps; i++)
		if (c->steps[i].feeds & rec->feeds)
			watch_step(&row, &c->steps[i], changed, who);
}

bool explain_value(struct run *r, const struct cleaner *c, struct fault *f)
{
	enum field field = field_find(str_of(r->opt.field));
	const struct clean_context context = {.lang = r->opt.lang};
	struct buf out = {0};

	if (field == F_COUNT)
		field = field_find(codes_field(c->codes, str_of(r->opt.field)));
	if (field == F_COUNT)
		return fault_set(f, EXIT_USAGE, "there is no field \"%s\"", r->opt.field);
	cleaner_explain(c, &context, field, str_of(r->opt.explain), r->opt.lang, &out);
	fwrite(out.p, 1, out.n, stdout);
	buf_release(&out);
	return true;
}
