#include "compound.h"

#include "bytes.h"

enum {
	HEADER = 512, IN_HEADER = 109, /* sectors of the FAT that the header lists */
	ENTRY = 128,
	LAST_SECTOR = 0xFFFFFFFA, /* above it are marks: end of chain, free ... */
};

struct compound {
	struct str file;
	uint32_t sector, mini_sector; /* bytes */
	uint32_t n_sectors;
	struct buf fat, mini_fat, directory, mini; /* contents, put together */
};

static bool add_sector(const struct compound *c, uint32_t number, struct buf *out)
{
	uint64_t at = ((uint64_t)number + 1) * c->sector;

	/* The last sector of a file may be cut short. */
	if (number > LAST_SECTOR || at >= c->file.n)
		return false;
	buf_add(out, c->file.p + at, c->file.n - at < c->sector ? c->file.n - at : c->sector);
	return true;
}

/* A chain is no longer than the file has sectors, else it goes round in a circle. */
static bool add_chain(const struct compound *c, uint32_t first, struct buf *out)
{
	uint32_t steps = 0;

	for (uint32_t number = first; number <= LAST_SECTOR;) {
		if (++steps > c->n_sectors || !add_sector(c, number, out) ||
		    ((uint64_t)number + 1) * 4 > c->fat.n)
			return false;
		number = u32_at(c->fat.p + (size_t)number * 4);
	}
	return true;
}

static bool read_fat(struct compound *c)
{
	const char *header = c->file.p;
	struct buf list = { 0 };
	uint32_t next = u32_at(header + 68), steps = 0;
	bool ok = true;

	buf_add(&list, header + 76, IN_HEADER * 4);
	/* More of the list lies in sectors, each of which ends in the number of the next. */
	while (ok && next <= LAST_SECTOR && ++steps <= c->n_sectors) {
		ok = add_sector(c, next, &list) && list.n % 4 == 0;
		if (ok) {
			list.n -= 4;
			next = u32_at(list.p + list.n);
		}
	}
	/* No more of it than the file has sectors, however long the list. */
	for (size_t i = 0; ok && i + 4 <= list.n && c->fat.n / 4 < c->n_sectors; i += 4)
		if (u32_at(list.p + i) <= LAST_SECTOR)
			ok = add_sector(c, u32_at(list.p + i), &c->fat);
	buf_release(&list);
	return ok;
}

static bool open_compound(struct compound *c)
{
	const char *header = c->file.p;
	uint16_t shift;

	if (c->file.n < HEADER)
		return false;
	shift = u16_at(header + 30);
	if ((shift != 9 && shift != 12) || u16_at(header + 32) != 6)
		return false;
	c->sector = 1u << shift;
	c->mini_sector = 1u << 6;
	c->n_sectors = (uint32_t)(c->file.n / c->sector + 1);
	return read_fat(c) && add_chain(c, u32_at(header + 48), &c->directory) &&
	       add_chain(c, u32_at(header + 60), &c->mini_fat);
}

static bool has_name(const char *entry, const char *name)
{
	size_t n = strlen(name);

	if (u16_at(entry + 64) != 2 * (n + 1))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((entry[2 * i] | 0x20) != (name[i] | 0x20) || entry[2 * i + 1])
			return false;
	return true;
}

/* Small streams lie in sectors of 64 bytes inside of the root's stream. */
static bool add_mini_chain(struct compound *c, uint32_t first, struct buf *out)
{
	uint32_t steps = 0;

	if (!c->mini.n && !add_chain(c, u32_at(c->directory.p + 116), &c->mini))
		return false;
	for (uint32_t number = first; number <= LAST_SECTOR;) {
		uint64_t at = (uint64_t)number * c->mini_sector;

		if (++steps > c->mini_fat.n / 4 || at + c->mini_sector > c->mini.n ||
		    ((uint64_t)number + 1) * 4 > c->mini_fat.n)
			return false;
		buf_add(out, c->mini.p + at, c->mini_sector);
		number = u32_at(c->mini_fat.p + (size_t)number * 4);
	}
	return true;
}

static bool find_stream(struct compound *c, const char *name, struct buf *out)
{
	uint32_t cutoff = u32_at(c->file.p + 56);

	for (size_t at = 0; at + ENTRY <= c->directory.n; at += ENTRY) {
		const char *entry = c->directory.p + at;
		uint32_t first = u32_at(entry + 116), size = u32_at(entry + 120);
		size_t before = out->n;

		if (entry[66] != 2 || !has_name(entry, name))
			continue;
		if (!(size < cutoff ? add_mini_chain(c, first, out) : add_chain(c, first, out)))
			return false;
		if (out->n - before > size)
			out->n = before + size;
		return true;
	}
	return false;
}

bool compound_stream(struct str file, const char *name, struct buf *out)
{
	struct compound c = { .file = file };
	bool found = open_compound(&c) && find_stream(&c, name, out);

	buf_release(&c.fat);
	buf_release(&c.mini_fat);
	buf_release(&c.directory);
	buf_release(&c.mini);
	return found;
}
