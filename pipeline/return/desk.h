/*
 * What the judge and the writers look up: where a record comes from, and the record itself,
 * also of a row that no table has because it was rejected. For any number of threads once it is
 * open.
 */
#ifndef YICE_RETURN_DESK_H
#define YICE_RETURN_DESK_H

#include "bad_name.h"
#include "dealer_folder.h"
#include "dealer_names.h"
#include "file_reasons.h"
#include "map.h"
#include "mended_rows.h"
#include "run.h"

#include <pthread.h>

struct origin { /* a file */
	struct str file, stem, schema, sender, observed_on, encoding;
	const struct schema *reads; /* NULL: no such schema any more */
	const struct origin *sent_again; /* what came to mend its rows: of X.csv X_bad.csv, or NULL */
	struct str series; /* sender, US, schema */
	const struct origin *beside; /* the next of its series, round to itself */
};

struct desk {
	struct run *r;
	const struct codes *codes;
	const struct schemas *schemas;
	struct file_reasons file_reasons;
	struct dealer_names dealer_names;
	const struct records *records;
	const struct mended_rows *mended;
	struct str today;
	struct origin *origins;
	size_t n;
	struct map by_stem;
	struct arena arena;
	pthread_mutex_t lock; /* whoever asks for rows as they came, and what became of them */
};

bool desk_open(struct desk *d, struct run *r, struct fault *f);
void desk_close(struct desk *d);

/* The file of a record (or of a stem); one without a sender where it is not known. */
const struct origin *desk_origin(const struct desk *d, struct str record_id);
/* In the order of day and name, as received_file_cmp. */
int origin_cmp(const struct origin *x, const struct origin *y);
/* The file that had the row last. */
const struct origin *desk_last_origin(struct desk *d, struct str record_id);
/* The record as cleaned, or as it came where it was rejected. False where there is no row. */
bool desk_record(struct desk *d, struct str record_id, struct record *rec, struct arena *a);
/* As run_newest and run_last_file. */
struct str desk_newest(struct desk *d, struct str record_id, struct arena *a);
struct str desk_last_file(struct desk *d, struct str record_id);
/* As run_original. */
bool desk_original(struct desk *d, struct str record_id, struct original_row *original);
/* The newest file that was sent to mend rows of the record's; NULL where there is none, or the row
 * came again in it as it was. */
const struct origin *desk_sent_again(struct desk *d, struct str record_id);
/* The sender's own key of a record: of which kind, its schema says. "" without one. */
struct str desk_key(const struct origin *origin, const struct record *rec);

/* One of the many files of the folders: synced with them all, before they are put in place. */
bool folder_put(const char *path, struct str bytes, struct fault *f);

#endif
