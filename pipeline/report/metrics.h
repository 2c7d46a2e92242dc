/*
 * What the report measures. A metric belongs to a dimension and is counted in scopes; each
 * line of report/quality.csv is one metric in one scope.
 */
#ifndef YICE_REPORT_METRICS_H
#define YICE_REPORT_METRICS_H

#include "str.h"

enum unit {
	UNIT_COUNT, /* value = numerator, no denominator */
	UNIT_SHARE, /* value = numerator / denominator, from 0 to 1 */
	UNIT_MEAN, /* the same, of a sum */
};

enum better { BETTER_HIGH, BETTER_LOW, BETTER_NEITHER };

/* X(dimension, metric, unit, better, Chinese, English) in the order of quality.csv */
#define METRICS_LIST(X)                                                                           \
	/* where the rows of this run went: the ledger */                                         \
	X(flow, files, COUNT, NEITHER, "文件", "files")                                           \
	X(flow, files_quarantined, SHARE, LOW, "被隔离的文件", "files in quarantine")             \
	X(flow, rows, COUNT, NEITHER, "行数", "rows")                                             \
	X(flow, rows_accepted, SHARE, NEITHER, "无误", "accepted")                                   \
	X(flow, rows_flagged, SHARE, NEITHER, "部分有误", "flagged")                                  \
	X(flow, rows_rejected, SHARE, LOW, "不可用", "rejected")                                  \
	X(flow, rows_duplicate, SHARE, NEITHER, "重复", "duplicate")                              \
	X(flow, new_faultless, SHARE, HIGH, "新行无差错", "new rows without a fault")             \
	X(flow, new_faults, SHARE, LOW, "新行差错率", "faults per new row")                       \
	/* of everything received */                                                              \
	X(completeness, expected_given, SHARE, HIGH, "应填已填", "expected values given")         \
	X(completeness, filled, SHARE, NEITHER, "填写率", "filled")                               \
	X(validity, valid, SHARE, HIGH, "值有效", "valid values")                                 \
	X(validity, faultless, SHARE, HIGH, "无差错记录", "records without a fault")              \
	X(validity, faults, SHARE, LOW, "有此差错的记录", "faults per record")                    \
	X(validity, repaired, SHARE, NEITHER, "自动修正", "repaired without doubt")               \
	X(uniqueness, own_mobile, SHARE, HIGH, "手机不共用", "mobiles of one customer only")      \
	X(uniqueness, undoubted, SHARE, HIGH, "无疑似重复", "customers without a likely double")  \
	X(consistency, consistent, SHARE, HIGH, "前后一致", "records without a contradiction")    \
	X(timeliness, on_time, SHARE, HIGH, "及时", "on time")                                    \
	X(timeliness, urgent_on_time, SHARE, HIGH, "紧急事项当日", "urgent ones on their day")    \
	X(timeliness, days_silent, COUNT, LOW, "未来文件天数", "days without a file")             \
	X(accuracy, agrees, SHARE, HIGH, "与上级来源一致", "agrees with the higher source")       \
	/* the customers of the master and those pending */                                       \
	X(kr, customers, COUNT, NEITHER, "客户", "customers")                                     \
	X(kr, callable, SHARE, HIGH, "可回访", "usable for calling")                              \
	X(kr, callable_complete, SHARE, HIGH, "可回访：完整", "for calling: complete")            \
	X(kr, callable_unique, SHARE, HIGH, "可回访：唯一", "for calling: unique")                \
	X(kr, callable_timely, SHARE, HIGH, "可回访：及时", "for calling: timely")                \
	X(kr, sales_csi, MEAN, HIGH, "销售满意度", "sales CSI")                                   \
	X(kr, after_sales_csi, MEAN, HIGH, "售后满意度", "after-sales CSI")                       \
	X(kr, valid_address, SHARE, HIGH, "有效地址", "valid addresses")                          \
	X(kr, reachable, SHARE, HIGH, "有电话", "reachable by phone")                             \
	X(kr, has_mobile, SHARE, HIGH, "有手机", "with a mobile")                                 \
	X(kr, has_id_number, SHARE, HIGH, "有证件号", "with an ID number")                        \
	X(kr, consent, SHARE, NEITHER, "许可营销", "consent to marketing")                        \
	X(kr, qualified, SHARE, HIGH, "合格档案", "qualified records")                            \
	X(kr, item_given, SHARE, HIGH, "标准项", "item of the standard")                          \
	/* what became of what was returned */                                                    \
	X(repair, returned, COUNT, NEITHER, "退回", "returned")                                   \
	X(repair, open, SHARE, LOW, "未处理", "open")                                             \
	X(repair, repair_rate, SHARE, HIGH, "修复率", "repair rate")                              \
	X(repair, confirmed, SHARE, NEITHER, "确认无误", "confirmed as right")                    \
	X(repair, wrong_again, SHARE, LOW, "改后仍错", "wrong again")                             \
	X(repair, days_to_repair, MEAN, LOW, "修复天数", "days to repair")                        \
	/* the shape of the exports of this run */                                                \
	X(structure, unknown_columns, COUNT, LOW, "新出现的未知列", "new unknown columns")        \
	X(structure, vanished_columns, COUNT, LOW, "消失的列", "vanished columns")                \
	X(structure, wrong_columns, COUNT, LOW, "列名与内容不符", "columns under a wrong header")

enum metric {
#define X(dimension, name, unit, better, zh, en) M_##name,
	METRICS_LIST(X)
#undef X
	METRICS
};

struct metric_facts {
	struct str dimension, name;
	enum unit unit;
	enum better better;
	const char *label[2]; /* by enum lang */
};

extern const struct metric_facts metric_facts[METRICS];
enum metric metric_find(struct str name); /* METRICS: there is none */

/* A scope of two parts is written "D001/ID_MISSING". */
#define SCOPE_KINDS_LIST(X)                                                                   \
	X(ALL, "all") X(SOURCE, "source") X(DEALER, "dealer") X(FIELD, "field")               \
	X(CODE, "code") X(ITEM, "item") X(FILE, "file") X(SOURCE_FIELD, "source/field")       \
	X(DEALER_CODE, "dealer/code") X(DEALER_ITEM, "dealer/item")                           \
	X(CONSULTANT, "dealer/consultant")

enum scope_kind {
#define X(upper, name) SCOPE_##upper,
	SCOPE_KINDS_LIST(X)
#undef X
	SCOPE_KINDS
};

struct str scope_kind_name(enum scope_kind kind);
enum scope_kind scope_kind_find(struct str name); /* SCOPE_KINDS: there is none */

#endif
