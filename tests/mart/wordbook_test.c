#include "mart/wordbook.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct two_parts {
	struct map parts[2];
	uint32_t may, june, april;
	struct wordbook words;
};

static void set_up(struct two_parts *x)
{
	*x = (struct two_parts){ 0 };
	x->june = wordbook_note(&x->parts[0], STR("2025-06"));
	x->may = wordbook_note(&x->parts[0], STR("2025-05"));
	wordbook_note(&x->parts[1], STR("2025-06"));
	x->april = wordbook_note(&x->parts[1], STR("2025-04"));
	wordbook_make(&x->words, x->parts, 2);
}

static void tear_down(struct two_parts *x)
{
	wordbook_release(&x->words);
	map_release(&x->parts[0]);
	map_release(&x->parts[1]);
}

Test(wordbook, a_part_numbers_texts_as_they_come_and_nothing_is_0)
{
	struct map part = { 0 };

	cr_assert_eq(wordbook_note(&part, STR("b")), 1);
	cr_assert_eq(wordbook_note(&part, STR("a")), 2);
	cr_assert_eq(wordbook_note(&part, STR("b")), 1);
	cr_assert_eq(wordbook_note(&part, STR("")), 0);
	map_release(&part);
}

Test(wordbook, numbers_of_all_parts_are_in_the_order_of_texts)
{
	struct two_parts x;
	uint32_t *first, *second;

	set_up(&x);
	first = wordbook_renumber(&x.words, &x.parts[0]);
	second = wordbook_renumber(&x.words, &x.parts[1]);
	cr_assert_eq(x.words.n, 3);
	cr_assert_eq(second[x.april], 1);
	cr_assert_eq(first[x.may], 2);
	cr_assert_eq(first[x.june], 3);
	cr_assert(first[0] == 0 && second[0] == 0);
	cr_assert(str_eq(wordbook_text(&x.words, 2), STR("2025-05")));
	cr_assert_eq(wordbook_text(&x.words, 0).n, 0);
	free(first);
	free(second);
	tear_down(&x);
}

Test(wordbook, a_text_that_nobody_noted_has_its_place_between_the_numbers)
{
	struct two_parts x;

	set_up(&x);
	cr_assert_eq(wordbook_before(&x.words, STR("2025-05")), 1);
	cr_assert_eq(wordbook_up_to(&x.words, STR("2025-05")), 2);
	cr_assert_eq(wordbook_before(&x.words, STR("2025-05-15")), 2);
	cr_assert_eq(wordbook_up_to(&x.words, STR("2025-05-15")), 2);
	cr_assert_eq(wordbook_before(&x.words, STR("")), 0);
	cr_assert_eq(wordbook_up_to(&x.words, STR("9999")), 3);
	tear_down(&x);
}

Test(wordbook, without_a_word_there_is_nothing_before_or_up_to_any)
{
	struct wordbook w;

	wordbook_make(&w, NULL, 0);
	cr_assert(wordbook_before(&w, STR("x")) == 0 && wordbook_up_to(&w, STR("x")) == 0);
	wordbook_release(&w);
}
