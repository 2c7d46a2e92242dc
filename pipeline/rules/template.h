/*
 * The sentences of messages.csv: text with {value}, {field}, {header} and {detail}; a part in
 * [square brackets] is left out where a word inside it is empty.
 */
#ifndef YICE_TEMPLATE_H
#define YICE_TEMPLATE_H

#include "rules.h"

struct template_words {
	struct str value, field, header, detail;
};

struct str template_fill(struct str text, const struct template_words *words, struct arena *a);
/* Tells unknown words and brackets without a partner. */
bool template_check(const struct rules *r, const struct rule_row *row, struct str text,
		    struct fault *f);

#endif
