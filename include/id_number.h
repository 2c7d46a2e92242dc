/*
 * Numbers of documents: resident IDs (GB 11643-1999, and 15 digits of 1989), residence
 * permits of Hong Kong, Macau and Taiwan people (810000, 820000, 830000), foreigners'
 * permanent residence cards (2017: 3 letters + 12 digits; 2023: 9...), passports, permits,
 * military cards, unified social credit codes (GB 32100-2015), organisation codes (GB 11714)
 * and licence numbers of 15 digits.
 */
#ifndef YICE_ID_NUMBER_H
#define YICE_ID_NUMBER_H

#include "verdict.h"

enum id_type {
	ID_TYPE_NONE, /* not stated, not recognised */
	ID_TYPE_RESIDENT,
	ID_TYPE_PASSPORT,
	ID_TYPE_HK_MACAU_PERMIT,
	ID_TYPE_TAIWAN_PERMIT,
	ID_TYPE_FOREIGN_RESIDENT,
	ID_TYPE_MILITARY,
	ID_TYPE_USCC,
	ID_TYPE_ORG_CODE,
	ID_TYPE_COUNT
};

struct str id_type_name(enum id_type type); /* "resident"; "" for none */
enum id_type id_type_find(struct str name); /* of the contract's words; else ID_TYPE_NONE */

struct id_context {
	enum id_type stated; /* what the row says the document is */
	bool company; /* the row says that the customer is a company */
	bool spreadsheet; /* the column as a whole went through a spreadsheet: ...000 is damage */
	int32_t today; /* day number (date.h) of the row's observed_on; 0: unknown */
	bool person; /* the row has a name, and it is no company's */
};

struct id_number {
	struct verdict verdict; /* value: upper case, no separators, 15 digits as 18 */
	enum id_type type; /* recognised; what was stated where nothing speaks against it */
	char gender; /* 'M', 'F'; 0 where the number does not tell */
	char birth_date[10]; /* YYYY-MM-DD; birth_date[0] == 0 where the number does not tell */
	uint32_t region; /* six-digit code of a resident number, else 0 */
};

void id_number_check(const struct reference *ref, const struct id_context *context, struct str raw,
		     struct arena *a, struct id_number *out);

/* Of a clean value. Check characters; -1 where a character is out of place. */
int id_number_check_character(const char *seventeen); /* '0'..'9', 'X' */
int uscc_check_character(const char *seventeen);
int org_code_check_character(const char *eight);
int licence_check_digit(const char *fourteen);

/* A valid 18-character resident number, residence permit or new foreigner's card: check
 * character and birth date; the fast path (no tables). */
bool id_number_holds(struct str value);

/* Under what a customer is known: the 9-character organisation code inside a USCC or of an
 * old organisation code, else the value itself. Points into value. */
struct str id_number_key(enum id_type type, struct str value);

#endif
