/*
 * Memory beyond --memory: blocks that lie in an unlinked file of the run's folder and are
 * mapped, so that nothing changes for who reads them. The system may write them back and
 * take their pages; how much of them stays resident is watched by a thread of its own.
 */
#ifndef YICE_SPILL_H
#define YICE_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From now on spill_take gives blocks of a file in that folder (NULL: that of temporary files)
 * once the process holds half of `memory` bytes (0: never). The file is made at the first need. */
void spill_begin(const char *folder, uint64_t memory);
/* NULL: ordinary memory will do, or there is no room for the file. Zeroed. */
void *spill_take(size_t size);
/* Gives it back; false where p is no such block. */
bool spill_give(void *p);
/* A growing array that may lie there: like realloc and free, but it never shrinks. Arrays are what is
 * looked up anywhere in, so they stay in ordinary memory up to three quarters of it, while rows,
 * which are read in passes, have gone already. */
void *spill_grow(void *p, size_t old_size, size_t size);
void spill_free(void *p);
/* The same care for the pages of another mapped file, until it is forgotten. */
void spill_watch(const void *p, size_t size);
void spill_forget(const void *p);
/* GROW (mem.h) for an array that is freed by spill_free. */
#define SPILL_GROW(p, n, cap)                                                             \
	do {                                                                              \
		if ((n) == (cap)) {                                                       \
			size_t old_ = (cap) * sizeof(*(p));                               \
			(cap) = (cap) ? (cap) * 2 : 16;                                   \
			(p) = spill_grow((p), old_, (cap) * sizeof(*(p)));                \
		}                                                                         \
	} while (0)
uint64_t spill_bytes(void); /* in the file now */
/* What this process may use at most: the machine's, or that of its control group. */
uint64_t memory_of_machine(void);

#endif
