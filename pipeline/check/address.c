/*
 * The fields of an address against each other and against the regions of GB/T 2260, and the
 * text of the address against both. Fields that are empty are filled in from the text where
 * it leaves no doubt.
 */
#include "address.h"

#include "form.h"
#include "plain_value.h"
#include "place.h"
#include "text.h"

static bool contains_any(struct str s, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_has(s, words[i]))
			return true;
	return false;
}

#define CONTAINS_ANY(s, words) contains_any((s), (words), sizeof(words) / sizeof((words)[0]))

/* 苏州工业园区, 高新区, 某某镇: below a city, but no county of GB/T 2260. */
static bool is_zone_or_town(struct str text)
{
	static const struct str words[] = {
		STR_INIT("开发区"), STR_INIT("高新"),	STR_INIT("园区"),   STR_INIT("新区"),
		STR_INIT("示范区"), STR_INIT("管理区"), STR_INIT("新城"),   STR_INIT("保税"),
		STR_INIT("镇"),	    STR_INIT("街道"),	STR_INIT("乡"),	    STR_INIT("其它区"),
		STR_INIT("其他区"), STR_INIT("风景"),	STR_INIT("农场"),   STR_INIT("经开区"),
		STR_INIT("林区"),   STR_INIT("矿区"),	STR_INIT("旅游区"), STR_INIT("试验区"),
	};

	return CONTAINS_ANY(text, words);
}

static void region_accept(struct verdict *v, const struct sighting *s)
{
	struct str was = v->value;

	v->value = s->name;
	if (s->renamed && !str_eq(was, v->value))
		verdict_add(v, REASON_address_renamed, FINDING_FIXED, was)->expected = v->value;
}

static void province_judge(const struct reference *ref, struct verdict *v, struct place *place)
{
	struct sighting s;

	if (!v->value.n)
		return;
	s = place_find(ref, REGION_PROVINCE, v->value, place);
	if (!s.region) {
		verdict_add(v, REASON_address_province, FINDING_WRONG, v->value);
		return;
	}
	region_accept(v, &s);
	place_settle(ref, place, s.region);
}

static void city_judge(const struct reference *ref, struct verdict *v, struct place *place)
{
	struct sighting s;

	if (!v->value.n || place_is_filler(v->value)) {
		if (v->value.n && place_is_municipality(place->province))
			v->value = place->province->name;
		return;
	}
	/* 北京市 is its own city. */
	s = place_find(ref, REGION_PROVINCE, v->value, place);
	if (s.region && place_is_municipality(s.region)) {
		v->value = s.region->name;
		place_settle(ref, place, s.region);
		place->city = s.region;
		return;
	}
	s = place_find(ref, REGION_CITY, v->value, place);
	if (s.region) {
		region_accept(v, &s);
		place_settle(ref, place, s.region);
		return;
	}
	/* 昆山市 in the field for cities: a town of the province, a level too low. */
	s = place_find(ref, REGION_COUNTY, v->value, place);
	if (s.region) {
		place->city = NULL;
		place_settle(ref, place, s.region);
		if (s.renamed && place->city) { /* 莱芜市 was a city until 2019 */
			verdict_add(v, REASON_address_renamed, FINDING_FIXED, v->value)->expected =
				s.region->name;
			v->value = place->city->name;
		}
		return;
	}
	verdict_add(v, REASON_address_city, FINDING_WRONG, v->value)->expected =
		place->province ? place->province->name : STR("");
}

/* 朝阳 for 朝阳区, where only one ending makes a district of the city. */
static struct sighting with_ending(const struct reference *ref, struct str text,
				   const struct place *place, struct arena *a)
{
	static const char *const endings[] = {"区", "县", "市"};
	struct sighting found = {.region = NULL};

	for (int i = 0; i < 3; i++) {
		struct str full = str_printf(a, "%.*s%s", STR_FMT(text), endings[i]);
		struct sighting s = place_find(ref, REGION_COUNTY, full, place);

		if (s.region && found.region && s.region != found.region)
			return (struct sighting){.region = NULL};
		if (s.region)
			found = s;
	}
	found.renamed = false;
	return found;
}

/* 浦东新区 is called a zone and is a district of another city all the same. */
static bool is_elsewhere(const struct reference *ref, struct str text)
{
	static const struct place anywhere;

	return place_find(ref, REGION_COUNTY, text, &anywhere).region != NULL;
}

static void district_judge(const struct reference *ref, struct arena *a, struct verdict *v,
			   struct place *place)
{
	struct sighting s;

	if (!v->value.n || place_is_filler(v->value))
		return;
	s = place_find(ref, REGION_COUNTY, v->value, place);
	if (!s.region && place->city && str_eq(v->value, place->city->name))
		return;
	if (!s.region && place->county)
		return;
	if (!s.region && place->city)
		s = with_ending(ref, v->value, place, a);
	if (s.region) {
		region_accept(v, &s);
		place_settle(ref, place, s.region);
	} else if ((!is_zone_or_town(v->value) || is_elsewhere(ref, v->value)) &&
		   (place->city || place->province)) {
		verdict_add(v, REASON_address_district, FINDING_WRONG, v->value)->expected =
			place->city ? place->city->name : place->province->name;
	}
}

static void fill(struct verdict *v, const struct region *region)
{
	if (region && !v->value.n && region->current)
		v->value = region->name;
}

static bool has_number(struct str s)
{
	static const struct str counted[] = {
		STR_INIT("一号"), STR_INIT("二号"), STR_INIT("三号"), STR_INIT("四号"),
		STR_INIT("五号"), STR_INIT("六号"), STR_INIT("七号"), STR_INIT("八号"),
		STR_INIT("九号"), STR_INIT("十号"), STR_INIT("一组"), STR_INIT("二组"),
		STR_INIT("三组"), STR_INIT("四组"), STR_INIT("五组"), STR_INIT("一队"),
		STR_INIT("二队"), STR_INIT("三队"), STR_INIT("四队"), STR_INIT("五队"),
		STR_INIT("甲号"), STR_INIT("一栋"), STR_INIT("二栋"), STR_INIT("三栋"),
		STR_INIT("号院"),
	};

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return CONTAINS_ANY(s, counted);
}

/* 学院路, 公园北路: what stands before 路 or 街 names the street. */
static bool names_street(struct str rest)
{
	static const struct str streets[] = {
		STR_INIT("路"),	  STR_INIT("街"),   STR_INIT("大街"), STR_INIT("大道"),
		STR_INIT("巷"),	  STR_INIT("胡同"), STR_INIT("东路"), STR_INIT("西路"),
		STR_INIT("南路"), STR_INIT("北路"), STR_INIT("中路"), STR_INIT("东街"),
		STR_INIT("西街"), STR_INIT("南街"), STR_INIT("北街"),
	};

	for (size_t i = 0; i < sizeof(streets) / sizeof(streets[0]); i++)
		if (str_starts(rest, streets[i]))
			return true;
	return false;
}

/* A building, a village or a house that a postman knows by its name. */
static bool has_named_house(struct str s)
{
	static const struct str words[] = {
		STR_INIT("村"),	    STR_INIT("屯"),   STR_INIT("大厦"),	  STR_INIT("广场"),
		STR_INIT("小区"),   STR_INIT("花园"), STR_INIT("公寓"),	  STR_INIT("大楼"),
		STR_INIT("中心"),   STR_INIT("学校"), STR_INIT("大学"),	  STR_INIT("中学"),
		STR_INIT("小学"),   STR_INIT("学院"), STR_INIT("医院"),	  STR_INIT("公司"),
		STR_INIT("厂"),	    STR_INIT("苑"),   STR_INIT("家园"),	  STR_INIT("山庄"),
		STR_INIT("新城"),   STR_INIT("部队"), STR_INIT("政府"),	  STR_INIT("宿舍"),
		STR_INIT("家属院"), STR_INIT("连"),   STR_INIT("团场"),	  STR_INIT("农场"),
		STR_INIT("庄"),	    STR_INIT("寨"),   STR_INIT("别墅"),	  STR_INIT("市场"),
		STR_INIT("酒店"),   STR_INIT("银行"), STR_INIT("法院"),	  STR_INIT("局"),
		STR_INIT("府"),	    STR_INIT("园"),   STR_INIT("居委会"), STR_INIT("店"),
		STR_INIT("办事处"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (struct str rest = s; str_has(rest, words[i]);) {
			rest = str_span(rest.p + str_find(rest, words[i]) + words[i].n, s.p + s.n);
			if (!names_street(rest))
				return true;
		}
	return false;
}

static bool is_placeholder_address(const struct reference *ref, struct str s)
{
	return is_placeholder(ref, PLACEHOLDER_ADDRESS, s) ||
	       is_placeholder(ref, PLACEHOLDER_ANY, s);
}

/* Hong Kong and Macau; the cities of Taiwan are in no table. */
static bool is_city_itself(const struct region *province)
{
	return province && province->code >= 710000;
}

/* A letter needs the city, the street or village, and the house. */
static void street_judge(const struct reference *ref, struct address *out, struct place *place)
{
	struct verdict *v = &out->part[ADDRESS_STREET];
	const struct region *other = NULL;
	struct place spoken = *place;
	struct str rest;

	if (!v->value.n)
		return;
	if (is_placeholder_address(ref, v->value)) {
		verdict_add(v, REASON_address_placeholder, FINDING_WRONG, v->value);
		return;
	}
	rest = place_read(ref, v->value, &spoken, &other);
	if (other)
		verdict_add(v, REASON_address_contradicts, FINDING_WRONG, other->name)->expected =
			place->city ? place->city->name : place->province->name;
	else
		*place = spoken;
	if (!place->city && !out->part[ADDRESS_CITY].value.n && !is_city_itself(place->province))
		verdict_add(v, REASON_address_no_region, FINDING_WRONG, STR(""));
	if (utf8_count(rest) < 2 || is_placeholder_address(ref, rest))
		verdict_add(v, REASON_address_no_street, FINDING_WRONG, STR(""));
	else if (!has_number(rest) && !has_named_house(rest))
		verdict_add(v, REASON_address_no_number, FINDING_WRONG, rest);
	out->deliverable = verdict_usable(v);
}

static void lines_judge(struct arena *a, struct address *out)
{
	for (int i = ADDRESS_LINE1; i <= ADDRESS_LINE3; i++) {
		struct verdict *v = &out->part[i];
		size_t n = utf8_count(v->value);

		if (n > ADDRESS_LINE_MAX)
			verdict_add(v, REASON_address_line, FINDING_WRONG, str_printf(a, "%zu", n));
	}
}

void address_check(const struct reference *ref, const struct str raw[ADDRESS_PARTS],
		   struct arena *a, struct address *out)
{
	struct place place = {NULL, NULL, NULL};
	struct verdict *part = out->part;

	out->deliverable = false;
	for (int i = 0; i < ADDRESS_POSTCODE; i++)
		verdict_start(&part[i], form_text(a, raw[i]));
	province_judge(ref, &part[ADDRESS_PROVINCE], &place);
	city_judge(ref, &part[ADDRESS_CITY], &place);
	district_judge(ref, a, &part[ADDRESS_DISTRICT], &place);
	street_judge(ref, out, &place);
	lines_judge(a, out);
	if (verdict_usable(&part[ADDRESS_STREET])) {
		fill(&part[ADDRESS_PROVINCE], place.province);
		fill(&part[ADDRESS_CITY], place.city);
		fill(&part[ADDRESS_DISTRICT], place.county);
	}
	out->region = place.county     ? place.county->code
		      : place.city     ? place.city->code
		      : place.province ? place.province->code
				       : 0;
	postcode_check(ref, place.province ? place.province->name : STR(""), raw[ADDRESS_POSTCODE],
		       a, &part[ADDRESS_POSTCODE]);
}

struct str address_rest(const struct reference *ref, struct str address, struct arena *a)
{
	struct place place = {NULL, NULL, NULL};

	return place_read(ref, text_clean(a, address), &place, NULL);
}
