/*
 * STATE/campaigns.csv: who was on which campaign's list, and since when. `yice export` writes
 * it; a run shows each line as a touch point of the customer (master/contact.csv, kind
 * activity), or of nobody while its customer is withdrawn. It is no result of what was received,
 * but what people did.
 */
#ifndef YICE_CAMPAIGNS_H
#define YICE_CAMPAIGNS_H

#include "map.h"
#include "run.h"

enum campaign_column { CAM_CAMPAIGN, CAM_CUSTOMER_ID, CAM_LISTED_ON, CAM_DEALER_CODE, CAM_COLUMNS };

extern const struct table_def table_campaigns;

/* The lines of the state, with the customers' keys of today (`superseded`: table_superseded);
 * none without a state. In the order in which they were listed. */
bool campaigns_load(struct rowset *campaigns, const char *state, const struct rowset *superseded,
		    struct fault *f);

/* The touch points that they are, onto a table_contact. */
void campaigns_contacts(const struct rowset *campaigns, struct rowset *contact);

#endif
