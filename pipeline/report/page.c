#include "page.h"

#include "html.h"

void page_write(const struct page *p, struct buf *b)
{
	struct str v[QUA_COLUMNS];

	html_begin(b, "数据质量报告", "Data quality", "");
	buf_printf(b, "<p class=\"soft\">%.*s</p>\n<section><div class=\"scroll\"><table>\n",
		   STR_FMT(p->in->today));
	for (size_t i = 0; i < p->quality->n; i++) {
		rowset_get(p->quality, i, v);
		if (!str_eq(v[QUA_SCOPE_KIND], STR("all")))
			continue;
		enum metric m = metric_find(v[QUA_METRIC]);

		buf_str(b, STR("<tr><td>"));
		html_both(b, metric_facts[m].label[0], metric_facts[m].label[1]);
		buf_str(b, STR("</td><td class=\"n\">"));
		html_text(b, v[QUA_VALUE]);
		buf_str(b, STR("</td></tr>\n"));
	}
	buf_str(b, STR("</table></div></section>\n"));
	html_end(b);
}
