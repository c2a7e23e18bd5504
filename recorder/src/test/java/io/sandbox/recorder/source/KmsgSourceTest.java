// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The kernel log can drop records in three places. All must be detected. */
class KmsgSourceTest {
    private static final int EIO = 5;

    /** Priority 6 of facility 0, the kernel. */
    private static final int KERNEL = 6;

    /** Priority 6 of facility 1, a process. */
    private static final int USER = 14;

    private final Deque<Object> answers = new ArrayDeque<>();
    private static final Sign CHANGED = new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, "");

    private final FakeAudit audit = new FakeAudit();
    private final List<Integer> seen = new ArrayList<>();
    private boolean closed;
    private boolean closeTold;
    private long sequence = 100;

    private final KernelLog log =
            new KernelLog() {
                @Override
                public int descriptor() {
                    return 9;
                }

                @Override
                public int read(ByteBuffer buffer, int size) {
                    Object next = answers.poll();
                    if (next instanceof String text) {
                        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                        buffer.put(0, bytes);
                        return bytes.length;
                    }
                    return next == null ? -LibC.EAGAIN : -(int) next;
                }

                @Override
                public void close() {
                    closed = true;
                }
            };

    private final KmsgSource source = new KmsgSource(log, audit, () -> closeTold = true);

    private void write(int priority, String text) {
        answers.add(priority + "," + sequence + ",5140900,-;" + text + "\n SUBSYSTEM=x\n");
        sequence++;
    }

    private void writeRecord(int syscall) {
        write(KERNEL, "audit: type=1326 " + RecordTexts.payload(syscall));
    }

    private Verdict drain() {
        source.drain(record -> seen.add(record.syscall()));
        return Judge.judge(source.losses());
    }

    private void assertLosses(long count, String cause) {
        assertEquals(new Verdict.Incomplete(count, List.of(cause)), drain());
    }

    @Test
    void drain_recordsAmongOtherLines_loseNothing() {
        writeRecord(1);
        write(KERNEL, "usb 1-1: new device");
        writeRecord(2);
        assertEquals(new Verdict.Complete(), drain());
        assertEquals(List.of(1, 2), seen);
    }

    /** Only the kernel writes with facility 0 (devkmsg_write). */
    @Test
    void drain_recordThatAProcessWrote_isNone() {
        write(USER, "audit: type=1326 " + RecordTexts.payload(7));
        write(USER, "kauditd_printk_skb: 9 callbacks suppressed");
        writeRecord(1);
        assertEquals(new Verdict.Complete(), drain());
        assertEquals(List.of(1), seen);
    }

    @Test
    void losses_linesWereOverwritten_areCounted() {
        writeRecord(1);
        answers.add(LibC.EPIPE);
        sequence += 3;
        writeRecord(2);
        assertLosses(3, "3 lines of the kernel log were overwritten before they were read");
        assertEquals(List.of(1, 2), seen);
    }

    /** The line after the gap need not be a record or from the kernel. */
    @Test
    void losses_gapBeforeALineOfAProcess_isCounted() {
        writeRecord(1);
        sequence += 2;
        write(USER, "hello");
        assertLosses(2, "2 lines of the kernel log were overwritten before they were read");
    }

    @Test
    void losses_linesWereSuppressed_areCounted() {
        writeRecord(1);
        write(KERNEL, "kauditd_printk_skb: 40 callbacks suppressed");
        write(KERNEL, "audit_printk_skb: 2 callbacks suppressed");
        assertLosses(42, "42 lines were suppressed by the printk rate limit");
    }

    @Test
    void losses_kernelReportsALossWithoutACount_isACause() {
        for (String line :
                List.of(
                        "audit: backlog limit exceeded",
                        "audit: audit_lost=7 audit_rate_limit=0 audit_backlog_limit=64",
                        "audit_log_start: 3 callbacks suppressed")) {
            source.startCounting();
            write(KERNEL, line);
            assertLosses(0, "the kernel reported lost audit records without a count");
        }
    }

    @Test
    void losses_recordCannotBeRead_isCounted() {
        write(KERNEL, "audit: type=1326 audit(1586171042.680:138): auid=0 uid=0");
        assertLosses(1, "1 records could not be read");
        assertEquals(List.of(), seen);
    }

    @Test
    void losses_auditCoreDropped_areCounted() {
        audit.lost = OptionalLong.of(6);
        assertLosses(
                6, "the kernel dropped 6 audit records of this machine (its backlog was full)");
    }

    @Test
    void losses_logActionWasWrittenTo_isACause() {
        audit.logActionChange = Optional.of(CHANGED);
        assertLosses(0, CHANGED.sentence());
        source.startCounting();
        assertEquals(new Verdict.Complete(), drain());
    }

    @Test
    void losses_everything_isAddedUp() {
        writeRecord(1);
        sequence += 3;
        write(KERNEL, "kauditd_printk_skb: 40 callbacks suppressed");
        write(KERNEL, "audit: type=1326 audit(1586171042.680:138): x");
        write(KERNEL, "audit: backlog limit exceeded");
        audit.lost = OptionalLong.of(500);
        drain();
        assertEquals(544, Judge.lost(source.losses()));
        assertEquals(5, source.losses().all().size(), source.losses().sentences()::toString);
    }

    @Test
    void startCounting_lossesBefore_areForgotten() {
        losses_everything_isAddedUp();
        source.startCounting();
        assertEquals(new Verdict.Complete(), drain());
    }

    /** A gap that begins before the start and ends after it may hold lines of both. */
    @Test
    void startCounting_gapEndsLater_isCounted() {
        writeRecord(1);
        drain();
        source.startCounting();
        sequence += 2;
        writeRecord(2);
        assertLosses(2, "2 lines of the kernel log were overwritten before they were read");
    }

    @Test
    void drain_interrupted_readsOn() {
        answers.add(LibC.EINTR);
        writeRecord(1);
        assertEquals(new Verdict.Complete(), drain());
        assertEquals(List.of(1), seen);
    }

    @Test
    void drain_readFails_isNotSilent() {
        answers.add(EIO);
        assertThrows(SourceException.class, this::drain);
    }

    @Test
    void close_restoresTheLimit() {
        source.close();
        assertTrue(closed && closeTold);
    }
}
