#include "scratch.h"

#include "pool.h"
#include "record.h"

TestSuite(records, .init = scratch_make, .fini = scratch_remove);

static void header_is(enum entity entity, const char *contract, const char *further)
{
	struct buf b = { 0 }, expected = { 0 };

	record_csv_header(entity, &b);
	buf_printf(&expected, "%s%s", contract, further);
	for (size_t i = 0; i < expected.n; i++)
		if (expected.p[i] == ' ')
			expected.p[i] = ',';
	buf_char(&expected, '\n');
	cr_assert(str_eq(buf_view(&b), buf_view(&expected)), "%.*s", STR_FMT(b));
	buf_release(&b);
	buf_release(&expected);
}

Test(record, tables_have_the_columns_of_the_contract_in_its_order)
{
	header_is(ENTITY_CUSTOMER,
		  "record_id source dealer_code observed_on source_key updated_at customer_type name "
		  "id_type id_number gender birth_date mobile phone email province city district "
		  "address postcode occupation employer industry interests contact_name "
		  "contact_phone relative_name relative_relation sales_consultant customer_source "
		  "marketing_consent address1 address2 address3 created_at intended_purchase_date "
		  "interest_series interest_model next_contact_plan enthusiasm referrer_mobile "
		  "finance_interest used_car_interest relative_mobile relative_id_number relative_vin",
		  "");
	header_is(ENTITY_VEHICLE,
		  "record_id source dealer_code observed_on updated_at vin engine_no plate brand "
		  "series model configuration purchase_date invoice_no invoice_date price "
		  "registration_date first_service_date insurance_expiry loan_contract_no "
		  "loan_amount delivery_date use loan_term loan_date loan_status insurer "
		  "insurance_start insurance_policy_no",
		  " seller_tax_no tax_amount net_price tax_rate vehicle_type certificate_no "
		  "insurance_kind insurance_premium");
	header_is(ENTITY_CONTACT,
		  "record_id source dealer_code observed_on contact_at kind channel subject content "
		  "status result mileage amount handler first_response_at closed_at satisfaction vin "
		  "plate name mobile tags contact_no parts_amount labour_amount settlement lead_type "
		  "scores",
		  " organizer informed_on invited_on attended_on contract_on service_out_at");
}

Test(record, every_field_is_found_by_its_name_and_has_a_table)
{
	for (enum field field = 0; field < F_COUNT; field++) {
		cr_assert_eq(field_find(field_name(field)), field);
		cr_assert(entity_has(ENTITY_CUSTOMER, field) || entity_has(ENTITY_VEHICLE, field) ||
			  entity_has(ENTITY_CONTACT, field),
			  "%.*s", STR_FMT(field_name(field)));
	}
	cr_assert_eq(field_find(STR("nonsense")), F_COUNT);
}

Test(record, with_a_step_of_an_activity_goes_the_day_of_the_touch_point)
{
	struct field_set step = field_group(F_ATTENDED_ON), day = field_group(F_CONTACT_AT);

	cr_assert(field_set_has(&step, F_ATTENDED_ON) && field_set_has(&step, F_CONTACT_AT));
	cr_assert_not(field_set_has(&step, F_INVITED_ON), "each step is right or wrong by itself");
	cr_assert(field_set_has(&day, F_CONTACT_AT));
	cr_assert_not(field_set_has(&day, F_ATTENDED_ON));
}

Test(record, ids_are_in_order_of_stem_by_bytes_then_row_as_a_number)
{
	struct str stem;
	uint32_t row;

	cr_assert_lt(record_id_cmp(STR("a:9"), STR("a:10")), 0);
	cr_assert_lt(record_id_cmp(STR("a:10"), STR("b:2")), 0);
	cr_assert_lt(record_id_cmp(STR("a:10"), STR("a_1:2")), 0);
	cr_assert_eq(record_id_cmp(STR("a:10"), STR("a:10")), 0);
	record_id_split(STR("x:y:12"), &stem, &row);
	cr_assert(str_eq(stem, STR("x:y")) && row == 12);
	record_id_split(STR("x:012"), &stem, &row);
	cr_assert(str_eq(stem, STR("x:012")) && row == 0);
	record_id_split(STR("x:4294967296"), &stem, &row);
	cr_assert(str_eq(stem, STR("x:4294967296")) && row == 0);
}

struct made { /* a generated record with its own bytes */
	struct record rec;
	char bytes[F_COUNT][64], id[64];
};

static void make_record(struct made *m, unsigned number, uint64_t *seed)
{
	memset(&m->rec, 0, sizeof(m->rec));
	m->rec.feeds = 1 + (unsigned)(scratch_random(seed) % 7);
	for (enum field field = 0; field < F_COUNT; field++) {
		bool fits = false;

		for (enum entity e = 0; e < ENTITY_COUNT; e++)
			fits |= (m->rec.feeds & FEEDS(e)) && entity_has(e, field);
		if (fits)
			m->rec.v[field] = scratch_value(seed, m->bytes[field], 60);
	}
	m->rec.v[F_RECORD_ID] = (struct str){
		m->id, (size_t)snprintf(m->id, sizeof(m->id), "file_%u:%u", number % 3, number + 2)
	};
}

static bool same_record(const struct record *a, const struct record *b)
{
	for (enum field field = 0; field < F_COUNT; field++)
		if (!str_eq(a->v[field], b->v[field]))
			return false;
	return a->feeds == b->feeds;
}

static void come_back(bool shared, bool shared_copy, unsigned n)
{
	struct records rs, copy;
	struct arena a = { 0 };
	struct record rec;
	struct made m;
	uint64_t seed = 3, again = 3;

	records_init(&rs);
	records_init(&copy);
	if (shared)
		records_share(&rs);
	if (shared_copy)
		records_share(&copy);
	for (unsigned i = 0; i < n; i++) {
		make_record(&m, i, &seed);
		records_add(&rs, &m.rec);
	}
	records_append(&copy, &rs);
	records_release(&rs);
	cr_assert_eq(copy.n, n);
	for (unsigned i = 0; i < n; i++) {
		make_record(&m, i, &again);
		records_get(&copy, i, &rec, &a);
		cr_assert(same_record(&m.rec, &rec), "record %u", i);
		for (enum field field = 0; field < F_COUNT; field++)
			cr_assert(str_eq(records_value(&copy, i, field, &a), m.rec.v[field]));
		arena_reset(&a);
	}
	records_release(&copy);
	arena_release(&a);
}

Test(records, packed_records_come_back_as_they_were)
{
	come_back(false, false, 5000);
}

/* More values than a field may share, too. */
Test(records, values_that_are_kept_once_come_back_as_they_were)
{
	for (int i = 1; i < 4; i++)
		come_back(i & 1, i & 2, 30000);
}

/* One word in each record costs less than its bytes. */
Test(records, what_repeats_itself_is_kept_once)
{
	struct record rec = { .feeds = FEEDS(ENTITY_VEHICLE) };
	struct records plain, shared;

	records_init(&plain);
	records_init(&shared);
	records_share(&shared);
	rec.v[F_RECORD_ID] = STR("f:2");
	rec.v[F_MODEL] = STR("a model with a name of forty bytes, or so");
	for (int i = 0; i < 100000; i++) {
		records_add(&plain, &rec);
		records_add(&shared, &rec);
	}
	cr_assert_lt(records_bytes(&shared) + 30 * 100000, records_bytes(&plain));
	records_release(&plain);
	records_release(&shared);
}

Test(records, fields_that_no_fed_table_has_are_dropped)
{
	struct records rs;
	struct record rec = { .feeds = FEEDS(ENTITY_VEHICLE) };
	struct arena a = { 0 };

	rec.v[F_RECORD_ID] = STR("f:2");
	rec.v[F_VIN] = STR("LFV");
	rec.v[F_EMAIL] = STR("a@b");
	records_init(&rs);
	records_add(&rs, &rec);
	records_get(&rs, 0, &rec, &a);
	cr_assert(str_eq(rec.v[F_VIN], STR("LFV")) && rec.v[F_EMAIL].n == 0);
	records_release(&rs);
	arena_release(&a);
}

Test(records, sorted_records_are_found_by_their_id)
{
	struct records rs;
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) };
	struct arena a = { 0 };
	uint64_t seed = 9;
	char id[64];

	records_init(&rs);
	cr_assert_eq((records_sort(&rs), records_find(&rs, STR("x:1"))), -1);
	for (unsigned i = 0; i < 10000; i++) {
		unsigned row = i / 7 * 7 + 6 - i % 7; /* not in order */

		rec.v[F_RECORD_ID] = (struct str){
			id, (size_t)snprintf(id, sizeof(id), "f%u:%u",
					     (unsigned)(scratch_random(&seed) % 12), row + 2)
		};
		rec.v[F_SOURCE] = i % 2 ? STR("dms") : STR("manual");
		records_add(&rs, &rec);
	}
	rec.v[F_RECORD_ID] = STR("no row");
	records_add(&rs, &rec);
	records_sort(&rs);
	for (size_t i = 0; i < rs.n; i++) {
		struct str value = records_value(&rs, i, F_RECORD_ID, &a);

		cr_assert_eq(records_find(&rs, value), (ptrdiff_t)i);
		if (i > 0)
			cr_assert_lt(record_id_cmp(records_value(&rs, i - 1, F_RECORD_ID, &a), value), 0);
		arena_reset(&a);
	}
	cr_assert_eq(records_find(&rs, STR("f1:99999")), -1);
	cr_assert_eq(records_find(&rs, STR("g:2")), -1);
	records_release(&rs);
	arena_release(&a);
}

static void save_and_load(unsigned n)
{
	struct records rs, back;
	struct fault f = { 0 };
	struct arena a = { 0 };
	struct made m;
	struct record x, y;
	uint64_t seed = 17;

	records_init(&rs);
	records_init(&back);
	for (unsigned i = 0; i < n; i++) {
		make_record(&m, i, &seed);
		records_add(&rs, &m.rec);
	}
	records_sort(&rs);
	cr_assert(records_save(&rs, scratch_dir, &f), "%.*s", STR_FMT(f.text));
	cr_assert(records_load(&back, scratch_dir, &f), "%.*s", STR_FMT(f.text));
	cr_assert_eq(back.n, rs.n);
	for (size_t i = 0; i < rs.n; i++) {
		records_get(&rs, i, &x, &a);
		records_get(&back, i, &y, &a);
		cr_assert(same_record(&x, &y), "record %zu", i);
	}
	records_release(&rs);
	records_release(&back);
	arena_release(&a);
}

Test(records, files_hold_all_that_memory_holds)
{
	save_and_load(3000);
	pool_set_jobs(3);
	save_and_load(15000); /* enough for pieces that are read side by side */
	pool_set_jobs(1);
}

Test(records, tables_that_are_missing_have_no_rows_and_columns_that_are_missing_no_values)
{
	struct records rs;
	struct fault f = { 0 };
	struct record rec;
	struct arena a = { 0 };

	records_init(&rs);
	cr_assert(records_load(&rs, scratch_path("nowhere"), &f));
	cr_assert_eq(rs.n, 0);
	scratch_put("vehicle.csv", STR("vin,unknown,record_id\nLFV,x,f:2\n"));
	scratch_put("contact.csv.gz", STR("record_id,kind,email\nf:2,repair,no\nf:3,claim,no\n"));
	cr_assert(records_load(&rs, scratch_dir, &f), "%.*s", STR_FMT(f.text));
	cr_assert_eq(rs.n, 2);
	records_get(&rs, 0, &rec, &a);
	cr_assert_eq(rec.feeds, FEEDS(ENTITY_VEHICLE) | FEEDS(ENTITY_CONTACT));
	cr_assert(str_eq(rec.v[F_VIN], STR("LFV")) && str_eq(rec.v[F_KIND], STR("repair")));
	cr_assert_eq(rec.v[F_EMAIL].n, 0);
	records_release(&rs);
	arena_release(&a);
}

Test(records, a_table_out_of_order_is_a_fault)
{
	struct records rs;
	struct fault f = { 0 };

	records_init(&rs);
	scratch_put("vehicle.csv", STR("record_id,vin\nf:10,A\nf:9,B\n"));
	cr_assert_not(records_load(&rs, scratch_dir, &f));
	cr_assert(str_has(buf_view(&f.text), STR("line 3: record_id f:9 does not come after f:10")));
	fault_release(&f);
	records_release(&rs);
}

/* A large table, one of whose lines is another one. */
static void load_large(unsigned bad, const char *line, const char *told)
{
	struct buf b = { 0 };
	struct records rs;
	struct fault f = { 0 };

	buf_str(&b, STR("record_id,vin,engine_no\n"));
	for (unsigned i = 2; i < 300000; i++) {
		if (i == bad)
			buf_str(&b, str_of(line));
		else
			buf_printf(&b, "f:%u,\"LFV2A21K5J4%06u\nbehind\",E%u\n", i, i, i);
	}
	scratch_put("vehicle.csv", buf_view(&b));
	buf_release(&b);
	records_init(&rs);
	pool_set_jobs(3);
	cr_assert_eq(records_load(&rs, scratch_dir, &f), told == NULL);
	pool_set_jobs(1);
	if (told)
		cr_assert(str_has(buf_view(&f.text), str_of(told)), "%.*s", STR_FMT(f.text));
	else
		cr_assert_eq(rs.n, 299998);
	fault_release(&f);
	records_release(&rs);
}

Test(records, what_is_wrong_deep_in_a_large_table_is_told_with_its_line)
{
	load_large(0, "", NULL);
	load_large(200000, "f:7,A,B\n", "line 399998: record_id f:7 does not come after f:199999");
	load_large(200000, "g:1,A,B\n", "record_id f:200001 does not come after g:1");
	load_large(200000, "f:200000,A\n", "line 399998: 2 fields where the header has 3");
	load_large(200000, "f:200000,A\"B,C\n", "line 399998: field 2 has a quote inside");
}
