/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_JAVA_WORDS_H
#define EXEC_JAVA_WORDS_H

/*
 * The words that start Java for @command: java, what HOME/COMMAND.options says,
 * @java_class, and the user's @arguments. HOME is the folder of this
 * executable. NULL after one line for the user.
 */
char **java_words(const char *command, const char *java_class,
		  char **arguments);

#endif
