/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include "bpf/shared.h"
#include "exec/kept_key.h"

/*
 * Runs @command (a NULL-terminated Java command) as a child, and does what it
 * asks for with the program, which the last words of @arguments name. Returns
 * the exit status for the user, or becomes the program. @asks as in struct java.
 * @counted: whose calls Java will probably have counted in the kernel.
 *
 * Java sends requests in the form of exec/java.h. The last COUNT arguments are
 * the program and its arguments. Only their number is sent, so no conversion
 * can change them. If a request fails, the answer is "refused STATUS TEXT": the
 * exit status and a line for the user (struct failure).
 *
 *   Java asks                answers
 *   inspect COUNT FROM       target ARCH
 *   done STATUS              nothing: the exit status that Java will end with
 *
 * To record the program's calls by audit records:
 *
 *   canary NUMBER            ok
 *   session                  ok: the target can have its own audit session
 *   run COUNT OUT FROM ACTION MARK [VARIABLE]\n
 *     and a list or filter   session PID SESSION: VARIABLE, NAME=VALUE, is added
 *                            to the program's environment
 *   guard COUNT OUT FROM ACTION MARK [VARIABLE]\n
 *     and a filter's bytes   session PID SESSION: the filter has a listener
 *                            and asks about some of the calls
 *                            After "trace", both have the calls counted too
 *   nap                      ok: Java will mostly be stopped while the program runs
 *   go                       running: from now on Java ignores the signals
 *                            that the user may send
 *   signaled NUMBER          nothing: Java got this signal after it began to
 *                            ignore it
 *   follow SESSION           ok: a process of the target has moved there
 *   look                     ok, then left or empty, after looking for
 *                            processes again
 *   output OUT               output same | output different | output first:
 *                            writes the kept output of the last run there and
 *                            compares it with the previous run's
 *   end SIGNAL               ok: sent to all processes left in the sessions
 *
 * To be asked about its calls (followed by "go" as above):
 *
 *   watch COUNT OUT FROM ACTION MARK [VARIABLE]\n
 *     and a filter's bytes  process PID
 *
 * For the programs that are started from then on:
 *
 *   surround\n
 *     and steps              ok: each is a text with a zero byte at its end
 *                            (states/steps.h, states/beside.h); none: as usual
 *   copy [full]              copy ROOT MOUNTS IPC: they see a copy of all file systems
 *                            as they are now; a full one has no space left. The
 *                            paths are for those who look into it or join it
 *   drop                     ok: they see the file systems themselves
 *
 * To have calls counted in the kernel (bpf/recording.h):
 *
 *   trace started            ok: only canaries are recorded yet
 *   trace refusals           ok: from now on, calls that a filter refuses are
 *                            recorded even before a filter is seen
 *   trace found              ok: also for "attach" and "marked"
 *   trace WHOSE files        ok: the same, and what files and addresses are used
 *                            for is recorded
 *   arguments\n
 *     and a line for each call
 *     PLACE SLOT COUNT, and COUNT times INDEX MASK
 *                            ok: its arguments are recorded (struct
 *                            watched_call); for clone3, COUNT is 0, and then
 *                            comes 0 MASK for the flags
 *   trace node               ok: the same for the containers of a machine. A trace
 *                            before goes on, but requests go to the new one
 *   swap                     ok: they go to the other one
 *   untrace                  ok: no process is recorded any more, or by the other
 *   count COUNT OUT FROM ACTION MARK [VARIABLE]\n
 *     and a filter's bytes   process PID: it will be recorded when it has the
 *                            filter. With the action kill only calls that are
 *                            refused are
 *   attach process PID       ok: it is recorded, and all that came from it
 *   attach cgroup PATH       ok: its processes are recorded
 *   close                    ok: nothing is counted any more, and what was can
 *                            be read
 *   tally                    tally NAME=NUMBER...: what exec/counters.h lists
 *   members                  members PID...: who is recorded and has not ended
 *   failed                   failed PID STATUS OUTLIVED...
 *   program NUMBER           calls\n and what write_program() writes
 *   others                   calls\n or, if there are more, again\n and what
 *                            write_others() writes
 *   values                   calls\n or again\n and what write_values() writes
 *   uses                     calls\n or again\n and what write_uses() writes
 *   path NUMBER              path TEXT
 *
 * To be asked about the calls of programs that others start:
 *
 *   listen [UNIT [counted]|- kept CGROUPS]\n
 *     and a path             ok: processes that connect there can hand over a
 *                            listener, also those of that unit of systemd; with
 *                            "counted", they can also join without one; with
 *                            "kept", each listener has a keeper (guests/keeper.h)
 *   start COUNT OUT AT\n
 *     and texts, each with a zero byte at its end
 *                            process PID: to run without a filter of ours; the
 *                            first text is a variable of its environment or
 *                            empty, the others are words that are put after
 *                            its first AT
 *   dismiss NUMBER           ok: forgets the guest, whose further calls fail
 *   answer NUMBER            ok: lets its calls through without Java
 *   join PEER                ok: counts the calls of the program that this
 *                            process executes next
 *   unjoined PEER            ok: it executes its program uncounted
 *
 * To become the program under a filter, once Java has ended with status 0:
 *
 *   say\n
 *     and a text             ok: written to standard error just before the
 *                            program is executed; a long text takes several
 *                            of these requests
 *   hold CAPABILITIES        ok: the program can have no others; in hexadecimal,
 *                            a bit for each
 *   ring NUMBER BYTES LAST\n
 *     and BPF                ok: the program can submit this operation of io_uring
 *                            if the code, which reads so many bytes of arguments,
 *                            returns 1; LAST: and no other one that has no code
 *   seen\n
 *     and bytes              ok: the next ones of the policy's file
 *   keep\n
 *     and a path             ok: the filter is kept for the next run with the
 *                            same words and policy (exec/kept.h); this
 *                            libseccomp made it
 *   filter COUNT START LOG\n ok
 *     and the filter's bytes
 *
 * OUT, stdout or stderr, says where the program's standard output goes; for
 * "run" and "guard" it can also be keep. FROM is preload, exec or entry, and
 * START is exec, entry or here (enum filter_start). ACTION, log or kill, says
 * what happens to calls that are not allowed. For preload a list says which are
 * allowed, otherwise a filter; without a filter all calls are logged. For a
 * watched program ACTION selects the answers, whatever FROM is. MARK is the
 * entry_mark of inject/start.h. LOG is 1 if refused calls leave audit records.
 * When the last process of a target has ended, another target may be run. If
 * standard input is a file, it is rewound to where the first run found it.
 *
 * Java is told, at any time after "go":
 *
 *   listener                 after "watch" or "guard", with two descriptors
 *                            (SCM_RIGHTS): the filter's listener, before it
 *                            asks about the first call, and a page of memory
 *                            (struct watch)
 *   handed NUMBER PEER\n     after "listen", with two such descriptors:
 *     and a state            process PEER has handed over a listener and OCI's
 *                            container process state, JSON that was not read
 *   joining PEER\n
 *     and a state            after "listen ... counted": process PEER waits for
 *                            "join" or "unjoined"
 *   unrecorded               after "listen": a hand-over was refused or did
 *                            not become whole
 *   ended STATUS             the program itself ended, with this wait status
 *                            (waitpid(2))
 *   left PID                 after that: a descendant that still runs
 *   empty                    after that: no process of the sessions was found;
 *                            at any time: no process that is recorded is left
 *   signal NUMBER            the user asks to end, and no program gets the
 *                            signal. While one runs, NUMBER is 9: it has been
 *                            killed, with its sessions; what is left of a
 *                            watched one must be killed by Java
 *   refused STATUS TEXT      instead of left, or when the user had the program
 *                            killed: its processes could not all be found
 */
int run_supervisor(const char *name, char **command, char **arguments,
		   struct kept *kept, bool asks, enum members counted);
