/*
 * A whole file as bytes in memory (mapped, or read; .gz is inflated into an unlinked
 * temporary file first). Links are not followed where `nofollow` is set. The bytes live
 * until infile_close.
 */
#ifndef YICE_INFILE_H
#define YICE_INFILE_H

#include <time.h>

#include "fault.h"

struct infile_limits { /* 0: none */
	uint64_t max_bytes; /* inflated */
	uint32_t max_ratio; /* inflated / compressed, told only past 16 MiB inflated */
};

struct infile {
	struct str bytes;
	/* private to infile.c */
	bool open, mapped;
	int fd, mapping;
	uint64_t size;
	struct timespec changed;
};

/* False with a fault that says why in one sentence (missing, not readable, truncated gz,
 * past the limits). Compression is recognised by its magic bytes, not by the name. */
bool infile_open(struct infile *in, const char *path, bool nofollow,
		 struct infile_limits limits, struct fault *f);
/* Whether the file is still what it was when it was opened: asked after the last byte was
 * used. One that was shortened meanwhile reads as zeros from there on. */
bool infile_intact(const struct infile *in);
/* The bytes between are not wanted for now: their pages need not stay in memory. Asked for
 * again they are read again. */
void infile_passed(const struct infile *in, uint64_t from, uint64_t to);
/* memchr over bytes that may be those of an infile: what was looked through without finding
 * it is given back as it goes, so that a line of gigabytes needs no memory. */
const char *infile_find(const char *p, size_t n, char c);
/* Closes the file, not its bytes: they live on, but infile_intact does not know of them any more. */
void infile_detach(struct infile *in);
void infile_close(struct infile *in);

#endif
