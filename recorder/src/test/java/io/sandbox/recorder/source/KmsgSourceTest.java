// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Verdict;
import io.sandbox.syscalldb.testing.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

final class KmsgSourceTest {
    private static final int EIO = 5;

    /** Priority 6 of facility 0, the kernel. */
    private static final int KERNEL = 6;

    /** Priority 6 of facility 1, a process. */
    private static final int USER = 14;

    private final Deque<Object> answers = new ArrayDeque<>();
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
        String line = RecordTexts.withPayloads(text);
        answers.add(priority + "," + sequence + ",5140900,-;" + line + "\n SUBSYSTEM=x\n");
        sequence++;
    }

    private Verdict drain() {
        source.drain(record -> seen.add(record.syscall()));
        return Judge.judge(source.losses());
    }

    private void happen(String what, String text) {
        switch (what) {
            case "kernel" -> write(KERNEL, text);
            case "user" -> write(USER, text);
            case "errno" -> answers.add(Integer.parseInt(text));
            case "skip" -> sequence += Integer.parseInt(text);
            case "start" -> source.startCounting();
            default -> throw new AssertionError(what);
        }
    }

    @Table
    void drain_events_areSeenAndJudged(String events, String calls, String verdict) {
        String verdicts = audit.play(events, this::drain, this::happen);
        assertEquals(calls, seen.toString());
        assertEquals(verdict, verdicts);
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

    private static KmsgHeader parse(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return KmsgHeader.parse(bytes, bytes.length);
    }

    @Test
    void parse_kernelMessage_hasFacilityZero() {
        assertEquals(new KmsgHeader(0, 339, 16), parse("5,339,5140900,-;audit: type=1326"));
    }

    @Test
    void parse_moreFieldsBeforeText_areSkipped() {
        assertEquals(new KmsgHeader(0, 160, 26), parse("4,160,424069,-,caller=T55;x"));
    }

    @Table
    void parse_writtenByAProcess_hasAnotherFacility(String message) {
        assertEquals(true, parse(message).facility() != 0);
    }

    @Table
    @EmptySource
    void parse_otherForm_isRefused(String message) {
        assertThrows(SourceException.class, () -> parse(message));
    }
}
