/* Is it UTF-8? As fast as memory allows, since it is asked of every byte from outside. */
#ifndef YICE_UTF8_H
#define YICE_UTF8_H

#include "str.h"

/* Offset of the first byte that begins no well-formed character (RFC 3629: no surrogates,
 * no longer forms than needed, nothing beyond U+10FFFF), or s.n. */
size_t utf8_malformed(struct str s);
/* Offset of the first byte above 0x7F, or s.n. */
size_t utf8_non_ascii(struct str s);

#endif
