#include "workbook.h"

#include "encoding.h"
#include "xlsx.h"

enum { SNIFF = 64 << 10 };

/* "<html", "<table", "<?xml ... <Workbook", also in UTF-16 */
static bool is_markup(struct str bytes)
{
	static const struct str roots[] = { STR_INIT("<html"), STR_INIT("<table"),
					    STR_INIT("<workbook"), STR_INIT("<ss:workbook") };
	char text[SNIFF];
	size_t n = 0;

	for (size_t i = 0; i < bytes.n && i < 2 * SNIFF && n < SNIFF; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c > 0 && c < 0x80)
			text[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
	}
	struct str s = str_trim((struct str){ text, n });

	if (!str_starts(s, STR("<")))
		return false;
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		if (str_has(s, roots[i]))
			return true;
	return false;
}

enum workbook_kind workbook_kind(struct str bytes)
{
	if (str_starts(bytes, STR("PK\003\004")))
		return WORKBOOK_XLSX;
	if (str_starts(bytes, STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
		return WORKBOOK_XLS;
	return is_markup(bytes) ? WORKBOOK_MARKUP : WORKBOOK_NONE;
}

bool workbook_read(enum workbook_kind kind, struct str bytes, const struct limits *limits,
		   struct sheet_taker *taker, struct arena *a, struct str *reason)
{
	switch (kind) {
	case WORKBOOK_XLSX:
		return xlsx_read(bytes, limits, taker, a, reason);
	case WORKBOOK_XLS:
		return xls_read(bytes, limits, taker, a, reason);
	case WORKBOOK_MARKUP:
		return markup_read(bytes, limits, taker, a, reason);
	default:
		return false;
	}
}
