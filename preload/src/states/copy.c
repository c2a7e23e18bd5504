// SPDX-License-Identifier: Apache-2.0
/*
 * Makes the copy with overlayfs: each folder of the root, and each mounted file system
 * that may be written, is covered in place by an overlay whose upper part lies in a
 * tmpfs. So all paths stay as they are, and overlays of one file system can be moved
 * between. What cannot be covered is made read-only.
 */
#include "states/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/child.h"

#define MAX_COVERED 256

/* Where the tmpfs is mounted before the overlay of this folder hides it. */
#define BASE "/tmp"

#ifndef SYS_open_tree
#define SYS_open_tree  428
#define SYS_move_mount 429
#endif

/* As in linux/mount.h, which older systems lack. */
#define CLONE_TREE   0x1
#define WHOLE_TREE   0x8000
#define MOVE_FROM_FD 0x4

/* Enough for the folders of all overlays; the rest is filled. */
#define FULL_SIZE "size=1m"

/* What a program writes into its copy is in memory. */
#define USUAL_SIZE "size=25%"

/*
 * A folder to cover.
 * @lower: what lies there now
 * @fixed: it is read-only, or a file on which another is mounted
 */
struct place {
	char path[PATH_MAX];
	int lower;
	bool fixed;
};

/* @err: a place could not be added, so a program could change it */
struct places {
	struct place *all;
	size_t count;
	int err;
};

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* The kernel's own file systems have no data of users; shared memory has. */
static bool is_of_kernel(const char *path)
{
	return starts_with(path, "/proc/") || starts_with(path, "/sys/") ||
	       (starts_with(path, "/dev/") && strcmp(path, "/dev/shm") != 0) ||
	       strcmp(path, "/proc") == 0 || strcmp(path, "/sys") == 0 ||
	       strcmp(path, "/dev") == 0;
}

static struct place *find(struct places *places, const char *path)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->all[i].path, path) == 0)
			return places->all + i;
	return NULL;
}

static void add_place(struct places *places, const char *path, bool fixed)
{
	struct place *place = find(places, path);
	struct stat st;

	if (is_of_kernel(path) || lstat(path, &st))
		return;
	if (place) {
		place->fixed = fixed || !S_ISDIR(st.st_mode);
		return;
	}
	place = places->all + places->count;
	if (places->count == MAX_COVERED) {
		places->err = -E2BIG;
		return;
	}
	place->fixed = fixed || !S_ISDIR(st.st_mode);
	place->lower = open(path, O_PATH | O_CLOEXEC);
	if (place->lower < 0) {
		places->err = -errno;
		return;
	}
	snprintf(place->path, sizeof(place->path), "%s", path);
	places->count++;
}

/* The folders of the root. */
static void add_root(struct places *places)
{
	DIR *root = opendir("/");
	struct dirent *entry;
	char path[NAME_MAX + 2];
	struct stat st;

	if (!root) {
		places->err = -errno;
		return;
	}
	while ((entry = readdir(root))) {
		snprintf(path, sizeof(path), "/%s", entry->d_name);
		if (strcmp(path, "/.") != 0 && strcmp(path, "/..") != 0 &&
		    lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			add_place(places, path, false);
	}
	closedir(root);
}

/* Undoes proc(5)'s escapes, such as \040. */
static void unescape(char *path)
{
	char *to = path;
	unsigned int byte;

	for (; *path; path++) {
		if (*path == '\\' && sscanf(path + 1, "%3o", &byte) == 1) {
			*to++ = (char)byte;
			path += 3;
		} else {
			*to++ = *path;
		}
	}
	*to = 0;
}

static void add_mounts(struct places *places)
{
	static char line[3 * PATH_MAX], path[3 * PATH_MAX], options[256];
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	if (!mounts)
		places->err = -errno;
	while (mounts && fgets(line, sizeof(line), mounts)) {
		if (sscanf(line, "%*s %*s %*s %*s %12287s %255s", path,
			   options) != 2)
			continue;
		unescape(path);
		if (strcmp(path, "/") != 0)
			add_place(places, path, starts_with(options, "ro"));
	}
	if (mounts)
		fclose(mounts);
}

/* The root of an overlay has the attributes of its upper folder. */
static void adopt_attributes(const struct place *place)
{
	struct stat st;

	if (fstat(place->lower, &st) == 0 &&
	    (chown(place->path, st.st_uid, st.st_gid) == 0 || errno == EINVAL))
		chmod(place->path, st.st_mode & 07777);
}

/* Without privilege, the flags of a mount must stay. */
static unsigned long flags_of(const struct statvfs *now)
{
	unsigned long same =
		ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME;

	return (now->f_flag & same) |
	       (now->f_flag & ST_RELATIME ? MS_RELATIME : 0);
}

static int make_read_only(const char *path)
{
	struct statvfs now;

	if (statvfs(path, &now) == 0 &&
	    (now.f_flag & ST_RDONLY ||
	     mount(NULL, path, NULL,
		   MS_BIND | MS_REMOUNT | MS_RDONLY | flags_of(&now),
		   NULL) == 0))
		return 0;
	return -errno;
}

/* @tree: the base as it was before; a bind of it would take the tmpfs with it */
static int cover_by_itself(const struct place *place, int tree)
{
	char lower[64];

	snprintf(lower, sizeof(lower), "/proc/self/fd/%d", place->lower);
	if (strcmp(place->path, BASE) == 0
		    ? syscall(SYS_move_mount, tree, "", AT_FDCWD, BASE,
			      MOVE_FROM_FD)
		    : mount(lower, place->path, NULL, MS_BIND | MS_REC, NULL))
		return -errno;
	return make_read_only(place->path);
}

/* What lies below another place that is covered is put on top again. */
static int cover(const struct place *place, int base, int tree, size_t number,
		 bool privileged)
{
	char options[256], upper[32], work[32];

	if (place->fixed)
		return cover_by_itself(place, tree);
	snprintf(upper, sizeof(upper), "u%zu", number);
	snprintf(work, sizeof(work), "w%zu", number);
	if (mkdirat(base, upper, 0755) || mkdirat(base, work, 0755))
		return -errno;
	snprintf(options, sizeof(options),
		 "lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d/%s,"
		 "workdir=/proc/self/fd/%d/%s,%s",
		 place->lower, base, upper, base, work,
		 privileged ? "redirect_dir=on,index=off" : "userxattr");
	if (mount("overlay", place->path, "overlay", 0, options))
		return cover_by_itself(place, tree);
	adopt_attributes(place);
	return 0;
}

static int cover_all(bool privileged, bool full)
{
	static struct place all[MAX_COVERED];
	struct places places = { .all = all };
	int base, err = 0, filler, tree;

	add_root(&places);
	add_mounts(&places);
	if (places.err)
		return places.err;
	tree = syscall(SYS_open_tree, AT_FDCWD, BASE,
		       CLONE_TREE | WHOLE_TREE | O_CLOEXEC);
	if (mount("tmpfs", BASE, "tmpfs", 0, full ? FULL_SIZE : USUAL_SIZE))
		return -errno;
	base = open(BASE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (base < 0)
		return -errno;
	filler = openat(base, "filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (size_t i = 0; i < places.count && !err; i++)
		err = cover(all + i, base, tree, i, privileged);
	/* Its folders are covered, but files can be made in the root itself. */
	if (!err)
		err = make_read_only("/");
	while (full && !err && write(filler, all, 4096) > 0)
		;
	return err;
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -errno : 0;
}

/* Without privilege, the user is the only one that the namespace knows. */
static int enter_own_users(uid_t user, gid_t group)
{
	char map[32];
	int err;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC))
		return -errno;
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%d %d 1", user, user);
	err = write_text("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%d %d 1", group, group);
	return err ? err : write_text("/proc/self/gid_map", map);
}

/* Reports an error to the parent, then waits until that has the namespaces. */
__attribute__((noreturn)) static void build(int report, int gate, bool full)
{
	int privileged = unshare(CLONE_NEWNS | CLONE_NEWIPC) == 0, err = 0;
	char go;

	if (!privileged) {
		/* Otherwise its files in /proc belong to root. */
		prctl(PR_SET_DUMPABLE, 1);
		err = enter_own_users(getuid(), getgid());
	}
	if (!err && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err = -errno;
	if (!err)
		err = cover_all(privileged, full);
	if (!err && !privileged)
		err = 1;
	if (write(report, &err, sizeof(err)) != sizeof(err))
		_exit(EXIT_FAILURE);
	while (read(gate, &go, 1) < 0 && errno == EINTR)
		;
	_exit(EXIT_SUCCESS);
}

static int open_of(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, flags | O_CLOEXEC);
}

static int take_namespaces(struct copy *copy, pid_t pid, bool with_users)
{
	copy->mounts = open_of(pid, "ns/mnt", O_RDONLY);
	copy->ipc = open_of(pid, "ns/ipc", O_RDONLY);
	copy->root = open_of(pid, "root", O_PATH);
	if (copy->mounts < 0 || copy->ipc < 0 || copy->root < 0)
		return -errno;
	if (with_users) {
		copy->users = open_of(pid, "ns/user", O_RDONLY);
		if (copy->users < 0)
			return -errno;
	}
	return 0;
}

int make_copy(struct copy *copy, bool full)
{
	int report[2], gate[2], err = -ECHILD;
	pid_t pid;

	drop_copy(copy);
	if (pipe2(report, O_CLOEXEC))
		return -errno;
	if (pipe2(gate, O_CLOEXEC)) {
		err = -errno;
		goto close_report;
	}
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		build(report[1], gate[0], full);
	}
	close(report[1]);
	report[1] = -1;
	if (pid < 0)
		err = -errno;
	else if (read(report[0], &err, sizeof(err)) == sizeof(err) && err >= 0)
		err = take_namespaces(copy, pid, err > 0);
	close(gate[0]);
	close(gate[1]);
	if (pid > 0)
		await_child(pid, NULL, 0);
	if (err)
		drop_copy(copy);
close_report:
	close(report[0]);
	if (report[1] >= 0)
		close(report[1]);
	return err;
}

void drop_copy(struct copy *copy)
{
	if (copy->users >= 0)
		close(copy->users);
	if (copy->mounts >= 0)
		close(copy->mounts);
	if (copy->ipc >= 0)
		close(copy->ipc);
	if (copy->root >= 0)
		close(copy->root);
	*copy = (struct copy)COPY_INIT;
}

int enter_copy(const struct copy *copy)
{
	char *folder;
	int err = 0;

	if (copy->mounts < 0)
		return 0;
	folder = getcwd(NULL, 0);
	if (!folder)
		return -errno;
	if ((copy->users >= 0 && setns(copy->users, CLONE_NEWUSER)) ||
	    setns(copy->mounts, CLONE_NEWNS) ||
	    setns(copy->ipc, CLONE_NEWIPC) || chdir(folder))
		err = -errno;
	free(folder);
	return err;
}
