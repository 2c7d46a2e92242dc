#include "log_line.h"

#include "buf.h"

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7F && c < 0xA0);
}

struct str log_line(struct arena *a, struct str text)
{
	struct buf b = { 0 };
	struct str line;

	for (size_t i = 0, next = 0; i < text.n; i = next) {
		uint32_t c = utf8_next(text, &next);

		if (is_control(c) || c == 0xFFFD) {
			for (; i < next; i++)
				buf_printf(&b, "\\x%02X", (unsigned char)text.p[i]);
		} else {
			buf_add(&b, text.p + i, next - i);
		}
	}
	line = str_keep(a, buf_view(&b));
	buf_release(&b);
	return line;
}
