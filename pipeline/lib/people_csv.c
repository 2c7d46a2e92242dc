#include "people_csv.h"

#include "csv_table.h"

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == 0xA0 || c == 0x3000 || c == 0xFEFF || (c >= 0x200B && c <= 0x200F);
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
