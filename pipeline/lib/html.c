#include "html.h"

/* Both languages are in the page; a checkbox before <main> decides which one is shown, so
 * that no script is needed and a page printed or saved stays as it was. */
static const char style_of_all[] =
	":root{--ink:#1c2430;--soft:#5b6675;--line:#d8dde4;--paper:#fff;--ground:#f4f6f8;"
	"--mark:#0b5cad;--good:#1a7f4b;--warn:#b46a00;--bad:#b3261e}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.6 system-ui,"
	"\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif}\n"
	"main{max-width:1120px;margin:0 auto;padding:16px}\n"
	"h1{font-size:24px;margin:8px 0 4px}h2{font-size:18px;margin:0 0 8px}\n"
	"section{background:var(--paper);border:1px solid var(--line);border-radius:8px;"
	"padding:16px;margin:16px 0}\n"
	".soft{color:var(--soft)}.good{color:var(--good)}.warn{color:var(--warn)}"
	".bad{color:var(--bad)}\n"
	".scroll{overflow-x:auto}\n"
	"table{border-collapse:collapse;width:100%}\n"
	"th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);"
	"vertical-align:top;overflow-wrap:anywhere}\n"
	"th{color:var(--soft);font-weight:600;white-space:nowrap}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px}\n"
	".tile{background:var(--paper);border:1px solid var(--line);border-radius:8px;"
	"padding:12px 16px}\n"
	".tile b{display:block;font-size:28px;line-height:1.3;font-variant-numeric:tabular-nums}\n"
	"td:has(>.bar){vertical-align:middle;width:45%}\n"
	".bar{background:var(--line);border-radius:4px;height:10px;min-width:80px;overflow:hidden}"
	"\n"
	".bar i{display:block;height:100%;background:var(--mark)}\n"
	"#english{position:absolute;opacity:0}\n"
	".switch{float:right;cursor:pointer;color:var(--mark);border:1px solid var(--line);"
	"border-radius:6px;padding:2px 12px;background:var(--paper)}\n"
	"#english:focus-visible~main .switch{outline:2px solid var(--mark)}\n"
	".en,#english:checked~main .zh{display:none}\n"
	"#english:checked~main .en{display:inline}\n"
	"@media(max-width:600px){main{padding:8px}section{padding:10px}th,td{padding:5px 6px}"
	".scroll td:first-child{min-width:6em}}\n"
	"@media print{body{background:#fff;font-size:12px}main{max-width:none;padding:0}"
	".switch{display:none}section{border:0;padding:0;break-inside:avoid}"
	"tr{break-inside:avoid}.bar,.bar i{print-color-adjust:exact}}\n";

void html_text(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.n;) {
		uint32_t c = utf8_next(text, &i);

		switch (c) {
		case '&':
			buf_str(b, STR("&amp;"));
			break;
		case '<':
			buf_str(b, STR("&lt;"));
			break;
		case '>':
			buf_str(b, STR("&gt;"));
			break;
		case '"':
			buf_str(b, STR("&quot;"));
			break;
		case '\'':
			buf_str(b, STR("&#39;"));
			break;
		default:
			buf_utf8(b, (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F ? 0xFFFD : c);
		}
	}
}

void html_both(struct buf *b, const char *zh, const char *en)
{
	buf_printf(b, "<span class=\"zh\">%s</span><span class=\"en\" lang=\"en\">%s</span>", zh,
		   en);
}

void html_both_text(struct buf *b, struct str zh, struct str en)
{
	buf_str(b, STR("<span class=\"zh\">"));
	html_text(b, zh);
	buf_str(b, STR("</span><span class=\"en\" lang=\"en\">"));
	html_text(b, en.n ? en : zh);
	buf_str(b, STR("</span>"));
}

void html_begin(struct buf *b, const char *zh, const char *en, const char *style)
{
	buf_str(b, STR("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n<title>"));
	html_text(b, str_of(zh));
	buf_printf(b, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n", style_of_all, style);
	buf_str(b, STR("<input type=\"checkbox\" id=\"english\" aria-label=\"English\">\n<main>\n"
		       "<label class=\"switch\" for=\"english\">"));
	html_both(b, "English", "中文");
	buf_str(b, STR("</label>\n<h1>"));
	html_both_text(b, str_of(zh), str_of(en));
	buf_str(b, STR("</h1>\n"));
}

void html_end(struct buf *b)
{
	buf_str(b, STR("</main>\n</body>\n</html>\n"));
}
