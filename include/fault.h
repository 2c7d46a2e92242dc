/*
 * What went wrong with the world (file, disk, database, rules), told once by whoever knew
 * most. A function that can fail so returns false with the fault filled; a bad row is data
 * and never takes this path. Only the doorway (stage.c) prints and picks the exit status.
 */
#ifndef YICE_FAULT_H
#define YICE_FAULT_H

#include "buf.h"

/* The exit status of the contract. */
enum exit_status {
	EXIT_DONE = 0, /* done */
	EXIT_PERSON = 1, /* done, and something needs a person */
	EXIT_USAGE = 2, /* command line, rules or schemas are wrong; nothing was read */
	EXIT_FAILED = 3, /* nothing was published, the state is as it was */
	EXIT_LOCKED = 75, /* another run holds the lock */
};

struct fault {
	enum exit_status status; /* EXIT_DONE: no fault */
	struct buf text; /* whole sentences, one a line; a remedy on its own "hint: " line */
};

/* Always false, for `return fault_set(...)`. The first fault stays; later ones are ignored,
 * except with fault_add, which appends a line (rules tell all their mistakes at once). */
bool fault_set(struct fault *f, enum exit_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool fault_add(struct fault *f, enum exit_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* EXIT_FAILED: "cannot WHAT PATH: strerror(errno)". */
bool fault_errno(struct fault *f, const char *what, const char *path);
void fault_hint(struct fault *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fault_release(struct fault *f);

static inline bool fault_is(const struct fault *f)
{
	return f->status != EXIT_DONE;
}

#endif
