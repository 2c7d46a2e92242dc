#include "sheet.h"

#include "csv_table.h"

void sheet_begin(struct sheet *s)
{
	buf_reset(&s->image);
	buf_reset(&s->line);
	s->row = 0;
	s->column = 0;
	s->width = 0;
	s->filled = false;
	s->full = false;
}

static void end_row(struct sheet *s)
{
	if (!s->row)
		return;
	if (s->filled && s->column > s->width)
		s->width = s->column;
	if (s->filled) {
		buf_str(&s->image, buf_view(&s->line));
		for (; s->column < s->width; s->column++)
			buf_char(&s->image, ',');
	}
	buf_char(&s->image, '\n');
	s->full |= s->image.n > s->max_bytes;
}

void sheet_row(struct sheet *s, uint32_t number)
{
	end_row(s);
	if (number <= s->row)
		number = s->row + 1;
	s->full |= number > s->max_rows;
	if (!s->full)
		for (uint32_t row = s->row + 1; row < number; row++)
			buf_char(&s->image, '\n');
	s->row = number;
	s->column = 0;
	s->filled = false;
	buf_reset(&s->line);
}

void sheet_cell(struct sheet *s, uint32_t column, struct str value)
{
	if (column < s->column)
		column = s->column;
	s->full |= column >= s->max_columns || s->line.n > s->max_bytes;
	if (s->full || !s->row)
		return;
	/* Between two cells stands a comma, and one for each column left out. */
	for (uint32_t i = s->column ? s->column - 1 : 0; i < column; i++)
		buf_char(&s->line, ',');
	csv_field(&s->line, value);
	s->filled |= str_trim(value).n > 0;
	s->column = column + 1;
}

/* What is read as a serial number of 1900 has five digits; 20140305 and a year alone have not. */
bool sheet_has_day(const struct sheet *s, uint32_t column, double value)
{
	return s->since_1904 && column < s->n_days && s->days[column] &&
	       value >= 10000 - DAYS_TO_1904 && value < 100000 - DAYS_TO_1904;
}

void sheet_number(struct sheet *s, uint32_t column, double value, struct number_format format)
{
	if (format.style == NUMBER_PLAIN && sheet_has_day(s, column, value))
		format.style = NUMBER_DATETIME;
	buf_reset(&s->number);
	number_in_format(value, format, s->since_1904, &s->number);
	sheet_cell(s, column, buf_view(&s->number));
}

void sheet_end(struct sheet *s)
{
	end_row(s);
	s->row = 0;
}

void sheet_release(struct sheet *s)
{
	buf_release(&s->image);
	buf_release(&s->line);
	buf_release(&s->number);
}
