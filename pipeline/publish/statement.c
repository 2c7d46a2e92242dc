#include "statement.h"

bool statement_run(struct statement *sql, const char *what, struct fault *f)
{
	buf_char(&sql->text, '\0');
	bool ok = sql->s->kind->run(sql->s, sql->text.p, what, f);

	buf_reset(&sql->text);
	return ok;
}

bool statement_ask(struct statement *sql, struct str *value, struct fault *f)
{
	size_t found = 0;

	buf_char(&sql->text, '\0');
	*value = STR("");
	bool ok = sql->s->kind->ask(sql->s, sql->text.p, &sql->arena, value, 1, &found, f);

	buf_reset(&sql->text);
	return ok;
}

void statement_release(struct statement *sql)
{
	buf_release(&sql->text);
	arena_release(&sql->arena);
}
