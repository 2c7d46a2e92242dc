/*
 * People who asked to be forgotten. All that is left of them is a table of keyed hashes (HMAC
 * under rules/customer_id.key, like customer_id) in the state, by which rows that speak of
 * them are known when the next export brings them again: of the ID number, and of the name
 * together with a phone or a VIN that stood beside it, for rows that have no number.
 *
 * Such a row is counted as a duplicate, since what it says was received before; nothing of it
 * is kept, told or returned. Where somebody else's row names them as relative or contact, or in
 * a text beside a phone of theirs, only the phone goes.
 */
#ifndef YICE_FORGOTTEN_H
#define YICE_FORGOTTEN_H

#include "customer_key.h"
#include "map.h"
#include "record.h"
#include "reference.h"
#include "table.h"

extern const struct table_def table_forgotten; /* hash, forgotten_on, key; kept in the state only */

/* FOR_KEY: a mark of the secret that the hash was made under; "" in states of before. */
enum forgotten_column { FOR_HASH, FOR_ON, FOR_KEY, FOR_COLUMNS };

struct forgotten {
	struct customer_key key;
	struct map hashes;
};

/* Of one who is being forgotten: what stores must not hold any more. */
struct forgotten_person {
	struct str number; /* as cleaned */
	struct str old_number; /* number_of_before */
	struct map numbers; /* these two */
	struct map customers, phones; /* their keys; their phones */
	struct map names; /* as the tables hold them */
};

/* The table as the state remembers it; where it is empty the secret is not read. */
bool forgotten_load(struct forgotten *fg, const struct rowset *table, const char *rules_dir, struct fault *f);
void forgotten_release(struct forgotten *fg);
/* False with EXIT_USAGE where a hash was made under another secret: it keeps nobody out. */
bool forgotten_key_holds(const struct rowset *table, const struct customer_key *key, struct fault *f);

static inline bool forgotten_any(const struct forgotten *fg)
{
	return fg->hashes.n > 0;
}

/* Whether the row, as it came or as it will be cleaned, is of one of them. */
bool forgotten_row(const struct forgotten *fg, const struct record *rec, const struct reference *reference,
		   struct arena *a);
bool forgotten_number(const struct forgotten *fg, struct str id_number, struct arena *a);
/* Numbers of theirs among the bytes of a row, wherever they stand, also of full width or with spaces,
 * dashes, slashes or dots between: at most `most`. */
size_t forgotten_find(const struct forgotten *fg, struct str bytes, struct str *numbers, size_t most, struct arena *a);
enum { FORGOTTEN_CELLS = 8 };
/* A name of one of them and the phone that stands beside it: as contact, as relative, or in one
 * text with it (there a name of at most four ideographs or words). */
struct forgotten_mention {
	struct str name, phone;
};
/* Those in somebody else's row, at most `most`. */
size_t forgotten_find_mentions(const struct forgotten *fg, const struct record *rec, struct forgotten_mention *found,
			       size_t most, struct arena *a);
/* Takes the phone out of the row and its bytes; where it is the row's own phone too, the name. */
void forgotten_clear_mention(struct record *rec, char *bytes, size_t n, const struct forgotten_mention *m,
			     struct arena *a);
/* Takes every mention of a number out of them. */
void forgotten_clear_number(struct record *rec, char *bytes, size_t n, struct str number, struct arena *a);

/* An ID number or phone as the checks of clean would leave it: without separators, in capitals,
 * 15 digits as 18. */
struct str number_as_cleaned(struct arena *a, struct str value);
/* A resident's number as it was written with 15 digits, empty where there is no such form. */
struct str number_of_before(struct arena *a, struct str number);
/* What an ID number says who its holder is, as it came or cleaned: like customer_identity. */
struct str forgotten_identity(struct arena *a, struct str id_number);
/* A phone as digits alone, a mobile without the country. */
struct str forgotten_phone(struct arena *a, struct str phone);

/* The hashes under which a row is known; adds those that are missing. */
void forgotten_add_number(const struct customer_key *key, struct str id_number, struct str day, struct rowset *to,
			  struct map *known, struct arena *a);
void forgotten_add_row(const struct customer_key *key, const struct record *rec, struct str day, struct rowset *to,
		       struct map *known, struct arena *a);

/* Whether a number, in capitals and without spaces and dashes, stands anywhere in the bytes of a
 * row: in any encoding whose digits are single bytes or pairs with a zero, of full width too,
 * also in small letters and with spaces and dashes within. */
bool forgotten_holds(struct str bytes, struct str number);
/* Writes blanks over it wherever it stands. The length stays. Tells how often. */
size_t forgotten_overwrite(char *bytes, size_t n, struct str number);
/* So over a phone, with the country or the zero before it. */
size_t forgotten_overwrite_phone(char *bytes, size_t n, struct str phone);
/* A name as forgotten_overwrite takes it, in the encodings of exports; empty where one has no such
 * character. */
enum { FORGOTTEN_SPELLINGS = 4 };
void forgotten_spell(struct str name, struct str spellings[FORGOTTEN_SPELLINGS], struct arena *a);
/* So in both forms of somebody's number. */
size_t forgotten_overwrite_number(char *bytes, size_t n, const struct forgotten_person *is);

#endif
