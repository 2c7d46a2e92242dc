/*
 * The length and hash of every file of a finished run, kept in its run.json (the only file
 * that is not among them), one a line: `    "master/customer.csv": "4097 <XXH3, 128 bits>"`.
 * The manifest of a state has them too. They find what a disk, a copy or a hand changed; who wants to deceive can write new ones.
 */
#ifndef YICE_SUMS_H
#define YICE_SUMS_H

#include "buf.h"
#include "fault.h"
#include "mem.h"

struct sum {
	struct str path; /* below the folder */
	struct str value; /* length and hash */
};

struct sums { /* in the order of paths */
	struct sum *list;
	size_t n, cap;
	struct arena arena;
};

/* The value of one file. */
bool sum_of_file(struct arena *a, const char *path, struct str *value, struct fault *f);
/* Of the files below `dir`; hidden ones, .part files and run.json left out. */
bool sums_take(struct sums *s, const char *dir, struct fault *f);
/* Those that dir/run.json tells; none where it has no such list. */
bool sums_told(struct sums *s, const char *dir, struct fault *f);
/* The value of a path, or NULL. */
const struct sum *sums_find(const struct sums *s, struct str path);
/* The member "sums" of run.json, the last one. */
void sums_print(const struct sums *s, struct buf *b);
/* Where dir holds a run.json: as what its files stand there, unread, for the sums to be renewed. */
bool sums_mark(struct sums *s, const char *dir, struct fault *f);
/* Tells in dir/run.json, for who changed files with intent since the mark, the sums of those; of
 * what else is not as the run wrote it the sum stays, and audit finds it. */
bool sums_renew(const struct sums *mark, const char *dir, struct fault *f);
void sums_release(struct sums *s);

#endif
