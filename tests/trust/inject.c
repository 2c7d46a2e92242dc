/*
 * A library to preload: the n-th call of one kind fails, or the process dies in it.
 *
 *   INJECT=KIND:N:HOW    KIND one of the groups below; HOW:
 *       ENOSPC, EIO ...  that call fails with the errno (allocations give NULL, libpq loses its
 *                        connection)
 *       ENOSPC+          and so does every later one
 *       die              SIGKILL instead of the call
 *       after            SIGKILL when it has been made; of a write, half of it
 *   INJECT_LOG=FILE      when the process ends: the calls of each kind; "hit" if one was struck;
 *                        "unsynced DEV INO N" for each file with bytes that no sync had
 *                        covered, of which a power failure leaves N
 *   INJECT_SHOW=1        the stack of the call that is struck, and of a crash, goes to standard error
 *
 * Counted from the start of main, over all threads. What glibc calls within itself (the
 * writes behind stdio) is not seen; fwrite, fclose and fopen are.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, STDIO, READ, SYNC, RENAME, LINK, UNLINK, OPEN, MKDIR, MMAP, LOOK, ALLOC, LIBPQ, KINDS };

static const char *const names[KINDS] = { "write", "stdio", "read", "sync", "rename", "link",
					  "unlink", "open", "mkdir", "mmap", "look", "alloc", "libpq" };
static const struct {
	const char *name;
	int number;
} errors[] = { { "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EACCES", EACCES }, { "ENOMEM", ENOMEM },
	       { "EMFILE", EMFILE }, { "EDQUOT", EDQUOT }, { "EPERM", EPERM } };

static _Atomic long counts[KINDS];
static _Atomic bool hit;
static bool armed, sticky, die, die_after, show;
static enum kind target = KINDS;
static long at;
static int error_number;

/* Files that were written to: so many of their bytes a power failure leaves. */
enum { MAX_WRITTEN = 4096 };
static struct written {
	dev_t dev;
	ino_t ino;
	off_t durable;
	bool dirty;
} written[MAX_WRITTEN];
static int n_written;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(name) *)real(#name))

static void *real(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (!p)
		abort();
	return p;
}

static void note(int fd, bool clean)
{
	struct stat st;

	if (!armed || syscall(SYS_fstat, fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	struct written *w = written;

	pthread_mutex_lock(&lock);
	while (w < written + n_written && (w->dev != st.st_dev || w->ino != st.st_ino))
		w++;
	if (w == written + n_written && n_written < MAX_WRITTEN) {
		n_written++;
		*w = (struct written){ st.st_dev, st.st_ino, st.st_size, false };
	}
	if (w < written + n_written) {
		w->dirty = !clean;
		if (clean)
			w->durable = st.st_size;
	}
	pthread_mutex_unlock(&lock);
}

static void tell(void)
{
	const char *path = getenv("INJECT_LOG");
	char line[128];
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	for (int k = 0; k < KINDS; k++)
		syscall(SYS_write, fd, line, snprintf(line, sizeof(line), "%s %ld\n", names[k], atomic_load(&counts[k])));
	if (atomic_load(&hit))
		syscall(SYS_write, fd, "hit\n", 4);
	for (struct written *w = written; w < written + n_written; w++)
		if (w->dirty)
			syscall(SYS_write, fd, line, snprintf(line, sizeof(line), "unsynced %llu %llu %lld\n",
				(unsigned long long)w->dev, (unsigned long long)w->ino, (long long)w->durable));
	syscall(SYS_close, fd);
}

static void end_here(void)
{
	tell();
	syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

/* Whether this call is the one. Ends the process where it is to die before the call. */
static bool struck(enum kind k)
{
	long n;

	if (!armed)
		return false;
	n = atomic_fetch_add(&counts[k], 1) + 1;
	if (k != target || (sticky ? n < at : n != at))
		return false;
	atomic_store(&hit, true);
	if (show) {
		void *frames[32];

		target = KINDS;
		backtrace_symbols_fd(frames, backtrace(frames, 32), 2);
		target = k;
	}
	if (die)
		end_here();
	errno = error_number;
	return true;
}

static bool fails(enum kind k)
{
	return struck(k) && !die_after;
}

/* When the call has been made. */
static void made(enum kind k)
{
	if (die_after && k == target && atomic_load(&hit))
		end_here();
}

/* Whose code it was that went on without memory. */
static void on_crash(int number)
{
	void *frames[32];
	const char *own = NULL;
	char line[256];
	Dl_info info;
	int n = backtrace(frames, 32), fd;

	if (show)
		backtrace_symbols_fd(frames, n, 2);
	for (int i = 2; i < n && !own; i++)
		if (dladdr(frames[i], &info) && info.dli_fname && !strstr(info.dli_fname, "libc.so"))
			own = info.dli_fname;
	fd = (int)syscall(SYS_openat, AT_FDCWD, getenv("INJECT_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
	syscall(SYS_write, fd, line, snprintf(line, sizeof(line), "hit\ncrash %d in %s\n", number, own ? own : "?"));
	signal(number, SIG_DFL);
	raise(number);
}

static __attribute__((constructor)) void arm(void)
{
	void *frame;

	const char *order = getenv("INJECT");
	char kind[16], how[16];

	if (order && sscanf(order, "%15[a-z]:%ld:%15s", kind, &at, how) == 3) {
		for (int k = 0; k < KINDS; k++)
			if (strcmp(kind, names[k]) == 0)
				target = (enum kind)k;
		sticky = how[strlen(how) - 1] == '+';
		if (sticky)
			how[strlen(how) - 1] = '\0';
		die = strcmp(how, "die") == 0;
		die_after = strcmp(how, "after") == 0;
		for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
			if (strcmp(how, errors[i].name) == 0)
				error_number = errors[i].number;
	}
	show = getenv("INJECT_SHOW") != NULL;
	unsetenv("LD_PRELOAD");
	backtrace(&frame, 1); /* loads what it needs while there is memory */
	signal(SIGSEGV, on_crash);
	signal(SIGABRT, on_crash);
	armed = true;
}

static __attribute__((destructor)) void disarm(void)
{
	armed = false;
	tell();
}

/* ---- bytes out and in ---- */

ssize_t write(int fd, const void *p, size_t n)
{
	bool mine = fd > 2 && struck(WRITE);

	if (mine && die_after) {
		note(fd, false);
		syscall(SYS_write, fd, p, n / 2);
		end_here();
	}
	if (mine)
		return -1;
	note(fd, false);
	return syscall(SYS_write, fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t offset)
{
	bool mine = struck(WRITE);

	if (mine && die_after) {
		note(fd, false);
		syscall(SYS_pwrite64, fd, p, n / 2, offset);
		end_here();
	}
	if (mine)
		return -1;
	note(fd, false);
	return syscall(SYS_pwrite64, fd, p, n, offset);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
	return pwrite64(fd, p, n, offset);
}

ssize_t writev(int fd, const struct iovec *v, int n)
{
	if (fails(WRITE))
		return -1;
	note(fd, false);
	ssize_t done = syscall(SYS_writev, fd, v, n);

	made(WRITE);
	return done;
}

size_t fwrite(const void *p, size_t size, size_t n, FILE *f)
{
	if (fileno(f) > 2 && fails(STDIO))
		return 0;
	note(fileno(f), false);
	size_t done = REAL(fwrite)(p, size, n, f);

	made(STDIO);
	return done;
}

int fclose(FILE *f)
{
	if (fileno(f) > 2 && (fcntl(fileno(f), F_GETFL) & O_ACCMODE) != O_RDONLY && fails(STDIO)) {
		REAL(fclose)(f);
		errno = error_number;
		return EOF;
	}
	return REAL(fclose)(f);
}

ssize_t read(int fd, void *p, size_t n)
{
	return fails(READ) ? -1 : syscall(SYS_read, fd, p, n);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t offset)
{
	return fails(READ) ? -1 : syscall(SYS_pread64, fd, p, n, offset);
}

ssize_t pread(int fd, void *p, size_t n, off_t offset)
{
	return pread64(fd, p, n, offset);
}

/* ---- what makes things last ---- */

int fsync(int fd)
{
	if (fails(SYNC))
		return -1;
	int result = (int)syscall(SYS_fsync, fd);

	note(fd, true);
	made(SYNC);
	return result;
}

int fdatasync(int fd)
{
	return fsync(fd);
}

int syncfs(int fd)
{
	if (fails(SYNC))
		return -1;
	int result = (int)syscall(SYS_syncfs, fd);

	pthread_mutex_lock(&lock);
	for (struct written *w = written; w < written + n_written; w++)
		w->dirty = false;
	pthread_mutex_unlock(&lock);
	made(SYNC);
	return result;
}

int rename(const char *from, const char *to)
{
	if (fails(RENAME))
		return -1;
	int result = (int)syscall(SYS_rename, from, to);

	made(RENAME);
	return result;
}

int link(const char *from, const char *to)
{
	if (fails(LINK))
		return -1;
	int result = (int)syscall(SYS_link, from, to);

	made(LINK);
	return result;
}

int unlink(const char *path)
{
	if (fails(UNLINK))
		return -1;
	int result = (int)syscall(SYS_unlink, path);

	made(UNLINK);
	return result;
}

int unlinkat(int dir, const char *path, int flags)
{
	if (fails(UNLINK))
		return -1;
	int result = (int)syscall(SYS_unlinkat, dir, path, flags);

	made(UNLINK);
	return result;
}

int mkdir(const char *path, mode_t mode)
{
	if (fails(MKDIR))
		return -1;
	int result = (int)syscall(SYS_mkdir, path, mode);

	made(MKDIR);
	return result;
}

/* ---- files opened, mapped and looked at ---- */

static int open_any(int dir, const char *path, int flags, mode_t mode)
{
	if (fails(OPEN))
		return -1;
	int fd = (int)syscall(SYS_openat, dir, path, flags, mode);

	if (fd >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		note(fd, false);
	made(OPEN);
	return fd;
}

static mode_t mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

#define OPEN_LIKE(name)                                                                              \
	int name(const char *path, int flags, ...)                                                   \
	{                                                                                            \
		va_list ap;                                                                          \
		va_start(ap, flags);                                                                 \
		mode_t mode = mode_of(flags, ap);                                                    \
		va_end(ap);                                                                          \
		return open_any(AT_FDCWD, path, flags, mode);                                        \
	}                                                                                            \
	int name##at(int dir, const char *path, int flags, ...)                                      \
	{                                                                                            \
		va_list ap;                                                                          \
		va_start(ap, flags);                                                                 \
		mode_t mode = mode_of(flags, ap);                                                    \
		va_end(ap);                                                                          \
		return open_any(dir, path, flags, mode);                                             \
	}

OPEN_LIKE(open)
#define open64at openat64
OPEN_LIKE(open64)

FILE *fopen(const char *path, const char *mode)
{
	FILE *f = fails(OPEN) ? NULL : REAL(fopen)(path, mode);

	made(OPEN);
	return f;
}

FILE *fopen64(const char *path, const char *mode)
{
	return fopen(path, mode);
}

FILE *tmpfile(void)
{
	return fails(OPEN) ? NULL : REAL(tmpfile)();
}

FILE *tmpfile64(void)
{
	return tmpfile();
}

int mkostemp(char *template, int flags)
{
	return fails(OPEN) ? -1 : REAL(mkostemp)(template, flags);
}

char *mkdtemp(char *template)
{
	return fails(MKDIR) ? NULL : REAL(mkdtemp)(template);
}

void *mmap(void *where, size_t n, int protection, int flags, int fd, off_t offset)
{
	if (fd >= 0 && fails(MMAP))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, where, n, protection, flags, fd, offset);
}

void *mmap64(void *where, size_t n, int protection, int flags, int fd, off64_t offset)
{
	return mmap(where, n, protection, flags, fd, offset);
}

int access(const char *path, int mode)
{
	return fails(LOOK) ? -1 : (int)syscall(SYS_access, path, mode);
}

int stat(const char *path, struct stat *st)
{
	return fails(LOOK) ? -1 : (int)syscall(SYS_newfstatat, AT_FDCWD, path, st, 0);
}

int lstat(const char *path, struct stat *st)
{
	return fails(LOOK) ? -1 : (int)syscall(SYS_newfstatat, AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int fstat(int fd, struct stat *st)
{
	return fails(LOOK) ? -1 : (int)syscall(SYS_fstat, fd, st);
}

DIR *opendir(const char *path)
{
	return fails(LOOK) ? NULL : ((DIR *(*)(const char *))real("opendir"))(path);
}

struct dirent *readdir(DIR *d)
{
	return fails(LOOK) ? NULL : ((struct dirent *(*)(DIR *))real("readdir"))(d);
}

/* ---- memory ---- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
	return fails(ALLOC) ? NULL : __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
	return fails(ALLOC) ? NULL : __libc_calloc(count, n);
}

void *realloc(void *p, size_t n)
{
	return fails(ALLOC) ? NULL : __libc_realloc(p, n);
}

/* ---- libpq: the connection is cut before the call ---- */

static bool cut(PGconn *db)
{
	bool mine = fails(LIBPQ);

	if (mine && PQsocket(db) >= 0)
		shutdown(PQsocket(db), SHUT_RDWR);
	return mine;
}

PGconn *PQconnectdb(const char *info)
{
	PGconn *db = REAL(PQconnectdb)(info);

	cut(db);
	made(LIBPQ);
	return db;
}

PGresult *PQexec(PGconn *db, const char *sql)
{
	cut(db);
	PGresult *result = REAL(PQexec)(db, sql);

	made(LIBPQ);
	return result;
}

PGresult *PQexecParams(PGconn *db, const char *sql, int n, const Oid *types, const char *const *values,
		       const int *lengths, const int *formats, int format)
{
	cut(db);
	PGresult *result = REAL(PQexecParams)(db, sql, n, types, values, lengths, formats, format);

	made(LIBPQ);
	return result;
}

int PQputCopyData(PGconn *db, const char *p, int n)
{
	cut(db);
	int result = REAL(PQputCopyData)(db, p, n);

	made(LIBPQ);
	return result;
}

int PQputCopyEnd(PGconn *db, const char *message)
{
	cut(db);
	int result = REAL(PQputCopyEnd)(db, message);

	made(LIBPQ);
	return result;
}
