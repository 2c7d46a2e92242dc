#include "file_reasons.h"

#include "rules.h"

enum { MOST_STARS = 4, DEEPEST = 2 /* a reason within a reason: of a sheet */ };

static size_t count_stars(struct str pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < pattern.n; i++)
		n += pattern.p[i] == '*';
	return n;
}

/* "{2}" at p: the 2; else 0. */
static unsigned place_at(struct str text, size_t i)
{
	bool is = i + 2 < text.n && text.p[i] == '{' && text.p[i + 1] > '0' &&
		  text.p[i + 1] <= '9' && text.p[i + 2] == '}';

	return is ? (unsigned)(text.p[i + 1] - '0') : 0;
}

static bool line_fits(const struct rules *r, const struct rule_row *row, struct fault *f)
{
	size_t stars = count_stars(row->v[0]);

	if (stars > MOST_STARS)
		return rules_mistake(r, row->line, f, "more than %d \"*\" in one reason",
				     MOST_STARS);
	for (size_t i = 0; i < row->v[1].n; i++)
		if (place_at(row->v[1], i) > stars)
			return rules_mistake(r, row->line, f,
					     "{%u} stands for no \"*\" of the reason",
					     place_at(row->v[1], i));
	return true;
}

bool file_reasons_load(struct file_reasons *fr, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"reason", RULE_FILLED}, {"zh", RULE_FILLED}, {NULL, RULE_FREE}};
	struct rules r;
	bool ok;

	*fr = (struct file_reasons){0};
	ok = rules_read(&r, rules_dir, "file_reasons.csv", columns, &fr->arena, f);
	ok &= rules_once(&r, 1, f);
	fr->list = arena_alloc(&fr->arena, (r.n + 1) * sizeof(*fr->list));
	for (size_t i = 0; i < r.n; i++) {
		ok &= line_fits(&r, &r.rows[i], f);
		fr->list[fr->n++] = (struct file_reason){r.rows[i].v[0], r.rows[i].v[1]};
	}
	return ok;
}

void file_reasons_release(struct file_reasons *fr)
{
	arena_release(&fr->arena);
	*fr = (struct file_reasons){0};
}

bool file_reasons_check(const char *rules_dir, struct fault *f)
{
	struct file_reasons fr;
	bool ok = file_reasons_load(&fr, rules_dir, f);

	file_reasons_release(&fr);
	return ok;
}

/* Each `*` takes as little as it can, the last one of a pattern's end all that is left. */
static bool matches(struct str pattern, struct str text, struct str found[MOST_STARS])
{
	struct str piece;
	size_t n = 0;

	if (!str_cut(&pattern, '*', &piece) || !str_starts(text, piece))
		return false;
	text = (struct str){text.p + piece.n, text.n - piece.n};
	while (str_cut(&pattern, '*', &piece)) {
		ptrdiff_t at = piece.n ? str_find(text, piece) : (ptrdiff_t)text.n;

		if (at < 0)
			return false;
		found[n++] = (struct str){text.p, (size_t)at};
		text = (struct str){text.p + at + piece.n, text.n - (size_t)at - piece.n};
	}
	return text.n == 0;
}

static struct str in_chinese(const struct file_reasons *fr, struct str reason, int depth,
			     struct arena *a)
{
	struct str found[MOST_STARS], text;
	struct buf b = {0};
	size_t line = 0;

	while (line < fr->n && !matches(fr->list[line].pattern, reason, found))
		line++;
	if (line == fr->n || depth == DEEPEST)
		return reason;
	text = fr->list[line].zh;
	for (size_t i = 0; i < text.n; i++) {
		unsigned place = place_at(text, i);

		if (place)
			buf_str(&b, in_chinese(fr, found[place - 1], depth + 1, a));
		else
			buf_char(&b, text.p[i]);
		i += place ? 2 : 0;
	}
	text = str_keep(a, buf_view(&b));
	buf_release(&b);
	return text;
}

struct str file_reason_text(const struct file_reasons *fr, struct str reason, enum lang lang,
			    struct arena *a)
{
	return lang == LANG_ZH ? in_chinese(fr, reason, 0, a) : reason;
}
