#include "disguise.h"

enum { LOOKED_AT = 4096 };

static const struct {
	struct str magic, name;
} magics[] = {
	{ STR_INIT("%PDF-"), STR_INIT("a PDF document") },
	{ STR_INIT("\x89PNG"), STR_INIT("a picture") },
	{ STR_INIT("\xFF\xD8\xFF"), STR_INIT("a picture") },
	{ STR_INIT("GIF8"), STR_INIT("a picture") },
	{ STR_INIT("\x1F\x8B"), STR_INIT("a gzip file inside a gzip file") },
	{ STR_INIT("Rar!\x1A"), STR_INIT("a RAR archive") },
	{ STR_INIT("7z\xBC\xAF\x27\x1C"), STR_INIT("a 7z archive") },
	{ STR_INIT("BZh"), STR_INIT("a bzip2 file") },
	{ STR_INIT("\xFD" "7zXZ"), STR_INIT("an xz file") },
	{ STR_INIT("\x28\xB5\x2F\xFD"), STR_INIT("a zstd file") },
	{ STR_INIT("SQLite format 3"), STR_INIT("a SQLite database") },
	{ STR_INIT("<?xml"), STR_INIT("XML") },
	{ STR_INIT("{"), STR_INIT("JSON") },
	{ STR_INIT("[{"), STR_INIT("JSON") },
};

/* Text in UTF-16 has its line feeds beside zeros; other zeros are no text at all. */
static struct str with_zeros(struct str bytes)
{
	size_t zeros = 0, feeds = 0, n = bytes.n < LOOKED_AT ? bytes.n : LOOKED_AT;

	for (size_t i = 0; i < n; i++) {
		zeros += bytes.p[i] == '\0';
		feeds += i > 0 && ((bytes.p[i] == '\n' && bytes.p[i - 1] == '\0') ||
				   (bytes.p[i] == '\0' && bytes.p[i - 1] == '\n'));
	}
	if (n && zeros == n)
		return STR("nothing but zeros, as a broken transfer leaves it");
	if (feeds)
		return STR("UTF-16 without its mark (BOM)");
	return zeros * 50 > n ? STR("no text") : STR("");
}

struct str disguise_of(struct str bytes)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (str_starts(bytes, magics[i].magic))
			return magics[i].name;
	return with_zeros(bytes);
}
