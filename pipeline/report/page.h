/* quality.html: the report for people. One file, no script needed to read it, no request. */
#ifndef YICE_REPORT_PAGE_H
#define YICE_REPORT_PAGE_H

#include "past.h"
#include "inputs.h"

struct page {
	const struct inputs *in;
	const struct tally *tally;
	const struct rowset *quality, *alerts;
	const struct past_runs *history;
};

void page_write(const struct page *p, struct buf *b);

#endif
