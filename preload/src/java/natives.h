// SPDX-License-Identifier: Apache-2.0
/*
 * What native methods of Java's have in common. By way of JNA each would cost
 * a microsecond, and JNA itself 30 ms of every start.
 */
#ifndef JAVA_NATIVES_H
#define JAVA_NATIVES_H

#include <errno.h>
#include <jni.h>

/* A function of @class, whose package is written with underscores. */
#define NATIVE_OF(class, type, name, ...)                        \
	JNIEXPORT type JNICALL Java_io_sandbox_##class##_##name( \
		JNIEnv *env __attribute__((unused)),             \
		jclass self __attribute__((unused)), ##__VA_ARGS__)

/* What a function of the C library returned, a failure as the negative errno.
 */
static inline jint or_errno(long result)
{
	return result < 0 ? -errno : (jint)result;
}

/* The bytes of a direct buffer. */
static inline void *bytes_of(JNIEnv *env, jobject buffer)
{
	return (*env)->GetDirectBufferAddress(env, buffer);
}

static inline size_t size_of(JNIEnv *env, jobject buffer)
{
	return (size_t)(*env)->GetDirectBufferCapacity(env, buffer);
}

#endif
