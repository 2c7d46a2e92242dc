/* rules/followup.csv: what is wrong with a list is told before anything is read. */
#include "outfile.h"
#include "return/followup.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER "list,consent,own,least,title_zh,title_en,text_zh,text_en,sql\n"

/* The mistakes of one line under the header. */
static void expect(const char *line, const char *mistake)
{
	char dir[] = "/tmp/yice-followup-XXXXXX", path[64];
	struct followup_rules fr;
	struct fault f = {0};
	struct buf b = {0};
	bool ok;

	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/followup.csv", dir);
	buf_printf(&b, "%s%s\n", HEADER, line);
	cr_assert(outfile_put(path, buf_view(&b), &f));
	ok = followup_rules_load(&fr, dir, &f);
	cr_expect(ok == !mistake, "%s", line);
	cr_expect(!mistake || str_has(buf_view(&f.text), str_of(mistake)), "%s: %.*s", line,
		  STR_FMT(buf_view(&f.text)));
	followup_rules_release(&fr);
	buf_release(&b);
	cr_assert(remove_tree(dir, &f));
	fault_release(&f);
}

Test(followup_rules, the_lists_that_ship_are_right)
{
	struct followup_rules fr;
	struct fault f = {0};

	cr_assert(followup_rules_load(&fr, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
	cr_expect(fr.n >= 17);
	followup_rules_release(&fr);
}

Test(followup_rules, a_mistake_is_told_with_its_file_and_line)
{
	expect("a,yes,,,甲,a,因{n},by {n},"
	       "\"SELECT dealer_code AS dealer,\n customer_id, first_seen AS due, 1 AS n FROM customer\"",
	       NULL);
	expect("a,yes,,,甲,a,因,by,SELECT dealer FROM customer",
	       "followup.csv:2: this is not understood as SQL: no such column: dealer");
	expect("a,yes,,,甲,a,因,by,SELECT 1 AS dealer", "followup.csv:2: the SELECT gives no column due");
	expect("a,yes,,,甲,a,因{who},by,\"SELECT 1 AS dealer, 2 AS customer_id, 3 AS due\"",
	       "the text names {who}, which the SELECT does not give");
	expect("a,yes,birth,,甲,a,因,by,\"SELECT 1 AS dealer, 2 AS customer_id, 3 AS due\"",
	       "there is no field \"birth\"");
	expect("a,yes,birth_date,,甲,a,因,by,\"SELECT 1 AS dealer, 2 AS customer_id, 3 AS due\"",
	       "own asks for a column basis");
	expect("a,perhaps,,,甲,a,因,by,\"SELECT 1 AS dealer, 2 AS customer_id, 3 AS due\"",
	       "followup.csv:2: consent");
	expect("a,no,,,甲,a,因,by,DELETE FROM customer", "followup.csv:2: ");
	expect("a,no,,,甲,a,因,by,\"SELECT 1 AS dealer, 2 AS customer_id, 3 AS due\"\n"
	       "a,no,,,甲,a,因,by,\"SELECT 1 AS dealer, 2 AS customer_id, 3 AS due\"",
	       "followup.csv:3: the list \"a\" stands in line 2");
}
