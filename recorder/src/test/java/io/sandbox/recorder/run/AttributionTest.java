// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.evidence.testing.Records.TIME_MILLIS;
import static io.sandbox.evidence.testing.Records.X86_64;
import static io.sandbox.evidence.testing.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.process.ProcessAge;
import io.sandbox.enforcer.launch.process.ProcessStat;
import io.sandbox.recorder.run.Kinship.Kin;
import io.sandbox.syscalldb.testing.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttributionTest {
    private static final long OURS = 100;
    private static final int TARGET = 1;

    private OptionalLong start = OptionalLong.of(TIME_MILLIS - 1000);
    private long clockOffset = TIME_MILLIS;
    private final Attribution attribution =
            new Attribution(OURS, TARGET, pid -> start, () -> clockOffset, Optional.empty());

    /** A session by its age, or none, which is also a number. */
    private static long session(String word) {
        return switch (word) {
            case "ours" -> OURS;
            case "younger" -> OURS + 5;
            case "older" -> OURS - 1;
            default -> 0xffffffffL;
        };
    }

    private boolean isOurs(String session, int pid, long afterMillis) {
        return attribution.isOurs(
                record(TIME_MILLIS + afterMillis, session(session), pid, "/bin/x", X86_64, 1));
    }

    /**
     * After a record of process 1. Its number may have been used again, and records have the time
     * of a clock that may be set, by which the start of the process is computed too.
     */
    @Table
    void isOurs_otherSession_isThatOfACertainProcess(
            long step,
            String began,
            String session,
            int pid,
            long afterMillis,
            boolean ours,
            boolean uncertain) {
        assertTrue(isOurs("ours", 1, 0));
        clockOffset += step;
        start =
                began.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(TIME_MILLIS + Long.parseLong(began));
        assertEquals(ours, isOurs(session, pid, afterMillis));
        assertEquals(uncertain, attribution.uncertain());
        assertEquals(ours, attribution.sessionChanged());
    }

    @Test
    void isOurs_clockWasSetAndSetBack_isNoticed() {
        assertTrue(isOurs("ours", 1, 0));
        clockOffset += 200;
        attribution.noteClock();
        clockOffset -= 200;
        start = OptionalLong.of(TIME_MILLIS + 100);
        assertFalse(isOurs("younger", 1, 1000));
        assertTrue(attribution.uncertain());
    }

    // If known calls pass unseen, a process may leave before its first record.

    private final List<Integer> looked = new ArrayList<>();

    private Attribution whereCallsPass(Kinship.Kin... kin) {
        Kinship kinship =
                (process, isOurs) -> {
                    looked.add(process);
                    return kin[Math.min(looked.size(), kin.length) - 1];
                };
        return new Attribution(OURS, TARGET, pid -> start, () -> clockOffset, Optional.of(kinship));
    }

    /**
     * What a look at the processes shows decides. All processes without a session share its value,
     * so one stranger says nothing of the next.
     */
    @Table
    void kinship_decidesAboutUnknownProcesses(
            String kin, String session, String ours, boolean uncertain, String looks) {
        Kinship.Kin[] shown =
                Stream.of(kin.split(" ")).map(Kinship.Kin::valueOf).toArray(Kinship.Kin[]::new);
        Attribution unseen = whereCallsPass(shown);
        List<Boolean> found = new ArrayList<>();
        for (int pid : new int[] {7, 8}) {
            found.add(
                    unseen.isOurs(record(TIME_MILLIS, session(session), pid, "/bin/x", X86_64, 1)));
        }
        assertEquals("[" + ours + "]", found.toString());
        assertEquals(uncertain, unseen.uncertain());
        assertEquals("[" + looks + "]", looked.toString());
        assertEquals(
                found.get(1) && session.equals("younger"), unseen.pollNewSession().isPresent());
    }

    /** A test of another recording is not looked at, but a program can make such a call too. */
    @Table
    void kinship_numberOfATest_isLookedAtUnlessItIsOne(String executable, boolean uncertain) {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN);
        assertFalse(
                unseen.isOurs(
                        record(TIME_MILLIS, OURS + 5, 7, executable, X86_64, ProbeNumber.next())));
        assertEquals(uncertain, unseen.uncertain());
    }

    @Test
    void queryStartMillis_thisProcess_isInThePast() {
        OptionalLong own = ProcessAge.queryStartMillis((int) ProcessHandle.current().pid());
        assertTrue(own.getAsLong() <= System.currentTimeMillis());
        assertTrue(own.getAsLong() > System.currentTimeMillis() - 3_600_000);
        assertEquals(OptionalLong.empty(), ProcessAge.queryStartMillis(0x7ffffff));
    }

    @Test
    void processStat_nameWithParenthesesAndBlanks_isSkipped() {
        String stat = "7 (x) 1 2 (y) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21";
        assertEquals(4711, ProcessStat.parse(stat).number(ProcessStat.STARTTIME));
    }

    // Kinship, with processes of this machine, of which this one stands for whatever started the
    // recording.

    private Process starter;

    @AfterEach
    void end() {
        if (starter != null) {
            starter.descendants().forEach(ProcessHandle::destroyForcibly);
            starter.destroyForcibly();
        }
    }

    private int next(BufferedReader numbers) throws IOException {
        return Integer.parseInt(numbers.readLine());
    }

    @Test
    void kin_dependsOnWhoseChildAProcessReallyIs() throws IOException {
        String script =
                "sh -c 'sleep 60 & echo $$ $! | tr \" \" \"\\n\"; wait' & read go;"
                        + " sleep 60 & echo $!; sh -c 'sleep 60 & echo $!'; wait";
        starter = new ProcessBuilder("sh", "-c", script).start();
        BufferedReader numbers = starter.inputReader();
        int target = next(numbers);
        int descendant = next(numbers);
        LivingKin kin = new LivingKin(target);
        starter.outputWriter().append("go\n").close();
        int child = next(numbers);
        int orphan = next(numbers);
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            assertEquals(Kin.OURS, kin.of(descendant, pid -> pid == target));
            assertEquals(Kin.UNKNOWN, kin.of(child, pid -> pid == target), "CLONE_PARENT");
            assertEquals(Kin.UNKNOWN, kin.of(orphan, pid -> pid == target));
            assertEquals(Kin.STRANGER, kin.of((int) other.pid(), pid -> pid == target));
        } finally {
            other.destroy();
            ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroy);
        }
        assertEquals(Kin.UNKNOWN, kin.of(orphan, pid -> pid == target));
    }
}
