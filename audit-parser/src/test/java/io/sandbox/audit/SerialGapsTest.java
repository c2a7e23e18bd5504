package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SerialGapsTest {

    private final SerialGaps gaps = new SerialGaps();

    private void assertGaps(long missing, long explained) {
        gaps.finish();
        assertEquals(missing, gaps.missing(), "missing");
        assertEquals(explained, gaps.explained(), "explained");
    }

    private void seccomp(long... serials) {
        for (long serial : serials) {
            gaps.addSeccomp(serial);
        }
    }

    @Test
    void missing_nothingOrOneRecord_isZero() {
        assertGaps(0, 0);
        seccomp(7);
        assertGaps(0, 0);
    }

    @Test
    void missing_consecutiveAndRepeatedSerials_isZero() {
        seccomp(5, 6, 6, 7, 8, 8);
        assertGaps(0, 0);
    }

    @Test
    void missing_gapWithOtherTypes_isExplained() {
        seccomp(5);
        gaps.addOther(6);
        gaps.addOther(6);
        gaps.addOther(8);
        seccomp(9);
        assertGaps(3, 2);
    }

    @Test
    void missing_outsideOfTheRecords_doesNotCount() {
        gaps.addOther(1);
        seccomp(100, 101);
        gaps.addOther(150);
        gaps.addOther(20_000);
        assertGaps(0, 0);
    }

    @Test
    void missing_outOfOrder_isNoGap() {
        seccomp(5, 8, 7, 6, 9);
        assertGaps(0, 0);
        seccomp(10_000, 10_002, 10_001);
        gaps.addOther(10_004);
        seccomp(10_005);
        gaps.addOther(10_003);
        assertGaps(2, 2);
    }

    @Test
    void missing_startedAgain_countsEachPartAlone() {
        seccomp(100_000, 100_002);
        seccomp(3, 5);
        assertGaps(2, 0);
    }

    @Test
    void missing_hugeGaps_areCountedInConstantTime() {
        seccomp(1, 4_294_967_295L);
        assertGaps(4_294_967_293L, 0);
        for (long serial = 1; serial < 4_000_000_000L; serial += 40_000_000) {
            seccomp(serial);
        }
        assertGaps(4_294_967_293L + 99 * 39_999_999L, 0);
    }

    @Test
    void missing_gapWiderThanTheWindow_keepsWhatWasSeen() {
        seccomp(1);
        for (int serial = 2; serial < 20_000; serial += 2) {
            gaps.addOther(serial);
        }
        seccomp(20_001);
        assertGaps(19_999, 9_999);
    }
}
