// SPDX-License-Identifier: Apache-2.0
/*
 * The native methods of io.sandbox.enforcer.launch.NativeListener, two of which
 * run for each call of the program. @notif is the address of a struct
 * seccomp_notif; a failure returns -errno.
 */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "java/natives.h"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif

#define NATIVE(...) NATIVE_OF(enforcer_launch_NativeListener, __VA_ARGS__)

/* A kernel that knows the sizes supports listeners. */
NATIVE(jint, checkKernel)
{
	struct seccomp_notif_sizes sizes;

	return or_errno(
		syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes));
}

NATIVE(jlong, address, jobject notif)
{
	return (jlong)(intptr_t)bytes_of(env, notif);
}

NATIVE(jlong, receive, jint fd, jlong notif)
{
	struct seccomp_notif *asked = (struct seccomp_notif *)notif;

	/* The kernel refuses other contents than zeros. */
	memset(asked, 0, sizeof(*asked));
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, asked))
		return -errno;
	return (int64_t)((uint64_t)asked->pid << 32 | (uint32_t)asked->data.nr);
}

NATIVE(jint, letThrough, jint fd, jlong notif)
{
	const struct seccomp_notif *asked = (const struct seccomp_notif *)notif;
	struct seccomp_notif_resp answer = {
		.id = asked->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
	};

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) ? -errno : 0;
}

NATIVE(jint, checkWaiting, jint fd, jlong notif)
{
	const struct seccomp_notif *asked = (const struct seccomp_notif *)notif;

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked->id) ? -errno : 0;
}

NATIVE(jint, setFlags, jint fd, jlong flags)
{
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags) ? -errno : 0;
}

static int open_of(jint thread, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)thread, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* See proc(5). Linked with sscanf or strtoul, we would need glibc 2.38. */
static int parse_stack_pointer(const char *text, unsigned long *pointer)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;

	for (int i = 0; i < 7; i++) {
		text = strstr(text, " 0x");
		if (!text)
			return -ESRCH;
		text += 3;
	}
	*pointer = 0;
	for (; *text && (digit = strchr(digits, *text)); text++)
		*pointer = *pointer << 4 | (unsigned long)(digit - digits);
	return 0;
}

static int query_stack_pointer(jint thread, unsigned long *pointer)
{
	char text[256];
	ssize_t length;
	int fd = open_of(thread, "syscall");

	if (fd < 0)
		return -errno;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length < 0)
		return -errno;
	text[length] = 0;
	return parse_stack_pointer(text, pointer);
}

NATIVE(jint, readStack, jint thread, jobject bytes)
{
	size_t size = size_of(env, bytes);
	unsigned long pointer;
	int fd, err = query_stack_pointer(thread, &pointer);

	if (err)
		return err;
	fd = open_of(thread, "mem");
	if (fd < 0)
		return -errno;
	if (pread(fd, bytes_of(env, bytes), size, (off_t)pointer) !=
	    (ssize_t)size)
		err = -EIO;
	close(fd);
	return err;
}
