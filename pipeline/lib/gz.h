/*
 * gzip streams (RFC 1952); beneath it only gz_member.h knows the compression library.
 *
 * A reader takes a descriptor and recognises gzip by its magic bytes; anything else comes
 * through as it is. Several members one after another are one stream.
 */
#ifndef YICE_GZ_H
#define YICE_GZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gz_reader;

struct gz_reader *gz_reader_new(int fd); /* the descriptor stays the caller's */
/* Up to n bytes; 0 at the end, or when something failed: then gz_reader_error tells what. */
size_t gz_reader_read(struct gz_reader *g, char *p, size_t n);
const char *gz_reader_error(const struct gz_reader *g); /* NULL: none */
uint64_t gz_reader_taken(const struct gz_reader *g); /* bytes read from the descriptor */
void gz_reader_free(struct gz_reader *g);

struct gz_writer;

/* Compressed bytes go to put(context, p, n), from another thread too (one call at a time, the
 * last before gz_writer_free returns). The header holds no name and no time. */
struct gz_writer *gz_writer_new(void (*put)(void *context, const void *p, size_t n),
				void *context);
void gz_writer_write(struct gz_writer *g, const void *p, size_t n);
void gz_writer_free(struct gz_writer *g, bool finish); /* writes the end if told so */

/* A writer's stream is a row of members, each of so many bytes but for the last: any of them
 * can be inflated without those before it. */
enum { GZ_MEMBER = 512 << 10 };

/* The starts of the *n members of a file that such a writer made of `inflated` bytes, and its
 * end behind them; to be freed. NULL where they cannot be told: it is damaged, or another
 * program's. */
uint64_t *gz_members_find(int fd, uint64_t inflated, size_t *n);
/* The member between, `size` bytes; false where it cannot be read or is damaged. */
bool gz_member_read(int fd, uint64_t start, uint64_t end, char *out, size_t size);

#endif
