/* The readers of workbooks: zip and XML, BIFF, markup. workbook.c picks one. */
#ifndef YICE_XLSX_H
#define YICE_XLSX_H

#include "sheet.h"
#include "workbook.h"

bool xlsx_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
	       struct arena *a, struct str *reason);
bool xls_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
	      struct arena *a, struct str *reason);
bool markup_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
		 struct arena *a, struct str *reason);

#endif
