/*
 * GB 18030 to UTF-8: ASCII runs are copied, the rest goes through tables that are made from
 * iconv once per process (24 k two-byte and 39 k four-byte characters), so the bytes are
 * those of iconv at several times its speed. GBK and GB 2312 are subsets.
 */
#ifndef YICE_GB18030_H
#define YICE_GB18030_H

#include "str.h"

/* Decodes all of `in` to `out`, which has room for GB18030_ROOM(in.n) bytes, and returns how
 * many were written. *bad is the offset of the first byte that begins no character, or in.n;
 * decoding stops there. Thread-safe. */
size_t gb18030_decode(struct str in, char *out, size_t *bad);

#define GB18030_ROOM(n) ((n) + (n) / 2 + 16)

#endif
