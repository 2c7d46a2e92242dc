#include <criterion/criterion.h>

#include "merge/merge.h"

static void sender(const char *record_id, const char *expected)
{
	struct str found = stem_sender(str_of(record_id));

	cr_expect(str_eq(found, str_of(expected)), "%s: %.*s, not %s", record_id, STR_FMT(found),
		  expected);
}

Test(inputs, schema_and_sender_stand_before_the_date)
{
	sender("callcenter_hq_20260301:2", "callcenter_hq");
	sender("dms_service_D001_20260301_B:17", "dms_service_D001");
	sender("dms_service_12345678_20260301:17", "dms_service_12345678");
	sender("manual_20260101_20260301:17", "manual_20260101");
	sender("no date at all:3", "no date at all");
}
