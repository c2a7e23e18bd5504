// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AuditCoreTest {
    private static final Sign SWITCHED = new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, "");

    private final FakeAudit facts = new FakeAudit();

    private static Sign dropped(long count, String reason) {
        return new Sign(Sign.Kind.AUDIT_DROPPED, count, reason);
    }

    @Test
    void signs_nothingLost_areNone() {
        facts.lost = OptionalLong.of(7);
        assertEquals(List.of(), new AuditCore(facts).signs().all());
    }

    @Test
    void signs_lostSince_countTheDifference() {
        facts.lost = OptionalLong.of(7);
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.of(12);
        assertEquals(List.of(dropped(5, "its backlog was full")), core.signs().all());
        assertEquals(5, Judge.lost(core.signs()));
    }

    @Test
    void signs_lostWithARateLimit_nameIt() {
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.of(5);
        facts.rateLimit = OptionalLong.of(100);
        String reason =
                "its limit is 100 per second, which auditctl -r 0 removes; or its backlog was full";
        assertEquals(List.of(dropped(5, reason)), core.signs().all());
    }

    @Test
    void signs_counterWraps_countOn() {
        facts.lost = OptionalLong.of(0xffffffffL);
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.of(1);
        assertEquals(2, Judge.lost(core.signs()));
    }

    @Test
    void signs_counterCannotBeReadAnyMore_sayIt() {
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.empty();
        assertEquals(List.of(new Sign(Sign.Kind.AUDIT_DROPS_UNKNOWN, 0, "")), core.signs().all());
    }

    /**
     * Reading the counter needs a privilege that reading records does not; then the records show
     * losses.
     */
    @Test
    void signs_counterCouldNeverBeRead_areNone() {
        facts.lost = OptionalLong.empty();
        AuditCore core = new AuditCore(facts);
        assertEquals(List.of(), core.signs().all());
        facts.lost = OptionalLong.of(5);
        assertEquals(List.of(), core.signs().all());
    }

    @Test
    void signs_excludeRules_areCounted() {
        AuditCore core = new AuditCore(facts);
        facts.excludeRules = OptionalInt.of(2);
        assertEquals(List.of(new Sign(Sign.Kind.AUDIT_RULES_EXCLUDE, 2, "")), core.signs().all());
        assertEquals(0, Judge.lost(core.signs()));
    }

    @Test
    void signs_logActionWasSwitched_sayIt() {
        AuditCore core = new AuditCore(facts);
        facts.logActionChange = Optional.of(SWITCHED);
        assertEquals(List.of(SWITCHED), core.signs().all());
    }

    /** All runs share one watch. */
    @Test
    void signs_logActionWasSwitchedBefore_areNone() {
        facts.logActionChange = Optional.of(SWITCHED);
        assertEquals(List.of(), new AuditCore(facts).signs().all());
    }

    @Test
    void signs_rulesBrokeOff_sayIt() {
        AuditCore core = new AuditCore(facts);
        facts.excludeRules = OptionalInt.empty();
        assertEquals(List.of(new Sign(Sign.Kind.AUDIT_RULES_UNKNOWN, 0, "")), core.signs().all());
    }

    @Test
    void logAction_cannotBeWatched_isSaid() {
        AuditCore core = new AuditCore(facts);
        facts.logActionChange = new LogActionWatch("/proc/sys/kernel/seccomp.").querySign();
        assertEquals(
                List.of(new Sign(Sign.Kind.LOG_ACTION_UNWATCHED, 0, "No such file or directory")),
                core.signs().all());
    }
}
