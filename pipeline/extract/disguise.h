/* What a file without a fitting header really is, for the reason in the ledger. */
#ifndef YICE_DISGUISE_H
#define YICE_DISGUISE_H

#include "str.h"

/* "a PDF document"; "" where nothing gives it away. */
struct str disguise_of(struct str bytes);

#endif
