/*
 * analysis.csv: each dealer's own marts, figure by figure as rules/analysis.csv lists them,
 * beside the network as a whole where enough dealers have the figure that none is told by it.
 */
#ifndef YICE_RETURN_FIGURES_H
#define YICE_RETURN_FIGURES_H

#include "analysis.h"
#include "dealer.h"

struct figures;

struct figures *figures_open(const char *rules_dir, struct analysis *a, struct fault *f);
/* The questions may be asked side by side, each once; when all are answered, the files can be
 * written. */
size_t figures_questions(const struct figures *x);
bool figures_ask(struct figures *x, struct analysis *a, size_t number, struct fault *f);
bool figures_write(struct figures *x, const struct dealers *ds, struct fault *f);
void figures_close(struct figures *x); /* NULL is fine */

#endif
