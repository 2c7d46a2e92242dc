#include <criterion/criterion.h>

#include "html.h"

static struct buf text_of(struct str text)
{
	struct buf b = {0};

	html_text(&b, text);
	return b;
}

Test(html, markup_in_data_is_only_text)
{
	struct buf b = text_of(STR("<script>alert('1' & \"2\")</script>"));

	cr_assert(str_eq(buf_view(&b), STR("&lt;script&gt;alert(&#39;1&#39; &amp; "
					   "&quot;2&quot;)&lt;/script&gt;")));
	buf_release(&b);
}

Test(html, controls_and_broken_bytes_do_not_pass)
{
	struct buf b = text_of(STR("a\x01\xff\x7fz"));

	cr_assert(str_eq(buf_view(&b), STR("a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz")));
	buf_release(&b);
}

Test(html, a_page_asks_nothing_of_the_network_and_runs_no_script)
{
	struct buf b = {0};

	html_begin(&b, "数据质量", "Data quality", "p{margin:0}");
	html_both(&b, "你好", "Hello");
	html_end(&b);
	struct str page = buf_view(&b);

	cr_assert(str_starts(page, STR("<!DOCTYPE html>")));
	cr_assert(str_ends(page, STR("</html>\n")));
	cr_assert(str_has(page, STR("<span class=\"zh\">你好</span>")));
	cr_assert(str_has(page, STR("lang=\"en\">Hello</span>")));
	cr_assert_not(str_has(page, STR("http")));
	cr_assert_not(str_has(page, STR("<script")));
	cr_assert_not(str_has(page, STR("url(")));
	buf_release(&b);
}
