/*
 * The reference tables rules/ref/: regions with their history, phone ranges and area codes,
 * makers, surnames, honorifics, company markers, placeholders and the texts of reasons.
 * Loaded once, then read by any number of threads. sources.csv beside the tables says where
 * each comes from.
 */
#ifndef YICE_REFERENCE_H
#define YICE_REFERENCE_H

#include "fault.h"
#include "mem.h"

struct reference;

/* All mistakes of all tables at once, with file and line. */
bool reference_load(struct reference **ref, const char *rules_dir, struct fault *f);
void reference_free(struct reference *ref);

enum region_level {
	REGION_PROVINCE,
	REGION_CITY,
	REGION_COUNTY,
	REGION_ZONE, /* a development zone: no code of an ID number, but met in addresses */
	REGION_AGGREGATE /* 市辖区 and the like: met in ID numbers, not in addresses */
};

struct region { /* a six-digit code of GB/T 2260, past or present */
	uint32_t code;
	enum region_level level;
	bool current;
	struct str name; /* the present one, or the last */
	struct str former_names; /* joined by | */
	uint16_t until; /* last year of an abolished one; 0: unknown */
	uint32_t successor; /* where an abolished one went; 0: unknown or several */
};

/* NULL where that code never was. */
const struct region *region_find(const struct reference *ref, uint32_t code);
/* Whether ID numbers begin with it: no development zone, no whole province but the three of the
 * residence permits (810000, 820000, 830000). */
bool region_numbers_people(const struct reference *ref, uint32_t code);
/* Province of a code by its first two digits, NULL: none (e.g. 99). */
const struct region *region_province(const struct reference *ref, uint32_t code);
/* The city above a county (itself for a city; the municipality for its districts). */
const struct region *region_city(const struct reference *ref, uint32_t code);

/* The region itself where it is current, else what became of it; NULL: not known. */
const struct region *region_today(const struct reference *ref, const struct region *region);

/* Words that stand for nothing ("无", "不详", "N/A", "/"): treated as an absent value. */
bool value_is_empty_like(const struct reference *ref, struct str value);

/* No number of a sender's own that tells its rows apart: nothing, zeros, such a word, or what a
 * spreadsheet left of a long number (2.02603E+11). */
bool value_is_no_key(const struct reference *ref, struct str value);

/* 2.02603E+11, 2E+11: all that a spreadsheet left of a long number. */
bool value_is_rounded(struct str value);

/* Maker by the first three characters of a VIN; empty where unknown. */
struct str maker_name(const struct reference *ref, struct str vin);

/* Bytes of the surname that a name starts with (the longest), 0: none known. */
size_t surname_length(const struct reference *ref, struct str name);

/* The day that the phone ranges were taken down, YYYY-MM-DD. */
struct str phone_ranges_date(const struct reference *ref);

#endif
