#include <stdio.h>

#include "id_number.h"
#include "verdicts.h"

struct id_case {
	const char *input, *value, *findings, *type;
	enum id_type stated;
	bool company, spreadsheet;
};

static struct id_number checked(const struct id_case *c)
{
	struct id_context context = {c->stated, c->company, c->spreadsheet, today(), false};
	struct id_number id;

	id_number_check(reference(), &context, str_of(c->input), &arena, &id);
	return id;
}

static void expect_cases(const struct id_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct id_number id = checked(&cases[i]);

		expect_verdict(cases[i].input, &id.verdict, cases[i].value, cases[i].findings);
		if (cases[i].type)
			cr_expect_str_eq(id_type_name(id.type).p, cases[i].type, "%s",
					 cases[i].input);
	}
}

#define EXPECT_CASES(cases) expect_cases(cases, sizeof(cases) / sizeof((cases)[0]))

/* Bare numbers, as on an invoice: what the number cannot prove, the name tells. */
Test(id_number, a_bare_number_is_read_by_its_shape_and_by_whose_it_can_be)
{
	struct id_context context = {.today = today(), .person = true};
	struct id_number id;

	id_number_check(reference(), &context, STR("C83289061"), &arena, &id);
	cr_expect_str_eq(id_type_name(id.type).p, "passport");
	context.person = false;
	id_number_check(reference(), &context, STR("C83289061"), &arena, &id);
	cr_expect_str_eq(id_type_name(id.type).p, "org_code");
	id_number_check(reference(), &context, STR("军字第7469579号"), &arena, &id);
	cr_expect_str_eq(id_type_name(id.type).p, "military");
	cr_expect_eq(id.verdict.n, 0);
	/* fits the check of a foreigner's card as well, born in the year 420 */
	id_number_check(reference(), &context, STR("911101042001183965"), &arena, &id);
	cr_expect_str_eq(id_type_name(id.type).p, "uscc");
	cr_expect_eq(id.verdict.n, 0);
}

Test(id_number, a_word_for_nothing_among_signs_is_no_number)
{
	struct id_context context = {.stated = ID_TYPE_MILITARY, .today = today()};
	struct id_number id;

	id_number_check(reference(), &context, STR("\x05\x05" "00"), &arena, &id);
	cr_expect_not(verdict_usable(&id.verdict));
	cr_expect_eq(id.verdict.findings[0].reason, REASON_id_placeholder);
}

/* Published examples: python-stdnum, hutool, the notes of the immigration administration. */
Test(id_number, valid_numbers_of_every_kind_pass)
{
	static const struct id_case cases[] = {
		{"130503196704010016", "130503196704010016", "", "resident", 0, 0, 0},
		{"810000199408230021", "810000199408230021", "", "resident", 0, 0, 0},
		{"820000200009100032", "820000200009100032", "", "resident", 0, 0, 0},
		{"830000199201300022", "830000199201300022", "", "resident", 0, 0, 0},
		{"932682198501010017", NULL, "", "foreign_resident", 0, 0, 0},
		{"911124198108030024", NULL, "", "foreign_resident", 0, 0, 0},
		{"KAZ110090123105", NULL, "", "foreign_resident", 0, 0, 0},
		{"E12345678", NULL, "", "passport", ID_TYPE_PASSPORT, 0, 0},
		{"H12345678", NULL, "", "hk_macau_permit", ID_TYPE_HK_MACAU_PERMIT, 0, 0},
		{"M0123456700", NULL, "", "hk_macau_permit", 0, 0, 0},
		{"02345678", NULL, "", "taiwan_permit", ID_TYPE_TAIWAN_PERMIT, 0, 0},
		{"南字第12345678号", NULL, "", "military", ID_TYPE_MILITARY, 0, 0},
		{"军字第1652733号", NULL, "", "military", 0, 0, 0},
		{"91110000600037341L", NULL, "", "uscc", 0, 0, 0},
		{"9144030071526726XG", NULL, "", "uscc", 0, 0, 0},
		{"914403001922038216", NULL, "", "uscc", 0, 0, 0},
		{"91330100799655058B", NULL, "", "uscc", ID_TYPE_USCC, 0, 0},
	};

	EXPECT_CASES(cases);
}

Test(id_number, zones_and_whole_provinces_number_nobody)
{
	static const struct id_case cases[] = {
		{"130171199003078673", NULL, "?ID_REGION", "resident", 0, 0, 0},
		{"110000199003078679", NULL, "?ID_REGION", "resident", 0, 0, 0},
		{"710000199003078670", NULL, "?ID_REGION", "resident", 0, 0, 0},
	};

	EXPECT_CASES(cases);
}

Test(id_number, form_is_undone_silently)
{
	static const struct id_case cases[] = {
		{" 130503196704010016 ", "130503196704010016", "", "resident", 0, 0, 0},
		{"'130503196704010016", "130503196704010016", "", "resident", 0, 0, 0},
		{"\t130503196704010016", "130503196704010016", "", "resident", 0, 0, 0},
		{"=\"130503196704010016\"", "130503196704010016", "", "resident", 0, 0, 0},
		{"130503 19670401 0016", "130503196704010016", "", "resident", 0, 0, 0},
		{"130503-19670401-0016", "130503196704010016", "", "resident", 0, 0, 0},
		{"１３０５０３１９６７０４０１００１６", "130503196704010016", "", "resident", 0, 0,
		 0},
		{"身份证：130503196704010016", "130503196704010016", "", "resident", 0, 0, 0},
		{"34262319820830039x", "34262319820830039X", "", "resident", 0, 0, 0},
	};

	EXPECT_CASES(cases);
}

Test(id_number, what_is_certain_is_repaired_and_told)
{
	static const struct id_case cases[] = {
		{"130503670401001", "130503196704010016", "=ID_LENGTH", "resident", 0, 0, 0},
		{"34262319820830039×", "34262319820830039X", "=ID_CHARACTERS", "resident", 0, 0, 0},
		{"34262319820830039Х", "34262319820830039X", "=ID_CHARACTERS", "resident", 0, 0, 0},
		{"34262319820830039*", "34262319820830039X", "=ID_CHARACTERS", "resident", 0, 0, 0},
		{"13O503196704010016", "130503196704010016", "=ID_CHARACTERS", "resident", 0, 0, 0},
	};

	EXPECT_CASES(cases);
}

Test(id_number, each_damage_has_its_code)
{
	static const struct id_case cases[] = {
		{"13050319670401001", NULL, "ID_LENGTH", NULL, 0, 0, 0},
		{"1305031967040100169", NULL, "ID_LENGTH", NULL, 0, 0, 0},
		{"130503196704", NULL, "ID_LENGTH", NULL, 0, 0, 0},
		/* the head of 18 digits, not an old number: 19 is no month's year */
		{"130503196704010", NULL, "ID_LENGTH", NULL, 0, 0, 0},
		{"13050319670401A016", NULL, "ID_CHARACTERS", NULL, 0, 0, 0},
		{"130503196704010017", NULL, "ID_CHECKSUM", NULL, 0, 0, 0},
		{"13050319670401001*", NULL, "ID_CHARACTERS", NULL, 0, 0, 0},
		/* right check characters, one thing wrong */
		{"110101199002300016", NULL, "ID_BIRTHDATE ID_CHECKSUM", NULL, 0, 0, 0},
		{"13050320990401001X", NULL, "ID_BIRTHDATE ID_CHECKSUM", NULL, 0, 0, 0},
		{"1.10101E+17", NULL, "ID_SPREADSHEET", NULL, 0, 0, 0},
		{"1.10101199003078E17", NULL, "ID_SPREADSHEET", NULL, 0, 0, 0},
		{"130503196704010000", NULL, "ID_SPREADSHEET", NULL, 0, 0, 0},
		{"111111111111111111", NULL, "ID_PLACEHOLDER", NULL, 0, 0, 0},
		{"111111111111111", NULL, "ID_PLACEHOLDER", NULL, 0, 0, 0},
		{"123456789012345678", NULL, "ID_PLACEHOLDER", NULL, 0, 0, 0},
		{"130503670431001", NULL, "ID_BIRTHDATE", NULL, 0, 0, 0},
		{"没有证件号", NULL, "ID_CHARACTERS", NULL, 0, 0, 0},
	};

	EXPECT_CASES(cases);
}

static const char *with_check(char eighteen[19], const char *seventeen)
{
	memcpy(eighteen, seventeen, 17);
	eighteen[17] = (char)id_number_check_character(seventeen);
	eighteen[18] = 0;
	return eighteen;
}

Test(id_number, a_fault_with_a_right_check_character_is_told_alone)
{
	char number[19];
	struct id_case cases[] = {
		{with_check(number, "99010119900307867"), NULL, "ID_REGION", NULL, 0, 0, 0},
		{NULL, NULL, "ID_REGION", NULL, ID_TYPE_RESIDENT, 0, 0},
		{NULL, NULL, "?ID_REGION", "resident", 0, 0, 0},
		{NULL, NULL, "ID_BIRTHDATE", NULL, 0, 0, 0},
		{NULL, NULL, "ID_BIRTHDATE", NULL, 0, 0, 0},
		{NULL, NULL, "ID_BIRTHDATE", NULL, 0, 0, 0},
	};
	static const char *const heads[] = {"99010119900307867", "77010119900307867",
					    "11019919900307867", "13050319900230001",
					    "13050320990401001", "13050318500401001"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].input = with_check(number, heads[i]);
		expect_cases(&cases[i], 1);
	}
}

/* GB/T 2260 gave up these codes; people keep them for life. */
Test(id_number, abolished_regions_are_known_and_need_no_birth_year)
{
	static const char *const heads[] = {"51021119700101001", "11022819900307867",
					    "32108819850607001", "44190019900101001",
					    "50023519350101001"};
	char number[19];

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct id_case c = {with_check(number, heads[i]), NULL, "", "resident", 0, 0, 0};

		expect_cases(&c, 1);
	}
}

Test(id_number, zeros_are_damage_where_the_column_is_damaged)
{
	char number[19] = "";
	struct id_case c = {NULL, NULL, "", "resident", 0, 0, 0};

	/* Find a sequence whose check character is 0 behind 00: such numbers exist. */
	for (int day = 1; day <= 28; day++) {
		char head[18];

		snprintf(head, sizeof(head), "130503196704%02u000", (unsigned)day % 100);
		if (id_number_check_character(head) == '0') {
			c.input = with_check(number, head);
			break;
		}
	}
	cr_assert(c.input);
	expect_cases(&c, 1);
	c.spreadsheet = true;
	c.findings = "ID_SPREADSHEET";
	expect_cases(&c, 1);
}

Test(id_number, a_number_of_another_document_than_stated_is_told)
{
	static const struct id_case cases[] = {
		{"130503196704010016", NULL, "ID_TYPE", NULL, ID_TYPE_PASSPORT, 0, 0},
		{"130503196704010016", NULL, "ID_TYPE", NULL, ID_TYPE_USCC, 0, 0},
		{"130503196704010016", NULL, "ID_TYPE", NULL, ID_TYPE_MILITARY, 0, 0},
		{"E12345678", NULL, "ID_TYPE", NULL, ID_TYPE_RESIDENT, 0, 0},
		{"91330100799655058B", NULL, "ID_TYPE", NULL, ID_TYPE_RESIDENT, 0, 0},
		{"P12", NULL, "?ID_TYPE", "passport", ID_TYPE_PASSPORT, 0, 0},
		{"P#12345", NULL, "ID_CHARACTERS", "passport", ID_TYPE_PASSPORT, 0, 0},
		/* what one word covers in practice */
		{"932682198501010017", NULL, "", "foreign_resident", ID_TYPE_RESIDENT, 0, 0},
		{"810000199408230021", NULL, "", "resident", ID_TYPE_HK_MACAU_PERMIT, 0, 0},
		{"91330100799655058B", NULL, "", "uscc", ID_TYPE_ORG_CODE, 0, 0},
		{"79965505-8", "799655058", "", "org_code", ID_TYPE_USCC, 0, 0},
	};

	EXPECT_CASES(cases);
}

/* hutool and IDCheck: the first two are in force although GB 32100 fails. */
Test(id_number, company_numbers_are_checked_inside_and_out)
{
	static const struct id_case cases[] = {
		{"91350211M00013FA1N", NULL, "?USCC_CHECKSUM", "uscc", ID_TYPE_USCC, 0, 0},
		{"91350100M0001TGQXM", NULL, "?USCC_CHECKSUM", "uscc", 0, 0, 0},
		{"91350200799655058A", NULL, "?USCC_CHECKSUM", "uscc", ID_TYPE_USCC, 0, 0},
		{"91350200799655057A", NULL, "USCC_CHECKSUM", "uscc", ID_TYPE_USCC, 0, 0},
		{"91340200799655058A", NULL, "USCC_CHECKSUM", "uscc", ID_TYPE_USCC, 0, 0},
		{"91330100799655058A", NULL, "USCC_CHECKSUM", "uscc", ID_TYPE_USCC, 0, 0},
		{"9133010079965505", NULL, "USCC_FORMAT", NULL, ID_TYPE_USCC, 0, 0},
		{"9133010079965505VB", NULL, "USCC_FORMAT", NULL, ID_TYPE_USCC, 0, 0},
		{"9I330100799655058B", "91330100799655058B", "=USCC_FORMAT", "uscc", ID_TYPE_USCC,
		 0, 0},
		{"91330100-79965505-8B", "91330100799655058B", "", "uscc", 0, 0, 0},
		{"79965505-8", "799655058", "", "org_code", ID_TYPE_ORG_CODE, 0, 0},
		{"79965505-7", NULL, "USCC_CHECKSUM", "org_code", ID_TYPE_ORG_CODE, 0, 0},
		{"79965505", NULL, "USCC_FORMAT", NULL, ID_TYPE_ORG_CODE, 0, 0},
		{"110108000000016", NULL, "?USCC_FORMAT", "uscc", 0, true, 0},
		{"110108000000017", NULL, "USCC_CHECKSUM", "uscc", 0, true, 0},
		{"330100799655058", "799655058", "=USCC_FORMAT", "org_code", ID_TYPE_USCC, 0, 0},
	};

	EXPECT_CASES(cases);
}

Test(id_number, birth_date_and_gender_come_from_the_number)
{
	struct id_case c = {"34262319820830039X", NULL, "", "resident", 0, 0, 0};
	struct id_number id = checked(&c);

	cr_expect_eq(id.gender, 'M');
	cr_expect_arr_eq(id.birth_date, "1982-08-30", 10);
	cr_expect_eq(id.region, 342623);
	c.input = "E12345678";
	id = checked(&c);
	cr_expect_eq(id.gender, 0);
	cr_expect_eq(id.birth_date[0], 0);
}

/* Sequences 996 to 999 of the old form were people over a hundred. */
Test(id_number, old_numbers_of_centenarians_are_of_the_century_before)
{
	struct id_case c = {"130503960401998", NULL, "", NULL, 0, 0, 0};
	struct id_context context = {.today = date_day(STR("1999-01-01"))};
	struct id_number id;

	id_number_check(reference(), &context, str_of(c.input), &arena, &id);
	cr_expect_arr_eq(id.birth_date, "1896-04-01", 10);
}

Test(id_number, one_hole_and_one_digit_too_many_have_one_candidate)
{
	struct id_case hole = {"13050319670401A016", NULL, "ID_CHARACTERS", NULL, 0, 0, 0};
	struct id_case twice = {"1305031967040100116", NULL, "ID_LENGTH", NULL, 0, 0, 0};
	struct id_case wrong = {"130503196704010017", NULL, "ID_CHECKSUM", NULL, 0, 0, 0};

	cr_expect(str_eq(checked(&hole).verdict.suggestion, STR("130503196704010016")));
	cr_expect(str_eq(checked(&twice).verdict.suggestion, STR("130503196704010016")));
	cr_expect_eq(checked(&wrong).verdict.suggestion.n, 0,
		     "a check character is never made up for a dealer");
}

Test(id_number, a_company_has_one_key_under_its_old_and_its_new_number)
{
	struct str key = id_number_key(ID_TYPE_USCC, STR("91330100799655058B"));

	cr_expect(str_eq(key, id_number_key(ID_TYPE_ORG_CODE, STR("799655058"))));
	cr_expect(str_eq(id_number_key(ID_TYPE_RESIDENT, STR("130503196704010016")),
			 STR("130503196704010016")));
}

/* GB 11643's own example was born in 1880. */
Test(id_number, the_age_is_judged_by_the_day_of_the_export)
{
	struct id_context context = {.today = today()};
	struct id_number id;

	id_number_check(reference(), &context, STR("440524188001010014"), &arena, &id);
	expect_verdict("440524188001010014", &id.verdict, NULL, "ID_BIRTHDATE");
	context.today = 0;
	id_number_check(reference(), &context, STR("440524188001010014"), &arena, &id);
	expect_verdict("440524188001010014", &id.verdict, NULL, "");
}
