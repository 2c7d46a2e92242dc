/* The received store: which rows are new, which repeat, and what each record is called. */
#include "outfile.h"
#include "received.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char dir[] = "/tmp/yice-received-XXXXXX";
static struct fault fault;
static struct arena arena;
static const char *folders[64];
static size_t n_folders;
static struct received *rc;

static void set_up(void)
{
	cr_assert(mkdtemp(dir));
}

static void tear_down(void)
{
	received_close(rc);
	remove_tree(dir, &fault);
	fault_release(&fault);
	arena_release(&arena);
}

TestSuite(received, .init = set_up, .fini = tear_down);

/* A new run over what the runs before left. */
static void run_begin(void)
{
	received_close(rc);
	rc = received_open(folders, n_folders, &fault);
	cr_assert(rc, "%.*s", STR_FMT(buf_view(&fault.text)));
	folders[n_folders] = str_keepz(&arena, str_printf(&arena, "%s/%zu", dir, n_folders));
	cr_assert(make_folders(folders[n_folders], &fault));
	cr_assert(received_create(rc, folders[n_folders], &fault));
	n_folders++;
}

static void run_end(void)
{
	cr_assert(received_commit(rc, &fault));
	received_settle(rc);
}

/* One file: its rows are words; a word "k=v" has the key k. Gives n for new, d for duplicate. */
static const char *take(const char *date, const char *stem, bool full, const char *words)
{
	struct received_file file = { .name = str_of(stem), .stem = str_of(stem), .schema = STR("dms_customer"),
				      .sender = STR("D001"), .sha256 = STR("0"), .encoding = STR("UTF-8"),
				      .delimiter = ',', .full = full, .header = STR("h\r\n") };
	struct str rest = str_of(words), word, key;
	char *out = arena_zalloc(&arena, strlen(words) + 1);
	uint32_t row = 2;
	size_t n = 0;

	memcpy(file.observed_on, date, 10);
	received_begin(rc, &file);
	while (str_cut(&rest, ' ', &word)) {
		struct str value = word;
		bool keyed = str_has(word, STR("="));

		str_cut(&value, '=', &key);
		enum sight sight = received_sight(rc, row, row * 10, word, hash128(word), keyed ? hash64(key) | 1 : 0);

		out[n++] = sight == SIGHT_NEW ? 'n' : 'd';
		row++;
	}
	received_end(rc);
	return out;
}

/* "STEM:ROW DATE" of a kept row now, or its state. */
static const char *name_of(const char *stem, uint32_t row)
{
	struct kept kept;

	if (!received_kept(rc, str_of(stem), row, &kept))
		return "not kept";
	if (kept.state == KEPT_REPEATED)
		return "repeated";
	if (kept.state == KEPT_WITHDRAWN)
		return "withdrawn";
	return str_keepz(&arena, str_printf(&arena, "%.*s:%u %.*s", STR_FMT(kept.stem), kept.row,
					    STR_FMT(kept.last_seen)));
}

Test(received, a_row_that_comes_again_is_a_duplicate_and_only_seen_later)
{
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1 x"), "nn");
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=1 x"), "dd");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "a:2 2026-03-02");
	cr_assert_str_eq(name_of("a", 3), "a:3 2026-03-02");
	cr_assert_str_eq(name_of("b", 2), "not kept");
}

Test(received, a_row_that_returns_after_another_of_its_key_is_new)
{
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1"), "n");
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=2"), "n");
	run_end();
	run_begin();
	cr_assert_str_eq(take("2026-03-03", "c", false, "k=1"), "n");
	cr_assert_str_eq(take("2026-03-04", "d", false, "k=1"), "d");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "a:2 2026-03-01");
	cr_assert_str_eq(name_of("c", 2), "c:2 2026-03-04");
}

Test(received, two_rows_of_one_key_that_come_together_each_night_are_duplicates)
{
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1 k=2"), "nn");
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=1 k=2"), "dd");
	run_end();
	run_begin();
	cr_assert_str_eq(take("2026-03-03", "c", false, "k=2 k=1"), "dd");
	cr_assert_str_eq(take("2026-03-04", "d", false, "k=3"), "n");
	cr_assert_str_eq(take("2026-03-05", "e", false, "k=1"), "n");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "a:2 2026-03-03");
	cr_assert_str_eq(name_of("a", 3), "a:3 2026-03-03");
	cr_assert_str_eq(name_of("e", 2), "e:2 2026-03-05");
}

Test(received, two_rows_of_one_key_keep_their_names_when_a_file_comes_late)
{
	run_begin();
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=1 k=2"), "nn");
	run_end();
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1 k=2"), "dd");
	run_end();
	cr_assert_str_eq(name_of("b", 2), "a:2 2026-03-02");
	cr_assert_str_eq(name_of("b", 3), "a:3 2026-03-02");
}

Test(received, the_same_row_twice_in_one_file_is_one_record)
{
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "x x y"), "ndn");
	run_end();
}

Test(received, a_late_file_gives_its_name_to_a_record_kept_already)
{
	run_begin();
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=1"), "n");
	run_end();
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1"), "d");
	run_end();
	cr_assert_str_eq(name_of("b", 2), "a:2 2026-03-02");
}

Test(received, a_late_file_between_two_sights_makes_the_second_a_record_of_its_own)
{
	struct str stem;
	uint32_t row;
	struct kept kept;

	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1"), "n");
	cr_assert_str_eq(take("2026-03-03", "c", false, "k=1"), "d");
	run_end();
	run_begin();
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=2"), "n");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "a:2 2026-03-01");
	cr_assert_eq(received_extras(rc), 1);
	received_extra(rc, 0, &stem, &row, &kept);
	cr_assert(str_eq(stem, STR("a")) && row == 2);
	cr_assert(str_eq(kept.stem, STR("c")) && kept.row == 2 && str_eq(kept.last_seen, STR("2026-03-03")));
	cr_assert(received_newest(rc, STR("a"), 2, &stem, &row) && str_eq(stem, STR("c")) && row == 2);
}

Test(received, a_kept_row_goes_to_the_record_that_its_own_sight_repeats)
{
	struct str stem;
	uint32_t row;
	struct kept kept;

	run_begin();
	cr_assert_str_eq(take("2026-03-02", "b", false, "k=2"), "n");
	cr_assert_str_eq(take("2026-03-04", "d", false, "k=1"), "n");
	run_end();
	run_begin();
	cr_assert_str_eq(take("2026-03-01", "a", false, "k=1"), "d");
	cr_assert_str_eq(take("2026-03-03", "c", false, "k=1"), "d");
	run_end();
	cr_assert_str_eq(name_of("d", 2), "c:2 2026-03-04");
	cr_assert_eq(received_extras(rc), 1);
	received_extra(rc, 0, &stem, &row, &kept);
	cr_assert(str_eq(stem, STR("c")) && row == 2);
	cr_assert(str_eq(kept.stem, STR("a")) && kept.row == 2 && str_eq(kept.last_seen, STR("2026-03-01")));
}

Test(received, a_record_that_shares_its_row_was_seen_last_with_its_own_sights)
{
	run_begin();
	take("2026-03-01", "a", false, "k=1");
	take("2026-03-03", "c", false, "k=1");
	take("2026-03-04", "d", false, "k=1");
	run_end();
	run_begin();
	take("2026-03-02", "b", false, "k=2");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "a:2 2026-03-01");
	cr_assert_str_eq(name_of("c", 2), "c:2 2026-03-04");
	cr_assert_str_eq(name_of("d", 2), "c:2 2026-03-04");
}

/* "SIGHT=NAME ..." of all sights that do not name their record. */
static const char *repeats(void)
{
	struct received_cursor cursor = { 0 };
	struct received_repeat r;
	struct buf b = { 0 };
	const char *all;

	while (received_next_repeat(rc, &cursor, &r)) {
		struct str sight = received_file(rc, r.file)->stem, name = received_file(rc, r.name_file)->stem;

		buf_str(&b, str_printf(&arena, "%s%.*s:%u=%.*s:%u", b.n ? " " : "", STR_FMT(sight), r.row,
				       STR_FMT(name), r.name_row));
	}
	all = str_keepz(&arena, buf_view(&b));
	buf_release(&b);
	return all;
}

Test(received, each_sight_that_repeats_a_record_knows_its_name)
{
	run_begin();
	take("2026-03-02", "b", false, "k=1 k=2 x");
	take("2026-03-03", "c", false, "k=2 k=3");
	run_end();
	cr_assert_str_eq(repeats(), "c:2=b:3");
	run_begin();
	take("2026-03-01", "a", false, "y x k=1");
	run_end();
	cr_assert(strstr(repeats(), "c:2=b:3"));
	cr_assert(strstr(repeats(), "b:2=a:4"));
	cr_assert(strstr(repeats(), "b:4=a:3"));
	cr_assert_eq(strlen(repeats()), strlen("c:2=b:3 b:2=a:4 b:4=a:3"));
	received_forget_repeats(rc);
	cr_assert_str_eq(repeats(), "");
	cr_assert_str_eq(name_of("b", 2), "a:4 2026-03-02");
}

Test(received, a_late_file_between_two_sights_parts_their_names)
{
	run_begin();
	take("2026-03-01", "a", false, "k=1");
	take("2026-03-03", "c", false, "k=1");
	take("2026-03-04", "d", false, "k=1");
	run_end();
	cr_assert_str_eq(repeats(), "d:2=a:2 c:2=a:2");
	run_begin();
	take("2026-03-02", "b", false, "k=2");
	run_end();
	cr_assert_str_eq(repeats(), "d:2=c:2");
}

Test(received, a_record_is_found_by_each_name_that_it_ever_had)
{
	struct str stem = STR("a");
	uint32_t row = 3;

	run_begin();
	take("2026-03-03", "c", false, "k=1");
	run_end();
	run_begin();
	take("2026-03-02", "b", false, "x k=1");
	run_end();
	cr_assert_str_eq(name_of("b", 3), "b:3 2026-03-03");
	run_begin();
	take("2026-03-01", "a", false, "x k=1");
	run_end();
	cr_assert_str_eq(name_of("c", 2), "a:3 2026-03-03");
	cr_assert_str_eq(name_of("b", 3), "a:3 2026-03-03");
	cr_assert_str_eq(name_of("a", 3), "a:3 2026-03-03");
	cr_assert_str_eq(name_of("a", 4), "not kept");
	cr_assert(received_place(rc, &stem, &row));
	cr_assert(str_eq(stem, STR("c")) && row == 2);
	cr_assert_not(received_place(rc, &stem, &row));
}

Test(received, what_a_full_export_no_longer_has_is_withdrawn_but_a_changed_row_is_not)
{
	run_begin();
	take("2026-03-01", "a", true, "k=1 l=1 x");
	take("2026-03-02", "b", true, "k=2");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "a:2 2026-03-01");
	cr_assert_str_eq(name_of("a", 3), "withdrawn");
	cr_assert_str_eq(name_of("a", 4), "withdrawn");
	cr_assert_str_eq(name_of("b", 2), "b:2 2026-03-02");
}

/* Its schema was `delta` on the first day, and is again on the last. */
Test(received, a_first_full_export_withdraws_what_deltas_before_it_brought_but_none_behind_it)
{
	run_begin();
	take("2026-03-01", "a", false, "k=1 l=1 x");
	run_end();
	run_begin();
	take("2026-03-02", "b", true, "l=1 m=1");
	run_end();
	cr_assert_str_eq(name_of("a", 2), "withdrawn");
	cr_assert_str_eq(name_of("a", 3), "a:3 2026-03-02");
	cr_assert_str_eq(name_of("a", 4), "withdrawn");
	run_begin();
	take("2026-03-03", "c", true, "m=1");
	run_end();
	cr_assert_str_eq(name_of("a", 3), "withdrawn");
	cr_assert_str_eq(name_of("b", 3), "b:3 2026-03-03");
	run_begin();
	take("2026-03-02", "d", false, "n=1");
	run_end();
	cr_assert_str_eq(name_of("d", 2), "d:2 2026-03-02");
}

Test(received, original_bytes_come_back_from_the_folder_of_an_earlier_run)
{
	struct str bytes;

	run_begin();
	take("2026-03-01", "a", false, "k=1 yy zzz");
	run_end();
	run_begin();
	take("2026-03-02", "b", false, "w yy");
	run_end();
	run_begin();
	run_end();
	cr_assert(received_original(rc, STR("a"), 4, &bytes, &fault));
	cr_assert(str_eq(bytes, STR("zzz")));
	cr_assert(received_original(rc, STR("b"), 2, &bytes, &fault));
	cr_assert(str_eq(bytes, STR("w")));
	cr_assert_not(received_original(rc, STR("b"), 3, &bytes, &fault));
	cr_assert(str_eq(received_find(rc, STR("a"))->header, STR("h\r\n")));
	cr_assert_eq(received_find(rc, STR("b"))->rows, 2);
}

Test(received, the_newest_row_of_a_key_is_found_from_an_older_one)
{
	struct str stem;
	uint32_t row;

	run_begin();
	take("2026-03-01", "a", false, "k=1");
	take("2026-03-02", "b", false, "j=1 k=2");
	run_end();
	cr_assert(received_newest(rc, STR("a"), 2, &stem, &row));
	cr_assert(str_eq(stem, STR("b")) && row == 3);
}

Test(received, a_folder_cut_short_is_told)
{
	FILE *f;

	run_begin();
	take("2026-03-01", "a", false, "k=1 yy zzz");
	run_end();
	received_close(rc);
	rc = NULL;
	f = fopen(str_keepz(&arena, str_printf(&arena, "%s/received.keys.gz", folders[0])), "r+");
	cr_assert(f && ftruncate(fileno(f), 40) == 0);
	fclose(f);
	cr_assert_null(received_open(folders, 1, &fault));
	cr_assert(str_has(buf_view(&fault.text), STR("received.keys.gz")));
}

/* 9,000 rows of about 200 bytes: several members of the file, with rows across their ends. */
static void take_long(size_t n)
{
	struct buf words = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_printf(&words, "%s%zu-%0*zu", i ? " " : "", i, (int)(150 + i % 97), i * 2654435761u);
	buf_char(&words, '\0');
	take("2026-03-01", "a", false, words.p);
	buf_release(&words);
}

static size_t long_length(size_t i)
{
	return str_printf(&arena, "%zu-%0*zu", i, (int)(150 + i % 97), i * 2654435761u).n;
}

static bool is_long(uint32_t row)
{
	struct str bytes, whole = str_printf(&arena, "%u-%0*zu", row - 2, (int)(150 + (row - 2) % 97),
					     (size_t)(row - 2) * 2654435761u);

	return received_original(rc, STR("a"), row, &bytes, &fault) && str_eq(bytes, whole);
}

Test(received, rows_asked_for_one_by_one_or_many_at_once_have_their_bytes)
{
	uint32_t row;
	struct str bytes;

	run_begin();
	take_long(9000);
	run_end();
	cr_assert(is_long(4500) && is_long(2) && is_long(9001));
	for (uint32_t i = 0; i < 300; i++)
		received_want(rc, STR("a"), 2 + i * 7919 % 9000);
	received_want(rc, STR("a"), 2);
	received_want(rc, STR("a"), 77777);
	received_want(rc, STR("unknown"), 2);
	cr_assert(received_fetch(rc, &fault), "%.*s", STR_FMT(buf_view(&fault.text)));
	for (uint32_t i = 0; i < 300; i++)
		cr_assert(is_long(2 + i * 7919 % 9000), "row %u", 2 + i * 7919 % 9000);
	for (uint32_t i = 0; i < 500; i++)
		cr_assert(is_long(2 + i * 6007 % 9000), "row %u, one of many in no order", 2 + i * 6007 % 9000);
	cr_assert_eq(received_kept_rows(rc, 0), 9000);
	for (size_t i = 0; i < 9000; i++)
		cr_assert(received_kept_row(rc, 0, i, &row, &bytes, &fault) && row == i + 2 &&
				  bytes.n == long_length(i),
			  "row %u has %zu bytes", row, bytes.n);
}

Test(received, a_damaged_file_of_rows_is_told_by_name)
{
	run_begin();
	take_long(9000);
	run_end();
	received_close(rc);
	rc = received_open(folders, n_folders, &fault);
	int fd = open(str_keepz(&arena, str_printf(&arena, "%s/received.rows.gz", folders[0])), O_RDWR);
	char byte;

	cr_assert(rc && pread(fd, &byte, 1, 3000) == 1);
	byte ^= 0x10;
	cr_assert(pwrite(fd, &byte, 1, 3000) == 1 && close(fd) == 0);
	received_want(rc, STR("a"), 2);
	cr_assert_not(received_fetch(rc, &fault));
	cr_assert(str_has(buf_view(&fault.text), STR("received.rows.gz")));
}

static bool is_of_night(size_t night)
{
	struct str bytes;

	return received_original(rc, str_printf(&arena, "f%zu", night), 2, &bytes, &fault) &&
	       str_eq(bytes, str_printf(&arena, "word%zu", night));
}

Test(received, rows_of_more_folders_than_files_may_be_open_come_back)
{
	struct rlimit few = { 32, 32 };
	const char *words;

	for (size_t i = 0; i < 60; i++) {
		words = str_keepz(&arena, str_printf(&arena, "word%zu other%zu", i, i));
		run_begin();
		take("2026-03-01", str_keepz(&arena, str_printf(&arena, "f%zu", i)), false, words);
		run_end();
	}
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (size_t i = 0; i < 30; i++)
		cr_assert(is_of_night(i), "one by one: night %zu: %.*s", i, STR_FMT(buf_view(&fault.text)));
	for (size_t i = 0; i < 60; i++)
		received_want(rc, str_printf(&arena, "f%zu", i), 2);
	cr_assert(received_fetch(rc, &fault), "%.*s", STR_FMT(buf_view(&fault.text)));
	for (size_t i = 0; i < 60; i++)
		cr_assert(is_of_night(i), "many at once: night %zu", i);
}

/* Five hundred keys of that value. */
static const char *rows_with(char value)
{
	struct buf b = { 0 };
	const char *words;

	for (int i = 0; i < 500; i++)
		buf_printf(&b, "%s%d=%c", i ? " " : "", i, value);
	words = str_keepz(&arena, buf_view(&b));
	buf_release(&b);
	return words;
}

/* Each row becomes what the row of its key was two days ago. */
static void take_days_by_turns(void)
{
	for (int i = 1; i <= 16; i++) {
		const char *date = str_keepz(&arena, str_printf(&arena, "2026-03-%02d", i));

		take(date, date, false, rows_with(i % 2 ? 'a' : 'b'));
	}
}

Test(received, a_folder_by_hand_may_have_kept_more_rows_than_the_state_that_it_joins, .timeout = 60)
{
	run_begin();
	take("2026-03-20", "last", false, rows_with('a')); /* all others come late: two rows of a key are kept */
	take_days_by_turns();
	run_end();
	received_close(rc);
	rc = received_open(NULL, 0, &fault);
	folders[n_folders] = str_keepz(&arena, str_printf(&arena, "%s/hand", dir));
	cr_assert(make_folders(folders[n_folders], &fault) && received_create(rc, folders[n_folders], &fault));
	take_days_by_turns();
	take("2026-03-21", "new", false, "k=new");
	cr_assert(received_commit(rc, &fault));
	received_close(rc);
	rc = received_open(folders, n_folders + 1, &fault);
	cr_assert(rc, "%.*s", STR_FMT(buf_view(&fault.text)));
	received_settle(rc);
	cr_assert_str_eq(name_of("new", 2), "new:2 2026-03-21");
	cr_assert_str_eq(name_of("2026-03-01", 2), "2026-03-01:2 2026-03-01");
}
