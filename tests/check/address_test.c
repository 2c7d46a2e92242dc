#include "address.h"
#include "verdicts.h"

struct address_case {
	const char *raw[ADDRESS_PARTS];
	const char *province, *city, *district; /* as they come out */
	const char *findings; /* of all parts, in order */
};

static struct str all_lines(const struct address *address)
{
	struct buf b = {0};
	struct str line;

	for (int i = 0; i < ADDRESS_PARTS; i++) {
		line = verdict_line(&address->part[i]);
		if (b.n && line.n)
			buf_char(&b, ' ');
		buf_str(&b, line);
	}
	line = str_keep(&arena, buf_view(&b));
	buf_release(&b);
	return line;
}

/* The first four are the examples of the dealer standard. */
static const struct address_case cases[] = {
	{{"北京市", "北京市", "朝阳区", "东三环北路霞光里18号", "东三环北路霞光里18号",
	  "佳程广场B座25层"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 ""},
	{{"江苏省", "无锡市", NULL, "江阴市长江路22号"}, "江苏省", "无锡市", "江阴市", ""},
	{{NULL, NULL, NULL, "北京市朝阳区朝阳公园南路8号棕榈泉国际公寓11栋20层A号"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 ""},
	{{"河北省", "邯郸市", NULL, "大名县和阳村4组5号"}, "河北省", "邯郸市", "大名县", ""},
	{{NULL, NULL, NULL, "江苏淮安清江浦区北京北路9号"}, "江苏省", "淮安市", "清江浦区", ""},
	{{NULL, NULL, NULL, "海南省三亚市天涯区海南省三亚市天涯区解放路5号"},
	 "海南省",
	 "三亚市",
	 "天涯区",
	 ""},
	{{"香港特别行政区", NULL, NULL, "中环皇后大道中1号"}, "香港特别行政区", "", "", ""},
	{{"广东", "深圳", "南山", "科技园1号"}, "广东省", "深圳市", "南山区", ""},
	{{"北京市", "市辖区", "朝阳区", "霞光里18号"}, "北京市", "北京市", "朝阳区", ""},
	{{"广东省", "东莞市", NULL, "长安镇振安路100号"}, "广东省", "东莞市", "", ""},
	{{"四川省", "成都市", "高新区", "天府大道1号"}, "四川省", "成都市", "高新区", ""},
	{{"河南省", NULL, "济源市", "天坛路10号"}, "河南省", "济源市", "济源市", ""},
	/* renamed or merged: the present name */
	{{"北京市", "北京市", "密云县", "鼓楼东大街1号"},
	 "北京市",
	 "北京市",
	 "密云区",
	 "=ADDRESS_REGION"},
	{{"湖北省", "襄樊市", NULL, "人民路1号"}, "湖北省", "襄阳市", "", "=ADDRESS_REGION"},
	/* merged this year: still written, and no fault */
	{{"重庆市", "重庆市", "渝北区", "龙溪街道1号"}, "重庆市", "重庆市", "渝北区", ""},
	/* contradictions */
	{{"江苏省", "南京市", "朝阳区", "光里18号"},
	 "江苏省",
	 "南京市",
	 "朝阳区",
	 "ADDRESS_REGION"},
	{{"江苏省", "石家庄市", NULL, "光里18号"}, "江苏省", "石家庄市", "", "ADDRESS_REGION"},
	{{"江南省", NULL, NULL, "南京市玄武区中山路1号"},
	 "江南省",
	 "南京市",
	 "玄武区",
	 "ADDRESS_REGION"},
	{{"浙江省", "杭州市", "西湖区", "上海市浦东新区张江路1号"},
	 "浙江省",
	 "杭州市",
	 "西湖区",
	 "ADDRESS_REGION"},
	/* what a letter lacks */
	{{"北京市", "北京市", "朝阳区", "北京市朝阳区"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 "ADDRESS_INCOMPLETE"},
	{{"北京市", "北京市", "朝阳区", "霞光里"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 "ADDRESS_INCOMPLETE"},
	{{"北京市", "北京市", "海淀区", "学院路"},
	 "北京市",
	 "北京市",
	 "海淀区",
	 "ADDRESS_INCOMPLETE"},
	{{"北京市", "北京市", "海淀区", "公园北路"},
	 "北京市",
	 "北京市",
	 "海淀区",
	 "ADDRESS_INCOMPLETE"},
	{{"北京市", "北京市", "海淀区", "学院路体育学院"}, "北京市", "北京市", "海淀区", ""},
	{{NULL, NULL, NULL, "北京路12号"}, "", "", "", "ADDRESS_INCOMPLETE"},
	{{"北京市", "北京市", "朝阳区", "不详"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 "ADDRESS_INCOMPLETE"},
	/* 18 characters and 17 */
	{{"北京市", "北京市", "朝阳区", "霞光里18号", "东三环北路霞光里甲十八号院三号楼一"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 ""},
	{{"北京市", "北京市", "朝阳区", "霞光里18号", "东三环北路霞光里甲十八号院三号楼一层"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 "ADDRESS_LINE_TOO_LONG"},
	/* post codes */
	{{"北京市", "北京市", "朝阳区", "霞光里18号", NULL, NULL, NULL, "200040"},
	 "北京市",
	 "北京市",
	 "朝阳区",
	 "?POSTCODE_FORMAT"},
	{{"河北省", "石家庄市", "长安区", "中山路1号", NULL, NULL, NULL, "50000"},
	 "河北省",
	 "石家庄市",
	 "长安区",
	 "=POSTCODE_FORMAT"},
};

Test(address, each_case_is_split_and_judged)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct address_case *c = &cases[i];
		const char *const expected[] = {c->province, c->city, c->district};
		struct str raw[ADDRESS_PARTS], line;
		struct address address;

		for (int k = 0; k < ADDRESS_PARTS; k++)
			raw[k] = c->raw[k] ? str_of(c->raw[k]) : STR("");
		address_check(reference(), raw, &arena, &address);
		line = all_lines(&address);
		cr_expect(str_eq(line, str_of(c->findings)), "%zu: told \"%.*s\", expected \"%s\"",
			  i, STR_FMT(line), c->findings);
		for (int k = 0; k < 3; k++)
			cr_expect(str_eq(address.part[k].value, str_of(expected[k])),
				  "%zu: %.*s, not %s", i, STR_FMT(address.part[k].value),
				  expected[k]);
	}
}

Test(address, post_codes_have_six_digits_of_a_province)
{
	static const struct {
		const char *input, *value, *findings;
	} codes[] = {
		{"100020", "100020", ""},
		{"１００02０", "100020", ""},
		{"10002", NULL, "POSTCODE_FORMAT"},
		{"1000200", NULL, "POSTCODE_FORMAT"},
		{"10002A", NULL, "POSTCODE_FORMAT"},
		{"000000", NULL, "POSTCODE_FORMAT"},
		{"180000", NULL, "POSTCODE_FORMAT"},
		{"999077", "999077", ""},
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct verdict v;

		postcode_check(reference(), STR(""), str_of(codes[i].input), &arena, &v);
		expect_verdict(codes[i].input, &v, codes[i].value, codes[i].findings);
	}
}

Test(address, the_rest_of_an_address_is_what_follows_the_regions)
{
	struct str rest = address_rest(reference(), STR("江苏省无锡市江阴市长江路22号"), &arena);

	cr_expect(str_eq(rest, STR("长江路22号")), "%.*s", STR_FMT(rest));
	rest = address_rest(reference(), STR("南京东路100号"), &arena);
	cr_expect(str_eq(rest, STR("南京东路100号")), "%.*s", STR_FMT(rest));
}

Test(regions, what_was_abolished_leads_to_what_is)
{
	const struct region *old = region_find(reference(), 510211);

	cr_assert(old);
	cr_expect_not(old->current);
	cr_expect_eq(region_province(reference(), 990101), NULL);
	cr_expect_eq(region_find(reference(), 431389), NULL);
	cr_expect_eq(region_today(reference(), region_find(reference(), 110228))->code, 110118);
}
