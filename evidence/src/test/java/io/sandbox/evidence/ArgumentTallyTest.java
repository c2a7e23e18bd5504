// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Seen;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArgumentTallyTest {
    private static ArgumentDetail detail(String name) {
        return switch (name) {
            case "classes" -> ArgumentDetail.CLASSES;
            case "modes" -> ArgumentDetail.MODES;
            default -> ArgumentDetail.values(Integer.parseInt(name));
        };
    }

    /** Of calls with their registers. A number as detail is how many values are kept. */
    @Table
    void arguments_ofCalls_areKept(
            String arch, int number, String detail, String registers, String expected) {
        EvidenceCollector collector =
                new EvidenceCollector(0, sighting -> Optional.empty(), detail(detail));
        int auditArch = SyscallDb.get().arch(arch).auditArch();
        for (String call : registers.split("; ")) {
            long[] values = Stream.of(call.split(" ")).mapToLong(Long::decode).toArray();
            collector.add(new Seen("", auditArch, number, 0, values));
        }
        Optional<List<String>> arguments = collector.programs().get(0).calls().get(0).arguments();
        assertEquals(expected, arguments.map(each -> String.join(" | ", each)).orElse("none"));
    }

    /** The kernel's programs have room for so many, on two architectures together. */
    @Test
    void calls_watched_areFew() {
        for (ArgumentDetail detail : List.of(ArgumentDetail.MANY_VALUES, ArgumentDetail.MODES)) {
            long both = 0;
            for (String name : List.of("x86_64", "i386")) {
                Arch arch = SyscallDb.get().arch(name);
                both +=
                        WatchedArgument.calls(detail).stream()
                                .filter(call -> !WatchedArgument.of(arch, call, detail).isEmpty())
                                .count();
            }
            assertTrue(both <= 64, detail + ": " + both);
        }
        assertTrue(
                WatchedArgument.calls(ArgumentDetail.MANY_VALUES)
                        .containsAll(WatchedArgument.calls(ArgumentDetail.CLASSES)));
    }

    @Test
    void find_argumentOfACall_isTheOneOfThatIndex() {
        assertEquals(List.of("SOCK_"), WatchedArgument.find("socket", 1).orElseThrow().prefixes());
        assertEquals(Optional.empty(), WatchedArgument.find("socket", 3));
        assertEquals(Optional.empty(), WatchedArgument.find("read", 0));
    }
}
