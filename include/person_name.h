/*
 * Names of people and companies. Minority and foreign names take U+00B7 between their
 * parts; those in letters may put the family name in front of a comma ("Smith, John", as on
 * many a card); rare characters are names too. "张三先生" is 张三 (fix); "张先生" is a surname
 * with a title and no name (NAME_HONORIFIC).
 */
#ifndef YICE_PERSON_NAME_H
#define YICE_PERSON_NAME_H

#include "verdict.h"

enum name_party { PARTY_UNKNOWN, PARTY_PERSON, PARTY_COMPANY };

struct person_name {
	struct verdict verdict;
	enum name_party party; /* what the name itself shows */
	struct str employer; /* of "张三(北京某某公司)"; else empty */
	char gender; /* of a title: 'M', 'F', or 0. A weak hint */
};

/* `stated`: what the row says (customer type, document). */
void name_check(const struct reference *ref, enum name_party stated, struct str raw,
		struct arena *a, struct person_name *out);
bool name_is_company(const struct reference *ref, struct str cleaned);

#endif
