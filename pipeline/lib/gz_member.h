/*
 * One gzip member in and out. Inflated by ISA-L where the build found it (gz_inflate_isal.c), else
 * by zlib (gz_inflate_zlib.c): both tell the same of the same bytes. Deflated by libdeflate
 * (gz_deflate.c): its bytes follow from the content alone, on every machine and in every thread,
 * where ISA-L's follow from the address of its state too, once in some thousand members.
 * Private to gz*.c.
 */
#ifndef YICE_GZ_MEMBER_H
#define YICE_GZ_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

/* The states of the library: large, so allocated once and used for one member after the other. */
struct inflater;
struct deflater;

struct inflate_step { /* moved on by what was taken and given */
	const unsigned char *in;
	size_t n_in;
	unsigned char *out;
	size_t n_out;
};

enum inflated {
	INFLATE_ON, /* all input is taken, or the output is full */
	INFLATE_END, /* of the member; what follows is left in the input */
	INFLATE_DAMAGED,
};

struct inflater *inflater_new(void);
void inflater_begin(struct inflater *i); /* a member */
enum inflated inflater_step(struct inflater *i, struct inflate_step *step);
void inflater_free(struct inflater *i);

struct deflater *deflater_new(void);
/* No more than that can a member of n bytes become. */
size_t deflate_bound(size_t n);
/* The n bytes as a whole member, without name and time; returns its length. */
size_t deflater_member(struct deflater *d, const void *in, size_t n, void *out);
void deflater_free(struct deflater *d);

#endif
