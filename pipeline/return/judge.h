/* The judgement as the stage uses it: with the desk and the answers it was made with (returns.h). */
#ifndef YICE_RETURN_JUDGE_H
#define YICE_RETURN_JUDGE_H

#include "answers.h"
#include "returns.h"
#include "versions.h"

struct judged {
	struct desk desk;
	struct answers answers;
	struct returns returns;
};

/* Made at the first request, for report and return; NULL: f tells why. */
struct judged *judged_of(struct run *r, struct fault *f);
/* What the next run must remember of it. */
bool returns_keep(const struct returns *rt, struct run *r, struct fault *f);

/* What became of the dealer's last answer, in the language of the list; "" where there is
 * nothing to say. (notes.c) */
struct str note_on(const struct desk *d, const struct answers *answers, const struct returned *t,
		   struct arena *a);

#endif
