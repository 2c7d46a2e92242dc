#include "account.h"

#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

static void put_indent(struct account *a, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buf_str(&a->out, STR("  "));
}

/* Text: a list is named once something stands in it. */
static void indent(struct account *a)
{
	if (a->waiting) {
		put_indent(a, a->depth - 2);
		buf_printf(&a->out, "%s\n", a->waiting);
		a->waiting = NULL;
	}
	put_indent(a, a->depth);
}

static void put_string(struct buf *b, struct str s)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < 0x20)
			buf_printf(b, "\\u%04x", c);
		else
			buf_char(b, (char)c);
	}
	buf_char(b, '"');
}

/* The comma, line and name that stand before anything new in JSON. */
static void json_place(struct account *a, const char *name)
{
	buf_str(&a->out, a->first ? STR("\n") : STR(",\n"));
	a->first = false;
	indent(a);
	if (name) {
		put_string(&a->out, str_of(name));
		buf_str(&a->out, STR(": "));
	}
}

void account_begin(struct account *a, bool json)
{
	*a = (struct account){ .json = json, .first = true };
	if (json) {
		buf_char(&a->out, '{');
		a->depth = 1;
	}
}

void account_end(struct account *a)
{
	if (a->json)
		buf_str(&a->out, STR("\n}\n"));
}

static void open_part(struct account *a, const char *name, bool list)
{
	if (a->json) {
		json_place(a, name);
		buf_char(&a->out, list ? '[' : '{');
	} else if (name && list) {
		a->waiting = name;
	} else if (name) {
		indent(a);
		buf_printf(&a->out, "%s\n", name);
	}
	a->depth++;
	if (list)
		a->lists |= 1u << a->depth;
	else
		a->lists &= ~(1u << a->depth);
	a->first = true;
}

void account_open(struct account *a, const char *name)
{
	open_part(a, name, false);
}

void account_open_list(struct account *a, const char *name)
{
	open_part(a, name, true);
}

void account_close(struct account *a)
{
	bool list = a->lists >> a->depth & 1;

	a->depth--;
	if (list)
		a->waiting = NULL;
	if (a->json) {
		if (!a->first) {
			buf_char(&a->out, '\n');
			indent(a);
		}
		buf_char(&a->out, list ? ']' : '}');
	}
	a->first = false;
}

void account_value(struct account *a, const char *name, struct str value)
{
	if (a->json) {
		json_place(a, name);
		put_string(&a->out, value);
		return;
	}
	if (!value.n)
		return;
	indent(a);
	buf_printf(&a->out, "%s: %.*s\n", name, STR_FMT(value));
}

void account_line(struct account *a, const char *format, ...)
{
	char line[1024];
	va_list ap;

	if (a->json)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	indent(a);
	if (line[0] == '-') /* the head of an entry stands out */
		a->out.n -= 2;
	buf_str(&a->out, str_of(line));
	buf_char(&a->out, '\n');
}
