/*
 * quality.html: the report for people, one file that opens offline. It is made of the lines
 * of quality.csv and of the runs before; nothing is counted here. Scripts only sort,
 * filter and draw what stands there anyway.
 */
#ifndef YICE_REPORT_PAGE_H
#define YICE_REPORT_PAGE_H

#include "alerts.h"
#include "dealer_names.h"
#include "file_reasons.h"
#include "inputs.h"

struct page {
	const struct inputs *in;
	const struct tally *tally;
	const struct rowset *quality, *alerts;
	const struct past_runs *past;
	const struct alert_rules *rules;

	struct str *dealers, *sources; /* all that are met, in order */
	size_t n_dealers, n_sources;
	struct map source_words; /* source -> line of rules/sources.csv */
	struct str (*source_label)[LANG_COUNT];
	struct dealer_names dealer_names;
	struct file_reasons file_reasons;
	struct arena arena;
};

bool page_open(struct page *p, struct fault *f);
void page_write(struct page *p, struct buf *b);
void page_close(struct page *p);

/* A source as people call it. */
struct str page_source(const struct page *p, struct str source, enum lang lang);
/* The code, and the name where the group has one for it. */
void page_dealer(const struct page *p, struct buf *b, struct str dealer);
/* "D001/张**": a consultant of a dealer, the name masked as all names in reports are. */
void page_consultant(struct buf *b, struct str scope);
/* The value as people read it: 98.3%, 912.4, 1,204; "–" where there is none. */
void page_number(struct buf *b, const struct count *c, enum unit unit);
/* A table cell with the value; `mark` is a class or "". */
void page_cell(struct buf *b, const struct count *c, enum unit unit, const char *mark);
void page_metric_cell(const struct page *p, struct buf *b, enum metric metric, enum scope_kind kind,
		      struct str scope);
void page_label(struct buf *b, enum metric metric);
void page_section(struct buf *b, const char *zh, const char *en);
void page_section_long(struct buf *b, const char *zh, const char *en); /* may break across pages */
void page_section_end(struct buf *b);
void page_note(struct buf *b, const char *zh, const char *en); /* a line of explanation */
void page_head(struct buf *b, const char *mark, const char *zh, const char *en); /* <th> */

/* The sections, in files of their own. */
void page_flow(const struct page *p, struct buf *b);
void page_trends(const struct page *p, struct buf *b);
void page_changes(const struct page *p, struct buf *b);
void page_dealers(const struct page *p, struct buf *b);
void page_dimensions(const struct page *p, struct buf *b);
void page_fields(const struct page *p, struct buf *b);
void page_codes(const struct page *p, struct buf *b);
void page_items(const struct page *p, struct buf *b);
void page_consultants(const struct page *p, struct buf *b);

extern const char page_style[], page_script[]; /* page.css with uPlot's, and page.js */
extern const char page_chart_library[], page_charts[]; /* uPlot below its licence, and charts.js */

#endif
