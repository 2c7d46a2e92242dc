/* What export.c (opening, reading on) and export_row.c (one row, on any thread) share. */
#ifndef YICE_EXPORT_INSIDE_H
#define YICE_EXPORT_INSIDE_H

#include "encoding.h"
#include "export.h"
#include "header.h"
#include "looks.h"
#include "splitter.h"

struct export {
	struct arena arena; /* what lives as long as the export */
	struct export_name name;
	struct infile file;
	enum encoding encoding;
	bool sound; /* the whole file is known to be UTF-8 */
	struct str bytes; /* as they came; of a workbook: the image of its sheet */
	size_t front; /* the BOM's length */
	char *image; /* what is split, where that is not the file itself (UTF-16) */
	struct buf sheet; /* the CSV of a sheet */
	struct splitter splitter;
	uint64_t offset; /* in bytes of the row at splitter.at */
	uint64_t passed; /* up to here the file need not stay in memory */
	size_t max_row;
	struct str header_bytes, header_row; /* with the BOM, and as it is split */
	struct header header;
	const struct reference *reference; /* or NULL */
	unsigned char tables[F_COUNT]; /* FEEDS() of the tables that have the field */
	/* What a row says to a table, where that is not sure anyhow. */
	struct {
		bool always;
		enum field *asked;
		size_t n_asked;
	} feeds[ENTITY_COUNT];
	struct evidence evidence;
	uint64_t observed; /* rows, one by one */
};

/* What was gathered of some rows beside the export; instead of export_observe. */
void export_join_evidence(struct export *e, const struct evidence *of_some_rows);
/* How many bytes it has, inflated. */
size_t export_size(const struct export *e);
/* As export_open, of bytes that stay until it is closed. */
struct export *export_open_bytes(struct str bytes, const struct export_name *name,
				 const struct limits *limits, const struct reference *reference,
				 struct arena *a, struct str *reason);

#endif
