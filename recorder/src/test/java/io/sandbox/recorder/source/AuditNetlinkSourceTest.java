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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A full socket drops records, and so can the kernel before it. Both must be detected. */
class AuditNetlinkSourceTest {
    private static final int EIO = 5;
    private static final int SECCOMP = 1326;
    private static final int CONFIG_CHANGE = 1305;
    private static final int BATCH = 64;
    private static final int HEADER = 16;

    private record Message(int port, int type, String payload) {}

    /** Messages, or an errno if receiving fails. */
    private final Deque<Object> queue = new ArrayDeque<>();

    private static final Sign CHANGED = new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, "");

    private final FakeAudit audit = new FakeAudit();
    private final List<Integer> seen = new ArrayList<>();
    private long drops = 1000;

    private final AuditMessages messages =
            new AuditMessages() {
                @Override
                public int descriptor() {
                    return 9;
                }

                @Override
                public int receive(ByteBuffer slots, int slotSize, ByteBuffer heads) {
                    if (queue.peek() instanceof Integer) {
                        return -(int) queue.remove();
                    }
                    int count = 0;
                    while (count < BATCH && queue.peek() instanceof Message message) {
                        queue.remove();
                        put(slots, count * slotSize, heads, count * 2 * Integer.BYTES, message);
                        count++;
                    }
                    return count == 0 ? -LibC.EAGAIN : count;
                }

                @Override
                public long queryDrops() {
                    return drops;
                }

                @Override
                public void close() {}
            };

    private final AuditNetlinkSource source = new AuditNetlinkSource(messages, audit);

    private static void put(
            ByteBuffer slots, int slot, ByteBuffer heads, int head, Message message) {
        byte[] payload = message.payload().getBytes(StandardCharsets.US_ASCII);
        heads.putInt(head, message.port());
        heads.putInt(head + Integer.BYTES, HEADER + payload.length);
        slots.putShort(slot + 4, (short) message.type());
        slots.put(slot + HEADER, payload);
    }

    private void send(int syscall) {
        queue.add(new Message(0, SECCOMP, RecordTexts.payload(syscall)));
    }

    private Verdict drain() {
        source.drain(record -> seen.add(record.syscall()));
        return Judge.judge(source.losses());
    }

    private static Verdict nothing() {
        return new Verdict.Complete();
    }

    private static Verdict overrun(long count) {
        return new Verdict.Incomplete(
                count,
                List.of(
                        "the socket overran and dropped "
                                + count
                                + " audit messages (the reader was too slow)"));
    }

    @Test
    void drain_moreThanABatch_isReadToTheEnd() {
        IntStream.range(0, 3 * BATCH + 1).forEach(this::send);
        assertEquals(nothing(), drain());
        assertEquals(IntStream.range(0, 3 * BATCH + 1).boxed().toList(), seen);
    }

    @Test
    void drain_exactlyABatch_isReadToTheEnd() {
        IntStream.range(0, BATCH).forEach(this::send);
        assertEquals(nothing(), drain());
        assertEquals(BATCH, seen.size());
    }

    @Test
    void drain_otherTypes_areNoRecords() {
        queue.add(new Message(0, 1300, RecordTexts.payload(7)));
        assertEquals(nothing(), drain());
        assertEquals(List.of(), seen);
    }

    /** Only the kernel has port 0. */
    @Test
    void drain_messageOfAProcess_isNoRecord() {
        queue.add(new Message(4711, SECCOMP, RecordTexts.payload(7)));
        queue.add(new Message(4711, SECCOMP, "rubbish"));
        assertEquals(nothing(), drain());
        assertEquals(List.of(), seen);
    }

    @Test
    void losses_socketDropped_areCounted() {
        send(1);
        drops += 30;
        assertEquals(overrun(30), drain());
    }

    @Test
    void losses_dropCountWraps_countsOn() {
        drops = 0xfffffffeL;
        source.startCounting();
        drops = 3;
        assertEquals(overrun(5), drain());
    }

    /** The kernel reports each overrun once, and then reading continues. */
    @Test
    void losses_overrunWithoutACount_isACause() {
        send(1);
        queue.add(LibC.ENOBUFS);
        send(2);
        source.drain(record -> seen.add(record.syscall()));
        assertEquals(overrun(0), drain());
        assertEquals(List.of(1, 2), seen);
    }

    @Test
    void losses_recordCannotBeRead_isCounted() {
        queue.add(new Message(0, SECCOMP, "audit(1586171042.680:138): auid=0"));
        assertEquals(new Verdict.Incomplete(1, List.of("1 records could not be read")), drain());
    }

    @Test
    void losses_auditCoreDropped_areCounted() {
        audit.lost = OptionalLong.of(6);
        assertEquals(6, Judge.lost(source.losses()));
    }

    private void sendConfigChange(String what) {
        queue.add(new Message(0, CONFIG_CHANGE, "audit(1586171042.680:139): " + what + " res=1"));
    }

    /**
     * The change was made through another mount of /proc, which is not watched, but audit records
     * it.
     */
    @Test
    void losses_kernelRecordsAChangeOfTheLogAction_isACause() {
        sendConfigChange("op=seccomp-logging actions=kill,log old-actions=log");
        assertEquals(new Verdict.Incomplete(0, List.of(CHANGED.sentence())), drain());
        source.startCounting();
        assertEquals(nothing(), drain());
    }

    @Test
    void losses_otherChanges_areNone() {
        sendConfigChange("op=set audit_pid=1 old=0");
        assertEquals(nothing(), drain());
        assertEquals(List.of(), seen);
    }

    @Test
    void losses_logActionWasWrittenTo_isOneCause() {
        audit.logActionChange = Optional.of(CHANGED);
        sendConfigChange("op=seccomp-logging actions=kill,log old-actions=log");
        assertEquals(new Verdict.Incomplete(0, List.of(CHANGED.sentence())), drain());
        source.startCounting();
        audit.logActionChange = Optional.of(CHANGED);
        assertEquals(new Verdict.Incomplete(0, List.of(CHANGED.sentence())), drain());
    }

    @Test
    void losses_everything_isAddedUp() {
        drops += 30;
        audit.lost = OptionalLong.of(6);
        queue.add(new Message(0, SECCOMP, "audit(1586171042.680:138): auid=0"));
        drain();
        assertEquals(37, Judge.lost(source.losses()));
        assertEquals(3, source.losses().all().size(), source.losses().sentences()::toString);
    }

    @Test
    void startCounting_lossesBefore_areForgotten() {
        losses_everything_isAddedUp();
        queue.add(LibC.ENOBUFS);
        drain();
        source.startCounting();
        assertEquals(nothing(), drain());
    }

    @Test
    void drain_interrupted_readsOn() {
        queue.add(LibC.EINTR);
        send(1);
        assertEquals(nothing(), drain());
        assertEquals(List.of(1), seen);
    }

    @Test
    void drain_receivingFails_isNotSilent() {
        queue.add(EIO);
        assertThrows(SourceException.class, this::drain);
    }

    @Test
    void whySilent_namesWhatKeepsRecordsAway() {
        assertTrue(source.whySilent().contains("network namespace"));
        audit.rateLimit = OptionalLong.of(3);
        assertTrue(source.whySilent().contains("at most 3 audit records in a second"));
        audit.excludeRules = OptionalInt.of(1);
        assertTrue(source.whySilent().contains("exclude list"));
    }
}
