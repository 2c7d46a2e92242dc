/*
 * Unicode text: the one room that knows ICU. Results point into the input where nothing
 * had to change (the usual case), else into the arena.
 */
#ifndef YICE_TEXT_H
#define YICE_TEXT_H

#include "mem.h"

/* NFKC, white space of any kind at the ends removed, inner runs of it made one space,
 * zero-width, bidi and BOM characters dropped. ICU is asked only where a byte calls for it. */
struct str text_clean(struct arena *a, struct str s);
/* For ID numbers, phones, plates, VINs: full-width to half-width, upper case, all white
 * space and zero-width characters dropped. */
struct str text_code(struct arena *a, struct str s);
struct str text_upper(struct arena *a, struct str s); /* ASCII letters only */
bool text_is_utf8(struct str s); /* RFC 3629 */
bool text_is_han(uint32_t c); /* ideographs of every block, 〇 and 々 too */
/* Traditional to simplified, character by character where a folded form is known: for
 * comparing names, never for storing them. */
struct str text_fold_han(struct arena *a, struct str s);
/* A number for the sound of an ideograph (its usual pinyin without the tone): equal for two
 * characters that are spoken alike. Other characters have their own. */
uint32_t text_sound(uint32_t c);

#endif
