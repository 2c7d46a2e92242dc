/*
 * BIFF workbooks (.xls of Excel 97 to 2003) through freexl, which reads a file by name: the
 * bytes are given to it as an anonymous one, so it sees what was opened and hashed.
 */
#define _GNU_SOURCE
#include "xlsx.h"

#include <errno.h>
#include <freexl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static bool is_encrypted_package(struct str bytes)
{
	/* An .xlsx with a password is a compound file too; this is a stream of it, in UTF-16. */
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	return memmem(bytes.p, bytes.n, name, sizeof(name) - 1) != NULL;
}

/* A descriptor of an unnamed file with these bytes, or -1. */
static int file_of(struct str bytes)
{
	int fd = memfd_create("workbook", MFD_CLOEXEC);

	while (fd >= 0 && bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			close(fd);
			return -1;
		}
		bytes = (struct str){ bytes.p + n, bytes.n - (size_t)n };
	}
	return fd;
}

static void put_value(struct sheet *s, uint32_t column, const FreeXL_CellValue *cell)
{
	struct buf b = { 0 };

	switch (cell->type) {
	case FREEXL_CELL_INT:
		buf_printf(&b, "%d", cell->value.int_value);
		break;
	case FREEXL_CELL_DOUBLE:
		number_text(cell->value.double_value, &b);
		break;
	case FREEXL_CELL_TEXT:
	case FREEXL_CELL_SST_TEXT:
	case FREEXL_CELL_DATE:
	case FREEXL_CELL_DATETIME:
	case FREEXL_CELL_TIME:
		buf_str(&b, str_of(cell->value.text_value));
		break;
	default:
		break;
	}
	/* A day with the time 00:00:00 is a day. */
	if (cell->type == FREEXL_CELL_DATETIME && str_ends(buf_view(&b), STR(" 00:00:00")))
		b.n -= sizeof(" 00:00:00") - 1;
	sheet_cell(s, column, buf_view(&b));
	buf_release(&b);
}

static bool read_sheet(const void *book, unsigned short index, struct sheet *s)
{
	unsigned rows;
	unsigned short columns;

	if (freexl_select_active_worksheet(book, index) != FREEXL_OK ||
	    freexl_worksheet_dimensions(book, &rows, &columns) != FREEXL_OK)
		return false;
	sheet_begin(s);
	for (unsigned row = 0; row < rows && !s->full; row++) {
		sheet_row(s, row + 1);
		for (unsigned short column = 0; column < columns; column++) {
			FreeXL_CellValue cell;

			if (freexl_get_cell_value(book, row, column, &cell) != FREEXL_OK)
				return false;
			put_value(s, column, &cell);
		}
	}
	sheet_end(s);
	return !s->full;
}

static bool show_sheets(const void *book, struct sheet *s, struct sheet_taker *taker,
			struct arena *a, struct str *reason)
{
	unsigned count = 0;

	if (freexl_get_info(book, FREEXL_BIFF_SHEET_COUNT, &count) != FREEXL_OK)
		count = 0;
	for (unsigned i = 0; i < count; i++) {
		const char *name = NULL;

		freexl_get_worksheet_name(book, (unsigned short)i, &name);
		if (!read_sheet(book, (unsigned short)i, s))
			*reason = str_printf(a, "sheet %s is damaged or too large", name ? name : "");
		else if (taker->take(taker, str_of(name ? name : ""), &s->image)) {
			*reason = STR("");
			return true;
		}
	}
	return !reason->n;
}

static bool is_locked(const void *book)
{
	unsigned password = 0;

	return freexl_get_info(book, FREEXL_BIFF_PASSWORD, &password) == FREEXL_OK &&
	       password == FREEXL_BIFF_OBFUSCATED;
}

bool xls_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
	      struct arena *a, struct str *reason)
{
	struct sheet sheet = { .max_bytes = limits->max_workbook_bytes,
			       .max_rows = limits->max_workbook_rows,
			       .max_columns = (uint32_t)limits->max_columns };
	const void *book = NULL;
	char path[64];
	bool ok = false;
	int fd;

	if (is_encrypted_package(bytes)) {
		*reason = STR("the workbook is encrypted; save it without a password");
		return false;
	}
	fd = file_of(bytes);
	if (fd < 0) {
		*reason = STR("the workbook cannot be handed to its reader (no memory for it)");
		return false;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (freexl_open(path, &book) != FREEXL_OK)
		*reason = STR("the workbook is cut short or damaged, or is no Excel file at all");
	else if (is_locked(book))
		*reason = STR("the workbook is encrypted; save it without a password");
	else
		ok = show_sheets(book, &sheet, taker, a, reason);
	if (book)
		freexl_close(book);
	sheet_release(&sheet);
	close(fd);
	return ok;
}
