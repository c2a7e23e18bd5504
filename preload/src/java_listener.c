// SPDX-License-Identifier: Apache-2.0
/*
 * The listener of io.sandbox.recorder.source.NativeListener: two of these are
 * made for each call of the program. @notif is the address of a struct
 * seccomp_notif; a failure is -errno.
 */
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "java_natives.h"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif

#define NATIVE(...) NATIVE_OF(recorder_source_NativeListener, __VA_ARGS__)

/* A kernel that knows the sizes can ask. */
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

	/* The kernel wants nothing but zeros. */
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
