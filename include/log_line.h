/*
 * A line for a log or a terminal, with names and values from outside in it: whoever sends a file
 * is not to write lines or colours of its own there (CWE-117, CWE-150).
 */
#ifndef YICE_LOG_LINE_H
#define YICE_LOG_LINE_H

#include "mem.h"

/* Control characters (C0 but for the tab, DEL, C1) and bytes that are no UTF-8 as \x1B; the rest as it is. */
struct str log_line(struct arena *a, struct str text);

#endif
