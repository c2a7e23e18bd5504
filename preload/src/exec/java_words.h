/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The words that start Java for @command: java, the options of
 * HOME/@options_name.options, @java_class, and the user's @arguments. HOME is the
 * folder of this executable. Returns NULL after one line for the user.
 */
char **java_words(const char *command, const char *options_name,
		  const char *java_class, char **arguments);
