#include "bad_name.h"

#include "buf.h"

static const struct str BAD = STR_INIT("_bad");

struct str bad_base(struct str stem)
{
	while (stem.n > BAD.n && str_ends(stem, BAD))
		stem.n -= BAD.n;
	return stem;
}

size_t bad_times(struct str stem)
{
	return (stem.n - bad_base(stem).n) / BAD.n;
}

struct str bad_stem(struct arena *a, struct str base, size_t times)
{
	struct buf b = { 0 };
	struct str stem;

	buf_str(&b, base);
	for (size_t i = 0; i < times; i++)
		buf_str(&b, BAD);
	stem = str_keep(a, buf_view(&b));
	buf_release(&b);
	return stem;
}
