package io.sandbox.recorder;

import static io.sandbox.recorder.Records.X86_64;
import static io.sandbox.recorder.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AttributionTest {
    private static final long OURS = 100;
    private static final long UNSET = 0xffffffffL;

    private final Attribution attribution = new Attribution(OURS);

    private boolean isOurs(long session, int pid) {
        return attribution.isOurs(record(session, pid, "/bin/x", X86_64, 1));
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
        assertEquals(1, attribution.processCount());
    }

    @Test
    void isOurs_ourPidInYoungerSession_followsItAndItsChildren() {
        assertTrue(isOurs(OURS, 1));
        assertTrue(isOurs(OURS + 5, 1));
        assertTrue(isOurs(OURS + 5, 7));
        assertTrue(attribution.sessionChanged());
    }

    @Test
    void isOurs_ourPidInOlderSession_isAReusedNumber() {
        assertTrue(isOurs(OURS, 1));
        assertFalse(isOurs(OURS - 1, 1));
    }

    @Test
    void isOurs_ourPidUnsetsItsSession_followsThatProcessOnly() {
        assertTrue(isOurs(OURS, 1));
        assertTrue(isOurs(UNSET, 1));
        assertFalse(isOurs(UNSET, 2), "every process outside a login has the unset session");
        assertTrue(attribution.sessionGivenUp());
    }
}
