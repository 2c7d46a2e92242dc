#include "people_csv.h"

#include "csv_table.h"

/* White space, controls and what Unicode shows nothing of (Default_Ignorable_Code_Point), but not
 * TAB, CR and LF, which are harm by themselves. */
static bool is_blank(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x00, 0x08},	  {0x0B, 0x0C},	    {0x0E, ' '},      {0x7F, 0xA0},
		{0xAD, 0xAD},	  {0x34F, 0x34F},   {0x61C, 0x61C},   {0x115F, 0x1160},
		{0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
		{0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000}, {0x3164, 0x3164},
		{0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
		{0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* Spreadsheets skip blanks before they judge, and some importers strip a quote. */
bool people_cell_runs(struct str cell)
{
	uint32_t c = 0;

	for (size_t i = 0; i < cell.n;) {
		c = utf8_next(cell, &i);
		if (!is_blank(c) && c != '"')
			break;
	}
	switch (c) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case '\n':
	case 0xFF1D:
	case 0xFF0B:
	case 0xFF0D:
	case 0xFF20:
		return true;
	default:
		return false;
	}
}

void people_csv_begin(struct buf *b)
{
	buf_str(b, STR("\xEF\xBB\xBF"));
}

static void guarded(struct buf *b, struct str cell)
{
	struct buf safe = {0};

	buf_char(&safe, '\'');
	buf_str(&safe, cell);
	csv_field(b, buf_view(&safe));
	buf_release(&safe);
}

void people_csv_row(struct buf *b, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(b, ',');
		if (people_cell_runs(cells[i]))
			guarded(b, cells[i]);
		else
			csv_field(b, cells[i]);
	}
	buf_str(b, STR("\r\n"));
}
