# The plain job for mawk, which knows bytes and no CSV: README.md. Set OUT; the exports are the
# files named on the command line.
BEGIN {
  FS = "\t"
  columns["finance"] = "finance 1 2 经销商代码 合同号 客户姓名 证件号码 证件类型 手机号码"
  columns["invoice"] = "invoice 2 - 经销商代码 发票号码 购买方名称 身份证号码/组织机构代码 - -"
  columns["callcenter"] = "callcenter 3 1 经销商代码 工单编号 客户姓名 证件号码 - 来电号码"
  columns["dms_customer"] = "dms 4 3 经销商代码 客户编号 客户姓名 证件号码 证件类型 手机"
  split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", weight, " ")
  split("０ １ ２ ３ ４ ５ ６ ７ ８ ９ Ｘ ｘ ＋ －", wide, " ")
  split("0 1 2 3 4 5 6 7 8 9 X X + -", narrow, " ")
  rejects = OUT "/rejects.csv"
  print "source,dealer,key,field,value,code" > rejects
}

# a line with an odd number of quotes goes on in the next
function whole_row(   quotes, copy, next_line) {
  copy = $0
  quotes = gsub(/"/, "", copy)
  while (quotes % 2 && (getline next_line) > 0) {
    $0 = $0 "\n" next_line
    copy = next_line
    quotes += gsub(/"/, "", copy)
  }
  return quotes
}

function cut(line, quoted,   n, i, part, parts, open, text, copy) {
  if (!quoted)
    return split(line, field, ",")
  parts = split(line, part, ",")
  n = 0
  for (i = 1; i <= parts; i++) {
    text = open ? text "," part[i] : part[i]
    copy = text
    open = gsub(/"/, "", copy) % 2
    if (open)
      continue
    if (text ~ /^"/) {
      text = substr(text, 2, length(text) - 2)
      gsub(/""/, "\"", text)
    }
    field[++n] = text
  }
  return n
}

function characters(s) {
  gsub(/[\200-\277]/, "", s)
  return length(s)
}

function bare(s,   i) {
  if (s ~ /[\200-\377]/) {
    for (i = 1; i <= 14; i++)
      gsub(wide[i], narrow[i], s)
    gsub(/　/, "", s)
  }
  gsub(/[ -]/, "", s)
  return s
}

function mobile_of(s) {
  if (length(s) == 14 && substr(s, 1, 3) == "+86")
    return substr(s, 4)
  if (length(s) == 13 && substr(s, 1, 2) == "86")
    return substr(s, 3)
  return s
}

function id_right(s,   i, sum) {
  if (length(s) != 18 || substr(s, 1, 17) ~ /[^0-9]/)
    return 0
  for (i = 1; i <= 17; i++)
    sum += substr(s, i, 1) * weight[i]
  return substr("10X98765432", sum % 11 + 1, 1) == substr(s, 18)
}

function csv(s) {
  if (s !~ /[",\n]/)
    return s
  gsub(/"/, "\"\"", s)
  return "\"" s "\""
}

function reject(name, value, code) {
  print source "," csv(dealer) "," csv(key) "," name "," csv(value) "," code > rejects
}

FNR == 1 {
  export = FILENAME
  sub(/.*\//, "", export)
  sub(/_[^_]*_[0-9]*\.csv$/, "", export)
  split(columns[export], column, " ")
  source = column[1]
  for (i = 4; i <= 9; i++)
    place[i] = 0
  n = cut($0, 0)
  for (c = 1; c <= n; c++)
    for (i = 4; i <= 9; i++)
      if (field[c] == column[i])
        place[i] = c
  next
}

{
  cut($0, whole_row())
  dealer = field[place[4]]
  key = field[place[5]]
  name = field[place[6]]
  gsub(/　/, " ", name)
  gsub(/^ +| +$/, "", name)
  id = bare(toupper(field[place[7]]))
  type = place[8] ? field[place[8]] : ""
  mobile = place[9] ? mobile_of(bare(field[place[9]])) : ""

  name_good = name != ""
  if (name_good) {
    long = characters(name)
    if (long < 2) {
      reject("name", name, "NAME_TOO_SHORT")
      name_good = 0
    } else if (long == 3 && name ~ /(先生|女士|小姐)$/) {
      reject("name", name, "NAME_HONORIFIC")
      name_good = 0
    }
  }
  mobile_good = mobile != ""
  if (mobile_good && characters(mobile) < 11) {
    reject("mobile", mobile, "MOBILE_TOO_SHORT")
    mobile_good = 0
  }
  if (id == "" || (place[8] ? type != "身份证" : id !~ /^[1-8][0-9]*[0-9X]$/ || length(id) != 18))
    next
  if (!id_right(id)) {
    reject("id_number", id, "ID_CHECKSUM")
    next
  }
  if (!(id in seen))
    seen[id] = 1
  if (name_good) {
    order = column[2] dealer " " key " " name
    if (!(id in best_name) || order < best_name[id]) {
      best_name[id] = order
      name_of[id] = name
    }
  }
  if (mobile_good) {
    order = column[3] dealer " " key " " mobile
    if (!(id in best_mobile) || order < best_mobile[id]) {
      best_mobile[id] = order
      mobile_of_id[id] = mobile
    }
  }
}

END {
  master = OUT "/master.csv"
  print "id_number,name,mobile" > master
  for (id in seen)
    print id "," csv(name_of[id]) "," csv(mobile_of_id[id]) > master
}
