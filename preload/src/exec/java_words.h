/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * From Java 24 on, native code brings a warning without this. Earlier ones do not need
 * it, and with it they would not use what is archived of Java's own modules.
 */
#define NATIVE_OPTION "--enable-native-access="

/*
 * The words that start Java for @command: java, the options of
 * HOME/@options_name.options, @java_class, and the user's @arguments. HOME is the
 * folder of this executable. Returns NULL after one line for the user.
 */
char **java_words(const char *command, const char *options_name,
		  const char *java_class, char **arguments);
