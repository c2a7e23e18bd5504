/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_SUPERVISOR_H
#define EXEC_SUPERVISOR_H

/*
 * Runs @recorder (a NULL-terminated command) as a child that collects the
 * evidence, and on its behalf the program named in the last words of
 * @arguments. Returns the exit status for the user.
 *
 * The recorder speaks first, as exec_java.h says. COUNT is the number of last
 * arguments that are the program and its arguments: no text crosses, so nothing
 * is lost in a conversion.
 *
 *   recorder asks            answers
 *   inspect COUNT FROM       target ARCH | refused STATUS TEXT
 *   canary NUMBER            ok | failed TEXT
 *   run COUNT OUT FROM ACTION<newline>
 *     and FILTER             session PID SESSION | refused STATUS TEXT
 *   go                       running | refused STATUS TEXT
 *   follow SESSION           ok: a process of the target has moved there
 *   look                     ok, then left or empty: looks for processes again
 *   end SIGNAL               ok: sent to all that is left of the session
 *
 *   done STATUS              nothing: the exit status that it will have
 *
 * OUT is stdout or stderr, where the program's standard output goes. FROM is
 * preload, exec or entry (enum record_from). ACTION, log or kill, is what
 * happens to calls that FILTER does not allow: for preload a list, otherwise
 * BPF instructions, none of them for a filter that logs all. When the last
 * process of a target has ended, another may be run; it finds standard input
 * where the first found it, if that is a file.
 *
 * The recorder is told, at any time after "running":
 *   ended STATUS             the program itself, as waitpid(2) reports it
 *   left PID                 after that: a descendant that still runs
 *   empty                    after that: no process of the sessions was found
 *   signal NUMBER            the user wants the end, and no program takes it
 */
int supervise(const char *name, char **recorder, char **arguments);

#endif
