/* The reference tables as the checks of this room read them; reference.c fills them. */
#ifndef YICE_CHECK_TABLES_H
#define YICE_CHECK_TABLES_H

#include "map.h"
#include "reference.h"
#include "verdict.h"

enum mobile_kind {
	MOBILE_UNASSIGNED,
	MOBILE_ORDINARY,
	MOBILE_VIRTUAL,
	MOBILE_DATA_CARD,
	MOBILE_SATELLITE,
	MOBILE_MACHINE
};

struct area_code {
	bool known;
	bool seven, eight; /* digits of the numbers behind it */
	uint16_t merged_into; /* 0: still in use */
	struct str place;
};

struct charset { /* a set of characters of the basic plane; others are in every set */
	uint8_t bits[8192];
};

static inline void charset_add(struct charset *set, uint32_t c)
{
	if (c < 0x10000)
		set->bits[c >> 3] |= (uint8_t)(1u << (c & 7));
}

static inline bool charset_has(const struct charset *set, uint32_t c)
{
	return c >= 0x10000 || set->bits[c >> 3] >> (c & 7) & 1;
}

enum title_position { TITLE_SUFFIX, TITLE_PREFIX };

struct title { /* 先生, 经理, 小 ... */
	struct str word;
	enum title_position position;
	char gender; /* 'M', 'F', 0 */
	bool relation; /* 张三儿子 is not 张三 */
	bool sure; /* of one character: beside a surname it is no given name (王总) */
};

struct marker { /* of a company's name */
	struct str word;
	bool anywhere; /* else only at the end */
};

struct region_name { /* one of the names that a region has or had; chained by equal name */
	uint32_t region; /* index in regions */
	uint32_t next; /* index + 1 in names; 0: the last */
	bool former;
	bool shortened; /* 无锡 for 无锡市 */
};

enum placeholder_field {
	PLACEHOLDER_ANY,
	PLACEHOLDER_NAME,
	PLACEHOLDER_ID,
	PLACEHOLDER_USCC,
	PLACEHOLDER_PHONE,
	PLACEHOLDER_VIN,
	PLACEHOLDER_PLATE,
	PLACEHOLDER_POSTCODE,
	PLACEHOLDER_EMAIL,
	PLACEHOLDER_ADDRESS,
	PLACEHOLDER_FIELDS
};

struct reference {
	struct arena arena;

	struct region *regions; /* by code */
	size_t n_regions, cap_regions;
	uint16_t regions_year; /* when the table was taken */
	uint8_t *region_bits; /* one for each of a million codes: known */
	struct region_name *names;
	size_t n_names, cap_names;
	struct charset name_starts; /* first characters of all names */
	struct map names_by_text; /* name -> index + 1 of the first in names */

	uint8_t mobile[10000]; /* enum mobile_kind by the first five digits, less 10000 */
	struct area_code areas[1000]; /* by the digits behind the leading zero */
	struct str ranges_date;

	struct map makers, surnames, countries; /* countries: alpha-3 */
	uint8_t nations[1000]; /* numeric country codes */
	struct map placeholders[PLACEHOLDER_FIELDS];
	size_t longest_nothing; /* bytes of the longest word of PLACEHOLDER_ANY */
	struct title *titles;
	size_t n_titles, cap_titles;
	struct charset title_ends; /* last characters of suffixes, first ones of prefixes */
	struct charset placeholder_starts; /* first characters of the names that are none */
	struct marker *markers;
	size_t n_markers, cap_markers;
	uint64_t postal[1000]; /* bit p: the first three digits lie in province of code p - 11 */
	struct map postal_whole; /* six digits that stand for one province: its code */
	char (*placeholder_ids)[18]; /* those that look like a resident's number in every way */
	size_t n_placeholder_ids, cap_placeholder_ids;
	struct map plate_provinces; /* 京 -> 11 */
	uint8_t uscc_authorities[256][256];

	struct charset misread; /* see garbled.c */

	struct str reasons[REASON_COUNT][2]; /* Chinese, English */
};

static inline bool region_is_known(const struct reference *ref, uint32_t code)
{
	return code < 1000000 && ref->region_bits[code >> 3] >> (code & 7) & 1;
}

static inline bool is_placeholder(const struct reference *ref, enum placeholder_field field,
				  struct str value)
{
	return map_get(&ref->placeholders[field], value) != NULL;
}

/* regions.c: after the last region was added. */
struct reference *reference_new(void); /* without rows; freed by reference_free */
/* Reads the tables, or `only` the one of that name; mistakes are told all. */
bool reference_load_tables(struct reference *ref, const char *rules_dir, struct str only,
			   struct fault *f);
void regions_index(struct reference *ref);
void garbled_index(struct reference *ref);
/* The first name in the chain of that text, or NULL; names_next goes on. */
const struct region_name *region_names(const struct reference *ref, struct str text);
const struct region_name *region_names_next(const struct reference *ref,
					    const struct region_name *name);

#endif
