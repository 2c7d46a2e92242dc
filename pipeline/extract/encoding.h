/*
 * The encodings that exports come in, decided over the whole file, and the way from each to
 * UTF-8. NUL bytes are no text and are left out.
 */
#ifndef YICE_ENCODING_H
#define YICE_ENCODING_H

#include "infile.h"
#include "mem.h"

enum encoding {
	ENCODING_UTF8, ENCODING_UTF8_BOM, ENCODING_GB18030, ENCODING_UTF16LE, ENCODING_UTF16BE,
	ENCODING_XLSX, ENCODING_XLS, ENCODING_HTML, /* workbooks: their image is UTF-8 */
	ENCODING_COUNT
};

struct str encoding_name(enum encoding encoding); /* "UTF-8-BOM", as in the ledger */
bool encoding_find(struct str name, enum encoding *encoding);
struct str encoding_bom(enum encoding encoding); /* "" where there is none */

/*
 * A BOM decides; else most lines do: where as many of those that are not plain ASCII are
 * UTF-8 as are not, it is UTF-8 with some faulty lines, else GB18030 (hence GBK, GB 2312).
 * *sound: every byte of it is well-formed UTF-8, so its rows need not be looked at again.
 * `file` is where the bytes lie, told what was passed (NULL: in memory anyhow).
 */
enum encoding encoding_detect(struct str bytes, const struct infile *file, bool *sound);

static inline bool encoding_is_utf16(enum encoding encoding)
{
	return encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE;
}

/* The text of some bytes (without BOM), in `a` or the very bytes. False, with the offset of
 * the first byte that cannot be decoded, where there is such a byte. */
bool encoding_decode(enum encoding encoding, struct str bytes, struct arena *a, struct str *text,
		     size_t *bad);

/*
 * UTF-16 has line ends and delimiters of two bytes, so it is split in UTF-8. For each unit
 * of two bytes this writes what utf16_units counts back: 1 to 3 bytes for one unit, 4 for a
 * pair; half of a pair is written as three bytes, which are no UTF-8 and tell the fault to
 * whoever decodes the row. A last odd byte is written as FF.
 */
struct str utf16_image(enum encoding encoding, struct str bytes, char **memory);
size_t utf16_bytes(struct str image); /* how many bytes of UTF-16 stand for this part */

#endif
