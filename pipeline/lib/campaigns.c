#include "campaigns.h"

static const char *const columns[] = { "campaign", "customer_id", "listed_on", "dealer_code", NULL };
const struct table_def table_campaigns = { "campaigns", columns, 1 << CAM_CAMPAIGN | 1 << CAM_LISTED_ON };

enum { LONGEST_WAY = 100 }; /* keys may be superseded again, never in a ring */

static struct str key_of_today(const struct map *by_old, const struct rowset *superseded, struct str id)
{
	for (int step = 0; step < LONGEST_WAY; step++) {
		const uint64_t *at = map_get(by_old, id);

		if (!at)
			break;
		id = rowset_value(superseded, *at, SUP_NEW_ID);
	}
	return id;
}

bool campaigns_load(struct rowset *campaigns, const char *state, const struct rowset *superseded,
		    struct fault *f)
{
	struct map by_old = { 0 };
	struct rowset kept;
	bool ok;

	rowset_init(campaigns, &table_campaigns);
	if (!state)
		return true;
	rowset_init(&kept, &table_campaigns);
	ok = rowset_load(&kept, state, true, f);
	for (size_t i = 0; i < superseded->n; i++)
		map_put(&by_old, rowset_value(superseded, i, SUP_OLD_ID), i, NULL);
	for (size_t i = 0; ok && i < kept.n; i++) {
		struct str v[CAM_COLUMNS];

		rowset_get(&kept, i, v);
		v[CAM_CUSTOMER_ID] = key_of_today(&by_old, superseded, v[CAM_CUSTOMER_ID]);
		rowset_add(campaigns, v);
	}
	map_release(&by_old);
	rowset_release(&kept);
	return ok;
}

static int by_record(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[CON_RECORD_ID], b[CON_RECORD_ID]);
}

/* campaign-NAME:N is the record id, N counting from 1 within the campaign. */
void campaigns_contacts(const struct rowset *campaigns, struct rowset *contact)
{
	struct map counts = { 0 };
	struct arena a = { 0 };
	struct str v[CAM_COLUMNS];

	for (size_t i = 0; i < campaigns->n; i++) {
		rowset_get(campaigns, i, v);
		uint64_t n = ++*map_put(&counts, v[CAM_CAMPAIGN], 0, NULL);

		rowset_add(contact, (struct str[CON_COLUMNS]){
			[CON_RECORD_ID] = str_printf(&a, "campaign-%.*s:%llu", STR_FMT(v[CAM_CAMPAIGN]),
						     (unsigned long long)n),
			[CON_CUSTOMER_ID] = v[CAM_CUSTOMER_ID],
			[CON_DEALER_CODE] = v[CAM_DEALER_CODE],
			[CON_CONTACT_AT] = str_printf(&a, "%.*sT00:00:00", STR_FMT(v[CAM_LISTED_ON])),
			[CON_KIND] = STR("activity"),
			[CON_SUBJECT] = v[CAM_CAMPAIGN],
			[CON_SOURCE] = STR("activity"),
			[CON_CONTACT_NO] = v[CAM_CAMPAIGN],
		});
		arena_reset(&a);
	}
	if (campaigns->n)
		rowset_sort(contact, by_record);
	map_release(&counts);
	arena_release(&a);
}
