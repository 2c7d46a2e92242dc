#include "../lib/scratch.h"

#include "golden.h"

static const char SOURCES[] = "source,zh,en,note\nfinance,,,\ncallcenter,,,\nusedcar,,,\ndms,,,\n";
static const char NO_CHANGES[] = "entity,attribute,policy\n";

static struct golden_rules rules;
static struct fault fault;

static bool load(const char *sources, const char *priority, const char *change)
{
	scratch_put("sources.csv", str_of(sources));
	scratch_put("source_priority.csv", str_of(priority));
	scratch_put("change.csv", str_of(change));
	scratch_put("ref/models.csv", STR("written,brand,series,model\n"));
	return golden_rules_load(&rules, scratch_dir, &fault);
}

static void told(const char *line)
{
	cr_expect(str_has(buf_view(&fault.text), str_of(line)), "not told: %s in\n%.*s", line,
		  STR_FMT(buf_view(&fault.text)));
}

static unsigned rank(enum entity entity, enum field attribute, const char *source)
{
	return rules.of[entity][attribute].rank[golden_source_number(&rules, str_of(source))];
}

static void end(void)
{
	golden_rules_release(&rules);
	fault_release(&fault);
	scratch_remove();
}

TestSuite(golden_rules, .init = scratch_make, .fini = end);

Test(golden_rules, what_an_order_does_not_list_stands_just_before_dms)
{
	cr_assert(load(SOURCES, "entity,attribute,priority\ncustomer,name,callcenter>finance>dms\n",
		       NO_CHANGES));
	cr_expect_lt(rank(ENTITY_CUSTOMER, F_NAME, "callcenter"),
		     rank(ENTITY_CUSTOMER, F_NAME, "finance"));
	cr_expect_lt(rank(ENTITY_CUSTOMER, F_NAME, "finance"),
		     rank(ENTITY_CUSTOMER, F_NAME, "usedcar") - 1);
	cr_expect_lt(rank(ENTITY_CUSTOMER, F_NAME, "usedcar"),
		     rank(ENTITY_CUSTOMER, F_NAME, "dms") - 1, "a correction of dms stands between");
	cr_expect_eq(rank(ENTITY_CUSTOMER, F_NAME, "of no rule"),
		     rank(ENTITY_CUSTOMER, F_NAME, "usedcar"));
}

Test(golden_rules, dms_comes_last_where_an_order_forgets_it)
{
	cr_assert(load(SOURCES, "entity,attribute,priority\ncustomer,name,finance\n", NO_CHANGES));
	cr_expect_lt(rank(ENTITY_CUSTOMER, F_NAME, "usedcar"), rank(ENTITY_CUSTOMER, F_NAME, "dms"));
}

Test(golden_rules, an_attribute_without_a_line_goes_as_the_one_it_is_like)
{
	cr_assert(load(SOURCES,
		       "entity,attribute,priority\ncustomer,name,finance>callcenter>dms\n"
		       "customer,mobile,callcenter>finance>dms\nvehicle,purchase_date,usedcar>dms\n",
		       NO_CHANGES));
	cr_expect_lt(rank(ENTITY_CUSTOMER, F_OCCUPATION, "finance"),
		     rank(ENTITY_CUSTOMER, F_OCCUPATION, "callcenter"));
	cr_expect_lt(rank(ENTITY_CUSTOMER, F_EMAIL, "callcenter"),
		     rank(ENTITY_CUSTOMER, F_EMAIL, "finance"));
	cr_expect_lt(rank(ENTITY_VEHICLE, F_PLATE, "usedcar"),
		     rank(ENTITY_VEHICLE, F_PLATE, "finance"));
	cr_expect(rules.of[ENTITY_VEHICLE][F_DEALER_CODE].newest);
	cr_expect_eq(rules.of[ENTITY_CUSTOMER][F_NAME].policy, POLICY_FOLLOW);
}

Test(golden_rules, every_mistake_is_told_with_its_line)
{
	cr_assert_not(load("source\nfinance\nfinance\n",
			   "entity,attribute,priority\ncustomer,nam,finance\n"
			   "customer,name,finance>erp\ncar,vin,finance\n"
			   "customer,mobile,finance>finance\nvehicle,vin,finance\n",
			   "entity,attribute,policy\ncustomer,name,hold\ncustomer,name,follow\n"
			   "customer,name,fixed\n"));
	told("sources.csv:3: the source \"finance\" stands there twice");
	told("source_priority.csv:2: there is no attribute of a customer \"nam\"; the nearest is \"name\"");
	told("source_priority.csv:3: there is no source \"erp\"");
	told("source_priority.csv:4: entity \"car\" is none of customer, vehicle");
	told("source_priority.csv:5: \"finance\" stands in the order twice");
	told("source_priority.csv:6: there is no attribute of a vehicle \"vin\"");
	told("change.csv:2: policy \"hold\" is none of follow, confirm, fixed");
	told("change.csv:4: customer,name stands there twice");
	cr_expect_eq(fault.status, EXIT_USAGE);
}

static bool compared_alike(const char *one, const char *other)
{
	return str_eq(golden_model(&rules, str_of(one)), golden_model(&rules, str_of(other)));
}

Test(golden_rules, models_of_one_name_are_two_where_brand_or_series_differ)
{
	cr_assert(load(SOURCES, "entity,attribute,priority\n", NO_CHANGES));
	golden_rules_release(&rules);
	scratch_put("ref/models.csv", STR("written,brand,series,model\n"
					  "朗逸舒适,大众,朗逸,舒适型\n"
					  "新朗逸舒适,大众,朗逸,舒适型\n"
					  "宝来舒适,大众,宝来,舒适型\n"
					  "奥迪A3,奥迪,A3,A3 35 TFSI\n"));
	cr_assert(golden_rules_load(&rules, scratch_dir, &fault));
	cr_expect(compared_alike("朗逸舒适", "新朗逸 舒适"));
	cr_expect_not(compared_alike("朗逸舒适", "宝来舒适"));
	cr_expect_not(compared_alike("朗逸舒适", "舒适型"), "of which series?");
	cr_expect(compared_alike("奥迪A3", "A3 35 TFSI"), "there is but one");
}

Test(golden_rules, dms_must_be_a_source)
{
	cr_assert_not(load("source\nfinance\n", "entity,attribute,priority\n", NO_CHANGES));
	told("the source dms is missing");
}

Test(golden_rules, in_the_rules_that_ship_dms_comes_last_everywhere)
{
	cr_assert(golden_rules_load(&rules, "rules", &fault), "%.*s", STR_FMT(fault.text));
	cr_expect(rules.of[ENTITY_CUSTOMER][F_MARKETING_CONSENT].newest);
	cr_expect_eq(rules.of[ENTITY_CUSTOMER][F_NAME].policy, POLICY_CONFIRM);
	cr_expect_eq(rules.of[ENTITY_CUSTOMER][F_GENDER].policy, POLICY_FIXED);
	cr_expect_eq(rules.of[ENTITY_VEHICLE][F_MODEL].policy, POLICY_CONFIRM);
	for (enum entity e = ENTITY_CUSTOMER; e <= ENTITY_VEHICLE; e++)
		for (size_t i = 0; i < rules.attributes[e].n; i++) {
			const struct golden_attribute *at = &rules.of[e][rules.attributes[e].list[i]];
			uint8_t dms = golden_source_number(&rules, STR("dms"));

			for (size_t s = 0; s < rules.n_sources && !at->newest; s++)
				cr_expect(s == dms || at->rank[s] < at->rank[dms], "dms comes last");
		}
}
