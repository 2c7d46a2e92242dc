/*
 * The state: all that yice remembers between runs, in one folder.
 *
 *   lock                     held while a run works; not empty once one has ended
 *   manifest.csv             what belongs to the state; renaming a new one into place is the
 *                            one atomic step from the state before a run to the one after
 *   received/NNNNNN/         what run N brought: extract/ (original rows, files, rows that
 *                            are none) and rules-.../ (their cleaned form, a cache)
 *   kept/NNNNNN/             the small tables that the newest run left for the next
 *
 * Whatever the manifest does not name is the rest of a run that did not end, and is removed
 * by the next one. Without a manifest that goes only for a first run: where one has ended before,
 * the state is damaged.
 */
#ifndef YICE_STATE_H
#define YICE_STATE_H

#include "fault.h"
#include "map.h"
#include "mem.h"
#include "table.h"

struct state {
	char *dir;
	int lock; /* descriptor, -1: only read */
	uint32_t run; /* number of the newest run; 0: none yet */
	struct str date; /* of the newest run */
	struct str *segments; /* folder names below received/, oldest first */
	size_t n_segments;
	const char *kept; /* read instead of kept/NNNNNN of the newest run, or NULL */
	struct rowset files; /* of the manifest: their paths, sizes and sums */
	struct map file_rows; /* path -> row of `files` */
	struct rowset outs; /* run, date and OUT folder of every run */
	struct arena arena;
};

/* Opens DIR; `write` takes the lock (EXIT_LOCKED when another run has it), makes the folder
 * where it is missing and removes what an unfinished run left. For reading a missing folder
 * is a fault. */
bool state_open(struct state *s, const char *dir, bool write, struct fault *f);
/* DIR/received/SEGMENT. */
const char *state_segment_dir(struct state *s, size_t i);
/* DIR/kept/NNNNNN of the newest run, or of the next one. */
const char *state_kept_dir(struct state *s);
const char *state_next_kept_dir(struct state *s);
const char *state_next_segment_dir(struct state *s);
/* All of the switch but its last step: writes down that the state has the next segment (unless
 * false) and the new kept tables. `rules` names the folder of the cleaned form in use. */
bool state_prepare(struct state *s, bool segment, const char *rules, struct str date, const char *out,
		   struct fault *f);
/* The switch to what was prepared; the cleaned forms of former rules go. */
bool state_switch(struct state *s, const char *rules, struct fault *f);
/* Removes what the next segment left, after a run that failed. */
void state_clear_next(struct state *s);
/* Removes what the manifest does not name. */
bool state_sweep(struct state *s, struct fault *f);
void state_close(struct state *s);

#endif
