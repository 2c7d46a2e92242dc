/*
 * For the tables of cases: the reference tables of the repository, loaded once, and a verdict
 * as one line. "ID_CHECKSUM" is wrong, "?ID_REGION" a doubt, "=ID_LENGTH" repaired.
 */
#ifndef YICE_TEST_VERDICTS_H
#define YICE_TEST_VERDICTS_H

#include <criterion/criterion.h>

#include "date.h"
#include "reference.h"
#include "verdict.h"

static struct arena arena;

static inline const struct reference *reference(void)
{
	static struct reference *ref;
	struct fault f = {0};

	if (!ref && !reference_load(&ref, "rules", &f))
		cr_assert_fail("%.*s", STR_FMT(buf_view(&f.text)));
	return ref;
}

static inline int32_t today(void)
{
	return date_day(STR("2026-03-01"));
}

static inline struct str verdict_line(const struct verdict *v)
{
	struct buf b = {0};
	struct str line;

	for (size_t i = 0; i < v->n; i++) {
		if (i)
			buf_char(&b, ' ');
		if (v->findings[i].weight != FINDING_WRONG)
			buf_char(&b, v->findings[i].weight == FINDING_DOUBT ? '?' : '=');
		buf_str(&b, reason_code(v->findings[i].reason));
	}
	line = str_keep(&arena, buf_view(&b));
	buf_release(&b);
	return line;
}

/* value NULL: whatever it is. */
static inline void expect_verdict(const char *input, const struct verdict *v, const char *value,
				  const char *findings)
{
	struct str line = verdict_line(v);

	cr_expect(str_eq(line, str_of(findings)), "%s: told \"%.*s\", expected \"%s\"", input,
		  STR_FMT(line), findings);
	if (value)
		cr_expect(str_eq(v->value, str_of(value)), "%s: value \"%.*s\", expected \"%s\"",
			  input, STR_FMT(v->value), value);
}

#endif
