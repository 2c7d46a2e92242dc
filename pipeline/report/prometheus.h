/* metrics.prom: the text format of Prometheus, for a node exporter's text file collector. No
 * times: the same run gives the same bytes. Names of people (consultants) stay out. */
#ifndef YICE_REPORT_PROMETHEUS_H
#define YICE_REPORT_PROMETHEUS_H

#include "buf.h"
#include "table.h"

void prometheus_write(const struct rowset *quality, const struct rowset *alerts, struct buf *b);

#endif
