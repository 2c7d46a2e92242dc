/*
 * Pages for people: one file that opens offline, Chinese with a switch to English that needs
 * no script, readable on a desk, on a phone and on paper. The style is shared by all pages of
 * yice; a page adds what only it needs.
 *
 * Everything that comes from data goes through html_text.
 */
#ifndef YICE_HTML_H
#define YICE_HTML_H

#include "buf.h"

/* From <!DOCTYPE> to the open <main>: the title stands in the tab and above the page. `style`
 * is CSS of that page alone, or "". html_end closes what it opened. */
void html_begin(struct buf *b, const char *zh, const char *en, const char *style);
void html_end(struct buf *b);

/* Text with & < > " ' made harmless; control characters and broken UTF-8 become U+FFFD. */
void html_text(struct buf *b, struct str text);
/* One sentence in both languages (markup stays as it is); the switch shows one of them. */
void html_both(struct buf *b, const char *zh, const char *en);
/* The same for texts that come from data or rules. */
void html_both_text(struct buf *b, struct str zh, struct str en);

#endif
