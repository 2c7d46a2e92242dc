/* Keys that last, where former ones went, and what people decide. */
#include "scene.h"

static struct scene s;

static void start(void)
{
	scene_open(&s);
}

static void end(void)
{
	scene_close(&s);
}

TestSuite(keys, .init = start, .fini = end);

#define ZHANG "id_type=resident;id_number=110101199003078515"
#define LI "id_type=resident;id_number=110101198505152321"

static struct str keep(struct str id)
{
	return str_keep(&s.arena, id);
}

static struct str customer(const char *record)
{
	return keep(scene_customer(&s, record));
}

/* What a run after `former` tells of superseded keys. */
static void supersede(const struct rowset *former, const struct rowset *before, struct rowset *out)
{
	struct told t = resolution_told(&s.x, &s.codes, LANG_EN);

	rowset_init(out, &table_superseded_resolve);
	superseded_find(&t, former, before, STR("2026-03-05"), out);
}

/* What the next run finds as `former`, in its place. */
static void remember(struct rowset *former, const struct rowset *superseded)
{
	struct told t = resolution_told(&s.x, &s.codes, LANG_EN);
	struct rowset next;

	rowset_init(&next, &table_pending_keys);
	superseded_remember(&t, former, superseded, &next);
	rowset_release(former);
	*former = next;
}

Test(keys, a_pending_customer_keeps_its_key_when_later_records_come)
{
	struct str id;

	scene_row(&s, "dms_customer_D001_20260302:5", "name=张三;mobile=13800138001;source_key=K1");
	scene_resolve(&s);
	id = customer("dms_customer_D001_20260302:5");
	scene_row(&s, "dms_customer_D001_20260303:1", "name=张三;mobile=13900139009;source_key=K1");
	scene_row(&s, "activity_D001_20260304:2", "name=张三;mobile=13900139009");
	scene_resolve(&s);
	cr_expect(str_eq(customer("activity_D001_20260304:2"), id));
	cr_expect(str_eq(customer("dms_customer_D001_20260302:5"), id));
	cr_expect_eq(id.n, CUSTOMER_ID_LENGTH);
}

Test(keys, namesakes_between_whom_nothing_decides_have_keys_of_their_own)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=张三;" LI ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三;mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:3", "name=张三;mobile=13800138001");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "callcenter_hq_20260301:2", "callcenter_hq_20260301:3"));
}

Test(keys, when_the_id_number_arrives_the_former_key_is_superseded)
{
	struct rowset former, none, first, second;
	struct str old, now;

	rowset_init(&none, &table_superseded_resolve);
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;mobile=13800138001");
	scene_resolve(&s);
	old = customer("dms_customer_D001_20260301:2");
	rowset_init(&former, &table_pending_keys);
	remember(&former, &none);
	scene_row(&s, "finance_hq_20260305:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_resolve(&s);
	now = customer("finance_hq_20260305:2");
	supersede(&former, &none, &first);
	cr_assert_eq(first.n, 1);
	cr_expect(str_eq(rowset_value(&first, 0, SUP_OLD_ID), old));
	cr_expect(str_eq(rowset_value(&first, 0, SUP_NEW_ID), now));
	cr_expect(str_eq(rowset_value(&first, 0, SUP_ON), STR("2026-03-05")));
	cr_expect(str_eq(rowset_value(&first, 0, SUP_REASON), STR("mobile_name")));
	remember(&former, &first);
	supersede(&former, &first, &second);
	cr_expect_eq(second.n, 1, "it stays told");
	rowset_release(&former);
	rowset_release(&none);
	rowset_release(&first);
	rowset_release(&second);
}

Test(keys, a_decision_merges_two_customers_and_taking_it_back_undoes_it)
{
	struct str one, other;

	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:3", "name=张珊珊;mobile=13800138001");
	scene_resolve(&s);
	one = customer("dms_customer_D001_20260301:2");
	other = customer("dms_customer_D001_20260301:3");
	cr_assert_not(str_eq(one, other));
	scene_decide(&s, "merge_customers", other, one, "");
	scene_resolve(&s);
	cr_expect(str_eq(customer("dms_customer_D001_20260301:3"), one), "the ID number's key remains");
	rowset_release(&s.decisions);
	rowset_init(&s.decisions, &table_decisions);
	scene_resolve(&s);
	cr_expect(str_eq(customer("dms_customer_D001_20260301:3"), other));
}

Test(keys, two_id_numbers_become_one_customer_by_decision_alone)
{
	struct str one, other;

	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:3", "name=张三;" LI);
	scene_resolve(&s);
	one = customer("dms_customer_D001_20260301:2");
	other = customer("dms_customer_D001_20260301:3");
	scene_decide(&s, "merge_customers", one, other, "");
	scene_resolve(&s);
	cr_expect(str_eq(customer("dms_customer_D001_20260301:3"), one));
	cr_expect(str_eq(scene_cell(&s, "dms_customer_D001_20260301:3", CLU_ID_USE), STR("former")));
}

Test(keys, customers_kept_apart_stay_apart)
{
	struct str one, pending;

	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:3", "name=张三;mobile=13800138001");
	scene_resolve(&s);
	one = customer("dms_customer_D001_20260301:2");
	pending = customer("dms_customer_D001_20260301:3");
	scene_row(&s, "finance_hq_20260302:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_resolve(&s);
	cr_assert(str_eq(customer("dms_customer_D001_20260301:3"), one));
	scene_decide(&s, "keep_apart", one, pending, "");
	scene_resolve(&s);
	cr_expect(str_eq(customer("dms_customer_D001_20260301:3"), pending));
	cr_expect_eq(s.x.decided.n_told, 0);
}

Test(keys, a_record_is_split_off)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三;mobile=13800138001");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_resolve(&s);
	scene_decide(&s, "split", customer("dms_customer_D001_20260301:2"), STR(""),
		     "callcenter_hq_20260301:2");
	scene_decide(&s, "split", customer("dms_customer_D001_20260301:2"), STR(""),
		     "dms_customer_D002_20260301:2");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "callcenter_hq_20260301:2", "dms_customer_D001_20260301:2"));
	cr_expect_not(scene_same(&s, "dms_customer_D002_20260301:2", "dms_customer_D001_20260301:2"));
	cr_expect(str_eq(scene_cell(&s, "dms_customer_D002_20260301:2", CLU_ID_USE), STR("barred")));
	cr_expect_eq(s.x.decided.n_told, 0);
}

Test(keys, decisions_that_contradict_or_name_nobody_are_told_and_the_rest_goes_on)
{
	struct str one, other, third;

	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:3", "name=李四;" LI);
	scene_row(&s, "dms_customer_D001_20260301:4", "name=王五;mobile=13800138001");
	scene_resolve(&s);
	one = customer("dms_customer_D001_20260301:2");
	other = customer("dms_customer_D001_20260301:3");
	third = customer("dms_customer_D001_20260301:4");
	scene_decide(&s, "merge_customers", one, other, "");
	scene_decide(&s, "keep_apart", other, one, "");
	scene_decide(&s, "merge_customers", one, STR("nobody"), "");
	scene_decide(&s, "split", one, STR(""), "dms_customer_D001_20260301:99");
	scene_decide(&s, "shuffle", one, other, "");
	scene_decide(&s, "merge_customers", one, third, "");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:4"));
	cr_expect_eq(s.x.decided.n_told, 5);
	cr_expect_eq(scene_reviews(&s, "ambiguous_match"), 5);
}

/* John Smith has a passport, then a card, then a newer one. */
static void renew_twice(void)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=JOHN SMITH;id_type=passport;id_number=E12345678;mobile=13800138001");
	scene_row(&s, "dms_customer_D001_20260301:3",
		  "name=JOHN SMITH;id_type=foreign_resident;id_number=911124198108030024;mobile=13800138001");
}

Test(keys, a_row_with_a_document_of_its_own_is_split_off_with_that_document)
{
	renew_twice();
	scene_resolve(&s);
	cr_assert(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
	scene_decide(&s, "split", customer("dms_customer_D001_20260301:3"), STR(""),
		     "dms_customer_D001_20260301:2");
	scene_resolve(&s);
	cr_expect_eq(s.x.decided.n_told, 0);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
	cr_expect(str_eq(scene_cell(&s, "dms_customer_D001_20260301:2", CLU_ID_USE), STR("key")));
}

Test(keys, a_row_that_was_never_that_customers_cannot_be_split_off)
{
	renew_twice();
	scene_row(&s, "finance_hq_20260301:2", "name=李四光;id_type=resident;id_number=110101198505152321");
	scene_resolve(&s);
	scene_decide(&s, "split", customer("finance_hq_20260301:2"), STR(""), "dms_customer_D001_20260301:2");
	scene_resolve(&s);
	cr_expect_eq(s.x.decided.n_told, 1);
}

Test(keys, a_split_and_a_merge_of_the_same_two_contradict)
{
	struct str one, other;

	renew_twice();
	scene_row(&s, "finance_hq_20260301:2", "name=李四光;id_type=resident;id_number=110101198505152321");
	scene_resolve(&s);
	one = customer("finance_hq_20260301:2");
	other = customer("dms_customer_D001_20260301:3");
	scene_decide(&s, "merge_customers", one, other, "");
	scene_decide(&s, "split", one, STR(""), "dms_customer_D001_20260301:3");
	scene_resolve(&s);
	cr_expect_eq(s.x.decided.n_told, 2);
	cr_expect_not(scene_same(&s, "finance_hq_20260301:2", "dms_customer_D001_20260301:3"));
}

Test(keys, who_is_kept_apart_stays_so_along_a_chain_of_documents)
{
	struct str old, newest;

	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=JOHN SMITH;id_type=passport;id_number=E12345678;mobile=13800138001");
	scene_row(&s, "dms_customer_D001_20260302:2",
		  "name=JOHN SMITH;id_type=passport;id_number=E87654321;mobile=13800138001;email=j@x.cn");
	scene_row(&s, "dms_customer_D001_20260303:2",
		  "name=JOHN SMITH;id_type=passport;id_number=E11111222;email=j@x.cn");
	scene_resolve(&s);
	cr_assert(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260303:2"));
	old = str_keep(&s.arena, (struct str){ "", 0 });
	for (size_t i = 0; i < s.x.people.n_identities; i++) {
		char id[CUSTOMER_ID_LENGTH];
		struct str key = { id, sizeof(id) };

		customers_id(&s.x.customers, (uint32_t)i, id);
		if (i == s.x.people.person[0].who)
			old = str_keep(&s.arena, key);
		if (i == s.x.people.person[2].who)
			newest = str_keep(&s.arena, key);
	}
	scene_decide(&s, "keep_apart", old, newest, "");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260303:2"));
}
