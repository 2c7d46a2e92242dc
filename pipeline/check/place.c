#include "place.h"

enum {
	NAME_MAX_CHARACTERS = 16,
	YEARS_OF_GRACE = 5 /* so long the name of a merged district is no fault: people write it */
};

bool place_is_municipality(const struct region *province)
{
	uint32_t code = province ? province->code / 10000 : 0;

	return code == 11 || code == 12 || code == 31 || code == 50;
}

bool place_is_filler(struct str text)
{
	static const struct str fillers[] = {
		STR_INIT("市辖区"),
		STR_INIT("县"),
		STR_INIT("省直辖县级行政区划"),
		STR_INIT("自治区直辖县级行政区划"),
		STR_INIT("省直辖行政单位"),
		STR_INIT("市辖县"),
	};

	for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++)
		if (str_eq(text, fillers[i]))
			return true;
	return false;
}

static bool below(const struct region *region, const struct place *place)
{
	if (place->city && place->city->level == REGION_CITY)
		return region->code / 100 == place->city->code / 100;
	if (place->city && place->city->level == REGION_COUNTY)
		return region->code == place->city->code;
	return !place->province || region->code / 10000 == place->province->code / 10000;
}

/* A region of the table can play that part: counties directly below a province, and towns that
 * are cities by law, are met in the field for cities. */
static bool fits_level(const struct region *region, enum region_level level)
{
	if (level == REGION_CITY)
		return region->level == REGION_CITY ||
		       (region->level == REGION_COUNTY && region->code / 100 % 100 == 90);
	if (level == REGION_COUNTY)
		return region->level == REGION_COUNTY || region->level == REGION_ZONE;
	return region->level == level;
}

/* Which of several regions of one name is meant: present before abolished, then the one that
 * went last; full names before short ones. */
static int worth(const struct region_name *name, const struct region *region)
{
	int age = region->current ? (name->former ? 5000 : 10000) : region->until;

	return age * 2 + !name->shortened;
}

/* What the name says of its region, and as what it is written from now on. */
static struct sighting sight(const struct reference *ref, const struct region_name *name)
{
	const struct region *region = &ref->regions[name->region];
	const struct region *today = region_today(ref, region);
	bool fresh = region->until + YEARS_OF_GRACE >= ref->regions_year;
	struct sighting s = {today ? today : region, false, region->name};

	s.renamed = !fresh && (name->former || region != s.region);
	if (region->current || s.renamed || !name->former)
		s.name = s.region->name;
	return s;
}

struct sighting place_find(const struct reference *ref, enum region_level level, struct str text,
			   const struct place *within)
{
	struct sighting best = {.region = NULL};
	bool ambiguous = false;
	int best_worth = -1;

	for (const struct region_name *name = region_names(ref, text); name;
	     name = region_names_next(ref, name)) {
		const struct region *region = &ref->regions[name->region];
		struct sighting s = sight(ref, name);
		int w = worth(name, region);

		/* What became of it may lie a level lower: 莱芜市 is a district today. And where
		 * it lies today counts: 海口市 was in 广东省 until 1988. */
		if (w < best_worth || !fits_level(region, level) || !fits_level(s.region, level) ||
		    !below(s.region, within))
			continue;
		ambiguous = w == best_worth && (ambiguous || s.region != best.region);
		best = s;
		best_worth = w;
	}
	if (ambiguous)
		best.region = NULL;
	return best;
}

void place_settle(const struct reference *ref, struct place *place, const struct region *region)
{
	if (!place->province)
		place->province = region_province(ref, region->code);
	if (region->level == REGION_PROVINCE)
		return;
	if (!place->city)
		place->city = region_city(ref, region->code);
	if (region->level != REGION_CITY && region != place->city)
		place->county = region;
}

/* 北京路 is a road and no city: what may follow a shortened name. */
static bool goes_on_as_road(struct str rest)
{
	static const struct str roads[] = {
		STR_INIT("路"),	  STR_INIT("街"),   STR_INIT("道"),   STR_INIT("大道"),
		STR_INIT("大街"), STR_INIT("巷"),   STR_INIT("村"),   STR_INIT("镇"),
		STR_INIT("乡"),	  STR_INIT("桥"),   STR_INIT("大厦"), STR_INIT("花园"),
		STR_INIT("小区"), STR_INIT("广场"), STR_INIT("新村"), STR_INIT("里"),
		STR_INIT("庄"),	  STR_INIT("园"),   STR_INIT("城"),   STR_INIT("大酒店"),
	};
	static const struct str sides[] = {STR_INIT("东"), STR_INIT("西"), STR_INIT("南"),
					   STR_INIT("北"), STR_INIT("中")};

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (str_starts(rest, sides[i])) {
			struct str next = str_span(rest.p + 3, rest.p + rest.n);

			if (str_starts(next, STR("路")) || str_starts(next, STR("街")) ||
			    str_starts(next, STR("大")) || str_starts(next, STR("里")))
				return true;
		}
	}
	for (size_t i = 0; i < sizeof(roads) / sizeof(roads[0]); i++)
		if (str_starts(rest, roads[i]))
			return true;
	return false;
}

static struct str past_separators(struct str s)
{
	for (;;) {
		if (s.n && strchr(" ,-/.|", s.p[0]))
			s = str_span(s.p + 1, s.p + s.n);
		else if (str_starts(s, STR("中国")))
			s = str_span(s.p + 6, s.p + s.n);
		else
			return s;
	}
}

static bool is_short(const struct reference *ref, struct str text)
{
	for (const struct region_name *name = region_names(ref, text); name;
	     name = region_names_next(ref, name))
		if (!name->shortened)
			return false;
	return true;
}

/* Does the name say again what is known already (海南省三亚市海南省三亚市)? */
static bool says_again(const struct reference *ref, struct str text, const struct place *place)
{
	const struct region *known[] = {place->province, place->city, place->county};

	for (const struct region_name *name = region_names(ref, text); name;
	     name = region_names_next(ref, name)) {
		const struct region *region = &ref->regions[name->region];

		for (int i = 0; i < 3; i++)
			if (known[i] &&
			    (region == known[i] || region_today(ref, region) == known[i]))
				return true;
	}
	return false;
}

/* The region at the front by a name of n bytes, of the levels that are still open. */
static const struct region *named_there(const struct reference *ref, struct str text,
					const struct place *place, bool at_front,
					const struct region **other)
{
	static const enum region_level levels[] = {REGION_PROVINCE, REGION_CITY, REGION_COUNTY};
	const struct region *known[] = {place->province, place->city, place->county};
	const struct place nowhere = {NULL, NULL, NULL};

	for (int i = 0; i < 3; i++) {
		struct sighting s;

		if (known[i])
			continue;
		s = place_find(ref, levels[i], text, place);
		if (s.region)
			return s.region;
	}
	/* A full name of the level that is settled, another one than the one known. */
	for (int i = 0; at_front && i < 2 && !*other; i++) {
		struct sighting s = place_find(ref, levels[i], text, &nowhere);

		if (known[i] && s.region && s.region != known[i] && !s.renamed &&
		    !is_short(ref, text))
			*other = s.region;
	}
	return NULL;
}

struct str place_read(const struct reference *ref, struct str address, struct place *place,
		      const struct region **other)
{
	const struct region *contradicting = NULL;
	const char *front = past_separators(address).p;

	for (bool found = true; found;) {
		size_t ends[NAME_MAX_CHARACTERS], n = 0, first = 0;

		found = false;
		address = past_separators(address);
		if (!address.n || !charset_has(&ref->name_starts, utf8_next(address, &first)))
			break;
		for (size_t i = 0; i < address.n && n < NAME_MAX_CHARACTERS;) {
			utf8_next(address, &i);
			ends[n++] = i;
		}
		while (n-- > 1 && !found) {
			struct str text = {address.p, ends[n]};
			struct str rest = str_span(address.p + ends[n], address.p + address.n);
			const struct region *region;

			if (place_is_filler(text)) {
				address = rest;
				found = true;
				break;
			}
			if (!region_names(ref, text) ||
			    (is_short(ref, text) && goes_on_as_road(rest)))
				continue;
			region = named_there(ref, text, place, address.p == front, &contradicting);
			if (region)
				place_settle(ref, place, region);
			else if (!says_again(ref, text, place))
				continue;
			address = rest;
			found = true;
		}
	}
	if (other)
		*other = contradicting;
	return address;
}
