// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

final class TracedArgumentsTest {
    private static final int CLONE = 56;
    private static final String CONDITION = "arg0&0x7e020000==";

    /** Each as {@code PATH COUNT VALUE...}. */
    private static List<ProgramEvidence> programs(String text) {
        List<ProgramEvidence> programs = new ArrayList<>();
        for (String program : text.split("; ")) {
            List<String> words = List.of(program.split(" "));
            List<String> arguments = words.stream().skip(2).map(CONDITION::concat).toList();
            CallEvidence call =
                    new CallEvidence(CLONE, Long.parseLong(words.get(1)), 0)
                            .withArguments(Optional.of(arguments).filter(a -> !a.isEmpty()));
            int arch = SyscallDb.get().nativeArch().auditArch();
            programs.add(new ProgramEvidence(words.get(0), arch, List.of(call)));
        }
        return programs;
    }

    @Table
    void complete_recorded_hasTheArgumentsOfWhatWasCounted(
            String counted, String recorded, boolean whole, String expected) {
        assertEquals(
                expected,
                TracedArguments.complete(programs(recorded), programs(counted), whole).stream()
                        .map(program -> program.calls().get(0).arguments().orElse(List.of()))
                        .map(all -> String.join(" ", all).replace(CONDITION, ""))
                        .collect(Collectors.joining("; ")));
    }

    // As a little-endian machine writes them.

    @Table
    void text_saysFamilyAddressAndPort(String hex, String text) {
        assertEquals(text, SocketAddress.text(HexFormat.of().parseHex(hex)));
    }
}
