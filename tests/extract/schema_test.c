#include <criterion/criterion.h>

#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct schemas shipped(void)
{
	struct schemas s;
	struct fault f = { 0 };

	cr_assert(schemas_load(&s, "schemas", &f), "%.*s", STR_FMT(f.text));
	return s;
}

Test(schema, the_ten_schemas_that_ship_have_no_mistake)
{
	struct schemas s = shipped();
	const char *names[] = { "activity", "callcenter", "correction", "dms_customer",
				"dms_service", "finance", "insurance", "invoice", "manual", "survey" };

	cr_assert_eq(s.n, 10);
	for (size_t i = 0; i < s.n; i++)
		cr_assert(str_eq(s.list[i].name, str_of(names[i])));
	schemas_release(&s);
}

/* The headers that CONTRACT.md lists, by schema. */
static const char *const listed[][2] = {
	{ "dms_customer", "经销商代码 客户编号 客户类型 客户姓名 性别 证件类型 证件号码 出生日期 手机 "
			  "电话 电子邮箱 省份 城市 区县 地址1 地址2 地址3 邮编 职业 工作单位 行业 兴趣爱好 "
			  "联系人姓名 联系人电话 亲属姓名 亲属关系 销售顾问 客户来源 营销许可 车架号 车牌号 "
			  "品牌 车系 车型 配置 购车日期 上牌日期 首保日期 保险到期日 更新时间 建档日期 "
			  "交车日期 意向购买日期 意向车系 意向车型 下次联系计划 热情程度 推荐人手机 金融意向 "
			  "二手车意向 使用性质 亲属手机 亲属证件号码 亲属车架号" },
	{ "dms_service", "经销商代码 工单号 车架号 车牌号 送修人 送修人手机 维修类型 进厂日期 出厂日期 "
			 "里程 维修项目 备件金额 工时金额 总金额 故障描述 服务顾问 结算类型" },
	{ "invoice", "发票代码 发票号码 开票日期 购买方名称 身份证号码/组织机构代码 车辆类型 厂牌型号 "
		     "车辆识别代号/车架号码 发动机号码 合格证号 价税合计 不含税价 增值税税率 增值税税额 "
		     "销货单位名称 纳税人识别号 经销商代码" },
	{ "finance", "合同号 经销商代码 客户姓名 证件类型 证件号码 手机号码 单位名称 居住地址 车架号 "
		     "车型 贷款金额 期数 合同日期 放款日期 状态" },
	{ "callcenter", "工单编号 来电时间 渠道 类型 客户姓名 证件号码 来电号码 车架号 车牌号 "
			"经销商代码 主题 内容 状态 处理人 首次响应时间 关闭时间 满意度 营销许可 线索类型 "
			"处理结果" },
	{ "insurance", "保单号 经销商代码 被保险人 证件号码 手机 车架号 保险公司 险种 起保日期 "
		       "到期日期 保费" },
	{ "activity", "活动编号 活动名称 主办 总费用 经销商代码 客户姓名 手机 证件号码 通知日期 "
		      "邀请日期 出席日期 签约日期" },
	{ "survey", "问卷编号 期次 调查日期 类别 经销商代码 客户姓名 手机 车架号 总分 服务启动 "
		    "服务顾问 服务质量 服务设施 服务后交车" },
	{ "correction", "退回编号 文件 行号 字段 原值 错误代码 错误说明 修改建议 更正值 单号 经办人 "
			"首次退回" },
};

static bool knows(const struct schema *s, struct str header)
{
	for (size_t i = 0; i < s->n_columns; i++)
		for (size_t k = 0; k < s->columns[i].n_headers; k++)
			if (str_eq(s->columns[i].headers[k], header))
				return true;
	return false;
}

Test(schema, each_knows_the_headers_of_the_contract)
{
	struct schemas s = shipped();

	for (size_t i = 0; i < sizeof(listed) / sizeof(*listed); i++) {
		const struct schema *schema = schemas_find(&s, str_of(listed[i][0]));
		struct str rest = str_of(listed[i][1]), header;

		while (str_cut(&rest, ' ', &header))
			cr_expect(knows(schema, header), "%s does not know %.*s", listed[i][0],
				  STR_FMT(header));
	}
	schemas_release(&s);
}

static void mistakes_are(const char *text, const char *const *sentences, size_t n)
{
	char folder[] = "/tmp/yice-test-XXXXXX", path[64];
	struct schemas s;
	struct fault f = { 0 };
	FILE *file;

	cr_assert(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/used_car.csv", folder);
	file = fopen(path, "wb");
	fputs(text, file);
	fclose(file);
	cr_assert_not(schemas_load(&s, folder, &f));
	cr_assert_eq(f.status, EXIT_USAGE);
	for (size_t i = 0; i < n; i++)
		cr_expect(str_has(buf_view(&f.text), str_of(sentences[i])), "no \"%s\" in:\n%.*s",
			  sentences[i], STR_FMT(buf_view(&f.text)));
	fault_release(&f);
	unlink(path);
	rmdir(folder);
}

#define MISTAKES(text, ...)                                        \
	mistakes_are(text, (const char *const[]){ __VA_ARGS__ },   \
		     sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

Test(schema, all_mistakes_are_told_at_once_with_file_and_line)
{
	MISTAKES("line,field,value,variants,note\n"
		 "source,,dms,,\n"
		 "mode,,sometimes,,\n"
		 "feeds,,customers,,\n"
		 "colum,name,姓名,,\n"
		 "column,nmae,姓名,,\n"
		 "requires,,vin,,\n",
		 "used_car.csv:3: the mode is", "used_car.csv:4: there is no table \"customers\"",
		 "used_car.csv:5: \"colum\" is no kind of line",
		 "used_car.csv:6: there is no field \"nmae\"; the nearest is \"name\"",
		 "used_car.csv:7: requires names vin, which no column feeds");
}

Test(schema, what_is_missing_or_double_is_a_mistake)
{
	MISTAKES("line,field,value,variants,note\n"
		 "feeds,,vehicle,,\n"
		 "column,vin,车架号,VIN,\n"
		 "column,plate,车牌号,ｖｉｎ,\n"
		 "column,mobile,手机,,\n"
		 "column,model#2,车型,,\n"
		 "feeds,,vehicle,,\n",
		 "the line \"source\" is missing", ":4: the header \"ｖｉｎ\" stands on line 3 already",
		 "mobile is in none of the tables", "model has a piece #2 but none #1",
		 ":7: \"feeds\" is set on line 2 already",
		 ":5: mobile is in none", ":6: model has a piece");
	MISTAKES("line,field,value,variants,note\n", "the line \"source\" is missing");
	MISTAKES("field,value\n", ":1: the column line is missing");
}

Test(schema, every_row_is_judged_where_one_of_them_is_torn)
{
	MISTAKES("line,field,value,variants,note\n"
		 "source,,dms,,,,more\n"
		 "feeds,,\"vehicle,,\n"
		 "constant,kind,survey,,\n"
		 "constant,kind,activity,,\n"
		 "column,vinn,车架号,,\n",
		 "used_car.csv:2: the row has 7 columns",
		 "used_car.csv:3: a quote is opened and never closed",
		 "used_car.csv:5: kind has a constant on line 4 already",
		 "used_car.csv:6: there is no field \"vinn\"; the nearest is \"vin\"");
}

Test(schema, its_lines_become_columns_parts_and_constants)
{
	struct schemas s = shipped();
	const struct schema *invoice = schemas_find(&s, STR("invoice"));
	const struct schema *survey = schemas_find(&s, STR("survey"));
	const struct schema *call = schemas_find(&s, STR("callcenter"));

	cr_assert(str_eq(invoice->columns[0].headers[0], STR("发票代码")));
	cr_assert_eq(invoice->columns[1].fields[0], F_INVOICE_NO);
	cr_assert_eq(invoice->columns[1].parts[0], 2);
	cr_assert_eq(invoice->columns[1].fields[1], F_SOURCE_KEY);
	cr_assert_eq(invoice->columns[1].parts[1], 0);
	cr_assert(str_eq(invoice->joins[0].between, STR("-")));
	cr_assert(invoice->required[F_VIN] && invoice->expected[F_NAME]);
	cr_assert_not(invoice->full);
	cr_assert_eq(survey->constants[0].field, F_KIND);
	cr_assert(str_eq(survey->source, STR("callcenter")));
	cr_assert_eq(call->feeds_if[ENTITY_VEHICLE], F_VIN);
	cr_assert_eq(call->feeds_if[ENTITY_CUSTOMER], F_COUNT);
	cr_assert_eq(call->key, F_CONTACT_NO);
	schemas_release(&s);
}

static void name_is(const char *file, const char *schema, const char *sender, const char *day,
		    const char *part, const char *stem)
{
	struct schemas s = shipped();
	struct export_name e;
	struct str reason;

	cr_assert(export_name_parse(&e, &s, str_of(file), &reason), "%s: %.*s", file,
		  STR_FMT(reason));
	cr_expect(str_eq(e.schema->name, str_of(schema)));
	cr_expect(str_eq(e.sender, str_of(sender)));
	cr_expect(str_eq((struct str){ e.observed_on, 10 }, str_of(day)));
	cr_expect(str_eq(e.part, str_of(part)), "%.*s", STR_FMT(e.part));
	cr_expect(str_eq(e.stem, str_of(stem)));
	schemas_release(&s);
}

Test(schema, the_name_of_an_export_says_schema_sender_day_and_part)
{
	name_is("dms_customer_D001_20260301.csv", "dms_customer", "D001", "2026-03-01", "",
		"dms_customer_D001_20260301");
	name_is("finance_hq_20260301_2.csv.gz", "finance", "hq", "2026-03-01", "2",
		"finance_hq_20260301_2");
	name_is("dms_customer_A-1_20240229_x_bad.csv", "dms_customer", "A-1", "2024-02-29", "x_bad",
		"dms_customer_A-1_20240229_x_bad");
	name_is("correction_D001_20260302.xlsx", "correction", "D001", "2026-03-02", "",
		"correction_D001_20260302");
	name_is("manual_hq_20260302_补.XLS", "manual", "hq", "2026-03-02", "补",
		"manual_hq_20260302_补");
}

Test(schema, a_name_that_fits_no_schema_has_its_reason)
{
	struct schemas s = shipped();
	const char *const names[][3] = { /* the reason, and who is to hear it */
		{ "readme.txt", "does not end in .csv", "" },
		{ "correction_D001_20260301.ods", "does not end in .csv", "D001" },
		{ "stock_D001_20260301.csv", "begins with no schema", "" },
		{ "dms_customer_D001.csv", "SENDER_YYYYMMDD", "D001" },
		{ "dms_customer_D001_20260230.csv", "no day of the calendar", "D001" },
		{ "dms_customer_D001_2026023_20260301.csv", "no day of the calendar", "D001" },
		{ "dms_customer_SH_01_20260301.csv", "without \"_\"", "SH" },
		{ "dms_customer_../x_20260301.csv", "letters, digits", "" },
		{ "dms_customer_D001_20260301_.csv", "behind the date", "D001" },
		{ "dms_customer_D001_20260301 (1).csv", "no day of the calendar", "D001" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct export_name e;
		struct str reason;

		cr_expect_not(export_name_parse(&e, &s, str_of(names[i][0]), &reason), "%s",
			      names[i][0]);
		cr_expect(str_has(reason, str_of(names[i][1])), "%s: %.*s", names[i][0],
			  STR_FMT(reason));
		cr_expect(str_eq(e.sender, str_of(names[i][2])), "%s: sent by %.*s", names[i][0],
			  STR_FMT(e.sender));
	}
	schemas_release(&s);
}

/* A state that was there before the limit knows longer names. */
Test(schema, a_name_too_long_for_a_new_file_is_read_all_the_same)
{
	struct schemas s = shipped();
	struct str reason;

	for (int length = 219; length <= 222; length++) {
		struct export_name e;
		char name[256];

		snprintf(name, sizeof(name), "finance_hq_20260301_%0*d.csv", length - 20, 0);
		cr_assert(export_name_parse(&e, &s, str_of(name), &reason), "%.*s", STR_FMT(reason));
		cr_expect_eq(e.stem.n, (size_t)length);
		cr_expect_eq(export_name_fits(&e, &reason), length <= 220, "%d", length);
	}
	schemas_release(&s);
}
