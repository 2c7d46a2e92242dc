"""What the plain job takes from each export: for Polars and pandas."""

NAME_RANK = {"finance": "1", "invoice": "2", "callcenter": "3", "dms": "4"}
MOBILE_RANK = {"callcenter": "1", "finance": "2", "dms": "3"}
# file name -> source, and what its columns are called: dealer, key, name, id, type, mobile
EXPORTS = {
    "finance": ("finance", "经销商代码", "合同号", "客户姓名", "证件号码", "证件类型", "手机号码"),
    "invoice": ("invoice", "经销商代码", "发票号码", "购买方名称", "身份证号码/组织机构代码", None, None),
    "callcenter": ("callcenter", "经销商代码", "工单编号", "客户姓名", "证件号码", None, "来电号码"),
    "dms_customer": ("dms", "经销商代码", "客户编号", "客户姓名", "证件号码", "证件类型", "手机"),
}
FIELDS = ["dealer", "key", "name", "id", "type", "mobile"]
WIDE, NARROW = "０１２３４５６７８９Ｘｘ＋－　", "0123456789Xx+- "
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
CHECK_DIGITS = "10X98765432"
HONORIFICS = ["先生", "女士", "小姐"]
RESIDENT = "^[1-8][0-9]{16}[0-9X]$"
