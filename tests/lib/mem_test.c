#include <criterion/criterion.h>
#include <errno.h>
#include <stdalign.h>
#include <stdio.h>

#include "buf.h"
#include "fault.h"
#include "map.h"
#include "mem.h"

Test(mem, an_arena_gives_aligned_memory_between_pieces_of_text)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < 10000; i++) {
		struct str s = str_keep(&a, STR("abc"));
		uintptr_t p = (uintptr_t)arena_alloc(&a, i % 300);

		cr_assert_eq(p % alignof(max_align_t), 0);
		cr_assert(str_eq(s, STR("abc")));
	}
	arena_release(&a);
}

Test(mem, a_reset_keeps_the_largest_block_only)
{
	struct arena a = { 0 };
	size_t kept;

	for (int i = 0; i < 100; i++)
		arena_alloc(&a, 1000);
	arena_alloc(&a, 5 << 20);
	arena_alloc(&a, 10);
	arena_reset(&a);
	cr_assert_geq(a.total, 5 << 20);
	cr_assert_lt(a.total, 8 << 20);
	kept = a.total;
	arena_alloc(&a, 4 << 20);
	cr_assert_eq(a.total, kept);
	arena_release(&a);
	cr_assert_eq(a.total, 0);
}

Test(mem, printed_text_of_any_length_is_whole)
{
	struct arena a = { 0 };
	char long_text[9000];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	cr_assert_eq(str_printf(&a, "%s!", long_text).n, sizeof(long_text));
	cr_assert(str_eq(str_printf(&a, "%d-%s", 7, "b"), STR("7-b")));
	arena_release(&a);
}

Test(buf, past_its_maximum_it_drops_and_remembers)
{
	struct buf b = { .max = 10 };

	buf_add(&b, "12345678", 8);
	cr_assert_not(b.overflow);
	buf_add(&b, "abc", 3);
	buf_char(&b, 'x');
	cr_assert(b.overflow);
	cr_assert(str_eq(buf_view(&b), STR("12345678")));
	buf_reset(&b);
	buf_printf(&b, "%d", 42);
	buf_utf8(&b, 0x5F20);
	cr_assert(str_eq(buf_view(&b), STR("42\xE5\xBC\xA0")));
	buf_release(&b);
}

Test(fault, the_first_one_stays_and_lines_can_be_added)
{
	struct fault f = { 0 };

	errno = ENOENT;
	cr_assert_not(fault_errno(&f, "read", "a.csv"));
	cr_assert_not(fault_set(&f, EXIT_USAGE, "later"));
	cr_assert_eq(f.status, EXIT_FAILED);
	fault_hint(&f, "look at %s", "a.csv");
	cr_assert(str_eq(buf_view(&f.text), STR("cannot read a.csv: No such file or directory\n"
						"hint: look at a.csv")));
	fault_release(&f);
	fault_add(&f, EXIT_USAGE, "one");
	fault_add(&f, EXIT_USAGE, "two");
	cr_assert_eq(f.status, EXIT_USAGE);
	cr_assert(str_eq(buf_view(&f.text), STR("one\ntwo")));
	fault_release(&f);
}

Test(map, a_hundred_thousand_keys_are_found_in_the_order_they_came)
{
	struct map m = { 0 };
	char key[32];
	bool added;

	cr_assert_null(map_get(&m, STR("none")));
	for (unsigned i = 0; i < 100000; i++) {
		int n = snprintf(key, sizeof(key), "key %u", i);

		map_put(&m, (struct str){ key, (size_t)n }, i, &added);
		cr_assert(added);
	}
	for (unsigned i = 0; i < 100000; i++) {
		int n = snprintf(key, sizeof(key), "key %u", i);
		uint64_t *value = map_get(&m, (struct str){ key, (size_t)n });

		cr_assert(value && *value == i);
		cr_assert(str_eq(m.entries[i].key, (struct str){ key, (size_t)n }));
	}
	*map_put(&m, STR("key 5"), 77, &added) += 1;
	cr_assert_not(added);
	cr_assert_eq(*map_get(&m, STR("key 5")), 6);
	cr_assert_null(map_get(&m, STR("key 100000")));
	cr_assert_eq(m.n, 100000);
	map_put(&m, STR(""), 1, &added);
	cr_assert(added && map_get(&m, STR("")));
	map_release(&m);
}
