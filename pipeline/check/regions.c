/* Regions by code and by name. */
#include "tables.h"

const struct region *region_find(const struct reference *ref, uint32_t code)
{
	size_t low = 0, high = ref->n_regions;

	if (!region_is_known(ref, code))
		return NULL;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ref->regions[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return &ref->regions[low];
}

bool region_numbers_people(const struct reference *ref, uint32_t code)
{
	const struct region *r = region_find(ref, code);
	bool permit = code == 810000 || code == 820000 || code == 830000;

	return r && r->level != REGION_ZONE && (r->level != REGION_PROVINCE || permit);
}

const struct region *region_province(const struct reference *ref, uint32_t code)
{
	return region_find(ref, code / 10000 * 10000);
}

/* Municipalities have no city between province and district; counties that hang on the
 * province directly (xx90yy) are their own city. */
const struct region *region_city(const struct reference *ref, uint32_t code)
{
	const struct region *city = region_find(ref, code / 100 * 100);

	if (!city || city->level == REGION_AGGREGATE)
		city = code / 100 % 100 == 90 ? region_find(ref, code) : region_province(ref, code);
	return city;
}

const struct region *region_today(const struct reference *ref, const struct region *region)
{
	for (int steps = 0; region && !region->current && steps < 8; steps++)
		region = region->successor ? region_find(ref, region->successor) : NULL;
	return region && region->current ? region : NULL;
}

static void name_add(struct reference *ref, struct str text, uint32_t region, bool former,
		     bool shortened)
{
	struct region_name *name;
	uint64_t *first;
	size_t start = 0;
	bool added;

	charset_add(&ref->name_starts, utf8_next(text, &start));
	first = map_put(&ref->names_by_text, text, ref->n_names + 1, &added);
	GROW(ref->names, ref->n_names, ref->cap_names);
	name = &ref->names[ref->n_names++];
	*name = (struct region_name){region, 0, former, shortened};
	if (!added) {
		name->next = (uint32_t)*first;
		*first = ref->n_names;
	}
}

/* 内蒙古自治区 -> 内蒙古, 无锡市 -> 无锡, 延边朝鲜族自治州 -> 延边; empty where nothing is left
 * that could stand alone. Longer endings first. */
static struct str shorten(struct str name)
{
	static const struct str endings[] = {
		STR_INIT("维吾尔自治区"), STR_INIT("壮族自治区"), STR_INIT("回族自治区"),
		STR_INIT("特别行政区"),	  STR_INIT("自治区"),	  STR_INIT("地区"),
		STR_INIT("省"),		  STR_INIT("市"),	  STR_INIT("盟"),
	};
	static const struct str prefectures[] = {
		STR_INIT("土家族苗族自治州"), STR_INIT("布依族苗族自治州"),
		STR_INIT("苗族侗族自治州"),   STR_INIT("蒙古族藏族自治州"),
		STR_INIT("藏族羌族自治州"),   STR_INIT("哈尼族彝族自治州"),
		STR_INIT("壮族苗族自治州"),   STR_INIT("傣族景颇族自治州"),
		STR_INIT("朝鲜族自治州"),     STR_INIT("哈萨克自治州"),
		STR_INIT("柯尔克孜自治州"),   STR_INIT("蒙古自治州"),
		STR_INIT("傈僳族自治州"),     STR_INIT("藏族自治州"),
		STR_INIT("回族自治州"),	      STR_INIT("彝族自治州"),
		STR_INIT("白族自治州"),	      STR_INIT("傣族自治州"),
	};
	const struct str *list = endings;
	size_t n = sizeof(endings) / sizeof(endings[0]);

	if (str_ends(name, STR("自治州"))) {
		list = prefectures;
		n = sizeof(prefectures) / sizeof(prefectures[0]);
	}
	for (size_t i = 0; i < n; i++)
		if (str_ends(name, list[i]) && name.n - list[i].n >= 6)
			return (struct str){name.p, name.n - list[i].n};
	return STR("");
}

void regions_index(struct reference *ref)
{
	static const struct str fillers[] = {STR_INIT("市"), STR_INIT("省"), STR_INIT("县"),
					     STR_INIT("自")};

	for (size_t i = 0, at; i < sizeof(fillers) / sizeof(fillers[0]); i++) {
		at = 0; /* 省直辖县级行政区划 starts no name */
		charset_add(&ref->name_starts, utf8_next(fillers[i], &at));
	}
	/* A chain is read from its newest link: short and former names are added first. */
	for (int pass = 0; pass < 3; pass++) {
		for (uint32_t i = 0; i < ref->n_regions; i++) {
			const struct region *r = &ref->regions[i];
			struct str former = r->former_names, name, text = shorten(r->name);

			if (r->level == REGION_AGGREGATE)
				continue;
			if (pass == 0)
				while (str_cut(&former, '|', &name))
					name_add(ref, name, i, true, false);
			if (pass == 1 && text.n && r->level != REGION_ZONE)
				name_add(ref, text, i, !r->current, true);
			if (pass == 2)
				name_add(ref, r->name, i, !r->current, false);
		}
	}
}

const struct region_name *region_names(const struct reference *ref, struct str text)
{
	const uint64_t *first = map_get(&ref->names_by_text, text);

	return first ? &ref->names[*first - 1] : NULL;
}

const struct region_name *region_names_next(const struct reference *ref,
					    const struct region_name *name)
{
	return name->next ? &ref->names[name->next - 1] : NULL;
}
