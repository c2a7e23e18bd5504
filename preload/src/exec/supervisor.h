/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_SUPERVISOR_H
#define EXEC_SUPERVISOR_H

/*
 * Runs @command (a NULL-terminated Java command) as a child that thinks, and
 * does on its behalf what it asks for with the program named in the last words
 * of @arguments. Returns the exit status for the user, or becomes the program.
 *
 * Java speaks first, as exec/java.h says. COUNT is the number of last
 * arguments that are the program and its arguments: no text crosses, so nothing
 * is lost in a conversion. What cannot be done is answered with
 * "refused STATUS TEXT": a struct failure, the exit status and a line for the
 * user.
 *
 *   Java asks                answers
 *   inspect COUNT FROM       target ARCH
 *   done STATUS              nothing: the exit status that it will have
 *
 * to record the program's calls by audit records:
 *
 *   canary NUMBER            ok
 *   session                  ok: the target can have an audit session of its
 *                            own
 *   run COUNT OUT FROM ACTION MARK\n
 *     and a list or filter   session PID SESSION
 *   guard COUNT OUT FROM MARK\n
 *     and a filter's bytes   session PID SESSION: the filter has a listener,
 *                            which is asked about some of the calls
 *   go                       running; from here on Java does not end by the
 *                            signals that the user may send
 *   signaled NUMBER          nothing: Java got one, from here on
 *   follow SESSION           ok: a process of the target has moved there
 *   look                     ok, then left or empty: looks for processes again
 *   output OUT               output same | output different | output first:
 *                            what was kept of the last run is written there,
 *                            after comparing it with the run before
 *   end SIGNAL               ok: sent to all that is left of the session
 *
 * to be asked about its calls, until "go" as above:
 *
 *   watch COUNT OUT FROM ACTION\n
 *     and a filter's bytes  process PID
 *
 * to become the program under a filter, once Java has ended with status 0:
 *
 *   say\n
 *     and a text             ok: it is written to standard error when nothing
 *                            can fail any more but the program's execution;
 *                            a longer text takes several of these
 *   filter COUNT START LOG\n ok
 *     and the filter's bytes
 *
 * OUT is stdout or stderr, where the program's standard output goes; for a run
 * that is recorded it can be keep. FROM is preload, exec or entry and START is
 * exec, entry or here (enum filter_start). ACTION, log or kill, is what happens
 * to calls that are not allowed: for preload by a list, otherwise by a filter,
 * none for one that logs all; of a watched program it says what the answers
 * are, whatever FROM is. MARK is the entry_mark of inject/start.h. LOG is 1 if
 * refused calls leave audit records. When the last process of a target has
 * ended, another may be run; it finds standard input where the first found it,
 * if that is a file.
 *
 * Java is told, at any time after "go":
 *   listener                 after "watch" or "guard", with two descriptors
 * (SCM_RIGHTS): one tells of calls for which the filter says
 *                            SECCOMP_RET_USER_NOTIF, before the first of them;
 *                            one is a page of memory (struct watch)
 *   ended STATUS             the program itself, as waitpid(2) reports it
 *   left PID                 after that: a descendant that still runs
 *   empty                    after that: no process of the sessions was found
 *   signal NUMBER            the user wants the end, and no program takes it;
 *                            while one runs, 9: it has been killed, with its
 *                            sessions; if it is watched the rest is Java's to
 *                            kill
 *   refused STATUS TEXT      instead of left, or when the user has what runs
 *                            killed: who else there is cannot be found out
 */
int run_supervisor(const char *name, char **command, char **arguments);

#endif
