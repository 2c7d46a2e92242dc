/*
 * Free text: what it is about, by rules/keywords.csv (category, words joined by "|",
 * weight), and the private data in it masked.
 */
#ifndef YICE_FREE_TEXT_H
#define YICE_FREE_TEXT_H

#include "fault.h"
#include "mem.h"

enum { KEYWORDS_MAX = 4096, CATEGORIES_MAX = 256, KEYWORD_SLOTS = 1024 };

struct keyword {
	struct str word;
	uint32_t category;
	uint32_t weight; /* in thousandths; a category is told from 1000 on */
	uint32_t next; /* index + 1 of the next keyword in its slot; 0: none */
};

struct keywords {
	struct keyword *list;
	size_t n;
	struct str *categories; /* in the order of their names */
	size_t n_categories;
	uint32_t slots[KEYWORD_SLOTS]; /* by the first three bytes: index + 1 */
	struct arena arena;
};

bool keywords_load(struct keywords *k, const char *rules_dir, struct fault *f);
/* The categories that the texts speak of, joined by ";"; each word counts once. */
struct str keywords_tags(const struct keywords *k, const struct str *texts, size_t n,
			 struct arena *a);
void keywords_release(struct keywords *k);

/* Numbers of documents and phones masked as everywhere (ID numbers 1+2, phones 3+4
 * characters stay); points into `text` where there is none. */
struct str private_masked(struct str text, struct arena *a);

#endif
