/* Private to clean: the checks that cleansing.csv can name; their table is in checks.c. */
#ifndef YICE_CHECKS_H
#define YICE_CHECKS_H

#include "step.h"

typedef void check_function(struct row *row, const struct step *step);

/* value_checks.c: of one value */
check_function check_text, check_code, check_empty_word, check_sender_key, check_document_no, check_missing, check_word,
	check_translate, check_name, check_id_number, check_mobile, check_phone, check_landline, check_vin,
	check_plate, check_email, check_date, check_time, check_number, check_numbers,
	check_pattern;
/* row_checks.c: of values that belong together */
check_function check_address, check_join, check_id_type, check_customer_type, check_clear,
	check_as_id, check_not_before, check_first_day, check_known_dealer, check_known_model, check_tags,
	check_mask, check_usable;

#endif
