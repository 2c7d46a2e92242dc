/* From what was gathered to crowd and web: every column is judged, then woven. */
#ifndef RESOLVE_EVIDENCE_H
#define RESOLVE_EVIDENCE_H

#include "web.h"

/* Goes through all columns, and through the sweeps that are left. */
void evidence_judge(struct gather *g, const struct people *p, struct crowd *crowd, struct web *web);
/* Adds what numbers that failed have in common with right ones. */
void evidence_add_likes(struct web *web, const struct people *p, struct likeness *likeness);

#endif
