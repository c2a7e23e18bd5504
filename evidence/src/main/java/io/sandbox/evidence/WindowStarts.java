// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.text.ShownValue;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Finds the executables that ran already when a window opened, and whose start no run shows. A
 * start counts only if it came to where the executable was when the window opened: a program that
 * checks its configuration and ends, or that fails because the service has its port, made only a
 * part of the calls.
 */
final class WindowStarts {
    /**
     * Calls in which a program waits for what comes from outside, so that it has started. A worker
     * that waits for its own program (futex, wait4) may do so during the start too.
     */
    private static final Set<String> WAITS =
            Set.of(
                    """
                    _newselect accept accept4 clock_nanosleep clock_nanosleep_time64 epoll_pwait
                    epoll_pwait2 epoll_wait io_getevents io_pgetevents io_pgetevents_time64
                    io_uring_enter mq_timedreceive mq_timedreceive_time64 msgrcv nanosleep pause
                    poll ppoll ppoll_time64 pselect6 pselect6_time64 recvfrom recvmmsg
                    recvmmsg_time64 recvmsg rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
                    select sigsuspend
                    """
                            .split("\\s"));

    /** C libraries make it once, when a program starts, so this start is in the window. */
    private static final String AT_START = "set_tid_address";

    /** A higher status is that of a signal, by which the user ended the program. */
    private static final int HIGHEST_EXIT = 128;

    private final List<Run> starts;

    private WindowStarts(List<Run> runs) {
        starts = runs.stream().filter(WindowStarts::isStart).toList();
    }

    static Signs missing(List<Run> runs) {
        WindowStarts starts = new WindowStarts(runs);
        Signs missing = new Signs();
        for (Run window : runs) {
            if (window.isWindow()) {
                boolean showsWhatRan =
                        window.programs().stream()
                                .flatMap(program -> program.calls().stream())
                                .anyMatch(call -> call.beforeEntry().isPresent());
                window.programs().forEach(program -> starts.judge(program, showsWhatRan, missing));
            }
        }
        return missing;
    }

    private static boolean isStart(Run run) {
        return !run.isWindow() && !run.command().isEmpty() && run.isComplete();
    }

    private static boolean hasFailed(Run run) {
        int status = run.status().orElse(0);
        return status != 0 && status <= HIGHEST_EXIT;
    }

    /**
     * @param showsWhatRan whether the window tells which calls were in progress when it opened;
     *     those of earlier versions do not
     */
    private void judge(ProgramEvidence program, boolean showsWhatRan, Signs missing) {
        Set<String> before = names(program, call -> call.beforeEntry().orElse(0) > 0);
        Set<String> all = names(program, call -> true);
        if (showsWhatRan && before.isEmpty() && all.contains(AT_START)) {
            return;
        }
        Set<String> waits = new TreeSet<>(before.isEmpty() ? all : before);
        waits.retainAll(WAITS);
        Set<String> where = waits.isEmpty() ? before : waits;
        boolean found = false;
        boolean comes = false;
        for (Run run : starts) {
            for (ProgramEvidence start : run.programs()) {
                if (isSame(start, program)) {
                    found = true;
                    Set<String> shown = names(start, call -> true);
                    // Where an old window opened is not known, so one of the waits has to do.
                    boolean comesThere =
                            before.isEmpty()
                                    ? where.isEmpty() || !Collections.disjoint(shown, where)
                                    : shown.containsAll(where);
                    // Without a wait, a run that failed may have come no further.
                    comes |= comesThere && !(waits.isEmpty() && hasFailed(run));
                }
            }
        }
        String name = ShownValue.of(program.executable());
        if (!found) {
            missing.add(Sign.Kind.START_MISSING, 0, name);
        } else if (!comes) {
            missing.add(
                    Sign.Kind.START_ENDED_EARLY,
                    0,
                    name + " comes to " + (where.isEmpty() ? "its end" : String.join(", ", where)));
        }
    }

    private static boolean isSame(ProgramEvidence start, ProgramEvidence program) {
        Optional<String> build = program.buildId();
        return start.executable().equals(program.executable())
                && !start.executable().isEmpty()
                && start.auditArch() == program.auditArch()
                && (build.isEmpty() || start.buildId().isEmpty() || start.buildId().equals(build));
    }

    private static Set<String> names(ProgramEvidence program, Predicate<CallEvidence> which) {
        Set<String> names = new TreeSet<>();
        program.calls().stream()
                .filter(which)
                .map(call -> ObservedCall.of(program.auditArch(), call.number()).displayName())
                .forEach(names::add);
        return names;
    }
}
