#include "script.h"

struct str script_makes(struct arena *a, struct str script)
{
	static const struct str create = STR_INIT("\nCREATE ");
	struct buf b = { 0 };
	ptrdiff_t at;

	while ((at = str_find(script, create)) >= 0) {
		struct str kind, name;

		script = str_span(script.p + at + create.n, script.p + script.n);
		str_cut(&script, ' ', &kind);
		if (!str_eq(kind, STR("VIEW")) && !str_eq(kind, STR("TABLE")))
			continue;
		str_cut(&script, ' ', &name);
		buf_printf(&b, "%.*s %.*s;", STR_FMT(kind), STR_FMT(name));
	}
	struct str made = str_keep(a, buf_view(&b));

	buf_release(&b);
	return made;
}

void script_drops_sql(struct str made, struct buf *b)
{
	while (made.n) {
		size_t end = made.n - 1, from = end;

		while (from && made.p[from - 1] != ';')
			from--;
		struct str what = { made.p + from, end - from }, kind;

		str_cut(&what, ' ', &kind);
		buf_printf(b, "DROP %.*s IF EXISTS %.*s;\n", STR_FMT(kind), STR_FMT(what));
		made.n = from;
	}
}
