/* Whether a row stands is one rule, asked of one row by any thread or of all rows at once. */
#include "night.h"

#include "pool.h"
#include "return/versions.h"

enum { KEYS = 40, MOST = 400 };

static struct {
	struct desk desk;
	struct version list[MOST];
	bool stands[MOST];
	size_t n;
	uint64_t seed;
} rows;

static unsigned below(unsigned n)
{
	rows.seed = rows.seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(rows.seed >> 33) % n;
}

/* Rows that came as they are already are sights of a record, not records. */
static void invent_row(uint32_t row)
{
	static const char *const vins[] = { "", "LFV3A23CXM3000001", "LFV3A23C1M3000002" };
	const char *key = str_keepz(&night.arena, str_printf(&night.arena, "K%u", below(KEYS)));
	struct str vin = str_of(vins[below(3)]), mobile = str_printf(&night.arena, "1380012457%u", below(2));
	struct str name = str_printf(&night.arena, "dms_customer/D001/%s", key);
	struct str bytes = str_printf(&night.arena, "%s,%.*s,%.*s\n", key, STR_FMT(vin), STR_FMT(mobile));
	struct record rec = {0};

	if (received_sight(night.received, row, 0, bytes, hash128(bytes), hash64(name)) == SIGHT_DUPLICATE)
		return;
	rec.feeds = FEEDS(ENTITY_CUSTOMER);
	rec.v[F_RECORD_ID] = str_printf(&night.arena, "%.*s:%u", STR_FMT(night.file.stem), row);
	rec.v[F_OBSERVED_ON] = str_keep(&night.arena, (struct str){ night.file.observed_on, 10 });
	rec.v[F_SOURCE] = STR("dms");
	rec.v[F_DEALER_CODE] = STR("D001");
	rec.v[F_SOURCE_KEY] = str_of(key);
	rec.v[F_VIN] = vin;
	rec.v[F_MOBILE] = mobile;
	records_add(&night.records, &rec);
	rows.list[rows.n++] = (struct version){ .record_id = rec.v[F_RECORD_ID] };
}

static void ask(void *context, size_t row, unsigned worker)
{
	(void)context;
	(void)worker;
	rows.stands[row] = version_stands(&rows.desk, rows.list[row].record_id);
}

TestSuite(versions, .init = night_begin, .fini = night_forget);

Test(versions, a_row_asked_alone_stands_where_it_does_among_all)
{
	static const char *const days[] = { "2026-03-01", "2026-03-02", "2026-03-03" };
	struct fault f = {0};
	size_t standing = 0, older = 0;
	struct run r;

	for (size_t day = 0; day < 3; day++) {
		night_file("dms_customer", "D001", days[day]);
		for (uint32_t row = 2; row < 62; row++)
			invent_row(row);
	}
	night_end();
	r = night_run("2026-03-05");
	cr_assert(desk_open(&rows.desk, &r, &f), "%.*s", STR_FMT(f.text));
	pool_each(4, rows.n, ask, NULL);
	versions_find(&rows.desk, rows.list, rows.n, &night.arena);
	for (size_t i = 0; i < rows.n; i++) {
		cr_assert_eq(rows.stands[i], !rows.list[i].newer.n, "%.*s", STR_FMT(rows.list[i].record_id));
		standing += rows.stands[i];
		older += rows.stands[i] && i < rows.n / 2;
	}
	cr_assert(standing > 40 && standing < rows.n - 20 && older > 5, "%zu of %zu", standing, rows.n);
	desk_close(&rows.desk);
	book_close(&r);
	arena_release(&r.arena);
}
