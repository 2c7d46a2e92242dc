/*
 * What a person should decide. Headquarters alone reads this, so values stand there in full:
 * the right ID number beside one that failed, the customers between which a record stands.
 */
#include "told.h"

#include "date.h"
#include "digest.h"

#include <stdlib.h>

enum sentence {
	SHARED_WON, SHARED_OPEN, FITS_SEVERAL, FITS_WEAKLY, TWO_DOCUMENTS, NUMBER_PROPOSED,
	EXPLODED, BAD_ACTION, BAD_CUSTOMER, BAD_RECORD, BAD_CONTRADICTION, SENTENCES
};

static const char *const sentences[SENTENCES][LANG_COUNT] = {
	[SHARED_WON] = { "同一证件号码登记在多个不同姓名下，已归于财务或发票给出的姓名",
			 "one ID number under many unlike names; it went to the name that finance or "
			 "invoice gives" },
	[SHARED_OPEN] = { "同一证件号码登记在多个不同姓名下，无法判断属于谁",
			  "one ID number under many unlike names; nobody can say whose it is" },
	[FITS_SEVERAL] = { "同时符合几位客户，无法判断是哪一位",
			   "fits several customers, none clearly best" },
	[FITS_WEAKLY] = { "可能是同一位客户，证据不足以自动合并",
			  "may be one customer; the evidence is not enough to link them" },
	[TWO_DOCUMENTS] = { "姓名相同且有共同的联系方式或车辆，但证件号码不同",
			    "the same name and a value in common, but two different ID numbers" },
	[NUMBER_PROPOSED] = { "这条记录的证件号码有误，其他记录给出了正确的号码",
			      "the ID number of this record is wrong; other records give the right one" },
	[EXPLODED] = { "仅凭姓名和联系方式聚到一起的记录过多，已拆开",
		       "too many records came together by name and contact alone; taken apart" },
	[BAD_ACTION] = { "决定中的操作无法识别，未执行", "a decision with an unknown action; left out" },
	[BAD_CUSTOMER] = { "决定中的客户编号不存在，未执行",
			   "a decision that names an unknown customer; left out" },
	[BAD_RECORD] = { "决定中的记录不存在或不属于该客户，未执行",
			 "a decision about a record that is unknown or not that customer's; left out" },
	[BAD_CONTRADICTION] = { "几项决定互相矛盾，按“保持分开”处理",
				"decisions contradict each other; the customers stay apart" },
};

struct row { /* of the review table */
	const char *kind;
	struct str customer_id, attribute, current_value, new_value, record_id;
	enum sentence sentence;
	struct str detail;
};

static void add_row(const struct told *t, struct rowset *review, const struct row *row,
		    struct arena *a)
{
	struct str subject = str_printf(a, "%s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", row->kind,
					STR_FMT(row->customer_id), STR_FMT(row->attribute),
					STR_FMT(row->current_value), STR_FMT(row->new_value),
					STR_FMT(row->record_id));
	unsigned char hash[32];
	char id[16];
	struct str reason = str_of(sentences[row->sentence][t->lang]);

	sha256(subject, hash);
	hex_of(hash, sizeof(id) / 2, id);
	if (row->detail.n)
		reason = str_printf(a, t->lang == LANG_ZH ? "%.*s（%.*s）" : "%.*s (%.*s)",
				    STR_FMT(reason), STR_FMT(row->detail));
	rowset_add(review, (struct str[]){
				   [REV_REVIEW_ID] = { id, sizeof(id) },
				   [REV_KIND] = str_of(row->kind),
				   [REV_CUSTOMER_ID] = row->customer_id,
				   [REV_ATTRIBUTE] = row->attribute,
				   [REV_CURRENT_VALUE] = row->current_value,
				   [REV_NEW_VALUE] = row->new_value,
				   [REV_RECORD_ID] = row->record_id,
				   [REV_REASON] = reason,
			   });
}

static struct str id_of(const struct told *t, uint32_t target, struct arena *a)
{
	char id[CUSTOMER_ID_LENGTH];

	target = decided_target(t->decided, target);
	if (!customers_id(t->customers, target, id))
		return STR("");
	return str_keep(a, (struct str){ id, sizeof(id) });
}

static struct str record_id_of(const struct told *t, uint32_t record, struct arena *a)
{
	return records_value(t->reading->records, record, F_RECORD_ID, a);
}

static void review_shared_ids(const struct told *t, struct rowset *review)
{
	const struct people *p = t->people;
	struct arena a = { 0 };

	for (size_t i = 0; i < p->n_shared; i++, arena_reset(&a)) {
		const struct shared_id *shared = &p->shared[i];
		struct record rec, winner = { 0 };
		struct row row = { .kind = "shared_id", .attribute = STR("id_number") };

		reading_record(t->reading, shared->record, &rec, &a);
		row.current_value = rec.v[F_ID_NUMBER];
		row.record_id = rec.v[F_RECORD_ID];
		row.sentence = shared->winner == NOBODY ? SHARED_OPEN : SHARED_WON;
		row.detail = str_printf(&a, t->lang == LANG_ZH ? "%u个姓名，%u条记录" : "%u names, %u records",
					(unsigned)shared->names, (unsigned)shared->records);
		if (shared->winner != NOBODY) {
			reading_record(t->reading, shared->winner, &winner, &a);
			row.new_value = winner.v[F_NAME];
			row.customer_id = id_of(t, told_target(t, shared->winner), &a);
		}
		add_row(t, review, &row, &a);
	}
	arena_release(&a);
}

/* ---- records that fit several customers, or one not surely enough ---- */

static struct str candidate_method(const struct told *t, const struct candidate *c, struct arena *a)
{
	struct link link = { .target = c->target };

	memcpy(link.evidence, c->evidence, sizeof(link.evidence));
	memcpy(link.grade, c->grade, sizeof(link.grade));
	return link_method(&link, t->reading->matching, a);
}

struct choice { /* one of the customers between which a record stands */
	struct str id, method;
	double score;
};

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct choice *)a)->id, ((const struct choice *)b)->id);
}

/* All that are in question for a person; by key, so that the review keeps its id. */
static size_t choices_of(const struct told *t, const struct candidates *c, bool several,
			 struct choice *list, struct arena *a)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n && c->list[i].score >= t->reading->matching->review; i++) {
		if (i && (!several || c->list[i].exact != c->list[0].exact))
			break;
		list[n++] = (struct choice){
			.id = id_of(t, c->list[i].target, a),
			.method = candidate_method(t, &c->list[i], a),
			.score = c->list[i].score,
		};
	}
	if (n)
		qsort(list, n, sizeof(*list), by_id);
	return n;
}

static void add_once(const struct told *t, struct rowset *review, const struct row *row,
		     struct map *seen, struct arena *a)
{
	bool added;

	if (str_eq(row->customer_id, row->new_value))
		return;
	map_put(seen,
		str_printf(a, "%.*s %.*s %.*s", STR_FMT(row->customer_id),
			   STR_FMT(row->current_value), STR_FMT(row->new_value)),
		0, &added);
	if (added)
		add_row(t, review, row, a);
}

static void review_loose(const struct told *t, struct rowset *review, uint32_t loose,
			 struct map *seen, struct arena *a)
{
	bool several = t->links->doubt[loose] == DOUBT_SEVERAL;
	struct choice choices[MAX_CANDIDATES];
	struct candidates c;
	struct row row = { .attribute = STR("customer_id") };
	size_t n;

	links_weigh(t->links, loose, TARGETS_IDENTITIES, &c);
	n = choices_of(t, &c, several, choices, a);
	row.kind = several ? "ambiguous_match" : "possible_duplicate";
	row.sentence = several ? FITS_SEVERAL : FITS_WEAKLY;
	row.customer_id = id_of(t, t->links->of[loose].target, a);
	row.current_value = row.customer_id;
	row.record_id = record_id_of(t, t->people->loose[loose], a);
	for (size_t i = 0; i < n; i++) {
		row.new_value = str_printf(a, "%.*s%s%.*s", STR_FMT(row.new_value), i ? ";" : "",
					   STR_FMT(choices[i].id));
		row.detail = str_printf(a, "%.*s%s%.*s %.4f", STR_FMT(row.detail), i ? "; " : "",
					STR_FMT(choices[i].method), choices[i].score);
	}
	add_once(t, review, &row, seen, a);
}

static void review_doubts(const struct told *t, struct rowset *review)
{
	struct map seen = { 0 };
	struct arena a = { 0 };

	for (uint32_t i = 0; i < t->people->n_loose; i++, arena_reset(&a))
		if (t->links->doubt[i] != DOUBT_NONE && (t->links->of[i].target & LOOSE) &&
		    t->reading->role[t->people->loose[i]] == ROLE_CUSTOMER)
			review_loose(t, review, i, &seen, &a);
	map_release(&seen);
	arena_release(&a);
}

static void review_twins(const struct told *t, struct rowset *review)
{
	struct map seen = { 0 };
	struct arena a = { 0 };

	for (size_t i = 0; i < t->renewals->n_doubtful; i++, arena_reset(&a)) {
		const struct twin *twin = &t->renewals->doubtful[i];
		struct row row = { .kind = "possible_duplicate", .attribute = STR("customer_id") };
		struct str one = id_of(t, people_identity(t->people, twin->one), &a);
		struct str other = id_of(t, people_identity(t->people, twin->other), &a);

		row.customer_id = str_cmp(one, other) < 0 ? one : other;
		row.new_value = str_cmp(one, other) < 0 ? other : one;
		row.current_value = row.customer_id;
		row.record_id = record_id_of(t, twin->other_record, &a);
		row.sentence = TWO_DOCUMENTS;
		row.detail = match_field_name(twin->field);
		add_once(t, review, &row, &seen, &a);
	}
	map_release(&seen);
	arena_release(&a);
}

/* ---- ID numbers that failed, and the right ones ---- */

/* Names that were really compared, not merely absent. */
static bool is_proof(const struct link *link)
{
	return link->evidence[0] != NO_EVIDENCE && link->grade[0] >= NAME_SLIP;
}

static void review_failed_ids(const struct told *t, struct rowset *review)
{
	const struct people *p = t->people;
	struct map seen = { 0 };
	struct arena a = { 0 };

	for (uint32_t i = 0; i < p->n_loose; i++, arena_reset(&a)) {
		const struct link *link = &t->links->of[i];
		struct str failed = reading_failed(t->reading, p->loose[i], F_ID_NUMBER);
		struct row row = { .kind = "possible_duplicate", .attribute = STR("id_number") };
		struct record holder;

		if (!failed.n || (link->target & LOOSE) || !is_proof(link))
			continue;
		reading_record(t->reading, p->first[link->target], &holder, &a);
		if (str_eq(failed, holder.v[F_ID_NUMBER]))
			continue; /* a valid number, of another document than stated */
		row.customer_id = id_of(t, link->target, &a);
		row.current_value = failed;
		row.new_value = holder.v[F_ID_NUMBER];
		row.record_id = record_id_of(t, p->loose[i], &a);
		row.sentence = NUMBER_PROPOSED;
		row.detail = link_method(link, t->reading->matching, &a);
		add_once(t, review, &row, &seen, &a);
	}
	map_release(&seen);
	arena_release(&a);
}

static void review_exploded(const struct told *t, struct rowset *review)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < t->links->n_exploded; i++, arena_reset(&a)) {
		uint32_t record = t->people->loose[t->links->exploded[i]];
		struct record rec;
		struct row row = { .kind = "possible_duplicate", .attribute = STR("name") };

		reading_record(t->reading, record, &rec, &a);
		row.customer_id = id_of(t, told_target(t, record), &a);
		row.current_value = rec.v[F_NAME];
		row.record_id = rec.v[F_RECORD_ID];
		row.sentence = EXPLODED;
		add_row(t, review, &row, &a);
	}
	arena_release(&a);
}

static void review_decisions(const struct told *t, struct rowset *review)
{
	static const enum sentence of_fault[] = {
		[DECISION_ACTION] = BAD_ACTION,
		[DECISION_CUSTOMER] = BAD_CUSTOMER,
		[DECISION_RECORD] = BAD_RECORD,
		[DECISION_CONTRADICTS] = BAD_CONTRADICTION,
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < t->decided->n_told; i++, arena_reset(&a)) {
		struct str v[DEC_COLUMNS];
		struct row row = { .kind = "ambiguous_match", .attribute = STR("decision") };

		rowset_get(t->decided->table, t->decided->told[i].row, v);
		row.customer_id = v[DEC_CUSTOMER_ID];
		row.current_value = v[DEC_DECISION_ID];
		row.new_value = v[DEC_OTHER_CUSTOMER_ID];
		row.record_id = v[DEC_RECORD_ID];
		row.sentence = of_fault[t->decided->told[i].fault];
		row.detail = str_printf(&a, "%.*s, %.*s", STR_FMT(v[DEC_ACTION]), STR_FMT(v[DEC_WHO]));
		add_row(t, review, &row, &a);
	}
	arena_release(&a);
}

void told_review(const struct told *t, struct rowset *review)
{
	review_decisions(t, review);
	review_shared_ids(t, review);
	review_doubts(t, review);
	review_twins(t, review);
	review_failed_ids(t, review);
	review_exploded(t, review);
}
