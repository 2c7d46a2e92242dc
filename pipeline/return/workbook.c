/*
 * rejects.xlsx, for a person at a dealership who has never heard of this program. All cells
 * are text, also those still empty, so that neither we nor the dealer's spreadsheet make
 * numbers of ID numbers; nothing is ever a formula. libxlsxwriter is known to this file only.
 */
#include "list.h"

#include "date.h"
#include "outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <xlsxwriter.h>

enum {
	CELL_MOST = 32000, /* characters; a spreadsheet takes 32,767 */
	LINES_MOST = LXW_ROW_MAX - 1,
	LINE_HEIGHT = 15, /* points */
	LINES_SHOWN = 12, /* a longer text is read in its cell */
};

struct book_formats {
	lxw_format *header, *cell, *wrapped, *wrong, *doubtful, *answer, *title, *sentence, *count;
};

static const struct {
	double width;
	bool wrap;
} columns[LIST_COLUMNS] = {
	[LIST_REJECT_ID] = {19, false},
	[LIST_FILE] = {32, false},
	[LIST_ROW] = {8, false},
	[LIST_FIELD] = {14, true},
	[LIST_VALUE] = {24, true},
	[LIST_CODE] = {20, false},
	[LIST_MESSAGE] = {46, true},
	[LIST_SUGGESTION] = {46, true},
	[LIST_CORRECTED_VALUE] = {24, true},
	[LIST_KEY] = {18, false},
	[LIST_HANDLER] = {10, false},
	[LIST_FIRST_SENT] = {12, false},
};

/* What XML and a spreadsheet can hold: no control characters, no more than a cell takes. */
static const char *cell_text(struct str s, struct buf *b)
{
	size_t count = 0;

	buf_reset(b);
	for (size_t i = 0; i < s.n; count++) {
		uint32_t c = utf8_next(s, &i);
		bool odd = (c < 0x20 && c != '\n' && c != '\t') || c == 0xFFFE || c == 0xFFFF;

		if (count == CELL_MOST) {
			buf_str(b, STR("…"));
			break;
		}
		buf_utf8(b, odd ? 0xFFFD : c);
	}
	buf_char(b, 0);
	return b->p;
}

/* What is too long is cut before; so what fails here is memory. */
static void checked(lxw_error error)
{
	if (error != LXW_NO_ERROR)
		library_failed("libxlsxwriter: %s", lxw_strerror(error));
}

static lxw_format *new_format(lxw_workbook *book, bool wrap, lxw_color_t fill)
{
	lxw_format *format = workbook_add_format(book);

	if (!format)
		library_failed("libxlsxwriter cannot get its memory");
	format_set_num_format(format, "@");
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	if (wrap)
		format_set_text_wrap(format);
	if (fill) {
		format_set_bg_color(format, fill);
		format_set_border(format, LXW_BORDER_THIN);
		format_set_border_color(format, 0xBFBFBF);
	}
	return format;
}

static struct book_formats make_formats(lxw_workbook *book)
{
	struct book_formats f = {
		.header = new_format(book, true, 0x1F4E79),
		.cell = new_format(book, false, 0),
		.wrapped = new_format(book, true, 0),
		.wrong = new_format(book, true, 0xF8CBAD),
		.doubtful = new_format(book, true, 0xFFE699),
		.answer = new_format(book, true, 0xE2EFDA),
		.title = new_format(book, false, 0),
		.sentence = new_format(book, true, 0),
		.count = new_format(book, false, 0),
	};

	format_set_bold(f.header);
	format_set_align(f.header, LXW_ALIGN_VERTICAL_CENTER);
	format_set_font_color(f.header, LXW_COLOR_WHITE);
	format_set_bold(f.title);
	format_set_font_size(f.title, 16);
	format_set_font_size(f.sentence, 12);
	format_set_num_format(f.count, "0");
	format_set_align(f.count, LXW_ALIGN_LEFT);
	return f;
}

/* ---- the list ---- */

static lxw_format *format_of(const struct book_formats *f, const struct list_line *line, int column)
{
	if (column == LIST_VALUE)
		return line->action == ACTION_WARN ? f->doubtful : f->wrong;
	if (column == LIST_CORRECTED_VALUE)
		return f->answer;
	return columns[column].wrap ? f->wrapped : f->cell;
}

/* An ideograph is as wide as two letters, and a little more with its neighbours. */
static double text_width(struct str s)
{
	double width = 0;

	for (size_t i = 0; i < s.n;)
		width += utf8_next(s, &i) < 0x1100 ? 1.05 : 2.1;
	return width;
}

/* Not every spreadsheet fits the height of a row to its wrapped text. */
static double row_height(const struct list_line *line)
{
	int most = 1;

	for (int c = 0; c < LIST_COLUMNS; c++) {
		int lines = columns[c].wrap
				    ? 1 + (int)(text_width(line->cells[c]) / columns[c].width)
				    : 1;

		if (lines > most)
			most = lines;
	}
	return LINE_HEIGHT * (most < LINES_SHOWN ? most : LINES_SHOWN);
}

static void write_lines(lxw_worksheet *sheet, const struct list *list, const struct book_formats *f)
{
	size_t n = list->n < LINES_MOST ? list->n : LINES_MOST;
	struct buf b = {0};

	for (size_t i = 0; i < n; i++) {
		const struct list_line *line = &list->lines[i];

		for (int c = 0; c < LIST_COLUMNS; c++) {
			lxw_format *format = format_of(f, line, c);

			if (line->cells[c].n)
				checked(worksheet_write_string(sheet, (lxw_row_t)i + 1, (lxw_col_t)c,
						       cell_text(line->cells[c], &b), format));
			else
				checked(worksheet_write_blank(sheet, (lxw_row_t)i + 1, (lxw_col_t)c,
						      format));
		}
		checked(worksheet_set_row(sheet, (lxw_row_t)i + 1, row_height(line), NULL));
	}
	buf_release(&b);
}

/* The word is offered, everything else may be typed. */
static void offer_confirmation(lxw_worksheet *sheet, lxw_row_t last)
{
	static char word[] = "确认无误";
	char *words[] = {word, NULL};
	lxw_data_validation offer = {
		.validate = LXW_VALIDATION_TYPE_LIST,
		.value_list = words,
		.ignore_blank = LXW_VALIDATION_ON,
		.dropdown = LXW_VALIDATION_ON,
		.show_input = LXW_VALIDATION_ON,
		.show_error = LXW_VALIDATION_OFF,
		.input_title = "更正值",
		.input_message = "请填写正确的内容。核对后原值确实无误的，选“确认无误”。",
	};

	checked(worksheet_data_validation_range(sheet, 1, LIST_CORRECTED_VALUE, last, LIST_CORRECTED_VALUE,
					&offer));
}

/* It begins with a temporary file of the library. */
static lxw_worksheet *new_sheet(lxw_workbook *book, const char *name)
{
	lxw_worksheet *sheet = workbook_add_worksheet(book, name);

	if (!sheet)
		library_failed("libxlsxwriter cannot begin the sheet %s: look at the room for temporary files", name);
	return sheet;
}

static void write_list(lxw_workbook *book, const struct list *list, const struct book_formats *f)
{
	lxw_worksheet *sheet = new_sheet(book, "退回清单");
	lxw_row_t last = (lxw_row_t)(list->n < LINES_MOST ? list->n : LINES_MOST);
	struct buf b = {0};

	checked(worksheet_set_row(sheet, 0, 1.5 * LINE_HEIGHT, NULL));
	for (int c = 0; c < LIST_COLUMNS; c++) {
		checked(worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, columns[c].width,
				     columns[c].wrap ? f->wrapped : f->cell));
		checked(worksheet_write_string(sheet, 0, (lxw_col_t)c, cell_text(list_headers[c], &b),
				       f->header));
	}
	buf_release(&b);
	write_lines(sheet, list, f);
	worksheet_freeze_panes(sheet, 1, 0);
	checked(worksheet_autofilter(sheet, 0, 0, last, LIST_COLUMNS - 1));
	worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:L1048576");
	if (last)
		offer_confirmation(sheet, last);
	worksheet_repeat_rows(sheet, 0, 0);
	worksheet_set_landscape(sheet);
	worksheet_set_paper(sheet, 9); /* A4 */
	worksheet_gridlines(sheet, LXW_SHOW_ALL_GRIDLINES);
	worksheet_set_margins(sheet, 0.25, 0.25, 0.35, 0.5); /* inches: twelve columns need them */
	checked(worksheet_set_footer(sheet, "&L&A&C第&P页 共&N页"));
	worksheet_fit_to_pages(sheet, 1, 0);
}

/* ---- the guide ---- */

struct guide {
	lxw_worksheet *sheet;
	const struct book_formats *f;
	lxw_row_t row;
	struct arena a;
};

static void say(struct guide *g, struct str sentence, lxw_format *format)
{
	struct buf b = {0};

	checked(worksheet_merge_range(g->sheet, g->row, 0, g->row, 2, "", format));
	checked(worksheet_write_string(g->sheet, g->row, 0, cell_text(sentence, &b), format));
	if (format == g->f->sentence)
		checked(worksheet_set_row(g->sheet, g->row, 36, NULL));
	g->row++;
	buf_release(&b);
}

static void count(struct guide *g, struct str what, struct str code, size_t n)
{
	struct buf b = {0};

	checked(worksheet_write_string(g->sheet, g->row, 0, cell_text(what, &b), g->f->cell));
	checked(worksheet_write_string(g->sheet, g->row, 1, cell_text(code, &b), g->f->cell));
	worksheet_write_number(g->sheet, g->row, 2, (double)n, g->f->count);
	g->row++;
	buf_release(&b);
}

static void say_sentences(struct guide *g, const struct list *list, struct str answer_by)
{
	char day[9];
	struct str t = list->today;

	snprintf(day, sizeof(day), "%.4s%.2s%.2s", t.p, t.p + 5, t.p + 8);
	say(g, str_printf(&g->a, "数据退回说明　%.*s　%.*s", STR_FMT(list->dealer), STR_FMT(t)),
	    g->f->title);
	g->row++;
	say(g,
	    str_printf(&g->a,
		       "1. 总部核对了贵店的客户和车辆数据，第一张表“退回清单”列出其中需要更正、"
		       "补充或确认的 %zu 处：每行一处，写明错在哪里、应当怎样修改。",
		       list->n),
	    g->f->sentence);
	say(g,
	    str_printf(&g->a,
		       "2. 请在 %.*s 之前逐行处理：在“更正值”一栏填写正确的内容，核对后原值确实"
		       "无误的填“确认无误”；其他各栏请不要改动，暂时无法处理的留空即可。",
		       STR_FMT(answer_by)),
	    g->f->sentence);
	say(g,
	    str_printf(&g->a,
		       "3. 填好后把本文件另存为 correction_%.*s_年月日.xlsx（例如 "
		       "correction_%.*s_%s.xlsx），按平时报送数据的方式送回；也请在贵店的系统"
		       "中同样改正。",
		       STR_FMT(list->dealer), STR_FMT(list->dealer), day),
	    g->f->sentence);
	g->row++;
}

static void count_kinds(struct guide *g, const struct list *list)
{
	size_t wrong = 0, doubtful = 0, first = 0, again = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct list_line *line = &list->lines[i];

		wrong += line->action != ACTION_WARN;
		doubtful += line->action == ACTION_WARN;
		first += str_eq(line->of->first_sent, list->today);
		again += line->of->status == RETURN_WRONG_AGAIN;
	}
	count(g, STR("需要更正（红色）"), (struct str){0}, wrong);
	count(g, STR("需要补充或确认（黄色）"), (struct str){0}, doubtful);
	count(g, STR("其中本次首次退回"), (struct str){0}, first);
	count(g, STR("其中更正后仍有误"), (struct str){0}, again);
	g->row++;
}

/* The lines of one code stand together. */
static void count_codes(struct guide *g, const struct list *list)
{
	for (size_t i = 0, from = 0; i < list->n; i++) {
		const struct list_line *line = &list->lines[i];

		if (i + 1 < list->n && line->action == line[1].action &&
		    str_eq(line->cells[LIST_CODE], line[1].cells[LIST_CODE]))
			continue;
		count(g, line->code ? line->code->title[LANG_ZH] : line->cells[LIST_CODE],
		      line->cells[LIST_CODE], i + 1 - from);
		from = i + 1;
	}
}

static void say_more(struct guide *g, const struct list *list)
{
	g->row++;
	say(g,
	    STR("整行无法使用的记录，也可以在随附的 "
		"*_bad.csv（贵店原始格式）中改好，仍用该 *_bad.csv 的文件名重新报送。"),
	    g->f->sentence);
	if (list->n > LINES_MOST)
		say(g, STR("表格容纳不下全部内容，其余部分见 rejects.csv。"), g->f->sentence);
	for (size_t i = 0; i < list->n_unread; i++)
		say(g,
		    str_printf(&g->a, "文件 %.*s 没有读入：%.*s", STR_FMT(list->unread[i].file),
			       STR_FMT(list->unread[i].reason[LANG_ZH])),
		    g->f->sentence);
}

static void write_guide(lxw_workbook *book, const struct list *list, struct str answer_by,
			const struct book_formats *f)
{
	struct guide g = {.sheet = new_sheet(book, "说明"), .f = f};

	checked(worksheet_set_column(g.sheet, 0, 0, 40, NULL));
	checked(worksheet_set_column(g.sheet, 1, 1, 28, NULL));
	checked(worksheet_set_column(g.sheet, 2, 2, 20, NULL));
	say_sentences(&g, list, answer_by);
	count_kinds(&g, list);
	count_codes(&g, list);
	say_more(&g, list);
	worksheet_set_paper(g.sheet, 9);
	worksheet_fit_to_pages(g.sheet, 1, 0);
	arena_release(&g.a);
}

/* ---- the file ---- */

/* Beside the workbook: people's data goes nowhere else. What the library leaves in it when it
 * cannot remove a file goes with the folder, before the dealer's folder is shown. */
static char *temporary_folder(const char *path)
{
	struct arena a = { 0 };
	char *folder = xstrdup(str_keepz(&a, str_printf(&a, "%s.parts", path)));

	arena_release(&a);
	return folder;
}

bool list_write_workbook(const struct list *list, struct str answer_by, const char *path,
			 struct fault *f)
{
	char *folder = temporary_folder(path);
	lxw_workbook_options options = {
		.constant_memory = LXW_TRUE, .tmpdir = folder,
	};
	lxw_doc_properties properties = {
		.title = "退回清单",
		/* one day for all threads: the library asks gmtime, whose answer they share */
		.created = (time_t)date_day(list->today) * 86400,
	};
	lxw_workbook *book = workbook_new_opt(path, &options);
	struct book_formats formats;
	lxw_error error;
	bool ok;

	if (!book)
		library_failed("libxlsxwriter cannot begin %s", path);
	if (mkdir(folder, 0700) != 0) {
		fault_errno(f, "make the folder", folder);
		free(folder);
		return false;
	}
	workbook_set_properties(book, &properties);
	formats = make_formats(book);
	write_list(book, list, &formats);
	write_guide(book, list, answer_by, &formats);
	errno = 0;
	error = workbook_close(book);
	if (error != LXW_NO_ERROR && errno)
		fault_errno(f, "write", path);
	else if (error != LXW_NO_ERROR)
		fault_set(f, EXIT_FAILED, "cannot write %s: %s", path, lxw_strerror(error));
	ok = remove_tree(folder, f) && error == LXW_NO_ERROR;
	free(folder);
	if (!ok)
		return false;
	/* it opened the file itself; nobody else could enter the folder meanwhile */
	return chmod(path, 0600) == 0 || fault_errno(f, "set the rights of", path);
}
