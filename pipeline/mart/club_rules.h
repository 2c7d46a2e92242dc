/* rules/points.csv and tiers.csv, as rows of the SQL tables of the club. */
#ifndef YICE_MART_CLUB_RULES_H
#define YICE_MART_CLUB_RULES_H

#include "table.h"

/* point_rule: kind, points, per_yuan, scope */
bool club_read_points(struct rowset *points, const char *rules_dir, struct fault *f);
/* tier_rule: level, tier, cars, services, single_amount, total_amount; tier_series: level, series */
bool club_read_tiers(struct rowset *tiers, struct rowset *series, const char *rules_dir, struct fault *f);

#endif
