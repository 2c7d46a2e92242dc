/* The proof: looks for a person's values in every file below a folder. */
#ifndef YICE_SEARCH_H
#define YICE_SEARCH_H

#include "person.h"

struct search {
	uint64_t files; /* looked through, compressed ones inflated */
	uint64_t found; /* of these, with a value of theirs: each is printed */
};

/* The ID number in either form; a name and a phone of theirs on one line, in any encoding of
 * exports. Capitals, spaces and dashes make no difference. */
bool search_folder(const struct person *p, const char *dir, struct search *s, struct fault *f);

#endif
