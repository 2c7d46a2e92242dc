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

static void prepare_numbers(struct step *step, struct str arguments, struct arena *a,
			    const char **mistake)
{
	struct str word;
	uint64_t count;

	while (str_cut(&arguments, ' ', &word)) {
		struct str number = str_span(word.p + (word.n > 6 ? 6 : 0), word.p + word.n);

		if (!str_starts(word, STR("count=")))
			prepare_number(step, word, a, mistake);
		else if (str_u64(number, &count) && count > 0)
			step->count = count;
		else
			*mistake = "count=NUMBER says how many there are";
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
	struct str word, key;

	while (str_cut(&arguments, ' ', &word)) {
		str_cut(&word, '=', &key);
		if (str_eq(key, STR("prose")) && !word.n)
			step->prose = true;
		else if (str_eq(key, STR("keep")) && word.n)
			step->keep = str_keep(a, word);
		else
			*mistake = "known are prose (free text, where people write ?? themselves) and "
				   "keep=WORD|WORD (words for nothing that are meant here)";
	}
}

static void prepare_keep(struct step *step, struct str arguments, struct arena *a, const char **mistake)
{
	struct str key;

	if (!arguments.n)
		return;
	str_cut(&arguments, '=', &key);
	if (str_eq(key, STR("keep")) && arguments.n)
		step->keep = str_keep(a, arguments);
	else
		*mistake = "known is keep=WORD|WORD (words for nothing that are meant here)";
}

static const char *unknown_field(struct str name, struct arena *a)
{
	struct str names[F_COUNT];
	const struct str *near;

	for (int i = 0; i < F_COUNT; i++)
		names[i] = field_name((enum field)i);
	near = nearest_word(name, names, F_COUNT);
	return str_printf(a, "%.*s is no field%s%.*s", STR_FMT(name), near ? "; the nearest is " : "",
			  near ? (int)near->n : 0, near ? near->p : "")
		.p;
}

static void prepare_fields(struct step *step, struct str arguments, struct arena *a,
			   const char **mistake)
{
	struct str name;

	while (str_cut(&arguments, ' ', &name)) {
		enum field field = field_find(name);

		if (field == F_COUNT)
			*mistake = unknown_field(name, a);
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
	{.name = "text",
	 .alone = true,
	 .run = check_text,
	 .prepare = prepare_text,
	 .arguments = "prose keep=WORD|WORD",
	 .sentence =
		 {"文本规范化（NFKC、去首尾空白）；乱码能完整还原的还原，否则指出；“无”“NULL”“0”之类等于没有填写",
		  "text in NFKC, without white space around it; garbled text is repaired or told; "
		  "无, NULL, 0 and the like count as absent"}},
	{.name = "code",
	 .alone = true,
	 .run = check_code,
	 .sentence = {"代码规范化：半角、大写、去空白",
		      "upper case, half width, without white space"}},
	{.name = "empty_word",
	 .alone = true,
	 .run = check_empty_word,
	 .sentence = {"“无”“不详”“N/A”之类等于没有填写",
		      "无, 不详, N/A and the like count as absent"}},
	{.name = "sender_key",
	 .alone = true,
	 .run = check_sender_key,
	 .sentence = {"“无”“-”“0”或被电子表格损坏的编号不能区分记录，等于没有填写",
		      "无, -, 0 or a number that a spreadsheet rounded tells no rows apart: absent"}},
	{.name = "document_no",
	 .alone = true,
	 .run = check_document_no,
	 .sentence = {"单据编号：原样保留；“无”“0-0”等于没有填写，被电子表格损坏的是 NUMBER_FORMAT",
		      "number of a paper, as it is written; 无 and 0-0 count as absent, what a "
		      "spreadsheet rounded is NUMBER_FORMAT"}},
	{.name = "word",
	 .alone = true,
	 .by_field = true,
	 .run = check_word,
	 .prepare = prepare_keep,
	 .arguments = "keep=WORD|WORD",
	 .sentence = {"按 words.csv 翻译；不在表中的“无”“NULL”之类等于没有填写，其余是 VALUE_UNKNOWN",
		      "translated by words.csv; where it is not listed, 无, NULL and the like count as absent, "
		      "all else is VALUE_UNKNOWN"}},
	{.name = "translate",
	 .alone = true,
	 .by_field = true,
	 .run = check_translate,
	 .sentence = {"words.csv 中有的按表翻译", "translated by words.csv where it is listed"}},
	/* one value */
	{.name = "name",
	 .run = check_name,
	 .sentence = {"个人姓名或单位名称", "name of a person or company"}},
	{.name = "id_number",
	 .run = check_id_number,
	 .prepare = prepare_aside,
	 .arguments = "aside",
	 .sentence = {"证件号码；aside 表示不是本行客户的",
		      "number of a document; aside: not of the customer of the row"}},
	{.name = "mobile", .run = check_mobile, .sentence = {"手机号码", "mobile number"}},
	{.name = "phone", .run = check_phone, .sentence = {"手机或固定电话", "mobile or landline"}},
	{.name = "landline",
	 .run = check_landline,
	 .prepare = prepare_one_field,
	 .arguments = "FIELD",
	 .sentence = {"固定电话移到指定字段（该字段为空时）",
		      "a landline moves to FIELD, where that is empty"}},
	{.name = "vin", .run = check_vin, .sentence = {"车架号", "vehicle identification number"}},
	{.name = "plate", .run = check_plate, .sentence = {"车牌号", "number plate"}},
	{.name = "email", .alone = true, .run = check_email, .sentence = {"电子邮箱", "e-mail address"}},
	{.name = "date",
	 .alone = true,
	 .run = check_date,
	 .prepare = prepare_date,
	 .arguments = "past birth",
	 .sentence = {"各种写法的日期；past 表示不得晚于报送日",
		      "day in any form; past: not after the day of the export"}},
	{.name = "time",
	 .run = check_time,
	 .prepare = prepare_date,
	 .arguments = "past",
	 .sentence = {"各种写法的日期时间", "day and time in any form"}},
	{.name = "number",
	 .alone = true,
	 .run = check_number,
	 .prepare = prepare_number,
	 .arguments = "whole negative max=NUMBER",
	 .sentence = {"数值", "plain decimal number"}},
	{.name = "numbers",
	 .alone = true,
	 .run = check_numbers,
	 .prepare = prepare_numbers,
	 .arguments = "whole negative max=NUMBER count=NUMBER",
	 .sentence = {"以分号分隔的数值，各占其位；不是数值的留空",
		      "plain numbers joined by ;, each in its place; what is none is left out of it"}},
	{.name = "pattern",
	 .alone = true,
	 .run = check_pattern,
	 .prepare = prepare_pattern,
	 .arguments = "PCRE2 pattern",
	 .needs_code = true,
	 .sentence = {"符合给定的模式", "matches the pattern"}},
	{.name = "missing",
	 .run = check_missing,
	 .on_empty = true,
	 .needs_code = true,
	 .sentence = {"来源应有该值而没有填写时指出",
		      "told where the schema expects a value and there was none"}},
	/* values that belong together */
	{.name = "address",
	 .run = check_address,
	 .on_empty = true,
	 .sentence = {"省、市、区县、地址、三行地址与邮编相互印证",
		      "province, city, district, address, its three lines and the post code"}},
	{.name = "join",
	 .run = check_join,
	 .prepare = prepare_fields,
	 .arguments = "FIELDS",
	 .sentence = {"由几个字段拼成的值：其中一个被更正后重新拼接",
		      "the value was joined of FIELDS: joined anew where one of them was mended"}},
	{.name = "id_type",
	 .run = check_id_type,
	 .on_empty = true,
	 .sentence = {"没有填写证件类型时，由号码判断",
		      "what the number shows, where the type is not stated"}},
	{.name = "customer_type",
	 .run = check_customer_type,
	 .on_empty = true,
	 .sentence =
		 {"来源没有客户类型一栏时，由证件和名称判断个人或公司",
		  "person or company by document and name, where the export has no such column"}},
	{.name = "clear",
	 .run = check_clear,
	 .needs_code = true,
	 .sentence = {"这里不该有值", "no value belongs here"}},
	{.name = "as_id",
	 .run = check_as_id,
	 .on_empty = true,
	 .sentence = {"性别、出生日期与证件号码一致",
		      "gender or birth date as the ID number tells it"}},
	{.name = "not_before",
	 .run = check_not_before,
	 .prepare = prepare_one_field,
	 .arguments = "FIELD",
	 .sentence = {"不早于指定字段的日期", "not before the date in FIELD"}},
	{.name = "first_day",
	 .run = check_first_day,
	 .prepare = prepare_fields,
	 .arguments = "FIELDS",
	 .on_empty = true,
	 .sentence = {"取自几个日期中第一个有值的：该日期不用或被更正时重新取值",
		      "taken from the first of FIELDS that is filled: anew where that one is not used"}},
	{.name = "known_dealer",
	 .run = check_known_dealer,
	 .on_empty = true,
	 .sentence = {"ref/dealers.csv 有内容时，经销商须在其中；没有代码的按纳税人识别号找",
		      "in ref/dealers.csv, where that lists any; found by taxpayer number"}},
	{.name = "known_model",
	 .run = check_known_model,
	 .sentence = {"按 ref/models.csv 补上品牌和车系",
		      "brand and series filled in by ref/models.csv"}},
	{.name = "tags",
	 .run = check_tags,
	 .prepare = prepare_fields,
	 .arguments = "FIELDS",
	 .on_empty = true,
	 .sentence = {"按 keywords.csv 标出这些字段所谈的内容",
		      "what FIELDS speak of, by keywords.csv"}},
	{.name = "mask",
	 .run = check_mask,
	 .sentence = {"文字中的证件号码和电话打码",
		      "ID numbers and phones inside free text are masked"}},
	{.name = "usable",
	 .run = check_usable,
	 .prepare = prepare_fields,
	 .arguments = "FIELDS",
	 .on_empty = true,
	 .whole_row = true,
	 .sentence = {"这些字段中有一个有值，该表就能使用这一行",
		      "the table can use the row where one of FIELDS has a value"}},
	{.name = NULL},
};
