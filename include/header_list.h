/* The column `headers` of extract/files: "field=header as it came", joined by ";", where ";",
 * "=" and "\" inside a header are escaped by "\". */
#ifndef YICE_HEADER_LIST_H
#define YICE_HEADER_LIST_H

#include "mem.h"

/* The header that stood over a field; empty where there was none. */
struct str header_list_find(struct str list, struct str field, struct arena *a);

#endif
