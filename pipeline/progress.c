/* What a run says while it works: lines in a log, a moving line on a terminal. */
#include "log_line.h"
#include "run.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

void run_say(struct run *r, const char *format, ...)
{
	char text[4096]; /* longer ones are cut, as those of a fault are */
	struct arena a = { 0 };
	va_list ap;

	if (r->opt.quiet)
		return;
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(stderr, "%.*s\n", STR_FMT(log_line(&a, str_of(text))));
	arena_release(&a);
}

/* A moving line, at most ten times a second; a log gets no progress, only run_say's lines. */
void run_progress(struct run *r, const char *stage, uint64_t done, uint64_t total)
{
	static struct timespec start, last;
	static const char *current;
	struct timespec now;

	if (r->opt.quiet || !isatty(STDERR_FILENO))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (current != stage) {
		current = stage;
		start = now;
		last = (struct timespec){ 0 };
	}
	double since = (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) / 1e9;
	double spent = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;

	if (since < 0.1)
		return;
	last = now;
	double rate = spent > 0 ? (double)done / spent : 0;

	fprintf(stderr, "\r\033[K%s: %llu rows, %.0f rows/s", stage, (unsigned long long)done, rate);
	if (total > done && rate > 0)
		fprintf(stderr, ", %.0f s left", (double)(total - done) / rate);
	fflush(stderr);
}
