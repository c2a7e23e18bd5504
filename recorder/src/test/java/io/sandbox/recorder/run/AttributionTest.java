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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {
    private static final long OURS = 100;
    private static final int TARGET = 1;
    private static final long UNSET = 0xffffffffL;

    private OptionalLong start = OptionalLong.of(TIME_MILLIS - 1000);
    private long clockOffset = TIME_MILLIS;
    private final Attribution attribution =
            new Attribution(OURS, TARGET, pid -> start, () -> clockOffset, Optional.empty());

    private boolean isOurs(long session, int pid) {
        return isOurs(session, pid, 0);
    }

    private boolean isOurs(long session, int pid, long afterMillis) {
        return attribution.isOurs(
                record(TIME_MILLIS + afterMillis, session, pid, "/bin/x", X86_64, 1));
    }

    @Test
    void isOurs_sameSession_anyPid() {
        assertTrue(isOurs(OURS, 1));
        assertTrue(isOurs(OURS, 2));
        assertEquals(2, attribution.processCount());
        assertFalse(attribution.sessionChanged());
    }

    @Test
    void isOurs_otherSessionOfUnknownPid_isNot() {
        assertTrue(isOurs(OURS, 1));
        assertFalse(isOurs(OURS + 1, 2));
        assertFalse(attribution.uncertain());
    }

    @Test
    void isOurs_ourProcessInYoungerSession_followsItAndItsChildren() {
        assertTrue(isOurs(OURS, 1));
        assertTrue(isOurs(OURS + 5, 1, 1100));
        assertTrue(isOurs(OURS + 5, 7, 1100));
        assertTrue(attribution.sessionChanged());
        assertEquals(Optional.of(OURS + 5), attribution.pollNewSession());
        assertEquals(Optional.empty(), attribution.pollNewSession());
    }

    @Test
    void isOurs_ourPidWasReused_isNot() {
        assertTrue(isOurs(OURS, 1));
        start = OptionalLong.of(TIME_MILLIS + 1000);
        assertFalse(isOurs(OURS + 5, 1, 1100));
        assertFalse(isOurs(UNSET, 1, 1100));
        assertFalse(attribution.uncertain());
        assertFalse(attribution.sessionChanged());
    }

    @Test
    void isOurs_ourPidInOlderSession_isAReusedNumber() {
        assertTrue(isOurs(OURS, 1));
        assertFalse(isOurs(OURS - 1, 1));
        assertFalse(attribution.uncertain());
    }

    @Test
    void isOurs_leftAtOnceAndHasEnded_isFollowed() {
        assertTrue(isOurs(OURS, 1));
        start = OptionalLong.empty();
        assertTrue(isOurs(OURS + 5, 1, 10));
        assertFalse(attribution.uncertain());
    }

    @Test
    void isOurs_leftMuchLaterAndHasEnded_isUncertain() {
        assertTrue(isOurs(OURS, 1));
        start = OptionalLong.empty();
        assertFalse(isOurs(OURS + 5, 1, 1100));
        assertTrue(attribution.uncertain());
    }

    // Records have the time of a clock that may be set.

    /** Its start is computed from a clock that has been set since its last call. */
    @ParameterizedTest
    @ValueSource(longs = {200, 3_600_000})
    void isOurs_clockWasSetForward_youngProcessIsNotTakenForAnother(long step) {
        assertTrue(isOurs(OURS, 1));
        clockOffset += step;
        start = OptionalLong.of(TIME_MILLIS - 10 + step);
        assertFalse(isOurs(OURS + 5, 1, step + 100));
        assertTrue(attribution.uncertain());
    }

    @Test
    void isOurs_clockWasSetForward_oldProcessIsFollowed() {
        assertTrue(isOurs(OURS, 1));
        clockOffset += 200;
        start = OptionalLong.of(TIME_MILLIS - 1000 + 200);
        assertTrue(isOurs(OURS + 5, 1, 300));
        assertFalse(attribution.uncertain());
    }

    /** Then a number that was used again looks older than it is. */
    @Test
    void isOurs_clockWasSetBack_otherProcessIsNotTakenForOurs() {
        assertTrue(isOurs(OURS, 1));
        clockOffset -= 5000;
        start = OptionalLong.of(TIME_MILLIS + 1000 - 5000);
        assertFalse(isOurs(OURS + 5, 1, 1100 - 5000));
        assertTrue(attribution.uncertain());
    }

    @Test
    void isOurs_clockWasSetAndSetBack_isNoticed() {
        assertTrue(isOurs(OURS, 1));
        clockOffset += 200;
        attribution.noteClock();
        clockOffset -= 200;
        start = OptionalLong.of(TIME_MILLIS + 100);
        assertFalse(isOurs(OURS + 5, 1, 1000));
        assertTrue(attribution.uncertain());
    }

    @Test
    void isOurs_processGivesUpItsSession_isUncertain() {
        assertTrue(isOurs(OURS, 1));
        assertFalse(isOurs(UNSET, 1));
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

    private static boolean isOurs(Attribution someones, long session, int pid, int syscall) {
        return someones.isOurs(record(TIME_MILLIS, session, pid, "/bin/x", X86_64, syscall));
    }

    @Test
    void kinship_unknownPidThatCameFromTheTarget_isFollowed() {
        Attribution unseen = whereCallsPass(Kinship.Kin.OURS);
        assertTrue(isOurs(unseen, OURS + 5, 7, 1));
        assertEquals(Optional.of(OURS + 5), unseen.pollNewSession());
        assertFalse(unseen.uncertain());
        assertTrue(isOurs(unseen, OURS + 5, 8, 1));
        assertEquals(List.of(7), looked);
    }

    @Test
    void kinship_cannotBeTold_isUncertain() {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN);
        assertFalse(isOurs(unseen, OURS + 5, 7, 1));
        assertTrue(unseen.uncertain());
    }

    /** First a process of another recording that has ended, then one that still runs. */
    @Test
    void kinship_sessionThatTurnsOutToBeAStrangers_isNoDoubt() {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN, Kinship.Kin.STRANGER);
        assertFalse(isOurs(unseen, OURS + 5, 7, 1));
        assertFalse(isOurs(unseen, OURS + 5, 8, 1));
        assertFalse(unseen.uncertain());
    }

    @Test
    void kinship_sessionThatTurnsOutToBeOurs_hasLostItsFirstCalls() {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN, Kinship.Kin.OURS);
        assertFalse(isOurs(unseen, OURS + 5, 7, 1));
        assertTrue(isOurs(unseen, OURS + 5, 8, 1));
        assertTrue(unseen.uncertain());
    }

    @Test
    void kinship_relativeWithoutASession_isUncertain() {
        Attribution unseen = whereCallsPass(Kinship.Kin.OURS);
        assertFalse(isOurs(unseen, UNSET, 7, 1));
        assertTrue(unseen.uncertain());
    }

    @Test
    void kinship_stranger_isLookedAtOnce() {
        Attribution unseen = whereCallsPass(Kinship.Kin.STRANGER);
        assertFalse(isOurs(unseen, OURS + 5, 7, 1));
        assertFalse(isOurs(unseen, OURS + 5, 8, 1));
        assertFalse(unseen.uncertain());
        assertEquals(List.of(7), looked);
    }

    /** All processes without a session share this value, whether they are strangers or not. */
    @Test
    void kinship_strangerWithoutASession_saysNothingOfTheNext() {
        Attribution unseen = whereCallsPass(Kinship.Kin.STRANGER);
        assertFalse(isOurs(unseen, UNSET, 7, 1));
        assertFalse(isOurs(unseen, UNSET, 8, 1));
        assertEquals(List.of(7, 8), looked);
    }

    @Test
    void kinship_olderSession_isNotLookedAt() {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN);
        assertFalse(isOurs(unseen, OURS - 1, 7, 1));
        assertFalse(unseen.uncertain());
        assertEquals(List.of(), looked);
    }

    @Test
    void kinship_testOfAnotherRecording_isNotLookedAt() {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN);
        String recorder = "/usr/lib/sandbox/sandbox-exec";
        assertFalse(
                unseen.isOurs(
                        record(TIME_MILLIS, OURS + 5, 7, recorder, X86_64, ProbeNumber.next())));
        assertFalse(unseen.uncertain());
    }

    @Test
    void kinship_callOfAProgramWithSuchANumber_isLookedAt() {
        Attribution unseen = whereCallsPass(Kinship.Kin.UNKNOWN);
        assertFalse(isOurs(unseen, OURS + 5, 7, ProbeNumber.next()));
        assertTrue(unseen.uncertain());
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
}
