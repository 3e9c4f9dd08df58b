/* What a power cut would leave of a file: its content at its last fsync.
 *
 * Loaded into the program with LD_PRELOAD, this copies a file of the folder LASTSYNC_FROM
 * into the folder LASTSYNC_TO whenever the program has asked the disk to keep it, before
 * the program is told that this is done. What was written after that is in no copy, so a
 * test that puts the copies in the place of the files has lost what a power cut can lose.
 * A file that is removed is removed there too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* inside says where the copy of a path belongs, or returns 0 when it is none of ours. */
static int inside(const char *path, char *copy, size_t size) {
	const char *from = getenv("LASTSYNC_FROM"), *to = getenv("LASTSYNC_TO");
	size_t n;
	if (!from || !to || !(n = strlen(from)) || strncmp(path, from, n) != 0 || path[n] != '/' || strchr(path + n + 1, '/'))
		return 0;
	return snprintf(copy, size, "%s/%s", to, path + n + 1) < (int)size;
}

static int copy_all(int in, const char *name) {
	static char buffer[1 << 20];
	off_t at = 0;
	ssize_t got;
	int out = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (out < 0)
		return -1;
	while ((got = pread(in, buffer, sizeof buffer, at)) > 0) {
		if (write(out, buffer, got) != got) {
			close(out);
			return -1;
		}
		at += got;
	}
	return close(out) | (got < 0 ? -1 : 0);
}

/* keep copies the file behind a descriptor. It reads by that descriptor: to open and close the
 * file once more would drop the locks that SQLite holds on it. The copy gets its name last, so
 * that it is whole or not there. */
static int keep(int fd) {
	char link[64], path[PATH_MAX], copy[PATH_MAX], part[PATH_MAX + 8];
	ssize_t n;
	int bad;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	if ((n = readlink(link, path, sizeof path - 1)) < 0)
		return 0;
	path[n] = 0;
	if (!inside(path, copy, sizeof copy))
		return 0;
	snprintf(part, sizeof part, "%s.part", copy);
	pthread_mutex_lock(&turn);
	bad = copy_all(fd, part) || rename(part, copy);
	pthread_mutex_unlock(&turn);
	return bad ? -1 : 0;
}

int fsync(int fd) { return keep(fd); }

int fdatasync(int fd) { return keep(fd); }

int unlink(const char *path) {
	static int (*real)(const char *);
	char copy[PATH_MAX];
	if (!real)
		real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
	if (inside(path, copy, sizeof copy))
		real(copy); /* it may not be there */
	return real(path);
}
