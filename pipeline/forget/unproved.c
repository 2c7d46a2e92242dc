#include "unproved.h"

#include "mention.h"
#include "outfile.h"
#include "table.h"
#include "text.h"

#include <unistd.h>

enum { UNP_PERSON, UNP_KIND, UNP_VALUE, UNP_COLUMNS };

const char unproved_name[] = "forgetting.csv";
static const char *const unproved_columns[] = { "customer_id", "kind", "value", NULL };
static const struct table_def table_unproved = { "forgetting", unproved_columns, 0 };

bool unproved_take(struct person *p, const char *state, struct fault *f)
{
	struct rowset rs;
	struct str v[UNP_COLUMNS];

	rowset_init(&rs, &table_unproved);
	bool ok = rowset_load(&rs, state, true, f);

	for (size_t i = 0; ok && i < rs.n; i++) {
		rowset_get(&rs, i, v);
		if (!str_eq(v[UNP_PERSON], p->id))
			continue;
		if (str_eq(v[UNP_KIND], STR("customer")))
			person_take_customer(p, v[UNP_VALUE]);
		else if (str_eq(v[UNP_KIND], STR("phone")))
			map_put(&p->is.phones, v[UNP_VALUE], 0, NULL);
		else
			person_take_name(p, v[UNP_VALUE]);
	}
	rowset_release(&rs);
	return ok;
}

static void put(struct rowset *rs, const struct person *p, struct str kind, const struct map *values)
{
	for (size_t i = 0; i < values->n; i++)
		rowset_add(rs, (struct str[]){ p->id, kind, values->entries[i].key });
}

static bool save(const struct rowset *rs, const char *state, struct fault *f)
{
	struct arena a = { 0 };
	const char *path = str_keepz(&a, str_printf(&a, "%s/%s", state, unproved_name));
	bool ok = rs->n ? rowset_save(rs, state, f) :
			  !file_exists(path) || ((unlink(path) == 0 && sync_folder_of(path)) || fault_errno(f, "remove", path));

	arena_release(&a);
	return ok;
}

/* Those of others stay. */
static bool put_down(const struct person *p, bool theirs, const char *state, struct fault *f)
{
	struct rowset before, now;
	struct str v[UNP_COLUMNS];

	rowset_init(&before, &table_unproved);
	rowset_init(&now, &table_unproved);
	bool ok = rowset_load(&before, state, true, f);

	for (size_t i = 0; ok && i < before.n; i++) {
		rowset_get(&before, i, v);
		if (!str_eq(v[UNP_PERSON], p->id))
			rowset_add(&now, v);
	}
	if (theirs) {
		put(&now, p, STR("customer"), &p->is.customers);
		put(&now, p, STR("phone"), &p->is.phones);
		put(&now, p, STR("name"), &p->is.names);
	}
	ok = ok && save(&now, state, f);
	rowset_release(&before);
	rowset_release(&now);
	return ok;
}

bool unproved_keep(const struct person *p, const char *state, struct fault *f)
{
	return put_down(p, true, state, f);
}

bool unproved_drop(const struct person *p, const char *state, struct fault *f)
{
	return put_down(p, false, state, f);
}
