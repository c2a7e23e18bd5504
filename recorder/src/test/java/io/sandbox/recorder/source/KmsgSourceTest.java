// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.EmptySource;

final class KmsgSourceTest {
    /** Priority 6 of facility 0, the kernel. */
    private static final int KERNEL = 6;

    /** Priority 6 of facility 1, a process. */
    private static final int USER = 14;

    private final Deque<Object> answers = new ArrayDeque<>();
    private final FakeAudit audit = new FakeAudit();
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
                public void close() {}
            };

    private final KmsgSource source = new KmsgSource(log, audit, () -> {});

    private void write(int priority, String text) {
        String line = FakeAudit.withPayloads(text);
        answers.add(priority + "," + sequence + ",5140900,-;" + line + "\n SUBSYSTEM=x\n");
        sequence++;
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
        String verdicts = audit.play(events, source, this::happen);
        assertEquals(calls, audit.seen.toString());
        assertEquals(verdict, verdicts);
    }

    private static KmsgHeader parse(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return KmsgHeader.parse(bytes, bytes.length);
    }

    @Table
    void parse_message_hasItsHeader(String message, String header) {
        assertEquals(header, parse(message).toString());
    }

    @Table
    @EmptySource
    void parse_otherForm_isRefused(String message) {
        assertThrows(SourceException.class, () -> parse(message));
    }

    // Files stand for the kernel's setting; completeness.txt changes the real one.

    @TempDir private Path folder;

    private Path setting;
    private Path note;

    @BeforeEach
    void writeSetting() throws IOException {
        setting = Files.writeString(folder.resolve("printk_ratelimit"), "5\n");
        note = folder.resolve("run/sandbox/printk_ratelimit");
    }

    private String value() throws IOException {
        return Files.readString(setting).strip();
    }

    @Test
    void lift_thenClose_putsTheOldValueBack() throws IOException {
        PrintkLimit limit = PrintkLimit.lift(setting, note);
        assertEquals("0", value());
        assertEquals("5", Files.readString(note));
        limit.close();
        assertEquals("5", value());
        assertEquals("", Files.readString(note));
    }

    @Test
    void lift_noteOfAKilledRecording_isWhatIsRestored() throws IOException {
        Files.createDirectories(note.getParent());
        Files.writeString(note, "7");
        Files.writeString(setting, "0\n");
        PrintkLimit.lift(setting, note).close();
        assertEquals("7", value());
    }

    @Test
    void close_twice_restoresOnce() throws IOException {
        PrintkLimit limit = PrintkLimit.lift(setting, note);
        limit.close();
        Files.writeString(setting, "9\n");
        limit.close();
        assertEquals("9", value());
    }

    @Test
    void lift_settingMissing_saysHowToGoOn() {
        SourceException e =
                assertThrows(
                        SourceException.class,
                        () -> PrintkLimit.lift(folder.resolve("nothing"), note));
        assertTrue(e.getMessage().contains("leave the limit as it is"), e.getMessage());
    }

    @Test
    void lift_whileJavaEnds_changesNothing() throws Exception {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LiftAtTheEnd.class.getName(),
                                setting.toString(),
                                note.toString())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("Shutdown in progress", out.strip());
        assertEquals(0, java.waitFor());
        assertEquals("5", value());
    }

    private static final class LiftAtTheEnd {
        public static void main(String[] args) {
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        try {
                                            PrintkLimit.lift(Path.of(args[0]), Path.of(args[1]));
                                        } catch (IllegalStateException e) {
                                            System.out.println(e.getMessage());
                                        }
                                    }));
        }
    }
}
