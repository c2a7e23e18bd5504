// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The meaning of each key is from docs/json_format.md and backend/condition.rs of seccompiler. */
class SeccompilerTest {
    private static Reading read(String thread, String entries) {
        String text =
                "{\""
                        + thread
                        + "\": {\"default_action\": \"trap\", \"filter_action\": \"allow\","
                        + " \"filter\": ["
                        + entries
                        + "]}}";
        return PolicyFormat.readAny(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean allows(PolicyDocument document, String call, long... arguments) {
        return new Call(new CallRef.Named(call), Arrays.copyOf(arguments, 6))
                        .verdict(document, RandomDocuments.HERE)
                == Action.ALLOW;
    }

    private static String arg(int index, String type, String op, String value) {
        return "{\"index\": %d, \"type\": \"%s\", \"op\": %s, \"val\": %s}"
                .formatted(index, type, op, value);
    }

    @Test
    void read_argsAndEntries_areAndAndOr() {
        String first = arg(1, "dword", "\"eq\"", "2") + "," + arg(2, "dword", "\"eq\"", "1");
        Reading reading =
                read(
                        "main",
                        "{\"syscall\": \"fcntl\", \"args\": ["
                                + first
                                + "]}, {\"syscall\": \"fcntl\", \"args\": ["
                                + arg(1, "dword", "\"eq\"", "1")
                                + "]}");
        assertEquals(List.of(), reading.losses());
        assertEquals(Action.TRAP, reading.document().otherwise());
        assertFalse(allows(reading.document(), "fcntl", 3, 2, 0));
        assertTrue(allows(reading.document(), "fcntl", 3, 2, 1));
        assertTrue(allows(reading.document(), "fcntl", 3, 1, 9));
        assertFalse(allows(reading.document(), "read"));
    }

    @Test
    void read_dword_doesNotLookAtTheUpperHalf() {
        String masked = "{\"masked_eq\": 18446744073709551615}";
        for (String op : List.of("\"eq\"", "\"le\"", "\"ge\"", masked)) {
            String entry = "{\"syscall\": \"kill\", \"args\": [%s]}";
            PolicyDocument low =
                    read("main", entry.formatted(arg(1, "dword", op, "4294967305"))).document();
            assertTrue(allows(low, "kill", 0, 9), op);
            assertTrue(allows(low, "kill", 0, 0x700000009L), op);
            PolicyDocument whole =
                    read("main", entry.formatted(arg(1, "qword", op, "4294967305"))).document();
            assertTrue(allows(whole, "kill", 0, 0x100000009L), op);
        }
    }

    @Test
    void read_orderOfDwords_tellsThatFirecrackerDiffers() {
        Reading reading =
                read(
                        "main",
                        "{\"syscall\": \"kill\", \"args\": ["
                                + arg(1, "dword", "\"lt\"", "3")
                                + "]}");
        assertEquals(
                "[line 1: compares 32 bits, as in the library of rust-vmm; Firecracker since 2024"
                        + " compares 64]",
                reading.losses().toString());
    }

    @Test
    void read_withAndWithoutArgs_isAllOfTheCallAndTold() {
        Reading reading =
                read(
                        "main",
                        "{\"syscall\": \"kill\"}, {\"syscall\": \"kill\", \"args\": ["
                                + arg(1, "qword", "\"eq\"", "9")
                                + "]}");
        assertTrue(allows(reading.document(), "kill", 0, 1));
        assertEquals(
                "[kill: is in the list with and without args: all of it is, as in Firecracker;"
                        + " the library of rust-vmm obeys only the entries with args]",
                reading.losses().toString());
        String other = "{\"syscall\": \"kill\"}, {\"syscall\": \"kill\"}";
        assertEquals(List.of(), read("main", other).losses());
    }

    @Test
    void read_otherThread_isTold() {
        assertEquals(
                "[thread vmm: its filter becomes one for the whole program]",
                read("vmm", "{\"syscall\": \"kill\"}").losses().toString());
    }

    @Test
    void read_comments_areTheReason() {
        String condition =
                "{\"index\": 0, \"type\": \"qword\", \"op\": \"ne\", \"val\": 1, \"comment\":"
                        + " \"no socket\"}";
        PolicyDocument document =
                read(
                                "main",
                                "{\"syscall\": \"read\", \"comment\": \"for the API\", \"args\": ["
                                        + condition
                                        + "]}")
                        .document();
        assertEquals("for the API, no socket", document.rules().get(0).note().reason());
    }

    /** An unknown key might be a condition. */
    @Test
    void read_mistake_isRefused() {
        String entry = "{\"syscall\": \"kill\", \"args\": [%s]}";
        String one = entry.formatted(arg(1, "qword", "\"eq\"", "9"));
        assertRefused(
                "main.filter[0].args[0]: unknown key x",
                one.replace("\"val\"", "\"x\": 1, \"val\""));
        assertRefused(
                "main.filter[0].args[0].op: unknown key x",
                entry.formatted(arg(1, "qword", "{\"masked_eq\": 1, \"x\": 1}", "9")));
        String ne = arg(0, "dword", "\"ne\"", "1") + "," + arg(1, "dword", "\"ne\"", "1");
        assertRefused("main.filter[0].args[1]: too many alternatives", entry.formatted(ne));
        assertRefused("main.filter[0].syscall: expected a text", "{\"syscall\": 1}");
        String text =
                "{\"main\": {\"default_action\": %s, \"filter_action\": \"allow\", \"filter\":"
                        + " []%s}}";
        assertWrong("main: unknown key x", text.formatted("\"trap\"", ", \"x\": 1"));
        assertWrong(
                "main.default_action: unknown key x",
                text.formatted("{\"errno\": 1, \"x\": 1}", ""));
    }

    private static void assertRefused(String expected, String entries) {
        assertWrong(expected, () -> read("main", entries));
    }

    private static void assertWrong(String expected, String text) {
        assertWrong(expected, () -> PolicyFormat.readAny(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertWrong(String expected, Executable read) {
        PolicyFormatException e = assertThrows(PolicyFormatException.class, read);
        assertEquals("line 1: " + expected, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"kill, refused", "log, logged", "allow, allowed"})
    void write_callWithoutAName_isAsUnlistedCalls(String otherwise, String word) {
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \"%s\", \"rules\": [{\"call\": \"500\","
                        + " \"action\": \"%s\"}]}";
        String action = otherwise.equals("allow") ? "kill" : "allow";
        PolicyDocument document =
                PolicyFormat.JSON
                        .read(json.formatted(otherwise, action).getBytes(StandardCharsets.UTF_8))
                        .document();
        assertEquals(
                List.of("500: is " + word + ": seccompiler knows calls by name only"),
                PolicyFormat.SECCOMPILER.write(document, RandomDocuments.HERE).losses().stream()
                        .map(Loss::toString)
                        .toList());
    }
}
