/* Unified social credit codes, organisation codes and licence numbers, of id_number.h. */
#ifndef YICE_CHECK_USCC_H
#define YICE_CHECK_USCC_H

#include "id_number.h"

/* Both check characters hold, and the issuing authority and the province exist. */
bool uscc_holds(const struct reference *ref, struct str value);
bool org_code_holds(struct str value); /* nine characters */
bool licence_holds(struct str value); /* fifteen digits */
/* Region and the organisation code behind it: the taxpayer number of before 2015. */
bool old_tax_number_holds(const struct reference *ref, struct str value);

/* For a number that is, or is said to be, of a company. Sets type and verdict. */
void company_number_judge(const struct reference *ref, struct arena *a, struct id_number *out);

#endif
