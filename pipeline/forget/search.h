/* The proof: looks for a person's values in every file below a folder. */
#ifndef YICE_SEARCH_H
#define YICE_SEARCH_H

#include "person.h"

struct search {
	uint64_t files; /* looked through, compressed ones inflated */
	uint64_t found; /* of these, with a value of theirs: each is printed */
};

/* The ID number in either form; a name and a phone of theirs in one row (line), in any encoding
 * of exports. Capitals, spaces and dashes make no difference. Only the file of unproved.h is passed over. */
bool search_folder(const struct person *p, const char *dir, struct search *s, struct fault *f);
/* So in the tables of a store: how many there are, and adds rows with a value of theirs. */
bool search_store(const struct person *p, const char *url, uint64_t *tables, uint64_t *found, struct fault *f);

#endif
