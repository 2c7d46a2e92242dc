/*
 * What the judgement has to say to people: to the sender of a value that its record is
 * doubtful (never what another source says), to headquarters that a change waits.
 */
#include "golden_row.h"

#include "date.h"
#include "header_list.h"

enum fault_code { TELL_NAME_CONFLICT, TELL_CHANGE_HELD, TELL_VALUE_FIXED };

static const struct str code_names[] = {
	[TELL_NAME_CONFLICT] = STR_INIT("NAME_CONFLICT"),
	[TELL_CHANGE_HELD] = STR_INIT("CHANGE_HELD"),
	[TELL_VALUE_FIXED] = STR_INIT("VALUE_FIXED"),
};

/* Whether, and as what, the sender of an observation hears of it. */
static bool told_as(const struct golden_case *c, enum field attribute, const struct observation *o,
		    enum fault_code *code)
{
	enum change_policy policy = c->rules->of[c->entity][attribute].policy;

	if (o->standing == STANDING_HELD) {
		*code = TELL_CHANGE_HELD;
		return true;
	}
	if (o->standing != STANDING_CONFLICTS)
		return false;
	*code = policy == POLICY_FIXED ? TELL_VALUE_FIXED : TELL_NAME_CONFLICT;
	/* a name is known by an ID number; people without one have no number to compare */
	return policy == POLICY_FIXED ||
	       (attribute == F_NAME && c->golden[F_ID_NUMBER].rule != GOLDEN_NONE);
}

/* Has the sender taken the value back by a correction? Then there is nothing to tell. */
static bool taken_back(const struct telling *t, enum field attribute, const struct observation *o)
{
	return is_mended(t->m, (uint32_t)t->c->witnesses[o->witness].place, attribute);
}

static void tell_sender(const struct telling *t, enum field attribute, const struct observation *o,
			enum fault_code code)
{
	const struct merge *m = t->m;
	const struct witness *w = &t->c->witnesses[o->witness];
	const struct code *known = codes_find(m->codes, code_names[code]);
	const uint64_t *file;
	struct str stem;
	uint32_t row;
	struct reject reject = {
		.code = known,
		.record_id = w->record_id,
		.source = w->source,
		.dealer_code = records_value(m->records, w->place, F_DEALER_CODE, t->arena),
		.field = field_name(attribute),
		.value = o->value,
	};

	if (!known)
		return; /* codes.csv does not want it told */
	reject.action = known->action;
	record_id_split(w->record_id, &stem, &row);
	file = map_get(&m->file_rows, stem);
	reject.file = str_printf(t->arena, "%.*s.csv", STR_FMT(stem));
	if (file) {
		reject.file = rowset_value(m->files, *file, FIL_FILE);
		reject.header = header_list_find(rowset_value(m->files, *file, FIL_HEADERS),
						 reject.field, t->arena);
	}
	reject_add(t->rejects, &reject, m->run->opt.lang, t->arena);
}

/* Is it a value that waits, and that its sender has not taken back? */
static bool waits(const struct telling *t, enum field attribute, const struct observation *o)
{
	return o->standing == STANDING_HELD && !taken_back(t, attribute, o);
}

static bool is_earlier(const struct golden_case *c, enum field attribute, uint32_t a, uint32_t b)
{
	int32_t day_a = golden_day(c, attribute, a), day_b = golden_day(c, attribute, b);

	return day_a != day_b ? day_a < day_b : c->witnesses[a].place < c->witnesses[b].place;
}

/* For each value that waits the number of the observation that is the first in time to give it: a review is
 * made of that one. */
static void find_first_holders(const struct telling *t, enum field attribute, struct map *first)
{
	const struct observations *of = &t->c->of[attribute];

	for (size_t i = 0; i < of->n; i++) {
		uint64_t *at;

		if (!waits(t, attribute, &of->list[i]))
			continue;
		at = map_put(first, of->list[i].compared, i, NULL);
		if (is_earlier(t->c, attribute, of->list[i].witness, of->list[*at].witness))
			*at = i;
	}
}

/* By the letter a resale contradicts the first purchase: whoever decides should know. */
static const char *resale(const struct telling *t, enum field attribute, const struct observation *o)
{
	static const char *const sold_on[LANG_COUNT] = {
		"该车在此日转售给了另一客户：接受即改为最近一次购车的日期，拒绝则保留首次购车的日期。",
		" The car was sold on to another customer on that day: accept it for the date of the "
		"latest purchase, refuse it to keep that of the first.",
	};
	const struct witness *w = &t->c->witnesses[o->witness];

	return t->ownership && attribute == F_PURCHASE_DATE &&
			       ownership_sold_on(t->ownership, t->m->customer[w->place], date_day(o->value)) ?
		       sold_on[t->m->run->opt.lang] :
		       "";
}

static struct str held_reason(const struct telling *t, enum field attribute, const struct observation *o)
{
	const struct witness *w = &t->c->witnesses[o->witness];
	static const char *const about[LANG_COUNT] = { "车辆%.*s：", "Vehicle %.*s: " };
	static const char *const held[LANG_COUNT] = {
		"%.*s来源%.*s在%.*s给出的值与现值不同，两者级别相同，暂不采用。"
		"另一来源也给出此值、同一来源在此日之后的文件再次给出，或由人接受，即改用新值。",
		"%.*sThe value that %.*s gave on %.*s contradicts the present one at equal rank and "
		"waits. It is taken when another source gives it too, when the same source does in a "
		"file of a later day, or when a person accepts it.",
	};
	enum lang lang = t->m->run->opt.lang;
	struct str subject = t->vin.n ? str_printf(t->arena, about[lang], STR_FMT(t->vin)) : STR("");

	return str_printf(t->arena, "%.*s%s",
			  STR_FMT(str_printf(t->arena, held[lang], STR_FMT(subject), STR_FMT(w->base),
					     STR_FMT(w->observed_on))),
			  resale(t, attribute, o));
}

static void make_review(const struct telling *t, enum field attribute, const struct observation *o)
{
	const struct witness *w = &t->c->witnesses[o->witness];
	char id[16];
	struct str v[REV_COLUMNS] = {
		[REV_REVIEW_ID] = { id, sizeof(id) },
		[REV_KIND] = STR("change_held"),
		[REV_CUSTOMER_ID] = t->customer,
		[REV_ATTRIBUTE] = field_name(attribute),
		[REV_CURRENT_VALUE] = t->c->golden[attribute].value,
		[REV_NEW_VALUE] = o->value,
		[REV_RECORD_ID] = w->record_id,
		[REV_REASON] = held_reason(t, attribute, o),
	};

	reject_id_make(w->record_id, v[REV_ATTRIBUTE], v[REV_KIND], id);
	rowset_add(t->review, v);
}

static void tell_attribute(const struct telling *t, enum field attribute)
{
	const struct observations *of = &t->c->of[attribute];
	struct map first = { 0 };

	find_first_holders(t, attribute, &first);
	for (size_t i = 0; i < of->n; i++) {
		const struct observation *o = &of->list[i];
		enum fault_code code;

		if (!told_as(t->c, attribute, o, &code) || taken_back(t, attribute, o))
			continue;
		tell_sender(t, attribute, o, code);
		if (code == TELL_CHANGE_HELD && *map_get(&first, o->compared) == i)
			make_review(t, attribute, o);
	}
	map_release(&first);
}

void tell_case(const struct telling *t)
{
	const struct golden_case *c = t->c;
	const struct golden_attributes *attributes = &c->rules->attributes[c->entity];

	for (size_t i = 0; i < attributes->n; i++) {
		enum field attribute = attributes->list[i];

		if (c->rules->of[c->entity][attribute].policy != POLICY_FOLLOW &&
		    c->golden[attribute].candidates > 1)
			tell_attribute(t, attribute);
	}
}
