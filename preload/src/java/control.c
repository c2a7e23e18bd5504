// SPDX-License-Identifier: Apache-2.0
/* The native methods of io.sandbox.enforcer.launch.ControlSocket. */
#include <string.h>
#include <sys/socket.h>

#include "java/natives.h"

#define NATIVE(...) NATIVE_OF(enforcer_launch_ControlSocket, __VA_ARGS__)

/* No message has more. */
#define DESCRIPTORS 2

NATIVE(jint, send, jint fd, jbyteArray message)
{
	jsize length = (*env)->GetArrayLength(env, message);
	jbyte *bytes = (*env)->GetByteArrayElements(env, message, NULL);
	jint sent;

	if (!bytes)
		return -ENOMEM;
	sent = or_errno(send(fd, bytes, (size_t)length, MSG_NOSIGNAL));
	(*env)->ReleaseByteArrayElements(env, message, bytes, JNI_ABORT);
	return sent;
}

/* Puts the descriptors of @header into @descriptors, and -1 into the rest. */
static void take_descriptors(JNIEnv *env, struct msghdr *header,
			     jintArray descriptors)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);
	jint numbers[DESCRIPTORS] = { -1, -1 };

	if (control && control->cmsg_level == SOL_SOCKET &&
	    control->cmsg_type == SCM_RIGHTS)
		memcpy(numbers, CMSG_DATA(control),
		       control->cmsg_len - CMSG_LEN(0));
	(*env)->SetIntArrayRegion(env, descriptors, 0, DESCRIPTORS, numbers);
}

NATIVE(jint, receive, jint fd, jobject buffer, jintArray descriptors,
       jboolean wait)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
	} control;
	struct iovec vector = { .iov_base = bytes_of(env, buffer),
				.iov_len = size_of(env, buffer) };
	struct msghdr header = { .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };
	jint length;

	do
		length = or_errno(
			recvmsg(fd, &header,
				MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT)));
	while (length == -EINTR);
	if (length > 0)
		take_descriptors(env, &header, descriptors);
	return length == -EAGAIN ? -1 : length < 0 ? 0 : length;
}
