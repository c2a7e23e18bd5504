// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.syscalldb.testing.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AuditNetlinkSourceTest {
    private static final int SECCOMP = 1326;
    private static final int BATCH = 64;
    private static final int HEADER = 16;

    private record Message(int port, int type, String payload) {}

    /** Messages, or an errno if receiving fails. */
    private final Deque<Object> queue = new ArrayDeque<>();

    private final FakeAudit audit = new FakeAudit();
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
        queue.add(new Message(0, SECCOMP, FakeAudit.payload(syscall)));
    }

    @Test
    void drain_batches_areReadToTheEnd() {
        for (int count : new int[] {BATCH, 3 * BATCH + 1}) {
            audit.seen.clear();
            IntStream.range(0, count).forEach(this::send);
            assertEquals(new Verdict.Complete(), audit.drain(source));
            assertEquals(IntStream.range(0, count).boxed().toList(), audit.seen);
        }
    }

    private void happen(String what, String text) {
        String[] words = text.split(" ", 3);
        switch (what) {
            case "record" -> send(Integer.parseInt(text));
            case "message" ->
                    queue.add(
                            new Message(
                                    Integer.parseInt(words[0]),
                                    Integer.parseInt(words[1]),
                                    FakeAudit.withPayloads(words[2])));
            case "errno" -> queue.add(Integer.parseInt(text));
            case "drops" -> drops = Long.parseLong(text);
            case "start" -> source.startCounting();
            default -> throw new AssertionError(what);
        }
    }

    @Table
    void drain_events_areSeenAndJudged(String events, String calls, String verdict) {
        String verdicts = audit.play(events, source, this::happen);
        assertEquals(calls, audit.seen.toString());
        assertEquals(verdict, verdicts);
    }

    @Test
    void whySilent_namesWhatKeepsRecordsAway() {
        assertTrue(source.whySilent().contains("network namespace"));
        audit.rateLimit = OptionalLong.of(3);
        assertTrue(source.whySilent().contains("at most 3 audit records in a second"));
        audit.excludeRules = OptionalInt.of(1);
        assertTrue(source.whySilent().contains("exclude list"));
    }

    /** What changes before the watch begins, and since. */
    @Table
    void signs_whatChanged_isTold(String before, String since, long lost, String signs) {
        change(before);
        AuditCore core = new AuditCore(audit);
        change(since);
        Signs told = core.signs();
        assertEquals(signs, String.join("", told.all().stream().map(Sign::toString).toList()));
        assertEquals(lost, Judge.lost(told));
    }

    private void change(String text) {
        String[] words = (text + " ").split(" ", 2);
        boolean known = !words[1].isBlank();
        long number = known ? Long.parseLong(words[1].strip()) : 0;
        switch (words[0]) {
            case "lost" -> audit.lost = known ? OptionalLong.of(number) : OptionalLong.empty();
            case "lost-under-limit" -> {
                audit.lost = OptionalLong.of(number);
                audit.rateLimit = OptionalLong.of(100);
            }
            case "exclude" ->
                    audit.excludeRules = known ? OptionalInt.of((int) number) : OptionalInt.empty();
            case "changed" ->
                    audit.logActionChange =
                            Optional.of(new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, ""));
            case "unwatched" ->
                    audit.logActionChange =
                            new LogActionWatch("/proc/sys/kernel/seccomp.").querySign();
            default -> assertEquals("", text);
        }
    }
}
