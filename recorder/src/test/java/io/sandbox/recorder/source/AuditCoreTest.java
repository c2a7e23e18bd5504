// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AuditCoreTest {
    private static final String RULES_UNKNOWN =
            "the kernel did not list all audit rules, and one of them may suppress records";

    private final FakeAudit facts = new FakeAudit();
    private final List<String> causes = new ArrayList<>();

    @Test
    void addTo_nothingLost_addsNothing() {
        facts.lost = OptionalLong.of(7);
        assertEquals(0, new AuditCore(facts).addTo(causes));
        assertEquals(List.of(), causes);
    }

    @Test
    void addTo_lostSince_countsTheDifference() {
        facts.lost = OptionalLong.of(7);
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.of(12);
        assertEquals(5, core.addTo(causes));
        assertEquals(
                List.of(
                        "the kernel dropped 5 audit records of this machine (its backlog was"
                                + " full)"),
                causes);
    }

    @Test
    void addTo_lostWithARateLimit_namesIt() {
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.of(5);
        facts.rateLimit = OptionalLong.of(100);
        assertEquals(5, core.addTo(causes));
        assertEquals(
                List.of(
                        "the kernel dropped 5 audit records of this machine (its limit is 100 per"
                                + " second, which auditctl -r 0 removes; or its backlog was full)"),
                causes);
    }

    @Test
    void addTo_counterWraps_countsOn() {
        facts.lost = OptionalLong.of(0xffffffffL);
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.of(1);
        assertEquals(2, core.addTo(causes));
    }

    @Test
    void addTo_counterCannotBeReadAnyMore_isACause() {
        AuditCore core = new AuditCore(facts);
        facts.lost = OptionalLong.empty();
        assertEquals(0, core.addTo(causes));
        assertEquals(
                List.of("the kernel did not report how many audit records it dropped"), causes);
    }

    /**
     * Reading the counter needs a privilege that reading records does not; then the records show
     * losses.
     */
    @Test
    void addTo_counterCouldNeverBeRead_isNoCause() {
        facts.lost = OptionalLong.empty();
        assertEquals(0, new AuditCore(facts).addTo(causes));
        assertEquals(List.of(), causes);
    }

    @Test
    void addTo_excludeRules_areACause() {
        AuditCore core = new AuditCore(facts);
        facts.excludeRules = OptionalInt.of(2);
        assertEquals(0, core.addTo(causes));
        assertEquals(
                List.of("2 audit rules of the exclude list may suppress records (auditctl -l)"),
                causes);
    }

    @Test
    void addTo_logActionWasSwitched_isACause() {
        AuditCore core = new AuditCore(facts);
        facts.logActionChange = Optional.of("it was switched off");
        assertEquals(0, core.addTo(causes));
        assertEquals(List.of("it was switched off"), causes);
    }

    /** All runs share one watch. */
    @Test
    void addTo_logActionWasSwitchedBefore_isForgotten() {
        facts.logActionChange = Optional.of("it was switched off");
        new AuditCore(facts).addTo(causes);
        assertEquals(List.of(), causes);
    }

    @Test
    void addTo_rulesBrokeOff_isACause() {
        AuditCore core = new AuditCore(facts);
        facts.excludeRules = OptionalInt.empty();
        core.addTo(causes);
        assertEquals(List.of(RULES_UNKNOWN), causes);
    }
}
