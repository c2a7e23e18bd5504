// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Words of policies. */
final class ErrnoNamesTest {
    private static final SyscallTable TABLE = SyscallDb.get().table(SyscallDb.get().arch("x86_64"));

    private static final Path OF_THE_LIBRARY = Path.of("../preload/src/library/errno_names.inc");

    /** Its table has only names, by ascending number, each followed by its second name, if any. */
    @Test
    void numberOf_everyNameOfLibsandbox_ascends() throws IOException {
        List<String> names =
                Pattern.compile("\"(E[A-Z0-9]+)\"")
                        .matcher(Files.readString(OF_THE_LIBRARY))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        int last = 0;
        int second = 0;
        for (String name : names) {
            int number = ErrnoNames.numberOf(name).orElseThrow();
            boolean repeats = number == last;
            second += repeats ? 1 : 0;
            boolean gap = number == 42 || number == 59; // 41 and 58 have no name of their own
            assertEquals(repeats ? last : last + (gap ? 2 : 1), number, name);
            last = number;
        }
        assertEquals(133, last);
        assertEquals(3, second);
    }

    /** Of a number or a name of errno.h, of an action, or of what judges openat2 (Linux 5.6). */
    private static String answer(String asked, String given) {
        return switch (asked) {
            case "number" -> {
                OptionalInt number = ErrnoNames.numberOf(given);
                yield number.isPresent() ? "" + number.getAsInt() : "none";
            }
            case "name" -> ErrnoNames.nameOf(Integer.parseInt(given)).orElse("none");
            case "action" -> ActionText.format(ActionText.parse(given));
            default -> "" + unknown(given).judges(TABLE.byName("openat2").orElseThrow());
        };
    }

    @Table
    void answer_isInWords_orRefused(String asked, String given, String expected) {
        String found;
        try {
            found = answer(asked, given);
        } catch (PolicySyntaxException e) {
            found = "refused";
        }
        assertEquals(expected, found);
    }

    /** The kernel has 16 bits for it (SECCOMP_RET_DATA). */
    @Test
    void parse_largestErrno_isKept() {
        assertEquals(Action.errno(65535), ActionText.parse("errno:65535"));
    }

    private static UnknownCalls unknown(String value) {
        return value.isEmpty() ? UnknownCalls.AS_OTHERS : UnknownCalls.parse(value);
    }

    /** What both refuse, what at least one refuses, and whether that is the same. */
    @Table
    void ofTwo_unknownCalls_areThoseRefused(
            String one, String other, String both, String any, boolean same) {
        UnknownCalls first = unknown(one);
        UnknownCalls second = unknown(other);
        assertEquals(both, first.or(second).text());
        assertEquals(both, second.or(first).text());
        assertEquals(any, first.and(second).text());
        assertEquals(any, second.and(first).text());
        assertEquals(same, first.refusesSame(second));
        assertEquals(same, second.refusesSame(first));
    }
}
