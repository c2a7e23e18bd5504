// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.FileFailure;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.text.ShownValue;
import io.sandbox.text.VisibleText;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The words by which other modules name calls, places, capabilities, what runtimes need and how
 * things ended, and what they show of texts of others.
 */
final class SharedWordsTest {
    private final SyscallDb db = new SyscallDb(SyscallDb.class::getResourceAsStream);

    private static ObservedCall call(String text) {
        String[] parts = text.split(":");
        return ObservedCall.of(Integer.parseUnsignedInt(parts[0], 16), Integer.parseInt(parts[1]));
    }

    private String answer(String asked, String given) {
        List<String> words = List.of(given.split(" "));
        return switch (asked) {
            case "names" -> Capability.names(Long.parseUnsignedLong(given, 16)).toString();
            case "units" -> Capability.unitNames(Long.parseUnsignedLong(given, 16)).toString();
            case "set" -> Long.toHexString(Capability.set(words));
            case "operations" -> IoUringOperation.numbers(db.ioUringOperations(), words).toString();
            case "origin" -> Origin.parse(given).module() + " at " + Origin.parse(given);
            case "arch", "call" -> {
                ObservedCall call = call(given);
                yield asked.equals("arch") ? call.archName() : call.displayName();
            }
            case "entry" -> call(words.get(0)).listEntry(db.arch(words.get(1))).orElse("none");
            case "sorted" ->
                    words.stream()
                            .map(SharedWordsTest::call)
                            .sorted()
                            .map(each -> each.archName() + ":" + each.number())
                            .collect(Collectors.joining(" "));
            case "list" -> ObservedCall.names(words.stream().map(SharedWordsTest::call).toList());
            case "warning" -> db.facts(given).flatMap(SyscallFacts::warning).orElse("none");
            case "exercise" -> db.exercises().getOrDefault(given, "none");
            case "risk" -> db.risks().get(given).word();
            case "narrow" -> "" + db.arch(given).has32BitArguments();
            case "status" -> "" + ExitCodes.ofWaitStatus(Integer.decode(given));
            case "shown" -> ShownValue.of(given);
            case "visible" -> VisibleText.of(given);
            default -> throw new AssertionError(asked);
        };
    }

    @Table
    void answer_isInWords_orARefusal(String asked, String given, String expected) {
        String found;
        try {
            found = answer(asked, given);
        } catch (IllegalArgumentException e) {
            found = e.getMessage();
        }
        assertEquals(expected, found);
    }

    /** {@code calls}: those of the program, with ; between them. */
    @Table
    void isOf_programsOfARuntime_orNone(
            String files, String with, String path, String calls, boolean needed) {
        RuntimeFact fact =
                new RuntimeFact(
                        "any",
                        List.of(files.split(" ")),
                        Stream.of(with).filter(each -> !each.isEmpty()).toList(),
                        "ioctl(arg1==1)",
                        "why");
        assertEquals("ioctl", fact.call());
        assertEquals(needed, fact.isOf(List.of("/x", path), List.of(calls.split("; "))));
    }

    @Table
    void runtimeFacts_shipped_areOfTheirRuntimes(String entry, String fact) {
        assertEquals(
                fact,
                db.runtimeFacts().stream()
                        .filter(each -> each.entry().equals(entry))
                        .map(each -> each.runtime() + " with " + each.with())
                        .collect(Collectors.joining("; ")));
    }

    @Test
    void of_everyCharacter_isOneThatIsSeen() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String shown = VisibleText.of(new String(Character.toChars(c)));
            boolean kept = shown.codePointAt(0) == c;
            int type = Character.getType(c);
            boolean invisible =
                    Character.isISOControl(c)
                            || type == Character.FORMAT
                            || type == Character.SURROGATE
                            || type == Character.LINE_SEPARATOR
                            || type == Character.PARAGRAPH_SEPARATOR;
            if (invisible) {
                assertEquals('\\', shown.charAt(0), Integer.toHexString(c));
            } else if (Character.isLetterOrDigit(c)) {
                assertEquals(true, kept, Integer.toHexString(c));
            }
        }
    }

    /** A damaged gzip header gives an exception without a message. */
    @Test
    void reason_failureWithoutWords_hasWords() {
        assertEquals("it ends too early", FileFailure.reason(new EOFException()));
        assertEquals("IOException", FileFailure.reason(new IOException()));
        assertEquals("x", FileFailure.reason(new IOException("x")));
        assertEquals("Is full", FileFailure.reason(new FileSystemException("f", null, "Is full")));
    }
}
