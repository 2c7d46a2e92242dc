#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"

enum {
	MATCH_LIMIT = 100000, /* about a millisecond of backtracking */
	STACK_FIRST = 32 << 10,
	STACK_MAX = 512 << 10,
	GROUPS = 32,
};

struct regex {
	pcre2_code *code;
	bool jit;
	_Atomic uint64_t limit_hits;
};

/* What a match writes to; each thread has one for all patterns. */
struct scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static pthread_key_t scratch_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local struct scratch *mine;

static void scratch_free(void *p)
{
	struct scratch *s = p;

	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	free(s);
}

static void make_key(void)
{
	if (pthread_key_create(&scratch_key, scratch_free) != 0)
		library_failed("no thread-specific storage is left");
}

static struct scratch *scratch_new(void)
{
	struct scratch *s = xcalloc(1, sizeof(*s));

	pthread_once(&once, make_key);
	s->data = pcre2_match_data_create(GROUPS, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MAX, NULL);
	if (!s->data || !s->context)
		library_failed("PCRE2 cannot get its memory");
	pcre2_set_match_limit(s->context, MATCH_LIMIT);
	if (s->stack)
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	pthread_setspecific(scratch_key, s);
	mine = s;
	return s;
}

/* Without UCP: \d and \w mean ASCII, as the checks do; \p{Han} means what it says. Bytes
 * that are no UTF-8 match nothing instead of being undefined. */
struct regex *regex_new(struct str pattern, const char **error)
{
	static _Thread_local char text[256];
	PCRE2_UCHAR reason[160];
	struct regex *r;
	int code;
	PCRE2_SIZE at;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
					     PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
						     PCRE2_NEVER_BACKSLASH_C,
					     &code, &at, NULL);

	if (!compiled) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		snprintf(text, sizeof(text), "%s at byte %zu of the pattern \"%.*s\"",
			 (char *)reason, (size_t)at, STR_FMT(pattern));
		*error = text;
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->code = compiled;
	r->jit = pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE) == 0;
	return r;
}

static int run(const struct regex *r, struct str subject, size_t from, struct scratch *s)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(subject.p ? subject.p : "");
	int n = r->jit ? pcre2_jit_match(r->code, p, subject.n, from, 0, s->data, s->context) :
			 pcre2_match(r->code, p, subject.n, from, 0, s->data, s->context);

	if (n == PCRE2_ERROR_NOMEMORY)
		library_failed("PCRE2 cannot get its memory");
	if (n < 0 && n != PCRE2_ERROR_NOMATCH)
		atomic_fetch_add((_Atomic uint64_t *)&r->limit_hits, 1);
	return n;
}

bool regex_match(const struct regex *r, struct str subject)
{
	return run(r, subject, 0, mine ? mine : scratch_new()) >= 0;
}

bool regex_find(const struct regex *r, struct str subject, size_t from, int group,
		struct str *span)
{
	struct scratch *s = mine ? mine : scratch_new();
	PCRE2_SIZE *pair;

	if (from > subject.n || group < 0 || group >= GROUPS || run(r, subject, from, s) < 0)
		return false;
	if ((uint32_t)group >= pcre2_get_ovector_count(s->data))
		return false;
	pair = pcre2_get_ovector_pointer(s->data) + 2 * group;
	if (pair[0] == PCRE2_UNSET || pair[1] < pair[0])
		return false;
	*span = (struct str){ subject.p + pair[0], pair[1] - pair[0] };
	return true;
}

uint64_t regex_limit_hits(const struct regex *r)
{
	return atomic_load((_Atomic uint64_t *)&r->limit_hits);
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	free(r);
}
