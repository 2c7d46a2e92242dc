#include "plate.h"
#include "verdicts.h"

static const struct {
	const char *input, *value, *findings;
	enum plate_kind kind;
} cases[] = {
	{"京A12K45", "京A12K45", "", PLATE_ORDINARY},
	{"京A·12K45", "京A12K45", "", PLATE_ORDINARY},
	{"京a-12k45", "京A12K45", "", PLATE_ORDINARY},
	{"车牌：京A•12K45", "京A12K45", "", PLATE_ORDINARY},
	{"粤B 9Z8Y7", "粤B9Z8Y7", "", PLATE_ORDINARY},
	{"京AD12345", "京AD12345", "", PLATE_NEW_ENERGY},
	{"沪AA12345", "沪AA12345", "", PLATE_NEW_ENERGY},
	{"沪AB12345", "沪AB12345", "", PLATE_NEW_ENERGY},
	{"沪AC12345", "沪AC12345", "", PLATE_NEW_ENERGY},
	{"沪AE12345", "沪AE12345", "", PLATE_NEW_ENERGY},
	{"粤BF12345", "粤BF12345", "", PLATE_NEW_ENERGY},
	{"粤BG12345", "粤BG12345", "", PLATE_NEW_ENERGY},
	{"粤BH12345", "粤BH12345", "", PLATE_NEW_ENERGY},
	{"粤BJ12345", "粤BJ12345", "", PLATE_NEW_ENERGY},
	{"粤BKK2345", "粤BKK2345", "", PLATE_NEW_ENERGY},
	{"粤B12345K", "粤B12345K", "", PLATE_NEW_ENERGY},
	{"粤BL12345", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"鲁B1234挂", "鲁B1234挂", "", PLATE_TRAILER},
	{"川A1234学", "川A1234学", "", PLATE_LEARNER},
	{"京A1234警", "京A1234警", "", PLATE_POLICE},
	{"粤Z1234港", "粤Z1234港", "", PLATE_HONG_KONG_MACAU},
	{"粤Z1234澳", "粤Z1234澳", "", PLATE_HONG_KONG_MACAU},
	{"沪A0023领", "沪A0023领", "", PLATE_CONSULATE},
	{"闽20401领", "闽20401领", "", PLATE_CONSULATE},
	{"闽 2O4-01 领", "闽20401领", "=PLATE_FORMAT", PLATE_CONSULATE},
	{"闽2040领", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"闽20401学", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"国20401领", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"使123456", "使123456", "", PLATE_EMBASSY},
	{"WJ京1234X", "WJ京1234X", "", PLATE_ARMED_POLICE},
	{"KA12345", "KA12345", "", PLATE_ARMY},
	{"苏E12O45", "苏E12045", "=PLATE_FORMAT", PLATE_ORDINARY},
	{"晥A1234K", "皖A1234K", "=PLATE_FORMAT", PLATE_ORDINARY},
	{"京A1234", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"京A1234567", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"A12K45", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"国A12K45", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"京I12K45", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"京A12#45", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"新车", NULL, "PLATE_FORMAT", PLATE_NONE},
	{"京A00000", NULL, "PLATE_FORMAT", PLATE_NONE},
};

/* GA 36-2018 for the shapes; all ten letters of new energy, not D and F alone. */
Test(plate, each_case_has_its_kind_and_code)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plate p;

		plate_check(reference(), str_of(cases[i].input), &arena, &p);
		expect_verdict(cases[i].input, &p.verdict, cases[i].value, cases[i].findings);
		cr_expect_eq(p.kind, cases[i].kind, "%s: kind %d", cases[i].input, p.kind);
	}
}
