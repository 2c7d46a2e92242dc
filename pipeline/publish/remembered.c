/*
 * The stores that last and that runs published to, by what names them and nothing that opens them:
 * whoever deletes a person is to know of each.
 */
#include "stage.h"

#include "map.h"

static const char *const store_columns[] = { "store", "published_on", NULL };
const struct table_def table_stores = { "stores", store_columns, 0 };

/* Without user, password and options that say no more than how to connect. */
static struct str postgres_name(const char *url, struct arena *a)
{
	static const struct str kept[] = { STR_INIT("host="), STR_INIT("hostaddr="), STR_INIT("port="), STR_INIT("dbname="),
					   STR_INIT("service=") };
	struct str rest = str_of(url), user = STR(""), options = STR(""), option, name;
	ptrdiff_t at = str_find(rest, STR("://")), slash;
	bool more = false, has_database = false;

	if (at >= 0)
		rest = str_span(rest.p + at + 3, rest.p + rest.n);
	slash = str_find(rest, STR("/"));
	at = str_find(rest, STR("@"));
	if (at >= 0 && (slash < 0 || at < slash)) {
		user = (struct str){ rest.p, (size_t)at };
		rest = str_span(rest.p + at + 1, rest.p + rest.n);
	}
	at = str_find(rest, STR("?"));
	if (at >= 0) {
		options = str_span(rest.p + at + 1, rest.p + rest.n);
		rest.n = (size_t)at;
	}
	slash = str_find(rest, STR("/"));
	has_database = slash >= 0 && (size_t)slash + 1 < rest.n;
	name = str_printf(a, "postgresql://%.*s", STR_FMT(rest));
	for (struct str left = options; str_cut(&left, '&', &option);)
		has_database |= str_starts(option, STR("dbname=")) || str_starts(option, STR("service="));
	if (!has_database && user.n && str_cut(&user, ':', &option)) /* it bears the name of its user */
		name = str_printf(a, "%.*s%s%.*s", STR_FMT(name), slash < 0 ? "/" : "", STR_FMT(option));
	while (str_cut(&options, '&', &option)) {
		for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
			if (!str_starts(option, kept[i]))
				continue;
			name = str_printf(a, "%.*s%c%.*s", STR_FMT(name), more ? '&' : '?', STR_FMT(option));
			more = true;
		}
	}
	return name;
}

struct str publish_name(const char *url, struct arena *a)
{
	return str_starts(str_of(url), STR("postgres")) ? postgres_name(url, a) : publish_place(url, a);
}

bool publish_remember(struct run *r, struct fault *f)
{
	const struct rowset *before = run_previous(r, &table_stores, f);
	struct map names = { 0 };
	struct arena a = { 0 };
	struct rowset now;

	if (!before)
		return false;
	rowset_init(&now, &table_stores);
	for (size_t i = 0; i < r->opt.n_publish; i++) {
		const char *url = r->opt.publish[i];

		if (str_eq(str_of(url), STR("none")) || publish_is_snapshot(r->opt.out, url))
			continue;
		rowset_add(&now, (struct str[]){ publish_name(url, &a), run_date(r) });
		map_put(&names, rowset_value(&now, now.n - 1, 0), 0, NULL);
	}
	for (size_t i = 0; i < before->n; i++) {
		struct str v[] = { rowset_value(before, i, 0), rowset_value(before, i, 1) };

		if (!map_get(&names, v[0]))
			rowset_add(&now, v);
	}
	bool ok = !now.n || run_keep(r, &now, f);

	rowset_release(&now);
	map_release(&names);
	arena_release(&a);
	return ok;
}
