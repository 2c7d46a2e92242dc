#include "dealer_folder.h"

enum { FOLDER_MOST = 64 };

bool sender_fits(struct str sender)
{
	for (size_t i = 0; i < sender.n; i++) {
		char c = sender.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return sender.n > 0 && sender.p[0] != '-'; /* `rm *` would take it for an option */
}

struct str dealer_folder(struct str dealer_code, struct str sender)
{
	struct str folder = dealer_code.n ? dealer_code : sender;

	return sender_fits(folder) && folder.n <= FOLDER_MOST ? folder : STR("hq");
}
