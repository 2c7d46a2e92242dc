/*
 * analysis.csv: each dealer's own marts, figure by figure as rules/analysis.csv lists them,
 * beside the network as a whole where enough dealers have the figure that none is told by it.
 */
#ifndef YICE_RETURN_FIGURES_H
#define YICE_RETURN_FIGURES_H

#include "dealer.h"

bool figures_write(struct dealers *ds, struct desk *d, struct fault *f);

#endif
