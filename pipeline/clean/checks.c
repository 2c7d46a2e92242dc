/* The table of checks and how their arguments are written. */
#include "checks.h"

#include <float.h>

/* ---- arguments ---- */

static void prepare_date(struct step *step, struct str arguments, struct arena *a,
			 const char **mistake)
{
	struct str word;

	(void)a;
	while (str_cut(&arguments, ' ', &word)) {
		if (str_eq(word, STR("past")))
			step->past = true;
		else if (str_eq(word, STR("birth")))
			step->birth = true;
		else
			*mistake = "known are past and birth";
	}
}

static void prepare_number(struct step *step, struct str arguments, struct arena *a,
			   const char **mistake)
{
	struct str word, key;

	(void)a;
	while (str_cut(&arguments, ' ', &word)) {
		str_cut(&word, '=', &key);
		if (str_eq(key, STR("whole")) && !word.n)
			step->whole = true;
		else if (str_eq(key, STR("negative")) && !word.n)
			step->negative = true;
		else if (!str_eq(key, STR("max")) || !str_double(word, &step->max) ||
			 step->max <= 0)
			*mistake = "known are whole, negative and max=NUMBER";
	}
}

static void prepare_aside(struct step *step, struct str arguments, struct arena *a,
			  const char **mistake)
{
	(void)a;
	step->aside = str_eq(arguments, STR("aside"));
	if (arguments.n && !step->aside)
		*mistake = "known is aside: it is not the row's own number";
}

static void prepare_text(struct step *step, struct str arguments, struct arena *a,
			 const char **mistake)
{
	(void)a;
	step->prose = str_eq(arguments, STR("prose"));
	if (arguments.n && !step->prose)
		*mistake = "known is prose: free text, where people write ?? themselves";
}

static void prepare_fields(struct step *step, struct str arguments, struct arena *a,
			   const char **mistake)
{
	struct str name;

	(void)a;
	while (str_cut(&arguments, ' ', &name)) {
		enum field field = field_find(name);

		if (field == F_COUNT)
			*mistake = "one of these is no field";
		else if (step->n_fields == STEP_FIELDS)
			*mistake = "there are more than 12 fields";
		else
			step->fields[step->n_fields++] = field;
	}
	if (!step->n_fields && !*mistake)
		*mistake = "the fields are missing";
}

static void prepare_one_field(struct step *step, struct str arguments, struct arena *a,
			      const char **mistake)
{
	prepare_fields(step, arguments, a, mistake);
	if (step->n_fields > 1)
		*mistake = "there is more than one field";
}

static void prepare_pattern(struct step *step, struct str arguments, struct arena *a,
			    const char **mistake)
{
	const char *error = NULL;

	if (!arguments.n) {
		*mistake = "the pattern is missing";
		return;
	}
	step->pattern = regex_new(arguments, &error);
	if (!step->pattern)
		*mistake = str_keepz(a, str_of(error));
}

/* ---- the table ---- */

const struct check checks[] = {
	/* repairs of form */
	{ .name = "text", .run = check_text, .prepare = prepare_text, .arguments = "prose",
	  .sentence = "text in NFKC, without white space around it; garbled text is repaired or told" },
	{ .name = "code", .run = check_code,
	  .sentence = "upper case, half width, without white space" },
	{ .name = "empty_word", .run = check_empty_word,
	  .sentence = "无, 不详, N/A and the like count as absent" },
	{ .name = "word", .run = check_word,
	  .sentence = "translated by words.csv; what is not listed is VALUE_UNKNOWN" },
	{ .name = "translate", .run = check_translate,
	  .sentence = "translated by words.csv where it is listed" },
	/* one value */
	{ .name = "name", .run = check_name, .sentence = "name of a person or company" },
	{ .name = "id_number", .run = check_id_number, .prepare = prepare_aside,
	  .arguments = "aside",
	  .sentence = "number of a document; aside: not of the customer of the row" },
	{ .name = "mobile", .run = check_mobile, .sentence = "mobile number" },
	{ .name = "phone", .run = check_phone, .sentence = "mobile or landline" },
	{ .name = "landline", .run = check_landline, .prepare = prepare_one_field,
	  .arguments = "FIELD", .sentence = "a landline moves to FIELD, where that is empty" },
	{ .name = "vin", .run = check_vin, .sentence = "vehicle identification number" },
	{ .name = "plate", .run = check_plate, .sentence = "number plate" },
	{ .name = "email", .run = check_email, .sentence = "e-mail address" },
	{ .name = "date", .run = check_date, .prepare = prepare_date, .arguments = "past birth",
	  .sentence = "day in any form; past: not after the day of the export" },
	{ .name = "time", .run = check_time, .prepare = prepare_date, .arguments = "past",
	  .sentence = "day and time in any form" },
	{ .name = "number", .run = check_number, .prepare = prepare_number,
	  .arguments = "whole negative max=NUMBER", .sentence = "plain decimal number" },
	{ .name = "pattern", .run = check_pattern, .prepare = prepare_pattern,
	  .arguments = "PCRE2 pattern", .needs_code = true, .sentence = "matches the pattern" },
	{ .name = "missing", .run = check_missing, .on_empty = true, .needs_code = true,
	  .sentence = "told where the schema expects a value and there was none" },
	/* values that belong together */
	{ .name = "address", .run = check_address, .on_empty = true,
	  .sentence = "province, city, district, address, its three lines and the post code" },
	{ .name = "join", .run = check_join, .prepare = prepare_fields, .arguments = "FIELDS",
	  .sentence = "the value was joined of FIELDS: joined anew where one of them was mended" },
	{ .name = "id_type", .run = check_id_type, .on_empty = true,
	  .sentence = "what the number shows, where the export has no such column" },
	{ .name = "customer_type", .run = check_customer_type, .on_empty = true,
	  .sentence = "person or company by document and name, where the export has no such column" },
	{ .name = "clear", .run = check_clear, .needs_code = true,
	  .sentence = "no value belongs here" },
	{ .name = "as_id", .run = check_as_id,
	  .sentence = "gender or birth date as the ID number tells it" },
	{ .name = "not_before", .run = check_not_before, .prepare = prepare_one_field,
	  .arguments = "FIELD", .sentence = "not before the date in FIELD" },
	{ .name = "known_dealer", .run = check_known_dealer, .on_empty = true,
	  .sentence = "in ref/dealers.csv, where that lists any; found by taxpayer number" },
	{ .name = "known_model", .run = check_known_model,
	  .sentence = "brand and series filled in by ref/models.csv" },
	{ .name = "tags", .run = check_tags, .prepare = prepare_fields, .arguments = "FIELDS",
	  .on_empty = true, .sentence = "what FIELDS speak of, by keywords.csv" },
	{ .name = "mask", .run = check_mask,
	  .sentence = "ID numbers and phones inside free text are masked" },
	{ .name = "usable", .run = check_usable, .prepare = prepare_fields, .arguments = "FIELDS",
	  .on_empty = true, .whole_row = true,
	  .sentence = "the table can use the row where one of FIELDS has a value" },
	{ .name = NULL },
};
