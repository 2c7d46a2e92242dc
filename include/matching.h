/*
 * rules/matching.csv: what makes two records one customer (grammar by example in
 * rules/README.md). Loaded once, all mistakes told at once, read-only afterwards.
 */
#ifndef YICE_MATCHING_H
#define YICE_MATCHING_H

#include "fault.h"
#include "id_number.h"
#include "name_match.h"

#define MATCH_FIELDS_LIST(X)                                                              \
	X(SOURCE_KEY, source_key) /* the sender's own number of the row */                \
	X(ID_LIKE, id_like) /* an ID number that failed, and the right one beside it */   \
	X(MOBILE_LIKE, mobile_like) /* the same of a mobile */                            \
	X(VIN, vin) X(MOBILE, mobile) X(PHONE, phone) X(EMAIL, email) X(PLATE, plate)     \
	X(ADDRESS, address) /* with a house number, without the region before it */       \
	X(BIRTH_DATE, birth_date) X(DEALER_CODE, dealer_code)                             \
	X(COMPANY, company) /* the whole name of a company, legal form included */

enum match_field {
#define X(upper, lower) MATCH_##upper,
	MATCH_FIELDS_LIST(X)
#undef X
	MATCH_FIELDS
};

enum { MATCHING_MAX_EVIDENCE = 32, MATCHING_MAX_LIST = 16 };

struct str match_field_name(enum match_field field);

struct evidence { /* these fields together agree; how much it says depends on the names */
	struct str name;
	unsigned fields; /* bit for each match_field */
	unsigned unless; /* fields that must not be known on both sides and differ */
	bool by_name; /* no field has a guard: only equal names are looked at */
	double score[NAME_GRADES]; /* how sure, 0: says nothing */
};

struct guard { /* a value under more than `names` different names is no evidence */
	unsigned names; /* 0: no guard */
	struct str tell; /* the code that the records are told; may be empty */
};

struct renewal { /* one person may hold the one document and later the other */
	struct str from, to; /* id_type; "residence_permit" for 81-83 */
};

struct matching {
	struct evidence evidence[MATCHING_MAX_EVIDENCE];
	size_t n_evidence;
	struct guard guard[MATCH_FIELDS];
	unsigned id_names; /* an ID number under more unlike names than this is SHARED_ID */
	struct str trust[MATCHING_MAX_LIST]; /* sources whose name it then goes to, best first */
	size_t n_trust;
	unsigned witness[MATCHING_MAX_LIST]; /* fields that are one witness: a car's VIN and plate */
	size_t n_witness;
	struct renewal renewals[MATCHING_MAX_LIST];
	size_t n_renewals;
	double link, review; /* what a link needs, what a person should look at */
	double margin; /* how much surer than the second (in odds) the best must be */
	unsigned max_records; /* a customer that evidence alone made larger is taken apart */
	struct name_words words;
	struct arena arena;
};

bool matching_load(struct matching *m, const char *rules_dir, struct fault *f);
bool matching_check(const char *rules_dir, struct fault *f);
void matching_release(struct matching *m);

#endif
