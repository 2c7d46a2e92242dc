/*
 * What a check says of one value: the value as the tables write it, every fault with its
 * code, and a guess for the dealer where there is exactly one. The checks (id_number.h,
 * phone_number.h, vin.h, plate.h, person_name.h, when.h, address.h, plain_value.h) are pure
 * functions without I/O: same value, same tables, same verdict, from any thread. Values are
 * valid UTF-8; results point into the value, the tables, literals or the arena.
 *
 * Changes of form alone are made silently: white space, full width, letter case,
 * separators, a spreadsheet's text marks, +86. A change of content that leaves no doubt
 * (a 15-digit ID number made 18, O for 0 in a VIN whose check digit then holds) is a finding
 * of weight FINDING_FIXED. A guess is never made; it is `suggestion`.
 */
#ifndef YICE_VERDICT_H
#define YICE_VERDICT_H

#include "mem.h"

struct reference;

/*
 * Why a value is wrong, X(reason, code of the contract). The sentences stand in
 * rules/ref/reasons.csv, in Chinese and English, under the reason's name.
 */
/* clang-format off */
#define REASONS(X)                                                                          \
	X(name_too_short, NAME_TOO_SHORT) X(name_surname_title, NAME_HONORIFIC)             \
	X(name_title_dropped, NAME_HONORIFIC) X(name_title_only, NAME_HONORIFIC)            \
	X(name_relation, NAME_HONORIFIC) X(name_mixed, NAME_CHARACTERS)                     \
	X(name_placeholder, NAME_PLACEHOLDER) X(name_digits, NAME_CHARACTERS)               \
	X(name_symbol, NAME_CHARACTERS) X(name_unknown_character, NAME_CHARACTERS)          \
	X(name_remark_dropped, NAME_CHARACTERS) X(name_too_long, NAME_CHARACTERS)           \
	X(id_length, ID_LENGTH) X(id_old_form, ID_LENGTH)                                   \
	X(id_character, ID_CHARACTERS) X(id_look_alike, ID_CHARACTERS)                      \
	X(id_checksum, ID_CHECKSUM) X(id_birth_impossible, ID_BIRTHDATE)                    \
	X(id_birth_future, ID_BIRTHDATE) X(id_birth_too_old, ID_BIRTHDATE)                  \
	X(id_province, ID_REGION) X(id_county, ID_REGION) X(id_nation, ID_REGION)           \
	X(id_scientific, ID_SPREADSHEET) X(id_zeros, ID_SPREADSHEET)                        \
	X(id_placeholder, ID_PLACEHOLDER) X(id_type_differs, ID_TYPE)                       \
	X(id_type_shape, ID_TYPE)                                                           \
	X(uscc_length, USCC_FORMAT) X(uscc_character, USCC_FORMAT)                          \
	X(uscc_authority, USCC_FORMAT) X(uscc_region, USCC_FORMAT)                          \
	X(uscc_look_alike, USCC_FORMAT) X(uscc_licence, USCC_FORMAT)                      \
	X(uscc_tax_number, USCC_FORMAT) X(uscc_checksum, USCC_CHECKSUM)                     \
	X(uscc_inner_checksum, USCC_CHECKSUM) X(uscc_pilot, USCC_CHECKSUM)                  \
	X(org_code_checksum, USCC_CHECKSUM) X(licence_checksum, USCC_CHECKSUM)              \
	X(mobile_too_short, MOBILE_TOO_SHORT) X(mobile_scientific, MOBILE_TOO_SHORT)        \
	X(mobile_landline_short, MOBILE_TOO_SHORT) X(mobile_look_alike, MOBILE_TOO_SHORT)   \
	X(mobile_too_long, MOBILE_TOO_LONG) X(mobile_landline_long, MOBILE_TOO_LONG)        \
	X(mobile_machine, MOBILE_TOO_LONG) X(mobile_second_dropped, MOBILE_TOO_LONG)        \
	X(mobile_words_dropped, MOBILE_TOO_LONG) X(mobile_prefix, MOBILE_PREFIX)            \
	X(mobile_landline, MOBILE_PREFIX) X(mobile_placeholder, MOBILE_PLACEHOLDER)         \
	X(phone_area, PHONE_FORMAT) X(phone_area_merged, PHONE_FORMAT)                      \
	X(phone_no_area, PHONE_FORMAT) X(phone_length, PHONE_FORMAT)                        \
	X(phone_range, PHONE_FORMAT) X(phone_scientific, PHONE_FORMAT)                      \
	X(phone_characters, PHONE_FORMAT) X(phone_placeholder, PHONE_FORMAT)                \
	X(phone_zero_lost, PHONE_FORMAT) X(phone_second_dropped, PHONE_FORMAT)              \
	X(vin_length, VIN_LENGTH) X(vin_character, VIN_CHARACTERS)                          \
	X(vin_look_alike, VIN_CHARACTERS) X(vin_checksum, VIN_CHECKSUM)                     \
	X(vin_checksum_abroad, VIN_CHECKSUM) X(vin_placeholder, VIN_CHARACTERS)             \
	X(plate_province, PLATE_FORMAT) X(plate_length, PLATE_FORMAT)                       \
	X(plate_character, PLATE_FORMAT) X(plate_look_alike, PLATE_FORMAT)                  \
	X(plate_placeholder, PLATE_FORMAT)                                                  \
	X(date_unreadable, DATE_FORMAT) X(date_impossible, DATE_FORMAT)                     \
	X(date_ambiguous, DATE_FORMAT) X(date_incomplete, DATE_FORMAT)                      \
	X(date_sentinel, DATE_FORMAT) X(date_future, DATE_FUTURE)                           \
	X(email_shape, EMAIL_FORMAT) X(email_placeholder, EMAIL_FORMAT)                     \
	X(email_domain, EMAIL_FORMAT)                                                       \
	X(number_unreadable, NUMBER_FORMAT) X(number_negative, NUMBER_FORMAT)               \
	X(number_range, NUMBER_FORMAT) X(number_whole, NUMBER_FORMAT)                       \
	X(number_scientific, NUMBER_FORMAT)                                                 \
	X(postcode_shape, POSTCODE_FORMAT) X(postcode_unknown, POSTCODE_FORMAT)             \
	X(postcode_placeholder, POSTCODE_FORMAT) X(postcode_province, POSTCODE_FORMAT)      \
	X(postcode_zero_lost, POSTCODE_FORMAT)                                              \
	X(address_province, ADDRESS_REGION) X(address_city, ADDRESS_REGION)                 \
	X(address_district, ADDRESS_REGION) X(address_contradicts, ADDRESS_REGION)          \
	X(address_renamed, ADDRESS_REGION)                                                  \
	X(address_no_region, ADDRESS_INCOMPLETE) X(address_no_street, ADDRESS_INCOMPLETE)   \
	X(address_no_number, ADDRESS_INCOMPLETE) X(address_placeholder, ADDRESS_INCOMPLETE) \
	X(address_line, ADDRESS_LINE_TOO_LONG)                                              \
	X(text_replacement, TEXT_GARBLED) X(text_mojibake, TEXT_GARBLED)                    \
	X(text_question_marks, TEXT_GARBLED) X(text_repaired, TEXT_GARBLED)
/* clang-format on */

enum reason {
#define X(reason, code) REASON_##reason,
	REASONS(X)
#undef X
		REASON_COUNT
};

enum finding_weight {
	FINDING_WRONG, /* takes the code's own action of rules/codes.csv */
	FINDING_DOUBT, /* may be right: a warning, whatever the code's own action */
	FINDING_FIXED, /* repaired without doubt: verdict.value is the repaired value */
};

struct finding {
	enum reason reason;
	enum finding_weight weight;
	struct str what; /* the piece it is about ("99", "2", "13 位"); may be empty */
	struct str expected; /* what was expected there; may be empty */
};

enum { VERDICT_MAX = 8 };

struct verdict {
	struct str value; /* as the tables write it; wrong values too, cleaned of form only */
	struct str suggestion; /* the one candidate that would be right; empty: none */
	size_t n;
	struct finding findings[VERDICT_MAX];
};

struct str reason_name(enum reason reason); /* "id_checksum" */
struct str reason_code(enum reason reason); /* "ID_CHECKSUM" */

/* No finding of weight FINDING_WRONG. */
bool verdict_usable(const struct verdict *v);
/* The first finding of that weight, or NULL. */
const struct finding *verdict_first(const struct verdict *v, enum finding_weight weight);
/* The finding as a phrase for {detail}; lang as enum lang: 0 Chinese, 1 English. */
struct str finding_detail(const struct reference *ref, const struct finding *finding, unsigned lang,
			  struct arena *a);

/* For the checks themselves. */
void verdict_start(struct verdict *v, struct str value);
struct finding *verdict_add(struct verdict *v, enum reason reason, enum finding_weight weight,
			    struct str what);

#endif
