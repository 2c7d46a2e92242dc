/* Checks of one value: the verdicts of the check rooms, taken over into the row. */
#include "checks.h"

#include "phone_number.h"
#include "plain_value.h"
#include "plate.h"
#include "text.h"
#include "vin.h"
#include "when.h"

/* Under one mark of a spreadsheet there may be another, and what looks like none may become
 * one when it is made half-width. */
static struct str bare(struct str text, struct arena *a)
{
	for (;;) {
		struct str less = value_undress(text);

		/* A cell of a million quotes is cleaned once, not for each of them. */
		if (less.n == text.n) {
			less = text_clean(a, text);
			if (str_eq(less, text))
				return less;
		}
		text = less;
	}
}

/* 无, NULL, 0; but 1 may be the code of something, as 2 is. */
static bool says_nothing(const struct row *row, const struct step *step, struct str value)
{
	return value_is_empty_like(row->cleaner->ref, value) &&
	       (value.p[0] == '0' || !str_is_digits(value)) && !str_is_one_of(value, step->keep, '|');
}

static struct str code_form(struct str text, struct arena *a)
{
	return text_code(a, bare(text, a));
}

/* Garbled text is told by how it came; what has changed is looked at once more (？？ becomes
 * ?? only when it is made half-width). */
static void take_text(struct row *row, const struct step *step,
		      struct str (*form)(struct str, struct arena *))
{
	struct str *value = &row->rec->v[step->field];
	struct str before;

	do {
		struct verdict v;

		before = *value;
		text_check(row->cleaner->ref, step->prose, value_undress(before), row->a, &v);
		row_take(row, step, &v);
		*value = form(*value, row->a);
	} while (value->n && !str_eq(*value, before));
	if (says_nothing(row, step, *value))
		*value = STR("");
}

void check_text(struct row *row, const struct step *step)
{
	take_text(row, step, bare);
}

/* What the white space held apart is text that was not looked at yet. */
void check_code(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field];
	struct str code = code_form(*value, row->a);

	if (str_eq(code, *value))
		return;
	*value = code;
	take_text(row, step, code_form);
}

void check_empty_word(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field];

	if (value_is_empty_like(row->cleaner->ref, *value))
		*value = STR("");
}

static bool is_zeros(struct str s)
{
	size_t zeros = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '0' && s.p[i] != '-')
			return false;
		zeros += s.p[i] == '0';
	}
	return zeros > 0;
}

/* 202603000117-00012345: kept as it is written, whatever the system that gave it. */
void check_document_no(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field];
	struct str rest = *value, piece;
	struct verdict v;

	if (value_is_empty_like(row->cleaner->ref, *value) || is_zeros(*value)) {
		*value = STR("");
		return;
	}
	verdict_start(&v, *value);
	while (str_cut(&rest, '-', &piece))
		if (value_is_rounded(piece)) {
			verdict_add(&v, REASON_number_scientific, FINDING_WRONG, piece);
			row_judge(row, step, step->field, &v);
			return;
		}
}

void check_sender_key(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field];

	if (value_is_no_key(row->cleaner->ref, *value))
		*value = STR("");
}

void check_missing(struct row *row, const struct step *step)
{
	const bool *expected = row->context->expected;

	if (expected && expected[step->field] && !row->rec->v[step->field].n &&
	    !has_field(row->failed, step->field))
		row_fault(row, step, step->field, step->code, STR(""), STR(""));
}

void check_word(struct row *row, const struct step *step)
{
	const struct words *words = &row->cleaner->words;
	struct str *value = &row->rec->v[step->field];
	const struct str *known;

	*value = bare(*value, row->a);
	known = words_find(words, step->field, *value);
	if (known || !value->n) {
		*value = known ? *known : *value;
		return;
	}
	if (says_nothing(row, step, *value)) {
		*value = STR("");
		return;
	}
	known = words_nearest(words, step->field, *value);
	row_fault(row, step, step->field, row->cleaner->known.value_unknown, STR(""),
		  known ? *known : STR(""));
}

void check_translate(struct row *row, const struct step *step)
{
	const struct str *known =
		words_find(&row->cleaner->words, step->field, row->rec->v[step->field]);

	if (known)
		row->rec->v[step->field] = *known;
}

/* What the row says of its customer without the name. */
static enum name_party stated_party(const struct row *row)
{
	struct str type = row->rec->v[F_CUSTOMER_TYPE];

	if (str_eq(type, STR("company")))
		return PARTY_COMPANY;
	if (str_eq(type, STR("person")))
		return PARTY_PERSON;
	if (row->id.type == ID_TYPE_USCC || row->id.type == ID_TYPE_ORG_CODE)
		return PARTY_COMPANY;
	return row->id.type == ID_TYPE_NONE ? PARTY_UNKNOWN : PARTY_PERSON;
}

/* A name that lost its remark or title is looked at once more: it may now be a company's, and what
 * the remark hid may be garbled text. */
void check_name(struct row *row, const struct step *step)
{
	const struct str *value = &row->rec->v[step->field];
	bool own = step->field == F_NAME;
	struct person_name name;
	struct str before;

	do {
		before = *value;
		name_check(row->cleaner->ref, own ? stated_party(row) : PARTY_UNKNOWN, before,
			   row->a, &name);
		row_take(row, step, &name.verdict);
		if (own && name.employer.n && (row->rec->feeds & FEEDS(ENTITY_CUSTOMER)) &&
		    row_may_fill(row, F_EMPLOYER))
			row->rec->v[F_EMPLOYER] = name.employer;
		if (value->n && !str_eq(*value, before))
			take_text(row, step, bare);
	} while (value->n && !str_eq(*value, before));
	if (own)
		row->party = name.party;
}

/* Where type and number disagree it is the type that is doubted: the number has proved
 * itself. Everything else is of the number. */
static void split_type(const struct verdict *v, struct verdict *number, struct verdict *type,
		       struct str stated)
{
	*number = *v;
	number->n = 0;
	verdict_start(type, stated);
	for (size_t i = 0; i < v->n; i++) {
		struct verdict *to =
			v->findings[i].reason == REASON_id_type_differs ? type : number;

		to->findings[to->n++] = v->findings[i];
	}
}

static void learn_from_id(struct row *row, const struct id_number *id)
{
	row->id.type = id->type;
	row->id.gender = id->gender;
	memcpy(row->id.birth_date, id->birth_date, sizeof(row->id.birth_date));
}

/* The document is judged before the name, which may be all that tells whose it can be. */
static bool is_persons(const struct row *row)
{
	struct str name = row->rec->v[F_NAME];

	return name.n && !name_is_company(row->cleaner->ref, name);
}

static void judge_id(struct row *row, const struct step *step, enum id_type stated,
		     struct id_number *id)
{
	const struct str *v = row->rec->v;
	const struct id_context context = {
		.stated = stated,
		.company = !step->aside && str_eq(v[F_CUSTOMER_TYPE], STR("company")),
		.spreadsheet = !step->aside && row->context->spreadsheet_ids,
		.today = row->today,
		.person = !step->aside && is_persons(row),
	};
	struct verdict number, type;

	id_number_check(row->cleaner->ref, &context, v[step->field], row->a, id);
	if (!id->verdict.n) {
		row->rec->v[step->field] = id->verdict.value;
		return;
	}
	split_type(&id->verdict, &number, &type, v[F_ID_TYPE]);
	row_judge(row, step, step->field, &number);
	if (type.n)
		row_judge(row, step, F_ID_TYPE, &type);
}

/* A number that has changed its form is looked at once more as it stands now: 12345678-9 is
 * known as an organisation code by its dash, and without it only where its type is written
 * beside it. So is one whose type has just been doubted: what it is in truth. */
void check_id_number(struct row *row, const struct step *step)
{
	const struct str *v = row->rec->v;
	struct str came = v[step->field], type = v[F_ID_TYPE];
	enum id_type stated = step->aside ? ID_TYPE_NONE : id_type_find(type);
	struct id_number id;

	judge_id(row, step, stated, &id);
	if (!step->aside && type.n && !v[F_ID_TYPE].n) {
		stated = ID_TYPE_NONE;
		came = STR("");
	} else if (!step->aside && !type.n) {
		stated = id.type;
	}
	if (v[step->field].n && !str_eq(v[step->field], came))
		judge_id(row, step, stated, &id);
	if (!step->aside && v[step->field].n)
		learn_from_id(row, &id);
}

void check_mobile(struct row *row, const struct step *step)
{
	struct phone_number number, second;

	if (mobile_holds(row->cleaner->ref, row->rec->v[step->field]))
		return;
	mobile_check(row->cleaner->ref, row->rec->v[step->field], row->a, &number);
	row_take(row, step, &number.verdict);
	if (step->field != F_MOBILE || !number.other.n || row->rec->v[F_PHONE].n ||
	    has_field(row->failed, F_PHONE) || !(row->rec->feeds & FEEDS(ENTITY_CUSTOMER)))
		return;
	phone_check(row->cleaner->ref, number.other, row->a, &second);
	if (!second.verdict.n)
		row->rec->v[F_PHONE] = second.verdict.value;
}

void check_phone(struct row *row, const struct step *step)
{
	struct phone_number number;

	phone_check(row->cleaner->ref, row->rec->v[step->field], row->a, &number);
	row_take(row, step, &number.verdict);
}

void check_landline(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field], *to = &row->rec->v[step->fields[0]];
	struct phone_number number;

	if (to->n || has_field(row->failed, step->fields[0]) ||
	    mobile_holds(row->cleaner->ref, *value))
		return;
	phone_check(row->cleaner->ref, *value, row->a, &number);
	if (number.verdict.n || number.is_mobile)
		return;
	*to = number.verdict.value;
	*value = STR("");
}

void check_vin(struct row *row, const struct step *step)
{
	struct vin vin;

	vin_check(row->cleaner->ref, row->today, row->rec->v[step->field], row->a, &vin);
	row_take(row, step, &vin.verdict);
}

void check_plate(struct row *row, const struct step *step)
{
	struct plate plate;

	plate_check(row->cleaner->ref, row->rec->v[step->field], row->a, &plate);
	row_take(row, step, &plate.verdict);
}

void check_email(struct row *row, const struct step *step)
{
	struct verdict v;

	email_check(row->cleaner->ref, row->rec->v[step->field], row->a, &v);
	row_take(row, step, &v);
}

/* A word that stands for nothing (无, -) is an absent value, not one of a wrong form. */
static void take_unless_nothing(struct row *row, const struct step *step, const struct verdict *v)
{
	struct str *value = &row->rec->v[step->field];

	if (v->n && (value_is_empty_like(row->cleaner->ref, str_trim(*value)) ||
		     value_is_empty_like(row->cleaner->ref, v->value)))
		*value = STR("");
	else
		row_take(row, step, v);
}

static void check_when(struct row *row, const struct step *step, bool time)
{
	const struct when_context context = {
		.today = row->today,
		.past = step->past,
		.birth = step->birth,
		.time = time,
	};
	struct verdict v;

	when_check(&context, row->rec->v[step->field], row->a, &v);
	take_unless_nothing(row, step, &v);
}

void check_date(struct row *row, const struct step *step)
{
	check_when(row, step, false);
}

void check_time(struct row *row, const struct step *step)
{
	check_when(row, step, true);
}

static void judge_number(struct row *row, const struct step *step, struct str value, struct verdict *v)
{
	const struct number_context context = {
		.negative = step->negative,
		.whole = step->whole,
		.max = step->max,
	};

	number_check(&context, value, row->a, v);
}

void check_number(struct row *row, const struct step *step)
{
	struct verdict v;

	judge_number(row, step, row->rec->v[step->field], &v);
	take_unless_nothing(row, step, &v);
}

static size_t pieces_of(struct str list, char between)
{
	size_t n = 1;

	for (size_t i = 0; i < list.n; i++)
		n += list.p[i] == between;
	return n;
}

/* Which of n columns it came from (their headers are joined by "+"); its number where the file has
 * not all of them. */
static struct str piece_name(const struct row *row, enum field field, size_t i, size_t n)
{
	struct str headers = row->context->headers ? row->context->headers[field] : STR(""), one;

	if (pieces_of(headers, '+') != n)
		return str_printf(row->a, "#%zu", i + 1);
	for (size_t k = 0; k <= i; k++)
		str_cut(&headers, '+', &one);
	return one;
}

/* One of several numbers as it is used; what is wrong with it is told of the field by its own
 * header. */
static struct str piece_judged(struct row *row, const struct step *step, struct str piece,
			       struct str name)
{
	struct verdict v;
	bool used = true;

	judge_number(row, step, piece, &v);
	if (v.n && value_is_empty_like(row->cleaner->ref, piece))
		return STR("");
	for (size_t i = 0; i < v.n; i++) {
		const struct code *code = row->cleaner->known.of_reason[v.findings[i].reason];
		struct str detail = finding_detail(row->cleaner->ref, &v.findings[i],
						   row->context->lang, row->a);

		row_fault(row, step, step->field, code,
			  str_printf(row->a, "%.*s: %.*s", STR_FMT(name), STR_FMT(detail)), STR(""));
		used &= !action_drops(step->has_action ? step->action : code->action);
	}
	return used ? v.value : STR("");
}

/* One bad number of several takes its own place only: the others stay where they are. */
void check_numbers(struct row *row, const struct step *step)
{
	struct str rest = row->rec->v[step->field], piece;
	size_t n = pieces_of(rest, ';'), filled = 0;
	struct buf b = {0};

	if (step->count && n != step->count) {
		struct verdict v;

		verdict_start(&v, rest);
		verdict_add(&v, REASON_number_unreadable, FINDING_WRONG, rest);
		row_judge(row, step, step->field, &v);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		piece = STR("");
		str_cut(&rest, ';', &piece);
		piece = piece_judged(row, step, str_trim(piece), piece_name(row, step->field, i, n));
		if (i)
			buf_char(&b, ';');
		buf_str(&b, piece);
		filled += piece.n > 0;
	}
	row->rec->v[step->field] = filled ? str_keep(row->a, buf_view(&b)) : STR("");
	buf_release(&b);
}

void check_pattern(struct row *row, const struct step *step)
{
	if (!regex_match(step->pattern, row->rec->v[step->field]))
		row_fault(row, step, step->field, step->code, STR(""), STR(""));
}
