#include "fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence of more than four kilobytes is cut: it holds a path or a value from outside. */
static void add_text(struct fault *f, const char *prefix, const char *format, va_list args)
{
	char text[4096];

	vsnprintf(text, sizeof(text), format, args);
	if (f->text.n)
		buf_char(&f->text, '\n');
	buf_str(&f->text, str_of(prefix));
	buf_str(&f->text, str_of(text));
}

bool fault_set(struct fault *f, enum exit_status status, const char *format, ...)
{
	va_list args;

	if (fault_is(f))
		return false;
	f->status = status;
	va_start(args, format);
	add_text(f, "", format, args);
	va_end(args);
	return false;
}

bool fault_add(struct fault *f, enum exit_status status, const char *format, ...)
{
	va_list args;

	if (!fault_is(f))
		f->status = status;
	va_start(args, format);
	add_text(f, "", format, args);
	va_end(args);
	return false;
}

bool fault_errno(struct fault *f, const char *what, const char *path)
{
	return fault_set(f, EXIT_FAILED, "cannot %s %s: %s", what, path, strerror(errno));
}

void fault_hint(struct fault *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_text(f, "hint: ", format, args);
	va_end(args);
}

void fault_release(struct fault *f)
{
	buf_release(&f->text);
	f->status = EXIT_DONE;
}
