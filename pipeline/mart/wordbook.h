/*
 * Short texts that come again and again (days, dealers, kinds), each as a number. The numbers
 * are in the order of the texts, so that they compare as the texts do; 0 is "".
 */
#ifndef YICE_MART_WORDBOOK_H
#define YICE_MART_WORDBOOK_H

#include "map.h"

struct wordbook {
	struct str *list; /* in order; number n is list[n - 1] */
	size_t n;
	struct map numbers;
};

/* While they are gathered: a number of that map alone, by first come. */
uint32_t wordbook_note(struct map *part, struct str text);
/* All that the parts noted. Afterwards a number of a part is to be read as wordbook_renumber says. */
void wordbook_make(struct wordbook *w, const struct map *parts, size_t n);
/* From the number of a part (index) to that of `w`; part.n + 1 of them, for the caller to free. */
uint32_t *wordbook_renumber(const struct wordbook *w, const struct map *part);
void wordbook_release(struct wordbook *w);

struct str wordbook_text(const struct wordbook *w, uint32_t number);
/* How many come before the text; or are not behind it. */
uint32_t wordbook_before(const struct wordbook *w, struct str text);
uint32_t wordbook_up_to(const struct wordbook *w, struct str text);

#endif
