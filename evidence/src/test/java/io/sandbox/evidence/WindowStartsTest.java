// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which runs count as the start of processes that ran already when a window opened. */
class WindowStartsTest {
    private static final String SERVER = "/usr/sbin/nginx";

    private static final Sign MISSING = new Sign(Sign.Kind.START_MISSING, 0, SERVER);

    private int ids;

    /** Words: names of calls; with a mark, a thread was in the call when the window opened. */
    private static ProgramEvidence program(String executable, String words, boolean marked) {
        List<CallEvidence> calls = new ArrayList<>();
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            calls.add(
                    new CallEvidence(
                            Evidence.number(word.replace("*", "")),
                            5,
                            0,
                            marked
                                    ? OptionalLong.of(word.endsWith("*") ? 1 : 0)
                                    : OptionalLong.empty(),
                            Optional.empty()));
        }
        return new ProgramEvidence(executable, Evidence.X86_64, calls);
    }

    private Run run(String from, List<String> command, int status, ProgramEvidence... programs) {
        return new Run(
                Integer.toString(ids++),
                Instant.EPOCH,
                1,
                "bpf",
                Optional.of(from),
                command,
                RunFilter.LOG_ALL,
                OptionalInt.of(status),
                new Verdict.Complete(),
                new Machine("6.18", "x86_64", "0.1.0"),
                List.of(programs));
    }

    private Run window(ProgramEvidence... programs) {
        return run(Run.FROM_WINDOW, List.of(), 0, programs);
    }

    private Run window(String calls) {
        return window(program(SERVER, calls, true));
    }

    private Run start(int status, String calls) {
        return run("exec", List.of("x"), status, program(SERVER, calls, false));
    }

    private static List<Sign> missing(Run... runs) {
        return new Recording(List.of(runs)).missingStarts().all();
    }

    private static List<Sign> early(String where) {
        return List.of(new Sign(Sign.Kind.START_ENDED_EARLY, 0, SERVER + " comes to " + where));
    }

    @Test
    void missingStarts_noWindow_areNone() {
        assertEquals(List.of(), missing(start(0, "read")));
        assertEquals(List.of(), missing());
    }

    @Test
    void missingStarts_windowAlone_isOne() {
        Recording recording = Recording.of(window("epoll_wait* read"));
        assertEquals(List.of(MISSING), recording.missingStarts().all());
        assertFalse(recording.isComplete());
        assertEquals("incomplete", recording.verdictWords());
        assertEquals(
                List.of(
                        "the start of /usr/sbin/nginx is missing: it ran already when the window"
                                + " opened, and no complete run shows how it starts"),
                recording.missingStarts().sentences());
    }

    @Test
    void missingStarts_startOfAnotherExecutable_isNoStart() {
        Run other = run("exec", List.of("true"), 0, program("/bin/true", "epoll_wait", false));
        assertEquals(List.of(MISSING), missing(window("epoll_wait*"), other));
        ProgramEvidence compat =
                new ProgramEvidence(
                        SERVER, Evidence.X86_64 + 1, program(SERVER, "epoll_wait", false).calls());
        assertEquals(
                List.of(MISSING),
                missing(window("epoll_wait*"), run("exec", List.of("x"), 0, compat)));
    }

    /** A log, another window and a run with losses do not show how a program starts. */
    @Test
    void missingStarts_runsThatShowNoStart_areNoStart() {
        ProgramEvidence calls = program(SERVER, "epoll_wait", false);
        Run lossy =
                Evidence.run(
                        "lossy",
                        RunFilter.LOG_ALL,
                        0,
                        new Verdict.Incomplete(1, List.of("lost")),
                        calls);
        Run window = window("epoll_wait*");
        assertEquals(List.of(MISSING), missing(window, lossy));
        assertEquals(List.of(MISSING), missing(window, window(calls)));
        assertEquals(List.of(MISSING), missing(window, run("exec", List.of(), 0, calls)));
    }

    /** A run of nginx -t is such a start: it ends before it listens. */
    @Test
    void missingStarts_startEndedEarly_isSaid() {
        Run window = window("epoll_wait* rt_sigsuspend* futex* accept4 read");
        assertEquals(early("epoll_wait, rt_sigsuspend"), missing(window, start(0, "read futex")));
        assertEquals(
                early("epoll_wait, rt_sigsuspend"), missing(window, start(0, "epoll_wait futex")));
        Recording recording = new Recording(List.of(window, start(0, "read")));
        assertFalse(recording.isComplete());
        assertEquals(
                List.of(
                        "no complete run of /usr/sbin/nginx comes to epoll_wait, rt_sigsuspend,"
                            + " where it was when the window opened, so the rest of its start is"
                            + " missing"),
                recording.missingStarts().sentences());
    }

    @Test
    void missingStarts_startServed_areNone() {
        Run window = window("epoll_wait* rt_sigsuspend* futex* accept4 read");
        Run served = start(0, "epoll_wait rt_sigsuspend");
        assertEquals(List.of(), missing(window, served));
        assertEquals(List.of(), missing(served, start(0, "read"), window));
        assertTrue(new Recording(List.of(window, served)).isComplete());
        // It was ended by us, and its status tells nothing.
        assertEquals(List.of(), missing(window, start(1, "epoll_wait rt_sigsuspend")));
    }

    /** A script waits for its child, and that may be during its start too. */
    @ParameterizedTest
    @CsvSource({"0, true", "143, true", "128, false", "1, false"})
    void missingStarts_noWaitForOthers_startMustNotHaveFailed(int status, boolean counts) {
        Run window = window("wait4* read");
        assertEquals(
                counts ? List.of() : early("wait4"), missing(window, start(status, "wait4 read")));
        assertEquals(early("wait4"), missing(window, start(status, "read")));
    }

    /** What starts while the window is open has its start in the window. */
    @Test
    void missingStarts_startedInTheWindow_areNone() {
        Run window =
                window(
                        program(SERVER, "epoll_wait*", true),
                        program("/bin/date", "set_tid_address write", true));
        assertEquals(List.of(), missing(window, start(0, "epoll_wait")));
    }

    /** A reload starts the same executable again, and that start ends early. */
    @Test
    void missingStarts_startedAgainInTheWindow_areMissingAllTheSame() {
        assertEquals(List.of(MISSING), missing(window("epoll_wait* set_tid_address")));
    }

    @Test
    void missingStarts_notSeenToStart_areMissing() {
        Run window =
                window(program("/bin/other", "epoll_wait*", true), program(SERVER, "write", true));
        Run other = run("exec", List.of("o"), 0, program("/bin/other", "epoll_wait", false));
        assertEquals(List.of(MISSING), missing(window, other));
        assertEquals(List.of(), missing(window, other, start(0, "read")));
        assertEquals(early("its end"), missing(window, other, start(1, "read")));
    }

    /** Windows of earlier versions do not tell what was in progress when they opened. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll_wait", "poll read"})
    void missingStarts_oldWindow_needsOneOfItsWaits(String calls) {
        Run window = window(program(SERVER, "set_tid_address epoll_wait poll read", false));
        assertEquals(List.of(MISSING), missing(window));
        assertEquals(early("epoll_wait, poll"), missing(window, start(0, "read")));
        assertEquals(List.of(), missing(window, start(0, calls)));
    }

    @Test
    void missingStarts_executableIsUnknown_areMissing() {
        ProgramEvidence unknown = program("", "epoll_wait*", true);
        Run run = run("exec", List.of("x"), 0, program("", "epoll_wait", false));
        assertEquals(Sign.Kind.START_MISSING, missing(window(unknown), run).get(0).kind());
    }

    @ParameterizedTest
    @CsvSource({"aa, aa, true", "aa, bb, false", "aa, '', true", "'', aa, true"})
    void missingStarts_otherBuild_isNoStart(String ran, String started, boolean counts) {
        Run[] runs =
                Arrays.stream(new String[] {ran, started})
                        .map(
                                build ->
                                        new ProgramEvidence(
                                                SERVER,
                                                Evidence.X86_64,
                                                Optional.empty(),
                                                Optional.of(build).filter(b -> !b.isEmpty()),
                                                program(SERVER, "epoll_wait*", true).calls(),
                                                List.of()))
                        .map(this::window)
                        .toArray(Run[]::new);
        runs[1] = run("exec", List.of("x"), 0, runs[1].programs().toArray(new ProgramEvidence[0]));
        assertEquals(counts ? List.of() : List.of(MISSING), missing(runs));
    }
}
