#include "audit.h"

#include <stdlib.h>

struct known { /* a customer of the master */
	const char *table;
	size_t row;
	uint64_t told, counted; /* its record_count; its records in the clusters */
};

struct customers {
	struct map index;
	struct known *list;
	size_t n, cap;
};

static bool load(struct audit *x, struct customers *c, const struct table_def *def, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, def, true, f);
	bool added;

	for (size_t i = 0; rs && i < rs->n; i++) {
		struct str id = rowset_value(rs, i, CUS_CUSTOMER_ID);
		struct known k = { .table = def->path, .row = i };

		x->checks++;
		map_put(&c->index, id, c->n, &added);
		if (!added) {
			complain(x, "%s.csv, row %llu: the customer %.*s is there twice", def->path, ROW_OF(i), STR_FMT(id));
			continue;
		}
		if (!str_u64(rowset_value(rs, i, CUS_RECORD_COUNT), &k.told))
			complain(x, "%s.csv, row %llu: the record_count is no number", def->path, ROW_OF(i));
		GROW(c->list, c->n, c->cap);
		c->list[c->n++] = k;
	}
	return rs != NULL;
}

static bool count_records(struct audit *x, struct customers *c, struct fault *f)
{
	const struct rowset *clusters = run_table(x->r, &table_clusters, true, f);

	for (size_t i = 0; clusters && i < clusters->n; i++) {
		struct str id = rowset_value(clusters, i, CLU_CUSTOMER_ID);
		uint64_t *at = id.n ? map_get(&c->index, id) : NULL;

		if (at) /* of a row that was mended and sent again the newest counts */
			c->list[*at].counted += !str_eq(rowset_value(clusters, i, CLU_METHOD), STR("replaced"));
		else if (id.n)
			complain(x, "resolve/clusters.csv, row %llu: the customer %.*s is missing in master/", ROW_OF(i),
				 STR_FMT(id));
	}
	for (size_t i = 0; clusters && i < c->n; i++) {
		const struct known *k = &c->list[i];

		if (k->counted != k->told)
			complain(x, "%s.csv, row %llu: the customer has %llu records in resolve/clusters.csv, not %llu", k->table,
				 ROW_OF(k->row), (unsigned long long)k->counted, (unsigned long long)k->told);
	}
	return clusters != NULL;
}

/* Each key of the column is in the map. */
static bool check_keys(struct audit *x, const struct table_def *def, int column, const struct map *keys,
		       const char *where, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, def, true, f);

	for (size_t i = 0; rs && i < rs->n; i++) {
		struct str key = rowset_value(rs, i, column);

		x->checks++;
		if (key.n && !map_get(keys, key))
			complain(x, "%s.csv, row %llu: %s is not in %s", def->path, ROW_OF(i), def->columns[column], where);
	}
	return rs != NULL;
}

bool audit_customers(struct audit *x, struct fault *f)
{
	static const char customers[] = "master/customer.csv or pending.csv", vehicles[] = "master/vehicle.csv";
	const struct rowset *cars = run_table(x->r, &table_vehicle, true, f);
	struct customers c = { 0 };
	struct map vins = { 0 };
	bool ok;

	for (size_t i = 0; cars && i < cars->n; i++)
		map_put(&vins, rowset_value(cars, i, VEH_VIN), i, NULL);
	ok = cars && load(x, &c, &table_customer, f) && load(x, &c, &table_pending, f) && count_records(x, &c, f) &&
	     check_keys(x, &table_ownership, OWN_CUSTOMER_ID, &c.index, customers, f) &&
	     check_keys(x, &table_ownership, OWN_VIN, &vins, vehicles, f) &&
	     check_keys(x, &table_contact, CON_CUSTOMER_ID, &c.index, customers, f) &&
	     check_keys(x, &table_relation, REL_CUSTOMER_ID, &c.index, customers, f) &&
	     check_keys(x, &table_relation, REL_RELATED_CUSTOMER_ID, &c.index, customers, f);
	map_release(&c.index);
	map_release(&vins);
	free(c.list);
	return ok;
}
