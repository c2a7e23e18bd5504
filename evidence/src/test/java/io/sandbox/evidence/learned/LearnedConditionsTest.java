// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static io.sandbox.evidence.testing.Records.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LearnedConditionsTest {
    private static final Arch ARCH = SyscallDb.get().archByName("x86_64").orElseThrow();
    private static final int KILL = 62;
    private static final String TERM = "arg1&0xffffffff==15";
    private static final String USR1 = "arg1&0xffffffff==10";

    private final List<Run> runs = new ArrayList<>();

    private void run(String executable, RunFilter filter, Optional<List<String>> arguments) {
        CallEvidence kill =
                new CallEvidence(KILL, 1, 0, OptionalLong.empty(), Optional.empty(), arguments);
        ProgramEvidence program = new ProgramEvidence(executable, X86_64, List.of(kill));
        runs.add(
                Evidence.run(
                        Integer.toString(runs.size()), filter, 0, new Verdict.Complete(), program));
    }

    private void run(String... arguments) {
        run("/bin/x", RunFilter.LOG_ALL, Optional.of(List.of(arguments)));
    }

    private String list(int limit) {
        Recording recording = new Recording(runs);
        return LearnedPolicy.of(recording.calls(), ARCH, LearnedConditions.of(recording, limit))
                .allowlist()
                .value();
    }

    @Test
    void of_fewValuesInSeveralRuns_allowsTheseAlone() {
        run(TERM);
        run(USR1, TERM);
        assertEquals("kill(" + USR1 + "):kill(" + TERM + ")", list(2));
    }

    @Test
    void of_moreValuesThanTheLimit_allowsTheCall() {
        run(TERM);
        run(USR1);
        assertEquals("kill", list(1));
    }

    @Test
    void of_noLimit_allowsTheCall() {
        run(TERM);
        assertEquals("kill", list(0));
    }

    @Test
    void of_oneRunWithoutArguments_allowsTheCall() {
        run(TERM);
        run("/bin/y", RunFilter.LOG_ALL, Optional.empty());
        assertEquals("kill", list(8));
    }

    @Test
    void of_passedUnseenInARun_allowsTheCall() {
        run(TERM);
        run("/bin/x", new RunFilter(false, List.of("kill")), Optional.of(List.of(USR1)));
        assertEquals("kill", list(8));
    }

    @Test
    void of_passedUnderConditions_isSeenAllTheSame() {
        run(TERM);
        RunFilter filter = new RunFilter(true, List.of("kill(" + TERM + ")"));
        run("/bin/x", filter, Optional.of(List.of(USR1)));
        assertEquals("kill(" + USR1 + "):kill(" + TERM + ")", list(8));
    }

    private List<String> dropped(int limit) {
        return LearnedConditions.dropped(new Recording(runs), limit, ARCH).stream()
                .map(ObservedCall::displayName)
                .toList();
    }

    @Test
    void dropped_oneRunWithoutArguments_namesTheCall() {
        run(TERM);
        assertEquals(List.of(), dropped(8));
        run("/bin/y", RunFilter.LOG_ALL, Optional.empty());
        assertEquals(List.of("kill"), dropped(8));
        assertEquals(List.of(), dropped(0));
    }

    /** It would have no conditions anyway. */
    @Test
    void dropped_tooManyValuesOrNone_namesNothing() {
        run("/bin/y", RunFilter.LOG_ALL, Optional.empty());
        assertEquals(List.of(), dropped(8));
        run(TERM, USR1);
        assertEquals(List.of(), dropped(1));
        assertEquals(List.of("kill"), dropped(2));
    }

    /** An earlier run allowed it unseen, and told no arguments of any call. */
    @Test
    void dropped_passedInARunWithoutArguments_namesTheCall() {
        run(TERM);
        runs.add(
                Evidence.run(
                        "p", new RunFilter(false, List.of("kill")), 0, new Verdict.Complete()));
        assertEquals(List.of("kill"), dropped(8));
    }

    @Test
    void ofExecutable_valuesOfOthers_areNotItsOwn() {
        run(TERM);
        run("/bin/y", RunFilter.LOG_ALL, Optional.of(List.of(USR1)));
        assertEquals(
                List.of("kill(" + TERM + ")", "kill(" + USR1 + ")"),
                ProgramPolicy.of(new Recording(runs), 8).stream()
                        .map(program -> program.policy().allowlist().value())
                        .toList());
    }
}
