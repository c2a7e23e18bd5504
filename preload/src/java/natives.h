// SPDX-License-Identifier: Apache-2.0
/* Shared by native methods (JNI). JNA needs 1 us a call, 30 ms a start. */
#pragma once

#include <errno.h>
#include <jni.h>

/* Declares a method of @class, whose package is written with underscores. */
#define NATIVE_OF(class, type, name, ...)                        \
	JNIEXPORT type JNICALL Java_io_sandbox_##class##_##name( \
		JNIEnv *env __attribute__((unused)),             \
		jclass self __attribute__((unused)), ##__VA_ARGS__)

/* Converts the result of a C function: a failure becomes -errno. */
static inline jint or_errno(long result)
{
	return result < 0 ? -errno : (jint)result;
}

/* Returns the bytes of a direct buffer. */
static inline void *bytes_of(JNIEnv *env, jobject buffer)
{
	return (*env)->GetDirectBufferAddress(env, buffer);
}

static inline size_t size_of(JNIEnv *env, jobject buffer)
{
	return (size_t)(*env)->GetDirectBufferCapacity(env, buffer);
}
