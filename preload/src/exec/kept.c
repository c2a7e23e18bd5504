// SPDX-License-Identifier: Apache-2.0
/*
 * The cache folder and the files in it. Only its user may be able to write
 * there, and what is in a file is checked before it is believed. The names of the
 * files only serve to find them: a key is compared byte by byte.
 */
#include "exec/kept.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Together at most 32 MB. */
#define MOST_FILES 64
#define MOST_BYTES (512 << 10)

/*
 * What a file begins with. The key, the name and stamp of the library, the text
 * (each ends with a zero byte) and the instructions follow.
 * @sum: of all that follows the sum
 */
struct head {
	uint64_t sum;
	uint32_t key, library, stamp, text, code;
	uint32_t start, log;
};

/* FNV-1a; it finds damage, and proves nothing. */
static uint64_t sum_of(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t sum = 0xcbf29ce484222325;

	while (size-- > 0)
		sum = (sum ^ *at++) * 0x100000001b3;
	return sum;
}

/*
 * Opens a folder, and makes it if it is missing.
 * @own: if nobody else may use it; otherwise it only has to be ours
 */
static int open_folder(int at, const char *name, bool own)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	struct stat st;
	int fd;

	mkdirat(at, name, 0700);
	fd = openat(at, name, own ? flags | O_NOFOLLOW : flags);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (!own || (st.st_mode & 0777) == 0700))
		return fd;
	close(fd);
	return -1;
}

/* The user's own folder of caches. With sudo, HOME may be that of another user. */
static int open_caches(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct stat st;
	char path[PATH_MAX];

	/* The XDG Base Directory Specification ignores relative paths. */
	if (cache && *cache == '/')
		return open_folder(AT_FDCWD, cache, false);
	if (!home || *home != '/' || stat(home, &st) ||
	    st.st_uid != geteuid() ||
	    snprintf(path, sizeof(path), "%s/.cache", home) >= PATH_MAX)
		return -1;
	return open_folder(AT_FDCWD, path, false);
}

/* Returns -1 if there is no folder to be trusted. */
static int open_kept(void)
{
	int caches = open_caches(), ours = -1, kept = -1;

	if (caches >= 0)
		ours = open_folder(caches, "sandbox", true);
	if (ours >= 0)
		kept = open_folder(ours, "run", true);
	close(caches);
	close(ours);
	return kept;
}

/* Reads a file that only we can have written. Returns its size, or 0. */
static size_t read_file(int folder, const char *name, char *bytes)
{
	/* Without waiting, should it be a FIFO. */
	int fd = openat(folder, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 07777) == 0600 &&
	    st.st_nlink == 1 && st.st_size <= MOST_BYTES)
		n = read(fd, bytes, MOST_BYTES);
	close(fd);
	return n > 0 && n == st.st_size ? (size_t)n : 0;
}

/* Whether it is a file of ours that is whole. */
static bool is_whole(const struct head *head, const char *bytes, size_t size)
{
	const size_t summed = sizeof(head->sum);

	return (uint64_t)sizeof(*head) + head->key + head->library +
			       head->stamp + head->text + head->code ==
		       size &&
	       head->sum == sum_of(bytes + summed, size - summed) &&
	       head->text && !bytes[size - head->code - 1] &&
	       head->start <= FILTER_FROM_HERE &&
	       head->start != FILTER_FROM_PRELOAD;
}

/* Takes the filter out of a file, if it was made from the same key. */
static bool take_filter(const struct kept *kept, const char *bytes, size_t size,
			struct compiled_filter *filter)
{
	const char *at = bytes + sizeof(struct head);
	char stamp[STAMP_SIZE];
	struct head head;

	if (size < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	if (!is_whole(&head, bytes, size) || head.key != kept->size ||
	    memcmp(at, kept->key, kept->size) != 0)
		return false;
	at += head.key;
	stamp_file(AT_FDCWD, at, stamp);
	at += head.library;
	if (strlen(stamp) + 1 != head.stamp || strcmp(at, stamp) != 0)
		return false;
	at += head.stamp;
	if (!take_code(at + head.text, head.code, filter))
		return false;
	filter->start = (enum filter_start)head.start;
	filter->log = head.log;
	return !*at || add_text(filter, at, strlen(at)) == 0;
}

static void name_file(const struct kept *kept, char name[17])
{
	snprintf(name, 17, "%016llx",
		 (unsigned long long)sum_of(kept->key, kept->size));
}

bool load_kept(const struct kept *kept, struct compiled_filter *filter)
{
	static char bytes[MOST_BYTES];
	bool found = false;
	char name[17];
	int folder;

	if (!kept->key)
		return false;
	folder = open_kept();
	name_file(kept, name);
	if (folder >= 0)
		found = take_filter(kept, bytes, read_file(folder, name, bytes),
				    filter);
	close(folder);
	return found;
}

/* Removes the oldest file if there are too many. */
static void make_room(int folder)
{
	DIR *files = fdopendir(openat(folder, ".", O_RDONLY | O_CLOEXEC));
	char oldest[NAME_MAX + 1] = "";
	struct timespec of_oldest = { 0 };
	struct dirent *entry;
	struct stat st;
	int count = 0;

	while (files && (entry = readdir(files))) {
		if (fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    S_ISDIR(st.st_mode))
			continue;
		if (count++ > 0 && (st.st_mtim.tv_sec > of_oldest.tv_sec ||
				    (st.st_mtim.tv_sec == of_oldest.tv_sec &&
				     st.st_mtim.tv_nsec >= of_oldest.tv_nsec)))
			continue;
		of_oldest = st.st_mtim;
		snprintf(oldest, sizeof(oldest), "%s", entry->d_name);
	}
	if (files)
		closedir(files);
	if (count >= MOST_FILES)
		unlinkat(folder, oldest, 0);
}

/* Another process may read meanwhile, so the file appears when it is whole. */
static void write_file(int folder, const char *name, const char *bytes,
		       size_t size)
{
	/* The limit of a file's size must not end us. */
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	char unfinished[32];
	int fd, err;

	snprintf(unfinished, sizeof(unfinished), "new.%d", getpid());
	/* That of a process that was killed. */
	unlinkat(folder, unfinished, 0);
	fd = openat(folder, unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	if (fd >= 0) {
		err = fchmod(fd, 0600) ||
		      write(fd, bytes, size) != (ssize_t)size;
		if (close(fd) || err ||
		    renameat(folder, unfinished, folder, name))
			unlinkat(folder, unfinished, 0);
	}
	signal(SIGXFSZ, before);
}

/* Returns the content of the file; NULL if memory is short. */
static char *make_file(const struct kept *kept,
		       const struct compiled_filter *filter, size_t *size)
{
	const char *text = filter->text ? filter->text : "";
	struct head head = {
		.key = (uint32_t)kept->size,
		.library = (uint32_t)strlen(kept->library) + 1,
		.text = (uint32_t)strlen(text) + 1,
		.code = filter->length * (uint32_t)sizeof(*filter->code),
		.start = filter->start,
		.log = filter->log,
	};
	char stamp[STAMP_SIZE], *bytes;
	FILE *file = open_memstream(&bytes, size);

	if (!file)
		return NULL;
	stamp_file(AT_FDCWD, kept->library, stamp);
	head.stamp = (uint32_t)strlen(stamp) + 1;
	fwrite(&head, sizeof(head), 1, file);
	fwrite(kept->key, head.key, 1, file);
	fwrite(kept->library, head.library, 1, file);
	fwrite(stamp, head.stamp, 1, file);
	fwrite(text, head.text, 1, file);
	fwrite(filter->code, head.code, 1, file);
	if (fclose(file))
		return NULL;
	head.sum = sum_of(bytes + sizeof(head.sum), *size - sizeof(head.sum));
	memcpy(bytes, &head.sum, sizeof(head.sum));
	return bytes;
}

void keep_filter(const struct kept *kept, const struct compiled_filter *filter,
		 char **argv)
{
	struct stat st;
	char name[17], *bytes;
	size_t size;
	int folder;

	/* If the library was replaced meanwhile, this is not what made the filter. */
	if (!kept->key || !*kept->library || argv != kept->argv ||
	    kept->seen != kept->policy_size || stat(kept->library, &st) ||
	    st.st_ctim.tv_sec >= kept->begun)
		return;
	folder = open_kept();
	bytes = folder < 0 ? NULL : make_file(kept, filter, &size);
	if (bytes && size <= MOST_BYTES) {
		make_room(folder);
		name_file(kept, name);
		write_file(folder, name, bytes, size);
	}
	free(bytes);
	close(folder);
}
