// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files stand for the kernel's setting; completeness.txt changes the real one. */
class PrintkLimitTest {
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
