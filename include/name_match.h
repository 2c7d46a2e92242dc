/*
 * Are two names the same? Names of people and companies as Chinese names are compared:
 * after folding (width, case, traditional characters, dots, titles, remarks in brackets),
 * with the slips that people make. Used to link records and to tell a slip from a conflict.
 */
#ifndef YICE_NAME_MATCH_H
#define YICE_NAME_MATCH_H

#include "mem.h"

/* From "another person's name" to "the same name". Rules give each its own weight. */
enum name_grade {
	NAME_UNLIKE,
	NAME_ABSENT, /* one of them is not there: says nothing */
	NAME_SURNAME, /* one is a surname only (of 李先生) and fits */
	NAME_SLIP, /* one character of three or more is another one; never the surname's */
	NAME_NEAR, /* one character written by its sound, unreadable, missing or too many;
		    * companies: the same significant part */
	NAME_EXACT,
	NAME_GRADES
};

struct name_words { /* what is taken off before comparing; from rules/matching.csv */
	const struct str *titles; /* 先生, 女士 ... behind a person's name */
	size_t n_titles;
	const struct str *company_forms; /* 有限公司 ... behind a company's, the longest first */
	size_t n_company_forms;
};

struct name_form { /* a name made ready to be compared */
	struct str text; /* folded; empty: absent. Latin words are in the order of the alphabet */
	struct str core; /* a company's significant part, else empty */
	bool surname_only;
};

/* `company`: what the row says of its customer; a legal form in the name says it too. */
void name_form_make(struct name_form *form, const struct name_words *words, struct str name,
		    bool company, struct arena *a);
/* Of a name that was blanked as a surname with a title: what it still says. */
void name_form_surname(struct name_form *form, struct str surname, struct arena *a);
enum name_grade name_compare(const struct name_form *a, const struct name_form *b);

/* Differ in one character or one variant at most (also in a name of two): a slip, not a
 * conflict. An absent name conflicts with none. */
bool name_alike(const struct name_form *a, const struct name_form *b);

#endif
