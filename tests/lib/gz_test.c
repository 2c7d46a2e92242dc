#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "lib/gz.h"
#include "outfile.h"
#include "pool.h"

TestSuite(gz);

static void gather(void *context, const void *p, size_t n)
{
	buf_add(context, p, n);
}

/* Text that neither repeats itself nor is pure noise. */
static void fill(struct buf *b, size_t n)
{
	uint32_t x = 7;

	while (b->n < n) {
		x = x * 1664525 + 1013904223;
		buf_printf(b, "%u,%u\n", x >> 20, b->n > 1000 ? x >> 28 : 0);
	}
	b->n = n;
}

static void deflate_in_parts(struct str s, size_t part, struct buf *to)
{
	struct gz_writer *g = gz_writer_new(gather, to);

	for (size_t at = 0; at < s.n; at += part)
		gz_writer_write(g, s.p + at, s.n - at < part ? s.n - at : part);
	gz_writer_free(g, true);
}

/* The bytes through a pipe, in portions of that size on either side. */
static void read_through_pipe(struct str s, size_t portion, struct buf *to, bool *failed)
{
	int ends[2];
	struct gz_reader *g;
	pid_t child;
	size_t n;

	cr_assert_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		for (size_t at = 0; at < s.n; at += portion)
			if (write(ends[1], s.p + at, s.n - at < portion ? s.n - at : portion) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	g = gz_reader_new(ends[0]);
	while ((n = gz_reader_read(g, buf_room(to, portion), portion)) > 0)
		buf_took(to, n);
	*failed = gz_reader_error(g) != NULL;
	gz_reader_free(g);
	close(ends[0]);
	waitpid(child, NULL, 0);
}

Test(gz, members_of_any_size_and_number_are_one_stream_wherever_it_is_cut)
{
	struct buf text = { 0 }, packed = { 0 }, back = { 0 };
	const size_t sizes[] = { 0, 1, 5, 700, 70000, 3 };
	bool failed;

	fill(&text, 80000);
	for (size_t i = 0, at = 0; i < sizeof(sizes) / sizeof(sizes[0]); at += sizes[i++])
		deflate_in_parts((struct str){ text.p + at, sizes[i] }, 4096, &packed);
	for (size_t portion = 1; portion < 5000; portion = portion * 3 + 1) {
		buf_reset(&back);
		read_through_pipe(buf_view(&packed), portion, &back, &failed);
		cr_assert(!failed);
		cr_assert_eq(back.n, 70709);
		cr_assert_eq(memcmp(back.p, text.p, back.n), 0, "in portions of %zu", portion);
	}
	for (size_t cut = packed.n - 1; cut > packed.n - 40; cut--) {
		buf_reset(&back);
		read_through_pipe((struct str){ packed.p, cut }, 512, &back, &failed);
		cr_assert(failed || back.n == 70706, "cut at %zu of %zu", cut, packed.n);
	}
	buf_release(&text);
	buf_release(&packed);
	buf_release(&back);
}

Test(gz, bytes_depend_neither_on_the_portions_written_nor_on_the_number_of_threads)
{
	struct buf text = { 0 }, packed[3] = { 0 }, back = { 0 };
	const size_t parts[] = { 3 << 20, 4096, 100003 };
	const unsigned jobs[] = { 1, 2, 4 };
	bool failed;

	fill(&text, 3 << 20);
	for (int i = 0; i < 3; i++) {
		pool_set_jobs(jobs[i]);
		deflate_in_parts(buf_view(&text), parts[i], &packed[i]);
		cr_assert_eq(packed[i].n, packed[0].n);
		cr_assert_eq(memcmp(packed[i].p, packed[0].p, packed[0].n), 0);
	}
	read_through_pipe(buf_view(&packed[1]), 65536, &back, &failed);
	cr_assert(!failed && back.n == text.n && memcmp(back.p, text.p, text.n) == 0);
	for (int i = 0; i < 3; i++)
		buf_release(&packed[i]);
	buf_release(&text);
	buf_release(&back);
}

static int file_of(struct str bytes)
{
	int fd = temporary_file(NULL);

	cr_assert(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	return fd;
}

Test(gz, each_member_of_a_writer_is_read_without_those_before_it)
{
	const size_t lengths[] = { 3 * GZ_MEMBER, 2 * GZ_MEMBER + 1, 77 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct buf text = { 0 }, packed = { 0 };
		size_t n = 0, size, expected = (lengths[i] + GZ_MEMBER - 1) / GZ_MEMBER;
		char *bytes = malloc(GZ_MEMBER);

		fill(&text, lengths[i]);
		deflate_in_parts(buf_view(&text), 60000, &packed);
		int fd = file_of(buf_view(&packed));
		uint64_t *starts = gz_members_find(fd, lengths[i], &n);

		cr_assert(starts && n == expected && starts[n] == packed.n);
		while (n-- > 0) {
			size = lengths[i] - n * GZ_MEMBER < GZ_MEMBER ? lengths[i] - n * GZ_MEMBER : GZ_MEMBER;
			cr_assert(gz_member_read(fd, starts[n], starts[n + 1], bytes, size));
			cr_assert_eq(memcmp(bytes, text.p + n * GZ_MEMBER, size), 0);
			cr_assert_not(gz_member_read(fd, starts[n], starts[n + 1] - 1, bytes, size));
			cr_assert_not(gz_member_read(fd, starts[n], starts[n + 1], bytes, size - 1));
		}
		cr_assert_null(gz_members_find(fd, lengths[i] + 1, &n), "a length that is another");
		close(fd);
		free(starts);
		free(bytes);
		buf_release(&text);
		buf_release(&packed);
	}
}

Test(gz, members_of_another_size_are_not_taken_for_a_writers)
{
	struct buf text = { 0 }, packed = { 0 };
	size_t n;

	fill(&text, GZ_MEMBER + 900);
	deflate_in_parts((struct str){ text.p, 500 }, 500, &packed);
	deflate_in_parts((struct str){ text.p + 500, GZ_MEMBER + 400 }, 60000, &packed);
	int fd = file_of(buf_view(&packed));

	cr_assert_null(gz_members_find(fd, GZ_MEMBER + 900, &n));
	close(fd);
	buf_release(&text);
	buf_release(&packed);
}
