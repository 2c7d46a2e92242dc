#include "inputs.h"

#include "dealer_folder.h"

#include <stdlib.h>

/* "field=header as it came", joined by ";": the fields before "=", each once. */
static void read_cells(struct export_facts *e, struct str headers)
{
	bool seen[F_COUNT] = { false };
	size_t start = 0;
	bool in_name = true;

	for (size_t i = 0; i < headers.n; i++) {
		char c = headers.p[i];

		if (c == '\\') {
			i++;
		} else if (c == '=' && in_name) {
			enum field field = field_find(str_span(headers.p + start, headers.p + i));

			in_name = false;
			if (field >= F_COUNT || seen[field])
				continue;
			seen[field] = true;
			e->cells[e->n_cells++] = field;
		} else if (c == ';') {
			in_name = true;
			start = i + 1;
		}
	}
}

static void read_export(struct inputs *in, const struct str *v)
{
	const struct schema *schema;
	struct export_facts *e = &in->exports[in->n_exports];
	struct fault ignored = { 0 };
	struct str rest = v[FIL_EXPECTS], word;
	const struct schemas *schemas = run_schemas(in->r, &ignored);

	fault_release(&ignored);
	schema = schemas ? schemas_find(schemas, v[FIL_SCHEMA]) : NULL;
	*e = (struct export_facts){
		.stem = v[FIL_STEM],
		.source = v[FIL_SOURCE],
		.sender = v[FIL_SENDER],
		.corrections = schema && schema->corrections,
	};
	if (!e->corrections)
		read_cells(e, v[FIL_HEADERS]);
	while (str_cut(&rest, ';', &word)) {
		enum field field = field_find(word);

		if (field < F_COUNT)
			e->expected[field] = true;
	}
	map_put(&in->by_stem, e->stem, in->n_exports++, NULL);
}

static void read_exports(struct inputs *in)
{
	struct str v[FIL_COLUMNS];

	in->exports = xcalloc(in->files->n, sizeof(*in->exports));
	for (size_t i = 0; i < in->files->n; i++) {
		rowset_get(in->files, i, v);
		if (str_eq(v[FIL_STATUS], STR("ok")))
			read_export(in, v);
	}
}

static void number_people(struct inputs *in)
{
	for (int kind = 0; kind < 2; kind++)
		for (size_t i = 0; i < in->people[kind]->n; i++)
			map_put(&in->by_customer, rowset_value(in->people[kind], i, CUS_CUSTOMER_ID),
				in->n_people++, NULL);
	in->person = xcalloc(in->n_people, 1);
}

static uint32_t *find_cars(const struct inputs *in)
{
	uint32_t *lines = xmalloc((in->records->n + 1) * sizeof(*lines));
	struct map by_vin = { 0 };

	memset(lines, 0xFF, in->records->n * sizeof(*lines)); /* NOBODY */
	for (size_t i = 0; i < in->vehicle->n; i++)
		map_put(&by_vin, rowset_value(in->vehicle, i, VEH_VIN), i, NULL);
	for (size_t i = 0; i < in->records->n; i++) {
		struct str vin = records_feeds(in->records, i) & FEEDS(ENTITY_VEHICLE) ?
					 records_value(in->records, i, F_VIN, NULL) : STR("");
		const uint64_t *at = vin.n ? map_get(&by_vin, vin) : NULL;

		if (at)
			lines[i] = (uint32_t)*at;
	}
	map_release(&by_vin);
	return lines;
}

static bool find_lines(struct inputs *in, struct fault *f)
{
	in->person_of = run_person_lines(in->r, f);
	in->car_of = run_car_lines(in->r);
	if (!in->car_of)
		in->car_of = in->own_cars = find_cars(in);
	return in->person_of;
}

enum { OF_THIS_RUN = 2 }; /* so many of the tables, the first */

static bool open_tables(struct inputs *in, struct fault *f)
{
	const struct {
		const struct rowset **rs;
		const struct table_def *def;
		bool optional;
	} tables[] = {
		{ &in->new_files, &table_files, true },
		{ &in->ledger, &table_ledger, true },
		{ &in->told_by_resolve, &table_rejects_resolve, true },
		{ &in->told_by_merge, &table_rejects_merge, true },
		{ &in->people[0], &table_customer, false },
		{ &in->people[1], &table_pending, false },
		{ &in->vehicle, &table_vehicle, false },
		{ &in->ownership, &table_ownership, false },
		{ &in->contact, &table_contact, false },
		{ &in->review, &table_review, true },
	};

	for (size_t i = 0; i < (in->carried ? OF_THIS_RUN : sizeof(tables) / sizeof(*tables)); i++)
		if (!(*tables[i].rs = run_table(in->r, tables[i].def, tables[i].optional, f)))
			return false;
	return (in->files = run_all_files(in->r, f)) &&
	       (in->carried || ((in->records = run_records(in->r, f)) && (in->rejects = run_all_rejects(in->r, f))));
}

bool inputs_open(struct inputs *in, struct run *r, struct fault *f)
{
	const char *rules = run_rules_dir(r, f);

	*in = (struct inputs){ .r = r, .today = run_date(r), .carried = run_carried_quality(r) };
	if (!rules || !(in->codes = run_codes(r, f)) || !run_schemas(r, f) ||
	    !terms_load(&in->terms, rules, f) || !standard_load(&in->standard, rules, f) ||
	    !golden_rules_load(&in->golden, rules, f) || !open_tables(in, f))
		return false;
	if (in->carried)
		return true;
	read_exports(in);
	number_people(in);
	return find_lines(in, f);
}

void inputs_close(struct inputs *in)
{
	terms_release(&in->terms);
	standard_release(&in->standard);
	golden_rules_release(&in->golden);
	map_release(&in->by_stem);
	map_release(&in->by_customer);
	free(in->own_cars);
	free(in->exports);
	free(in->person);
	arena_release(&in->arena);
}

const struct export_facts *inputs_export(const struct inputs *in, struct str stem)
{
	const uint64_t *at = map_get(&in->by_stem, stem);

	return at ? &in->exports[*at] : NULL;
}

struct str inputs_person(const struct inputs *in, size_t person, enum customer_column column)
{
	size_t customers = in->people[0]->n;

	return person < customers ? rowset_value(in->people[0], person, column) :
				    rowset_value(in->people[1], person - customers, column);
}

void inputs_prefetch(const struct inputs *in, size_t i)
{
	size_t customers = in->people[0]->n;
	uint32_t person = in->person_of[i], car = in->car_of[i];

	if (person < customers)
		rowset_prefetch(in->people[0], person);
	else if (person != NOBODY)
		rowset_prefetch(in->people[1], person - customers);
	if (car != NOBODY)
		rowset_prefetch(in->vehicle, car);
}

struct str inputs_dealer(struct str dealer_code, const struct export_facts *from)
{
	return dealer_folder(dealer_code, from ? from->sender : STR(""));
}
