/* Lists in the cells of extract/files. */
#ifndef YICE_FILE_NOTE_H
#define YICE_FILE_NOTE_H

#include "export.h"

/* "name=客户姓名;mobile=手机": which header stands over each field. */
struct str file_note_headers(const struct export *e, struct arena *a);
struct str file_note_expects(const struct schema *schema, struct arena *a); /* "name;mobile" */
struct str file_note_feeds(const struct schema *schema, struct arena *a); /* "customer;vehicle" */

#endif
