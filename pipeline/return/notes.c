/* What became of a dealer's last answer, told to it beside the fault. */
#include "judge.h"

/* "ID_LENGTH;ID_REGION" in words. */
static struct str reasons_text(const struct desk *d, struct str reasons, enum lang lang,
			       struct arena *a)
{
	struct buf b = {0};
	struct str name, text;

	while (str_cut(&reasons, ';', &name)) {
		const struct code *code = codes_find(d->codes, name);

		if (b.n)
			buf_str(&b, lang == LANG_ZH ? STR("、") : STR(", "));
		if (code)
			buf_str(&b, code->title[lang]);
	}
	text = str_keep(a, buf_view(&b));
	buf_release(&b);
	return text;
}

static struct str still_wrong_note(const struct desk *d, const struct returned *t,
				   const struct str *row, struct arena *a)
{
	enum lang lang = d->r->opt.lang;
	struct str why = reasons_text(d, row[COR_REASON], lang, a);

	if (!t->field.n)
		return lang == LANG_ZH
			       ? STR("（整行的问题不能用更正值解决，请重新报送整行。）")
			       : STR(" (A value cannot mend a whole row: send the row again.)");
	return str_printf(a,
			  lang == LANG_ZH
				  ? "（%.*s填写的更正值“%.*s”仍不正确：%.*s。）"
				  : " (The value of %.*s, \"%.*s\", is not right either: %.*s.)",
			  STR_FMT(row[COR_OBSERVED_ON]), STR_FMT(row[COR_VALUE]), STR_FMT(why));
}

struct str note_on(const struct desk *d, const struct answers *answers, const struct returned *t,
		   struct arena *a)
{
	struct answer answer = answers_find(answers, t);

	if (answer_is(answer.decided, "still_wrong"))
		return still_wrong_note(d, t, answer.decided, a);
	if (answer.review)
		return str_printf(a,
				  d->r->opt.lang == LANG_ZH
					  ? "（%.*s的答复已转总部核实，不必重复填写。）"
					  : " (Headquarters looks into the answer of %.*s.)",
				  STR_FMT(answer.review[COR_OBSERVED_ON]));
	return (struct str){0};
}
