#include "schema.h"

#include "bad_name.h"
#include "date.h"
#include "dealer_folder.h"
#include "text.h"

static const struct str endings[] = { STR_INIT(".csv.gz"), STR_INIT(".csv"), STR_INIT(".xlsx"),
				      STR_INIT(".xls") };

/* Windows writes .CSV and .XLS as gladly. */
static bool ends_with_any_case(struct str s, struct str ending)
{
	if (s.n < ending.n)
		return false;
	for (size_t i = 0; i < ending.n; i++) {
		char c = s.p[s.n - ending.n + i];

		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != ending.p[i])
			return false;
	}
	return true;
}

struct str export_stem(struct str file_name)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (ends_with_any_case(file_name, endings[i])) {
			file_name.n -= endings[i].n;
			break;
		}
	return file_name;
}

/* Letters of any language, digits and "-", "_", ".". */
static bool part_fits(struct str part)
{
	for (size_t i = 0; i < part.n; i++) {
		unsigned char c = (unsigned char)part.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_' && c != '.' && c < 0x80)
			return false;
	}
	return part.n > 0 && text_is_utf8(part) && !str_has(part, STR("\uFFFD"));
}

/* SH_01_20260301: no day was meant to stand there yet. */
static bool day_comes_later(struct str instead, struct str rest)
{
	enum { SHORTEST_DAY = 6 };
	char day[10];
	struct str piece;

	if (str_is_digits(instead) && instead.n >= SHORTEST_DAY)
		return false;
	while (str_cut(&rest, '_', &piece))
		if (date_compact(piece, day))
			return true;
	return false;
}

/* SENDER_YYYYMMDD[_PART], what follows "SCHEMA_" */
static bool rest_parse(struct export_name *e, struct str rest, const char **why)
{
	struct str sender, day;

	*why = "behind the schema stand SENDER_YYYYMMDD";
	if (!str_cut(&rest, '_', &sender))
		return false;
	if (!sender_fits(sender)) {
		*why = rest.n ? "the sender has letters, digits and \"-\" only" : *why;
		return false;
	}
	e->sender = sender;
	if (!str_cut(&rest, '_', &day))
		return false;
	if (!date_compact(day, e->observed_on)) {
		*why = day_comes_later(day, rest) ?
			       "between schema and date stands the sender alone, without \"_\"" :
			       "the date is no day of the calendar, written YYYYMMDD";
		return false;
	}
	/* str_cut leaves rest.p behind the separator, if there was one. */
	e->part = str_span(day.p + day.n, e->stem.p + e->stem.n);
	if (e->part.n)
		e->part = (struct str){ e->part.p + 1, e->part.n - 1 };
	*why = "behind the date stands _PART, of letters, digits, \"-\", \"_\" and \".\"";
	return day.p + day.n == e->stem.p + e->stem.n || part_fits(e->part);
}

bool export_name_parse(struct export_name *e, const struct schemas *s, struct str file_name,
		       struct str *reason)
{
	static const struct str no_ending =
		STR_INIT("the name does not end in .csv, .csv.gz, .xlsx or .xls");
	static const struct str no_schema =
		STR_INIT("the name begins with no schema (SCHEMA_SENDER_YYYYMMDD.csv)");
	const struct schema *longest = NULL;
	const char *why;
	bool readable;

	*e = (struct export_name){ .name = file_name, .stem = export_stem(file_name) };
	readable = e->stem.n < file_name.n;
	*reason = readable ? no_schema : no_ending;
	/* The longest schema first: dms_customer before dms. */
	for (size_t length = e->stem.n; length > 0; length--) {
		const struct schema *schema;

		if (e->stem.p[length - 1] != '_')
			continue;
		schema = schemas_find(s, (struct str){ e->stem.p, length - 1 });
		if (!schema)
			continue;
		e->schema = schema;
		if (rest_parse(e, str_span(e->stem.p + length, e->stem.p + e->stem.n), &why) &&
		    readable)
			return true;
		if (!longest && readable)
			*reason = str_of(why);
		if (!longest)
			longest = schema;
	}
	e->schema = longest;
	return false;
}

bool export_name_fits(const struct export_name *e, struct str *reason)
{
	static const struct str too_long = STR_INIT("the name is longer than 220 bytes; shorten PART");
	enum { BASE_MOST = 220, STEM_MOST = 240 };

	*reason = too_long;
	return bad_base(e->stem).n <= BASE_MOST && e->stem.n <= STEM_MOST;
}
