#include "wordbook.h"

#include <stdlib.h>

uint32_t wordbook_note(struct map *part, struct str text)
{
	return text.n ? (uint32_t)*map_put(part, text, part->n, NULL) + 1 : 0;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void wordbook_make(struct wordbook *w, const struct map *parts, size_t n)
{
	*w = (struct wordbook){ 0 };
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < parts[i].n; k++)
			map_put(&w->numbers, parts[i].entries[k].key, 0, NULL);
	w->n = w->numbers.n;
	w->list = xcalloc(w->n + 1, sizeof(*w->list));
	for (size_t i = 0; i < w->n; i++)
		w->list[i] = w->numbers.entries[i].key;
	qsort(w->list, w->n, sizeof(*w->list), by_text);
	for (size_t i = 0; i < w->n; i++)
		*map_get(&w->numbers, w->list[i]) = i + 1;
}

uint32_t *wordbook_renumber(const struct wordbook *w, const struct map *part)
{
	uint32_t *numbers = xcalloc(part->n + 1, sizeof(*numbers));

	for (size_t i = 0; i < part->n; i++)
		numbers[i + 1] = (uint32_t)*map_get(&w->numbers, part->entries[i].key);
	return numbers;
}

void wordbook_release(struct wordbook *w)
{
	free(w->list);
	map_release(&w->numbers);
	*w = (struct wordbook){ 0 };
}

struct str wordbook_text(const struct wordbook *w, uint32_t number)
{
	return number ? w->list[number - 1] : (struct str){ 0 };
}

/* The first `n` of them for which str_cmp(word, text) < limit. */
static uint32_t count_below(const struct wordbook *w, struct str text, int limit)
{
	size_t low = 0, high = w->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (str_cmp(w->list[mid], text) < limit)
			low = mid + 1;
		else
			high = mid;
	}
	return (uint32_t)low;
}

uint32_t wordbook_before(const struct wordbook *w, struct str text)
{
	return count_below(w, text, 0);
}

uint32_t wordbook_up_to(const struct wordbook *w, struct str text)
{
	return count_below(w, text, 1);
}
