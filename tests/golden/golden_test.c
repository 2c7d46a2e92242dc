#include <criterion/criterion.h>

#include <stdio.h>

#include "date.h"
#include "golden.h"

static struct golden_rules rules;
static struct golden_case c;

static void load(void)
{
	struct fault f = { 0 };

	cr_assert(golden_rules_load(&rules, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
}

static void unload(void)
{
	golden_case_release(&c);
	golden_rules_release(&rules);
}

TestSuite(golden, .init = load, .fini = unload);

struct said { /* one record that says one thing */
	const char *source; /* of a correction with the source that it mends: "correction/dms" */
	const char *when; /* the day, and behind a space the time of update */
	const char *value;
	enum standing standing; /* what should become of it */
};

enum { MOST = 12 };
static char ids[MOST][32];

static void add(const struct said *s, enum field attribute, size_t place)
{
	struct str rest = str_of(s->source), base, when = str_of(s->when);
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_VEHICLE) };
	int n = snprintf(ids[place], sizeof(ids[place]), "file_hq_20260301:%zu", place + 2);

	rec.v[F_RECORD_ID] = (struct str){ ids[place], (size_t)n };
	str_cut(&rest, '/', &rec.v[F_SOURCE]);
	if (!str_cut(&rest, '/', &base))
		base = STR("");
	str_cut(&when, ' ', &rec.v[F_OBSERVED_ON]);
	str_cut(&when, ' ', &rec.v[F_UPDATED_AT]);
	rec.v[attribute] = str_of(s->value);
	golden_case_add(&c, &rec, place, base);
}

/* Judges the records in every rotation of their order: it must make no difference. */
static void judge(enum entity entity, enum field attribute, const struct said *said,
		  const char *expected, enum golden_rule rule)
{
	size_t n = 0;

	while (said[n].source)
		n++;
	for (size_t first = 0; first < n; first++) {
		golden_case_start(&c, &rules, entity, STR("K"));
		for (size_t i = 0; i < n; i++)
			add(&said[(first + i) % n], attribute, (first + i) % n);
		golden_case_judge(&c);
		cr_expect(str_eq(c.golden[attribute].value, str_of(expected)), "%.*s, not %s",
			  STR_FMT(c.golden[attribute].value), expected);
		cr_expect_eq(c.golden[attribute].rule, rule);
		for (size_t i = 0; i < c.of[attribute].n; i++) {
			const struct observation *o = &c.of[attribute].list[i];
			size_t place = c.witnesses[o->witness].place;

			cr_expect_eq(o->standing, said[place].standing, "record %zu of %s: %d, not %d",
				     place, said[place].source, (int)o->standing,
				     (int)said[place].standing);
		}
	}
}

#define END { NULL, NULL, NULL, STANDING_TRUE }
#define TRUE_ STANDING_TRUE
#define OUT STANDING_OUTRANKED
#define FORMER STANDING_FORMER
#define HELD STANDING_HELD
#define CLASH STANDING_CONFLICTS

Test(golden, what_comes_in_with_a_mended_row_is_of_the_rows_day_and_rank)
{
	struct brought_in row = { .day = date_day(STR("2026-03-01")) };
	const struct said brings = { "correction/dms", "2026-03-09", "13800000001", TRUE_ };
	const struct said newer = { "dms", "2026-03-05", "13800000002", TRUE_ };

	for (int mended = 0; mended < 2; mended++) {
		golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
		add(&brings, F_MOBILE, 0);
		if (mended)
			field_set_add(&row.mended, F_MOBILE);
		c.witnesses[0].row = &row;
		add(&newer, F_MOBILE, 1);
		golden_case_judge(&c);
		cr_expect_eq(c.golden[F_MOBILE].witness, mended ? 0u : 1u);
	}
}

Test(golden, finance_names_outrank_all_others)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-05", "王二", CLASH },
				     { "manual", "2026-03-04", "王三", CLASH },
				     { "callcenter", "2026-03-03", "王四", CLASH },
				     { "invoice", "2026-03-02", "王五", CLASH },
				     { "finance", "2026-03-01", "王六", TRUE_ },
				     END },
	      "王六", GOLDEN_CONFIRM);
}

Test(golden, an_unlisted_source_stands_just_before_dms)
{
	judge(ENTITY_CUSTOMER, F_MOBILE,
	      (const struct said[]){ { "dms", "2026-03-09", "13800000001", OUT },
				     { "activity", "2026-03-01", "13800000002", OUT },
				     { "invoice", "2026-03-02", "13800000003", TRUE_ },
				     END },
	      "13800000003", GOLDEN_FOLLOW);
	judge(ENTITY_CUSTOMER, F_MOBILE,
	      (const struct said[]){ { "activity", "2026-03-09", "13800000002", OUT },
				     { "manual", "2026-03-01", "13800000003", TRUE_ },
				     END },
	      "13800000003", GOLDEN_FOLLOW);
}

Test(golden, within_a_source_newest_day_then_update_then_first_record)
{
	judge(ENTITY_CUSTOMER, F_EMAIL,
	      (const struct said[]){ { "dms", "2026-03-01 2026-02-28T09:00:00", "a@x.cn", OUT },
				     { "dms", "2026-03-02 2026-03-01T08:00:00", "b@x.cn", OUT },
				     { "dms", "2026-03-02 2026-03-01T09:00:00", "c@x.cn", TRUE_ },
				     { "dms", "2026-03-02 2026-03-01T09:00:00", "d@x.cn", OUT },
				     END },
	      "c@x.cn", GOLDEN_FOLLOW);
}

Test(golden, a_correction_outranks_only_the_source_that_it_mends)
{
	judge(ENTITY_CUSTOMER, F_MOBILE,
	      (const struct said[]){ { "dms", "2026-03-09", "13800000001", OUT },
				     { "correction/dms", "2026-03-02", "13800000002", TRUE_ },
				     END },
	      "13800000002", GOLDEN_FOLLOW);
	judge(ENTITY_CUSTOMER, F_MOBILE,
	      (const struct said[]){ { "activity", "2026-03-01", "13800000001", TRUE_ },
				     { "correction/dms", "2026-03-09", "13800000002", OUT },
				     END },
	      "13800000001", GOLDEN_FOLLOW);
	judge(ENTITY_CUSTOMER, F_MOBILE,
	      (const struct said[]){ { "correction/activity", "2026-03-01", "13800000001", TRUE_ },
				     { "activity", "2026-03-09", "13800000002", OUT },
				     END },
	      "13800000001", GOLDEN_FOLLOW);
}

Test(golden, consent_is_the_newest_word_and_no_on_a_tie)
{
	judge(ENTITY_CUSTOMER, F_MARKETING_CONSENT,
	      (const struct said[]){ { "finance", "2026-03-01", "no", OUT },
				     { "dms", "2026-03-02", "yes", TRUE_ },
				     END },
	      "yes", GOLDEN_NEWEST);
	judge(ENTITY_CUSTOMER, F_MARKETING_CONSENT,
	      (const struct said[]){ { "finance", "2026-03-02 2026-03-02T23:00:00", "yes", OUT },
				     { "dms", "2026-03-02", "no", TRUE_ },
				     END },
	      "no", GOLDEN_NEWEST);
}

Test(golden, nobody_who_said_nothing_has_consented)
{
	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	add(&(struct said){ "dms", "2026-03-01", "张三", TRUE_ }, F_NAME, 0);
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_MARKETING_CONSENT].value, STR("no")));
	cr_expect_eq(c.golden[F_MARKETING_CONSENT].rule, GOLDEN_DEFAULT);
	cr_expect_eq(c.golden[F_MARKETING_CONSENT].candidates, 0);
}

/* ---- change.csv ---- */

Test(golden, a_value_of_equal_rank_is_held)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", TRUE_ },
				     { "dms", "2026-03-02", "李四", HELD },
				     END },
	      "张三", GOLDEN_CONFIRM);
}

Test(golden, a_held_value_becomes_true_when_a_later_file_of_its_source_agrees)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", FORMER },
				     { "dms", "2026-03-02", "李四", TRUE_ },
				     { "dms", "2026-03-03", "李四", TRUE_ },
				     END },
	      "李四", GOLDEN_CONFIRM);
}

Test(golden, the_same_source_on_the_same_day_is_no_witness)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", TRUE_ },
				     { "dms", "2026-03-02", "李四", HELD },
				     { "dms", "2026-03-02", "李四", HELD },
				     END },
	      "张三", GOLDEN_CONFIRM);
}

Test(golden, another_source_confirms_whatever_its_rank)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "finance", "2026-03-01", "张三", FORMER },
				     { "finance", "2026-03-02", "李四", TRUE_ },
				     { "dms", "2026-03-02", "李四", TRUE_ },
				     END },
	      "李四", GOLDEN_CONFIRM);
}

Test(golden, a_witness_who_spoke_before_is_none)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "finance", "2026-03-01", "张三", TRUE_ },
				     { "dms", "2026-03-02", "李四", CLASH },
				     { "finance", "2026-03-03", "李四", HELD },
				     END },
	      "张三", GOLDEN_CONFIRM);
}

Test(golden, a_better_source_decides_at_once_and_settles_what_was_held)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", CLASH },
				     { "dms", "2026-03-02", "李四", CLASH },
				     { "invoice", "2026-03-03", "王五", TRUE_ },
				     { "dms", "2026-03-04", "李四", CLASH },
				     END },
	      "王五", GOLDEN_CONFIRM);
}

Test(golden, a_better_source_that_agrees_settles_what_was_held)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", TRUE_ },
				     { "dms", "2026-03-02", "李四", CLASH },
				     { "invoice", "2026-03-03", "张三", TRUE_ },
				     { "dms", "2026-03-04", "李四", CLASH },
				     END },
	      "张三", GOLDEN_CONFIRM);
}

Test(golden, who_was_right_in_his_time_is_not_blamed_after_a_change)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "finance", "2026-03-01", "张三", FORMER },
				     { "dms", "2026-03-02", "张三", FORMER },
				     { "finance", "2026-03-03", "李四", TRUE_ },
				     { "finance", "2026-03-04", "李四", TRUE_ },
				     END },
	      "李四", GOLDEN_CONFIRM);
}

Test(golden, the_witness_of_a_change_is_not_blamed_after_the_next)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "finance", "2026-03-01", "王方", FORMER },
				     { "finance", "2026-03-02", "王芳", FORMER },
				     { "dms", "2026-03-02", "王芳", FORMER },
				     { "dms", "2026-03-02", "王芳", FORMER },
				     { "finance", "2026-03-03", "李建国", TRUE_ },
				     { "dms", "2026-03-03", "李建国", TRUE_ },
				     END },
	      "李建国", GOLDEN_CONFIRM);
}

Test(golden, names_are_compared_as_they_are_written)
{
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "finance", "2026-03-01", "张伟民", TRUE_ },
				     { "dms", "2026-03-02", "张伟明", CLASH },
				     END },
	      "张伟民", GOLDEN_CONFIRM);
}

Test(golden, on_one_day_the_better_source_speaks_first)
{
	judge(ENTITY_VEHICLE, F_PURCHASE_DATE,
	      (const struct said[]){ { "dms", "2026-03-01", "2026-02-01", CLASH },
				     { "invoice", "2026-03-01", "2026-02-03", TRUE_ },
				     { "finance", "2026-03-01", "2026-02-02", CLASH },
				     END },
	      "2026-02-03", GOLDEN_CONFIRM);
}

Test(golden, a_fixed_value_stays_with_the_first_of_the_best_source)
{
	judge(ENTITY_CUSTOMER, F_BIRTH_DATE,
	      (const struct said[]){ { "dms", "2026-03-01", "1990-01-01", TRUE_ },
				     { "dms", "2026-03-02", "1991-01-01", CLASH },
				     { "dms", "2026-03-03", "1991-01-01", CLASH },
				     END },
	      "1990-01-01", GOLDEN_FIXED);
	judge(ENTITY_CUSTOMER, F_BIRTH_DATE,
	      (const struct said[]){ { "dms", "2026-03-01", "1990-01-01", CLASH },
				     { "finance", "2026-03-02", "1991-01-01", TRUE_ },
				     { "finance", "2026-03-03", "1990-01-01", CLASH },
				     END },
	      "1991-01-01", GOLDEN_FIXED);
}

static bool sent_again(void *context, size_t place, size_t other)
{
	(void)context;
	return (place == 1 && other == 3) || (place == 3 && other == 1);
}

Test(golden, the_same_row_sent_again_is_no_witness)
{
	c.same_row = sent_again;
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", TRUE_ },
				     { "dms", "2026-03-02", "李四", HELD },
				     { "dms", "2026-03-03", "张三", TRUE_ },
				     { "dms", "2026-03-04", "李四", HELD },
				     END },
	      "张三", GOLDEN_CONFIRM);
}

static enum change_verdict said_by_a_person;

static enum change_verdict decided(void *context, const struct golden_case *k, enum field attribute,
				   struct str value)
{
	(void)context;
	cr_expect(str_eq(k->key, STR("K")));
	return attribute == F_NAME && str_eq(value, STR("李四")) ? said_by_a_person : CHANGE_UNDECIDED;
}

Test(golden, a_person_accepts_or_refuses_a_held_value)
{
	c.decided = decided;
	said_by_a_person = CHANGE_ACCEPTED;
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", FORMER },
				     { "dms", "2026-03-02", "李四", TRUE_ },
				     { "dms", "2026-03-03", "王五", HELD },
				     END },
	      "李四", GOLDEN_DECISION);
	said_by_a_person = CHANGE_REFUSED;
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "dms", "2026-03-01", "张三", TRUE_ },
				     { "dms", "2026-03-02", "李四", CLASH },
				     END },
	      "张三", GOLDEN_CONFIRM);
}

static struct str accepted(void *context, const struct golden_case *k, enum field attribute)
{
	(void)context;
	(void)k;
	return attribute == F_NAME ? STR("李四") : STR("");
}

Test(golden, a_person_may_prefer_a_source_of_lower_rank)
{
	c.accepted = accepted;
	judge(ENTITY_CUSTOMER, F_NAME,
	      (const struct said[]){ { "finance", "2026-03-01", "张三", FORMER },
				     { "dms", "2026-03-02", "李四", TRUE_ },
				     END },
	      "李四", GOLDEN_DECISION);
}

/* ---- what belongs together, what is derived ---- */

static struct record at_address(const char *source, const char *province, const char *address,
				const char *postcode)
{
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) };

	rec.v[F_SOURCE] = str_of(source);
	rec.v[F_OBSERVED_ON] = STR("2026-03-01");
	rec.v[F_PROVINCE] = str_of(province);
	rec.v[F_ADDRESS] = str_of(address);
	rec.v[F_POSTCODE] = str_of(postcode);
	return rec;
}

Test(golden, the_parts_of_an_address_come_from_one_record)
{
	struct record dms = at_address("dms", "北京市", "建国路1号", "100020");
	struct record finance = at_address("finance", "", "世纪大道2号", "");

	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &dms, 0, STR(""));
	golden_case_add(&c, &finance, 1, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_ADDRESS].value, STR("世纪大道2号")));
	cr_expect_eq(c.golden[F_PROVINCE].rule, GOLDEN_NONE);
	cr_expect_eq(c.golden[F_POSTCODE].rule, GOLDEN_NONE);
}

Test(golden, a_part_of_an_address_does_not_win_over_an_address)
{
	struct record dms = at_address("dms", "北京市", "建国路1号", "100020");
	struct record callcenter = at_address("callcenter", "上海市", "", "");

	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &dms, 0, STR(""));
	golden_case_add(&c, &callcenter, 1, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_PROVINCE].value, STR("北京市")));
	cr_expect_eq(c.golden[F_PROVINCE].candidates, 2);
	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &callcenter, 1, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_PROVINCE].value, STR("上海市")));
}

static struct record with_id(const char *source, const char *type, const char *number)
{
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) };

	rec.v[F_SOURCE] = str_of(source);
	rec.v[F_OBSERVED_ON] = STR("2026-03-01");
	rec.v[F_ID_TYPE] = str_of(type);
	rec.v[F_ID_NUMBER] = str_of(number);
	return rec;
}

Test(golden, gender_and_birth_date_are_derived_from_a_resident_number)
{
	struct record id = with_id("dms", "resident", "110101199003078515");
	struct record said = { .feeds = FEEDS(ENTITY_CUSTOMER) };

	said.v[F_SOURCE] = STR("finance");
	said.v[F_OBSERVED_ON] = STR("2026-03-01");
	said.v[F_GENDER] = STR("F");
	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &id, 0, STR(""));
	golden_case_add(&c, &said, 1, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_GENDER].value, STR("M")));
	cr_expect(str_eq(c.golden[F_BIRTH_DATE].value, STR("1990-03-07")));
	cr_expect_eq(c.golden[F_GENDER].rule, GOLDEN_DERIVED);
	cr_expect_eq(c.golden[F_GENDER].candidates, 2);
	cr_expect_eq(c.witnesses[c.golden[F_GENDER].witness].place, 0);
	cr_expect_eq(c.of[F_GENDER].list[0].standing, STANDING_OUTRANKED);
}

Test(golden, a_passport_gives_no_birth_date)
{
	struct record id = with_id("dms", "passport", "E12345678");

	id.v[F_BIRTH_DATE] = STR("1980-05-06");
	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &id, 0, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_BIRTH_DATE].value, STR("1980-05-06")));
	cr_expect_eq(c.golden[F_BIRTH_DATE].rule, GOLDEN_FIXED);
}

Test(golden, the_type_of_a_number_may_come_from_another_record_with_that_number)
{
	struct record invoice = with_id("invoice", "", "E12345678");
	struct record dms = with_id("dms", "passport", "E12345678");
	struct record other = with_id("manual", "military", "1234");

	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &invoice, 0, STR(""));
	golden_case_add(&c, &dms, 1, STR(""));
	golden_case_add(&c, &other, 2, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_ID_NUMBER].value, STR("E12345678")));
	cr_expect(str_eq(c.golden[F_ID_TYPE].value, STR("passport")));
}

Test(golden, different_writings_of_a_model_do_not_contradict)
{
	judge(ENTITY_VEHICLE, F_MODEL,
	      (const struct said[]){ { "dms", "2026-03-01", "A3 Sportback 35 TFSI", TRUE_ },
				     { "dms", "2026-03-02", "奥迪A3 35 TFSI", TRUE_ },
				     END },
	      "奥迪A3 35 TFSI", GOLDEN_CONFIRM);
	cr_expect_eq(c.golden[F_MODEL].candidates, 1);
}

Test(golden, different_values_are_counted_also_among_many)
{
	static char values[200][16];
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) };

	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	for (size_t i = 0; i < 200; i++) {
		snprintf(values[i], sizeof(values[i]), "1380000%04zu", i % 50);
		rec.v[F_SOURCE] = STR("dms");
		rec.v[F_OBSERVED_ON] = STR("2026-03-01");
		rec.v[F_MOBILE] = str_of(values[i]);
		golden_case_add(&c, &rec, i, STR(""));
	}
	golden_case_judge(&c);
	cr_expect_eq(c.golden[F_MOBILE].candidates, 50);
	cr_expect(str_eq(c.golden[F_MOBILE].value, STR("13800000000")));
}

Test(golden, who_brings_a_car_to_service_says_nothing_of_the_customer)
{
	struct record customer = { .feeds = FEEDS(ENTITY_CUSTOMER) };
	struct record service = { .feeds = FEEDS(ENTITY_VEHICLE) | FEEDS(ENTITY_CONTACT) };

	customer.v[F_SOURCE] = service.v[F_SOURCE] = STR("dms");
	customer.v[F_OBSERVED_ON] = STR("2026-03-01");
	service.v[F_OBSERVED_ON] = STR("2026-03-09");
	customer.v[F_MOBILE] = STR("13800138001");
	service.v[F_MOBILE] = STR("13900139002");
	golden_case_start(&c, &rules, ENTITY_CUSTOMER, STR("K"));
	golden_case_add(&c, &customer, 0, STR(""));
	golden_case_add(&c, &service, 1, STR(""));
	golden_case_judge(&c);
	cr_expect(str_eq(c.golden[F_MOBILE].value, STR("13800138001")));
	cr_expect_eq(c.n, 2);
}
