/* rules/report.csv: the words and weights that the report and the marts go by. */
#ifndef YICE_TERMS_H
#define YICE_TERMS_H

#include "fault.h"
#include "mem.h"

enum { TERMS_MOST_WORDS = 32, SURVEY_FACTORS = 5 };

struct words {
	struct str list[TERMS_MOST_WORDS];
	size_t n;
};

struct terms {
	struct words urgent_kinds, daily_kinds, sales_words, after_sales_words, exit_on;
	uint64_t factor_weights[SURVEY_FACTORS];
	uint64_t valid_address_goal; /* per cent */
	struct arena arena;
};

bool terms_load(struct terms *t, const char *rules_dir, struct fault *f);
void terms_release(struct terms *t);

bool words_have(const struct words *words, struct str word);
/* One of the words stands somewhere in the text. */
bool words_in(const struct words *words, struct str text);

#endif
