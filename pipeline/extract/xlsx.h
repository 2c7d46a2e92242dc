/* The two readers of workbooks made of markup and zip, and of BIFF; workbook.c picks one. */
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
