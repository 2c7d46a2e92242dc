/* One member of a stream that gz_writer wrote, without those before it. */
#define _GNU_SOURCE /* memmem */
#include "gz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gz_member.h"
#include "mem.h"

enum { HEADER = 10, SIZE = 4, MARK = SIZE + HEADER, BLOCK = 1 << 20 };

struct search {
	int fd;
	unsigned char mark[MARK]; /* the end of a full member and the header of the next */
	uint64_t *starts;
	size_t n, cap;
	uint64_t end; /* of the file */
	unsigned char tail[SIZE]; /* its last bytes */
};

static bool read_at(int fd, void *to, size_t n, uint64_t at)
{
	for (char *p = to; n > 0;) {
		ssize_t got = pread(fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
		at += (uint64_t)got;
	}
	return true;
}

static void put_size(unsigned char *p, uint64_t size)
{
	for (int i = 0; i < SIZE; i++)
		p[i] = (unsigned char)(size >> 8 * i);
}

static void add_start(struct search *s, uint64_t at)
{
	GROW(s->starts, s->n, s->cap);
	s->starts[s->n++] = at;
}

/* Blocks overlap by less than a mark, so that none is found twice. */
static bool find_marks(struct search *s)
{
	unsigned char *block = xmalloc(BLOCK);
	bool ok = true;

	for (uint64_t at = 0; ok && at + MARK <= s->end; at += BLOCK - MARK + 1) {
		size_t n = s->end - at < BLOCK ? (size_t)(s->end - at) : BLOCK;
		const unsigned char *from = block, *found;

		ok = read_at(s->fd, block, n, at);
		while (ok && (found = memmem(from, (size_t)(block + n - from), s->mark, MARK))) {
			add_start(s, at + (uint64_t)(found - block) + SIZE);
			from = found + 1;
		}
	}
	free(block);
	return ok;
}

static bool open_search(struct search *s)
{
	off_t end = lseek(s->fd, 0, SEEK_END);

	s->end = end > 0 ? (uint64_t)end : 0;
	put_size(s->mark, GZ_MEMBER);
	return s->end >= MARK && read_at(s->fd, s->mark + SIZE, HEADER, 0) &&
	       s->mark[SIZE] == 0x1F && s->mark[SIZE + 1] == 0x8B &&
	       read_at(s->fd, s->tail, SIZE, s->end - SIZE);
}

/* A mark may also stand within a member by chance: then the count is not right. */
uint64_t *gz_members_find(int fd, uint64_t inflated, size_t *n)
{
	struct search s = { .fd = fd };
	size_t expected = inflated ? (size_t)((inflated + GZ_MEMBER - 1) / GZ_MEMBER) : 1;
	unsigned char last[SIZE];

	add_start(&s, 0);
	put_size(last, inflated - (uint64_t)(expected - 1) * GZ_MEMBER);
	if (open_search(&s) && memcmp(last, s.tail, SIZE) == 0 && find_marks(&s) && s.n == expected) {
		*n = s.n;
		add_start(&s, s.end);
		return s.starts;
	}
	free(s.starts);
	return NULL;
}

/* All is given, and the end may still stand behind the last byte. */
static bool inflate_whole(struct inflater *inflater, struct inflate_step *step)
{
	unsigned char beyond;
	enum inflated inflated;

	inflater_begin(inflater);
	inflated = inflater_step(inflater, step);
	if (inflated == INFLATE_ON && step->n_out == 0) {
		step->out = &beyond;
		step->n_out = 1;
		inflated = inflater_step(inflater, step);
		step->n_out--;
	}
	return inflated == INFLATE_END && step->n_in == 0 && step->n_out == 0;
}

bool gz_member_read(int fd, uint64_t start, uint64_t end, char *out, size_t size)
{
	size_t n = (size_t)(end - start);
	unsigned char *in = xmalloc(n);
	struct inflate_step step = { .in = in, .n_in = n, .out = (unsigned char *)out, .n_out = size };
	struct inflater *inflater = inflater_new();
	bool ok = read_at(fd, in, n, start) && inflate_whole(inflater, &step);

	inflater_free(inflater);
	free(in);
	return ok;
}
