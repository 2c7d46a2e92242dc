#include "file_reasons.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct str chinese(const struct file_reasons *fr, const char *reason, struct arena *a)
{
	return file_reason_text(fr, str_of(reason), LANG_ZH, a);
}

Test(file_reasons, the_ledgers_sentence_is_told_in_chinese_with_what_it_names)
{
	static const char *const sentences[][2] = {
		{"the file is empty", "文件是空的"},
		{"required column missing: 手机; the header has: 姓名, 车架号",
		 "缺少必需的列：手机；文件里的列：姓名, 车架号"},
		{"sheet 一月 is damaged", "工作表“一月”已损坏"},
		{"sheet 一月 is damaged or too large", "工作表“一月”已损坏或过大"},
		{"sheet 一月: required column missing: 手机; the header has: 姓名",
		 "工作表“一月”：缺少必需的列：手机；文件里的列：姓名"},
		{"a sentence that no line knows", "a sentence that no line knows"},
		{"", ""},
	};
	struct file_reasons fr;
	struct arena a = {0};
	struct fault f = {0};

	cr_assert(file_reasons_load(&fr, "rules", &f));
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++) {
		struct str told = chinese(&fr, sentences[i][0], &a);

		cr_expect(str_eq(told, str_of(sentences[i][1])), "%s: %.*s", sentences[i][0],
			  STR_FMT(told));
	}
	cr_expect(str_eq(file_reason_text(&fr, STR("the file is empty"), LANG_EN, &a),
			 STR("the file is empty")));
	file_reasons_release(&fr);
	arena_release(&a);
}

Test(file_reasons, a_place_that_stands_for_nothing_is_a_mistake_with_its_line)
{
	char dir[] = "/tmp/yice-reasons-XXXXXX", path[64];
	struct fault f = {0};
	FILE *file;

	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file_reasons.csv", dir);
	file = fopen(path, "w");
	fputs("reason,zh\nsheet * is damaged,{2}坏了\n", file);
	fclose(file);
	cr_expect_not(file_reasons_check(dir, &f));
	cr_expect(str_has(buf_view(&f.text), STR("file_reasons.csv:2: {2}")), "%.*s",
		  STR_FMT(buf_view(&f.text)));
	fault_release(&f);
	remove(path);
	rmdir(dir);
}
