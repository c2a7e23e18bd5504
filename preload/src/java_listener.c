// SPDX-License-Identifier: Apache-2.0
/*
 * The listener's ioctls as native methods of Java's (JNI): the recorder makes
 * two of them for each call of the program, and by way of JNA one takes ten
 * times as long. Nothing of the Java environment is used, so no header of it is
 * needed. They belong to io.sandbox.recorder.source.NativeListener; @notif is
 * the address of a struct seccomp_notif; a failure is -errno.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif

#define NATIVE(name) Java_io_sandbox_recorder_source_NativeListener_##name
#define UNUSED	     __attribute__((unused))

__attribute__((visibility("default"))) int64_t
NATIVE(receive)(void *environment UNUSED, void *class UNUSED, int32_t fd,
		int64_t notif)
{
	struct seccomp_notif *asked = (struct seccomp_notif *)notif;

	/* The kernel wants nothing but zeros. */
	memset(asked, 0, sizeof(*asked));
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, asked))
		return -errno;
	return (int64_t)((uint64_t)asked->pid << 32 | (uint32_t)asked->data.nr);
}

__attribute__((visibility("default"))) int32_t
NATIVE(letThrough)(void *environment UNUSED, void *class UNUSED, int32_t fd,
		   int64_t notif)
{
	const struct seccomp_notif *asked = (const struct seccomp_notif *)notif;
	struct seccomp_notif_resp answer = {
		.id = asked->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE
	};

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) ? -errno : 0;
}

__attribute__((visibility("default"))) int32_t
NATIVE(checkWaiting)(void *environment UNUSED, void *class UNUSED, int32_t fd,
		     int64_t notif)
{
	const struct seccomp_notif *asked = (const struct seccomp_notif *)notif;

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked->id) ? -errno : 0;
}

__attribute__((visibility("default"))) int32_t
NATIVE(setFlags)(void *environment UNUSED, void *class UNUSED, int32_t fd,
		 int64_t flags)
{
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags) ? -errno : 0;
}
