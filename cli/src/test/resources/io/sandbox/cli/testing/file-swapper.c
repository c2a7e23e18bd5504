// SPDX-License-Identifier: Apache-2.0
/*
 * Owns the folder that it is started in, and swaps what root makes there for
 * links to SECRET, again and again, until a file "stop" is there.
 *
 *   file-swapper temporary SECRET   each new file whose name begins with a dot
 *   file-swapper file SECRET        the file "out", and back
 *   file-swapper folder SECRET      the folder "d", for a link to SECRET's
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_stopped(void)
{
	return access("stop", F_OK) == 0;
}

/* So that there is something to take the owner and permissions of. */
static void make_file(const char *name)
{
	int fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0666);

	if (fd < 0)
		return;
	if (fchmod(fd, 0666) || write(fd, "write\n", 6) != 6)
		exit(1);
	close(fd);
}

/* At once, for a test that waits for it. */
static void tell(void)
{
	static int told;

	if (!told++) {
		puts("swapped");
		fflush(stdout);
	}
}

static void swap_temporaries(const char *secret)
{
	DIR *folder = opendir(".");
	struct dirent *entry;
	struct stat st;

	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] != '.' || entry->d_type != DT_REG)
			continue;
		if (lstat(entry->d_name, &st) || !S_ISREG(st.st_mode))
			continue;
		if (symlink(secret, "link") == 0 &&
		    rename("link", entry->d_name) == 0)
			tell();
	}
	if (folder)
		closedir(folder);
	if (lstat("out", &st) || !S_ISREG(st.st_mode)) {
		unlink("out");
		make_file("out");
	}
}

static void swap_file(const char *secret)
{
	make_file("other");
	if (rename("other", "out") == 0 && symlink(secret, "link") == 0 &&
	    rename("link", "out") == 0)
		tell();
}

static void swap_folder(const char *folder)
{
	rename("d", "other");
	if (symlink(folder, "d") == 0)
		tell();
	unlink("d");
	rename("other", "d");
}

int main(int argc, char **argv)
{
	char folder[4096];
	unsigned int i;

	if (argc != 3)
		return 2;
	snprintf(folder, sizeof(folder), "%s", argv[2]);
	*strrchr(folder, '/') = 0;
	/* Ends by itself, too, if nobody stops it. */
	alarm(600);
	for (i = 0; i < 2000000000 && !is_stopped(); i++) {
		if (strcmp(argv[1], "temporary") == 0)
			swap_temporaries(argv[2]);
		else if (strcmp(argv[1], "file") == 0)
			swap_file(argv[2]);
		else
			swap_folder(folder);
	}
	return 0;
}
