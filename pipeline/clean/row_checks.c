/* Checks of values that belong together. They run after those values were cleaned, since
 * their lines in cleansing.csv stand behind. */
#include "checks.h"

#include "address.h"

static const enum field address_fields[ADDRESS_PARTS] = {
	[ADDRESS_PROVINCE] = F_PROVINCE, [ADDRESS_CITY] = F_CITY,
	[ADDRESS_DISTRICT] = F_DISTRICT, [ADDRESS_STREET] = F_ADDRESS,
	[ADDRESS_LINE1] = F_ADDRESS1,	 [ADDRESS_LINE2] = F_ADDRESS2,
	[ADDRESS_LINE3] = F_ADDRESS3,	 [ADDRESS_POSTCODE] = F_POSTCODE,
};

/* What was found in all parts, divided by where it is told. */
struct address_findings {
	struct verdict
		incomplete; /* what a letter lacks: of the address, whichever part lacks it */
	bool misplaced; /* a coarser part does not fit: then a finer one can't be judged */
};

static void add_finding(struct verdict *v, const struct finding *finding)
{
	if (v->n < VERDICT_MAX)
		v->findings[v->n++] = *finding;
}

static void judge_part(struct row *row, const struct step *step, enum field field,
		       const struct verdict *v, struct address_findings *all)
{
	const struct code *const *of_reason = row->cleaner->known.of_reason;
	struct verdict own = *v;

	own.n = 0;
	for (size_t i = 0; i < v->n; i++) {
		const struct finding *finding = &v->findings[i];
		bool region = finding->weight == FINDING_WRONG &&
			      of_reason[finding->reason] == of_reason[REASON_address_district];

		if (of_reason[finding->reason] == of_reason[REASON_address_no_street])
			add_finding(&all->incomplete, finding);
		else if (!region || !all->misplaced)
			add_finding(&own, finding);
		all->misplaced |= region;
	}
	row_judge(row, step, field, &own);
}

/* True where a value is no longer what it was. */
static bool judge_address(struct row *row, const struct step *step)
{
	struct address_findings all = {.incomplete = {.n = 0}};
	struct str raw[ADDRESS_PARTS];
	struct address address;
	bool filled = false, changed = false;

	for (int i = 0; i < ADDRESS_PARTS; i++) {
		raw[i] = row->rec->v[address_fields[i]];
		filled |= raw[i].n != 0;
	}
	if (!filled)
		return false;
	address_check(row->cleaner->ref, raw, row->a, &address);
	for (int i = 0; i < ADDRESS_PARTS; i++) {
		struct str *value = &row->rec->v[address_fields[i]];

		if (all.misplaced && i <= ADDRESS_DISTRICT)
			continue;
		if (address.part[i].n)
			judge_part(row, step, address_fields[i], &address.part[i], &all);
		else if (value->n || row_may_fill(row, address_fields[i]))
			*value = address.part[i].value;
		changed |= !str_eq(*value, raw[i]);
	}
	if (all.incomplete.n && raw[ADDRESS_STREET].n) {
		all.incomplete.value = row->rec->v[F_ADDRESS];
		row_judge(row, step, F_ADDRESS, &all.incomplete);
	}
	return changed;
}

/* A part that was mended may tell more of the others: once more, until all agree. */
void check_address(struct row *row, const struct step *step)
{
	for (int round = 0; round < ADDRESS_PARTS && judge_address(row, step); round++)
		continue;
}

static bool is_told(const struct row *row, enum field field)
{
	for (size_t i = 0; i < row->n_told; i++)
		if (row->told[i].field == field)
			return true;
	return false;
}

/* Extract joined the pieces before they were cleaned. What is wrong with a piece is told of
 * the piece, so the whole is made of what is left of them. */
void check_join(struct row *row, const struct step *step)
{
	const struct str *v = row->rec->v;
	size_t length = 0, mended = 0;
	char *out, *to;

	for (size_t i = 0; i < step->n_fields; i++) {
		length += v[step->fields[i]].n + 1;
		mended += is_told(row, step->fields[i]);
	}
	if (!mended)
		return;
	out = to = arena_alloc(row->a, length);
	for (size_t i = 0; i < step->n_fields; i++) {
		struct str piece = v[step->fields[i]];

		if (!piece.n)
			continue;
		if (to > out)
			*to++ = ' ';
		memcpy(to, piece.p, piece.n);
		to += piece.n;
	}
	row->rec->v[step->field] = str_span(out, to);
	if (to == out)
		row_blank(row, step->field);
}

/* The schema took the value from the first filled of several cells, which are fields of their
 * own: where that one is not used, or was mended, it is the first of what they are now. */
void check_first_day(struct row *row, const struct step *step)
{
	const struct str *v = row->rec->v;
	struct str *value = &row->rec->v[step->field], day = STR("");

	for (size_t i = 0; i < step->n_fields && !day.n; i++)
		day = v[step->fields[i]];
	if (day.n && !str_starts(*value, day))
		*value = str_printf(row->a, "%.*sT00:00:00", STR_FMT(day));
}

/* Beside any empty cell, also one whose word was not used: a number without its type is under
 * no key, and what was cleaned stays as it is when it is cleaned again. */
void check_id_type(struct row *row, const struct step *step)
{
	if (!row->rec->v[step->field].n)
		row->rec->v[step->field] = id_type_name(row->id.type);
}

void check_customer_type(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field];

	if (!row_may_fill(row, step->field))
		return;
	if (row->id.type == ID_TYPE_USCC || row->id.type == ID_TYPE_ORG_CODE ||
	    (row->id.type == ID_TYPE_NONE && row->party == PARTY_COMPANY))
		*value = STR("company");
	else if (row->id.type != ID_TYPE_NONE)
		*value = STR("person");
}

void check_clear(struct row *row, const struct step *step)
{
	struct str *value = &row->rec->v[step->field];

	row_fault(row, step, step->field, step->code, STR(""), STR(""));
	*value = STR("");
}

/* A day to come is no day to be born on: it was dropped as such, and it differs from any
 * birth date that an ID number can hold. */
static bool was_future(const struct row *row, enum field field)
{
	const struct code *future = row->cleaner->known.of_reason[REASON_date_future];

	for (size_t i = 0; i < row->n_told; i++)
		if (row->told[i].field == field && row->told[i].code == future)
			return true;
	return false;
}

void check_as_id(struct row *row, const struct step *step)
{
	struct str value = row->rec->v[step->field];
	struct str gender = {&row->id.gender, 1};
	struct str birth_date = {row->id.birth_date, sizeof(row->id.birth_date)};

	if (!value.n && !was_future(row, step->field))
		return;
	if (step->field == F_GENDER && row->id.gender && !str_eq(value, gender))
		row_fault(row, step, step->field, row->cleaner->known.gender_mismatch, STR(""),
			  STR(""));
	if (step->field == F_BIRTH_DATE && row->id.birth_date[0] && !str_eq(value, birth_date))
		row_fault(row, step, step->field, row->cleaner->known.birthdate_mismatch,
			  str_keep(row->a, birth_date), STR(""));
}

static bool tells_time(struct str date)
{
	return date.n > 10 && !str_ends(date, STR("T00:00:00"));
}

/* By day where one of them is known by day only. */
static bool is_before(struct str date, struct str other)
{
	size_t n = tells_time(date) && tells_time(other) ? date.n : 10;

	if (date.n < 10 || other.n < 10)
		return false;
	return str_cmp((struct str){date.p, n}, (struct str){other.p, n}) < 0;
}

void check_not_before(struct row *row, const struct step *step)
{
	struct str value = row->rec->v[step->field], other = row->rec->v[step->fields[0]];
	struct str label;

	if (!is_before(value, other))
		return;
	label = codes_label(row->cleaner->codes, field_name(step->fields[0]), row->context->lang);
	row_fault(row, step, step->field, row->cleaner->known.date_order,
		  str_printf(row->a, "%.*s %.*s", STR_FMT(label), STR_FMT(other)), STR(""));
}

void check_known_dealer(struct row *row, const struct step *step)
{
	const struct known_dealers *d = &row->cleaner->dealers;
	struct str *value = &row->rec->v[step->field];
	const struct str *nearest;
	const uint64_t *line;

	if (!d->by_code.n)
		return;
	if (value->n) {
		if (map_get(&d->by_code, *value))
			return;
		nearest = nearest_word(*value, d->codes, d->by_code.n);
		row_fault(row, step, step->field, row->cleaner->known.dealer_unknown, STR(""),
			  nearest ? *nearest : STR(""));
		return;
	}
	line = map_get(&d->by_tax_no, row->rec->v[F_SELLER_TAX_NO]);
	if (line && !has_field(row->failed, step->field))
		*value = d->codes[*line];
}

void check_known_model(struct row *row, const struct step *step)
{
	struct str *v = row->rec->v;
	const struct model *model = models_find(&row->cleaner->models, v[step->field]);

	if (!model)
		return;
	if (row_may_fill(row, F_BRAND))
		v[F_BRAND] = model->brand;
	if (row_may_fill(row, F_SERIES))
		v[F_SERIES] = model->series;
}

void check_tags(struct row *row, const struct step *step)
{
	struct str texts[STEP_FIELDS];
	size_t filled = 0;

	for (size_t i = 0; i < step->n_fields; i++) {
		texts[i] = row->rec->v[step->fields[i]];
		filled += texts[i].n;
	}
	if (filled)
		row->rec->v[step->field] =
			keywords_tags(&row->cleaner->keywords, texts, step->n_fields, row->a);
}

void check_mask(struct row *row, const struct step *step)
{
	row->rec->v[step->field] = private_masked(row->rec->v[step->field], row->a);
}

void check_usable(struct row *row, const struct step *step)
{
	row->asked_usable = true;
	for (size_t i = 0; i < step->n_fields; i++) {
		row->usable |= row->rec->v[step->fields[i]].n != 0;
		add_field(row->keys, step->fields[i]);
	}
}
