#include "audit.h"

#include "csv_table.h"

/* ---- what stands there once ---- */

#define BIT(column) (1ull << (column))

/* No two rows agree in all of those columns (bit i: column i). */
static bool check_once(struct audit *x, const struct table_def *def, uint64_t columns, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, def, true, f);
	struct str v[TABLE_MAX_COLUMNS];
	struct map seen = { 0 };
	struct buf key = { 0 };
	bool added;

	for (size_t i = 0; rs && i < rs->n; i++) {
		rowset_get(rs, i, v);
		buf_reset(&key);
		for (size_t c = 0; c < table_width(def); c++) {
			if (columns & BIT(c)) {
				buf_str(&key, v[c]);
				buf_char(&key, '\x1F');
			}
		}
		x->checks++;
		map_put(&seen, buf_view(&key), i, &added);
		if (!added)
			complain(x, "%s.csv, row %llu: it is there twice", def->path, ROW_OF(i));
	}
	buf_release(&key);
	map_release(&seen);
	return rs != NULL;
}

/* ---- the record of a row belongs to its customer ---- */

static bool check_customers(struct audit *x, const struct table_def *def, int record, int customer, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, def, true, f);

	for (size_t i = 0; rs && x->clusters->n && i < rs->n; i++) {
		struct str id = rowset_value(rs, i, record), whose = audit_customer_of(x, id);

		if (str_starts(id, STR("campaign-"))) /* a list that was drawn is no record */
			continue;
		x->checks++;
		if (!str_eq(whose, rowset_value(rs, i, customer)))
			complain(x, "%s.csv, row %llu: the record %.*s is not that customer's in resolve/clusters.csv", def->path,
				 ROW_OF(i), STR_FMT(id));
	}
	return rs != NULL;
}

/* ---- touch points ---- */

/* Records of this run that dealers' answers speak of. */
static bool find_answered(struct audit *x, struct map *answered, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, &table_corrections, true, f);

	for (size_t i = 0; rs && i < rs->n; i++)
		map_put(answered, rowset_value(rs, i, COR_BASE_RECORD_ID), i, NULL);
	return rs != NULL;
}

/* Whether the record must be a touch point of the master, unless a newer state of its number is. One that
 * was mended and sent again is not; of one without customer and number nothing here tells whether it was. */
static bool is_touch_point(struct audit *x, const struct records *rs, size_t i, struct str id, struct arena *a)
{
	const uint64_t *at = map_get(&x->clustered, id);

	if (!(records_feeds(rs, i) & FEEDS(ENTITY_CONTACT)) || str_eq(records_value(rs, i, F_SOURCE, a), STR("correction")))
		return false;
	if (at ? str_eq(rowset_value(x->clusters, *at, CLU_METHOD), STR("replaced"))
	       : !records_value(rs, i, F_CONTACT_NO, a).n)
		return false;
	return !audit_may_be_gone(x, id);
}

static bool check_contacts(struct audit *x, struct fault *f)
{
	const struct rowset *contact = run_table(x->r, &table_contact, true, f);
	const struct records *rs = contact ? run_new_records(x->r, "clean", f) : NULL;
	struct map there = { 0 }, numbers = { 0 }, answered = { 0 };
	struct arena a = { 0 };
	bool ok = rs && find_answered(x, &answered, f);

	for (size_t i = 0; ok && i < contact->n; i++) {
		map_put(&there, rowset_value(contact, i, CON_RECORD_ID), i, NULL);
		map_put(&numbers, rowset_value(contact, i, CON_CONTACT_NO), i, NULL);
	}
	for (size_t i = 0; ok && i < rs->n; i++) {
		struct str id = records_value(rs, i, F_RECORD_ID, &a), number = records_value(rs, i, F_CONTACT_NO, &a);

		if (is_touch_point(x, rs, i, id, &a) && !map_get(&answered, id)) {
			x->checks++;
			if (!map_get(&there, id) && !(number.n && map_get(&numbers, number)))
				complain(x, "master/contact.csv: no line for the record %.*s", STR_FMT(id));
		}
		arena_reset(&a);
	}
	map_release(&there);
	map_release(&numbers);
	map_release(&answered);
	arena_release(&a);
	return ok;
}

/* ---- owners ---- */

/* SCHEMA_SENDER of this run's files whose rows speak of a customer and a car, and of no touch point:
 * each says that they belong together. */
static bool find_claiming(struct audit *x, struct map *claiming, struct fault *f)
{
	const struct rowset *files = run_table(x->r, &table_files, true, f);
	struct str v[FIL_COLUMNS];

	for (size_t i = 0; files && i < files->n; i++) {
		rowset_get(files, i, v);
		if (str_is_one_of(STR("customer"), v[FIL_FEEDS], ';') && str_is_one_of(STR("vehicle"), v[FIL_FEEDS], ';') &&
		    !str_is_one_of(STR("contact"), v[FIL_FEEDS], ';'))
			map_put(claiming, str_printf(&x->arena, "%.*s_%.*s", STR_FMT(v[FIL_SCHEMA]), STR_FMT(v[FIL_SENDER])),
				0, NULL);
	}
	return files != NULL;
}

/* What stands before _YYYYMMDD in its name is one of those. */
static bool is_claim(const struct map *claiming, struct str record_id)
{
	for (size_t i = 0; i + 9 <= record_id.n; i++)
		if (record_id.p[i] == '_' && str_is_digits((struct str){ record_id.p + i + 1, 8 }) &&
		    map_get(claiming, (struct str){ record_id.p, i }))
			return true;
	return false;
}

static struct str pair_of(struct arena *a, struct str x, struct str y)
{
	return str_printf(a, "%.*s\x1F%.*s", STR_FMT(x), STR_FMT(y));
}

/* Each car one owner at most; and one where there was one before, or where somebody claims to own it. */
static void check_owners(struct audit *x, const struct rowset *ownership, const struct map *claiming)
{
	struct str v[OWN_COLUMNS];
	struct map owned = { 0 };
	bool added;

	for (size_t i = 0; i < ownership->n; i++) {
		rowset_get(ownership, i, v);
		if (!str_eq(v[OWN_ROLE], STR("owner")))
			continue;
		map_put(&owned, v[OWN_VIN], i, &added);
		if (!added)
			complain(x, "master/ownership.csv, row %llu: a second owner of the car %.*s", ROW_OF(i), STR_FMT(v[OWN_VIN]));
	}
	for (size_t i = 0; i < ownership->n; i++) {
		rowset_get(ownership, i, v);
		x->checks++;
		if ((str_eq(v[OWN_ROLE], STR("former_owner")) ||
		     (str_eq(v[OWN_ROLE], STR("user")) && is_claim(claiming, v[OWN_RECORD_ID]))) &&
		    !map_get(&owned, v[OWN_VIN]))
			complain(x, "master/ownership.csv, row %llu: the car %.*s has no owner", ROW_OF(i), STR_FMT(v[OWN_VIN]));
	}
	map_release(&owned);
}

/* Customers with a car of which a dealer's answer says something: their records may have named it wrongly. */
static bool find_mended(struct audit *x, const struct rowset *ownership, struct map *mended, struct fault *f)
{
	const struct rowset *cars = run_table(x->r, &table_vehicle, true, f);
	struct map vins = { 0 };

	for (size_t i = 0; cars && i < cars->n; i++)
		if (str_is_one_of(STR("correction"), rowset_value(cars, i, VEH_SOURCES), ';'))
			map_put(&vins, rowset_value(cars, i, VEH_VIN), i, NULL);
	for (size_t i = 0; cars && i < ownership->n; i++)
		if (map_get(&vins, rowset_value(ownership, i, OWN_VIN)))
			map_put(mended, rowset_value(ownership, i, OWN_CUSTOMER_ID), i, NULL);
	map_release(&vins);
	return cars != NULL;
}

static void put_pairs(const struct rowset *ownership, struct map *pairs)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < ownership->n; i++) {
		map_put(pairs, pair_of(&a, rowset_value(ownership, i, OWN_VIN), rowset_value(ownership, i, OWN_CUSTOMER_ID)), i,
			NULL);
		arena_reset(&a);
	}
	arena_release(&a);
}

/* What is missing is told once. */
static void meet_pair(struct audit *x, struct map *pairs, struct str vin, struct str record_id)
{
	struct str whose = audit_customer_of(x, record_id);
	struct arena a = { 0 };
	bool missing = false;

	x->checks++;
	if (whose.n)
		map_put(pairs, pair_of(&a, vin, whose), 0, &missing);
	if (missing)
		complain(x, "master/ownership.csv: no line for the car %.*s and the customer of the record %.*s", STR_FMT(vin),
			 STR_FMT(record_id));
	arena_release(&a);
}

/* Whose record gives a car one of its values has something to do with the car. */
static void check_golden_claims(struct audit *x, struct map *pairs, const struct rowset *lineage,
				const struct map *claiming)
{
	struct str v[LIN_COLUMNS];

	for (size_t i = 0; i < lineage->n; i++) {
		enum field field;

		rowset_get(lineage, i, v);
		field = field_find(v[LIN_ATTRIBUTE]);
		if (str_eq(v[LIN_ENTITY], STR("vehicle")) && field < F_COUNT && field > F_OBSERVED_ON && field != F_VIN &&
		    !str_eq(v[LIN_SOURCE], STR("correction")) && !str_eq(v[LIN_RULE], STR("decision")) &&
		    is_claim(claiming, v[LIN_RECORD_ID]))
			meet_pair(x, pairs, v[LIN_KEY], v[LIN_RECORD_ID]);
	}
}

/* So has everybody of whom a record of this run says so. */
static bool check_new_claims(struct audit *x, struct map *pairs, const struct map *mended, struct fault *f)
{
	const struct records *rs = run_new_records(x->r, "clean", f);
	struct map answered = { 0 };
	struct arena a = { 0 };
	bool ok = rs && find_answered(x, &answered, f);

	for (size_t i = 0; ok && i < rs->n; i++) {
		struct str id = records_value(rs, i, F_RECORD_ID, &a), vin = records_value(rs, i, F_VIN, &a);

		if (records_feeds(rs, i) == (FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_VEHICLE)) && vin.n &&
		    !str_eq(records_value(rs, i, F_SOURCE, &a), STR("correction")) && !map_get(&answered, id) &&
		    !map_get(mended, audit_customer_of(x, id)) && !audit_may_be_gone(x, id))
			meet_pair(x, pairs, vin, id);
		arena_reset(&a);
	}
	map_release(&answered);
	arena_release(&a);
	return ok;
}

static bool check_ownership(struct audit *x, bool tables, struct fault *f)
{
	const struct rowset *ownership = run_table(x->r, &table_ownership, true, f);
	const struct rowset *lineage = ownership ? run_table(x->r, &table_lineage, true, f) : NULL;
	struct map claiming = { 0 }, mended = { 0 }, pairs = { 0 };
	bool ok = lineage && find_claiming(x, &claiming, f) && find_mended(x, ownership, &mended, f);

	if (ok) {
		put_pairs(ownership, &pairs);
		check_owners(x, ownership, &claiming);
		check_golden_claims(x, &pairs, lineage, &claiming);
		ok = !tables || check_new_claims(x, &pairs, &mended, f);
	}
	map_release(&claiming);
	map_release(&mended);
	map_release(&pairs);
	return ok;
}

/* ---- relations ---- */

/* Customers of whom a dealer's answer says something: what their records say may be mended. */
static bool find_corrected(struct audit *x, const struct table_def *def, struct map *corrected, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, def, true, f);

	for (size_t i = 0; rs && i < rs->n; i++)
		if (str_is_one_of(STR("correction"), rowset_value(rs, i, CUS_SOURCES), ';'))
			map_put(corrected, rowset_value(rs, i, CUS_CUSTOMER_ID), i, NULL);
	return rs != NULL;
}

static bool names_contact(enum field field)
{
	return field == F_CONTACT_NAME || field == F_CONTACT_PHONE;
}

/* The golden value of a customer that must stand in a line of his relations too. A contact of the name that
 * the row gives to the customer is none. */
static bool makes_relation(const struct records *rs, const struct str *v, enum field field, struct arena *a)
{
	ptrdiff_t at;

	if (field == F_RELATIVE_NAME || field == F_RELATIVE_MOBILE || field == F_REFERRER_MOBILE)
		return true;
	at = names_contact(field) ? records_find(rs, v[LIN_RECORD_ID]) : -1;
	return at >= 0 && !str_eq(records_value(rs, (size_t)at, F_NAME, a), records_value(rs, (size_t)at, F_CONTACT_NAME, a));
}

static bool check_relations(struct audit *x, struct fault *f)
{
	const struct rowset *relation = run_table(x->r, &table_relation, true, f);
	const struct rowset *lineage = relation ? run_table(x->r, &table_lineage, true, f) : NULL;
	const struct records *rs = lineage ? run_new_records(x->r, "clean", f) : NULL;
	struct map said = { 0 }, corrected = { 0 };
	struct arena a = { 0 };
	struct str v[LIN_COLUMNS];
	bool ok = rs && find_corrected(x, &table_customer, &corrected, f) && find_corrected(x, &table_pending, &corrected, f);

	for (size_t i = 0; ok && i < relation->n; i++) {
		struct str whose = rowset_value(relation, i, REL_CUSTOMER_ID);

		map_put(&said, pair_of(&a, whose, rowset_value(relation, i, REL_NAME)), i, NULL);
		map_put(&said, pair_of(&a, whose, rowset_value(relation, i, REL_MOBILE)), i, NULL);
		arena_reset(&a);
	}
	for (size_t i = 0; ok && i < lineage->n; i++) {
		rowset_get(lineage, i, v);
		if (str_eq(v[LIN_ENTITY], STR("vehicle")) || str_eq(v[LIN_RULE], STR("decision")) ||
		    map_get(&corrected, v[LIN_KEY]) || !makes_relation(rs, v, field_find(v[LIN_ATTRIBUTE]), &a))
			continue;
		x->checks++;
		if (!map_get(&said, pair_of(&a, v[LIN_KEY], v[LIN_VALUE])))
			complain(x, "master/relation.csv: no line for %.*s of the customer %.*s", STR_FMT(v[LIN_ATTRIBUTE]),
				 STR_FMT(v[LIN_KEY]));
		arena_reset(&a);
	}
	map_release(&said);
	map_release(&corrected);
	arena_release(&a);
	return ok;
}

/* ---- reviews ---- */

/* Until somebody decides, the master asks what resolve asks, and about each value of this run that is held:
 * about the first record that gives it. */
static void check_held(struct audit *x, const struct rowset *rejects, const struct rowset *review, const struct records *rs)
{
	struct map asked = { 0 };
	struct arena a = { 0 };
	struct str v[REJ_COLUMNS];

	for (size_t i = 0; i < review->n; i++) {
		struct str attribute = rowset_value(review, i, REV_ATTRIBUTE);

		map_put(&asked, pair_of(&a, attribute, rowset_value(review, i, REV_RECORD_ID)), i, NULL);
		map_put(&asked, pair_of(&a, attribute, rowset_value(review, i, REV_NEW_VALUE)), i, NULL);
		arena_reset(&a);
	}
	for (size_t i = 0; i < rejects->n; i++) {
		ptrdiff_t at;
		enum field field;

		rowset_get(rejects, i, v);
		at = str_eq(v[REJ_CODE], STR("CHANGE_HELD")) ? records_find(rs, v[REJ_RECORD_ID]) : -1;
		field = field_find(v[REJ_FIELD]);
		if (at < 0 || field == F_COUNT || field == F_MODEL) /* models that are written otherwise may be one */
			continue;
		x->checks++;
		if (!map_get(&asked, pair_of(&a, v[REJ_FIELD], v[REJ_RECORD_ID])) &&
		    !map_get(&asked, pair_of(&a, v[REJ_FIELD], records_value(rs, (size_t)at, field, &a))))
			complain(x, "master/review.csv: no line for the value that row %llu of master/rejects.csv holds back",
				 ROW_OF(i));
		arena_reset(&a);
	}
	map_release(&asked);
	arena_release(&a);
}

static bool check_reviews(struct audit *x, bool tables, struct fault *f)
{
	const struct rowset *review = run_table(x->r, &table_review, true, f);
	const struct rowset *resolved = review ? run_table(x->r, &table_review_resolve, true, f) : NULL;
	const struct rowset *decisions = resolved ? run_table(x->r, &table_decisions, true, f) : NULL;
	const struct rowset *rejects = decisions ? run_table(x->r, &table_rejects_merge, true, f) : NULL;
	const struct records *rs = rejects && tables ? run_new_records(x->r, "clean", f) : NULL;
	struct map asked = { 0 };

	if (!rejects || (tables && !rs))
		return false;
	if (decisions->n)
		return true;
	for (size_t i = 0; i < review->n; i++)
		map_put(&asked, rowset_value(review, i, REV_REVIEW_ID), i, NULL);
	for (size_t i = 0; i < resolved->n; i++) {
		x->checks++;
		if (!map_get(&asked, rowset_value(resolved, i, REV_REVIEW_ID)))
			complain(x, "master/review.csv: no line for row %llu of resolve/review.csv", ROW_OF(i));
	}
	if (rs)
		check_held(x, rejects, review, rs);
	map_release(&asked);
	return true;
}

bool audit_links(struct audit *x, bool tables, struct fault *f)
{
	if (!csv_table_exists(run_in_path(x->r, "master/customer.csv")))
		return true; /* a chain that was stopped before merge */
	return check_once(x, &table_contact, BIT(CON_RECORD_ID), f) &&
	       check_once(x, &table_ownership,
			  BIT(OWN_VIN) | BIT(OWN_CUSTOMER_ID) | BIT(OWN_ROLE) | BIT(OWN_SINCE) | BIT(OWN_RECORD_ID), f) &&
	       check_once(x, &table_relation, UINT64_MAX, f) && check_once(x, &table_history, UINT64_MAX, f) &&
	       check_once(x, &table_review, BIT(REV_REVIEW_ID), f) &&
	       check_customers(x, &table_contact, CON_RECORD_ID, CON_CUSTOMER_ID, f) &&
	       check_customers(x, &table_ownership, OWN_RECORD_ID, OWN_CUSTOMER_ID, f) &&
	       check_customers(x, &table_relation, REL_RECORD_ID, REL_CUSTOMER_ID, f) &&
	       (!tables || check_contacts(x, f)) && check_ownership(x, tables, f) && (!tables || check_relations(x, f)) &&
	       check_reviews(x, tables, f);
}
