// SPDX-License-Identifier: Apache-2.0
/*
 * The native methods of io.sandbox.recorder.log.NativeLog, which read large
 * logs. Java would copy each byte once more, and its compiler does not use
 * vector instructions to find the ends of lines.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "java/natives.h"
#include "java/records.h"

#define NATIVE(...) NATIVE_OF(recorder_log_NativeLog, __VA_ARGS__)

static void throw(JNIEnv * env, const char *class, const char *message)
{
	(*env)->ThrowNew(env, (*env)->FindClass(env, class), message);
}

NATIVE(jint, find, jbyteArray block, jint from, jint to, jintArray starts)
{
	jint room = (*env)->GetArrayLength(env, starts) - 1, count = 0;
	char *bytes = (*env)->GetPrimitiveArrayCritical(env, block, NULL);
	jint *places = (*env)->GetPrimitiveArrayCritical(env, starts, NULL);

	if (bytes && places)
		count = find_records(bytes, from, to, places, room);
	if (places)
		(*env)->ReleasePrimitiveArrayCritical(env, starts, places, 0);
	if (bytes)
		(*env)->ReleasePrimitiveArrayCritical(env, block, bytes,
						      JNI_ABORT);
	if (!bytes || !places)
		throw(env, "java/lang/OutOfMemoryError", strerror(ENOMEM));
	return count;
}

/* The descriptor is in a private field of Java's. */
static int number_of(JNIEnv *env, jobject file)
{
	jfieldID number = (*env)->GetFieldID(
		env, (*env)->GetObjectClass(env, file), "fd", "I");

	return number ? (*env)->GetIntField(env, file, number) : -1;
}

/* Usually all that a user may ask for (fs.pipe-max-size). */
#define PIPE_SIZE (1 << 20)

NATIVE(void, widen, jobject file)
{
	int fd = number_of(env, file);

	if (fd >= 0)
		fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
}

NATIVE(jint, read, jobject file, jbyteArray buf, jint off, jint len,
       jlong position)
{
	int fd = number_of(env, file), err = ENOMEM;
	ssize_t n = -1;
	char *bytes;

	if ((*env)->ExceptionCheck(env))
		return -1;
	bytes = (*env)->GetPrimitiveArrayCritical(env, buf, NULL);
	if (bytes) {
		do
			n = pread(fd, bytes + off, (size_t)len, position);
		while (n < 0 && errno == EINTR);
		err = errno;
		(*env)->ReleasePrimitiveArrayCritical(env, buf, bytes, 0);
	}
	if (n < 0)
		throw(env, "java/io/IOException", strerror(err));
	return n > 0 ? (jint)n : -1;
}
