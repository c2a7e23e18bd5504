// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TracedArgumentsTest {
    private static final int CLONE = 56;

    private static final String PLAIN = "arg0&0x7e020000==0";
    private static final String NAMESPACE = "arg0&0x7e020000==268435456";

    private static ProgramEvidence program(String path, long count, List<String> arguments) {
        CallEvidence call = new CallEvidence(CLONE, count, 0);
        return new ProgramEvidence(
                path,
                SyscallDb.get().nativeArch().auditArch(),
                List.of(call.withArguments(Optional.of(arguments).filter(a -> !a.isEmpty()))));
    }

    private static List<List<String>> complete(
            boolean whole, List<ProgramEvidence> counted, ProgramEvidence... recorded) {
        return TracedArguments.complete(List.of(recorded), counted, whole).stream()
                .map(program -> program.calls().get(0).arguments().orElse(List.of()))
                .toList();
    }

    @Test
    void complete_programsKeepTheirNames_haveTheirOwnArguments() {
        List<ProgramEvidence> counted =
                List.of(program("/a", 1, List.of(NAMESPACE)), program("/b", 1, List.of(PLAIN)));
        assertEquals(
                List.of(List.of(NAMESPACE), List.of(PLAIN)),
                complete(true, counted, program("/a", 1, List.of()), program("/b", 1, List.of())));
    }

    /** The records have the name of the program's file at each call, and the counts the first. */
    @Test
    void complete_programWasRenamed_hasTheArgumentsOfAll() {
        List<ProgramEvidence> counted =
                List.of(program("/a", 1, List.of(NAMESPACE)), program("/b", 1, List.of(PLAIN)));
        List<List<String>> all = List.of(List.of(PLAIN, NAMESPACE));
        assertEquals(all, complete(true, counted, program("/b", 2, List.of())));
        assertEquals(all, complete(true, counted, program("/c", 2, List.of())));
        assertEquals(all, complete(false, counted, program("/b", 1, List.of())));
    }

    @Test
    void complete_programWasRenamedAndSomeAreUnknown_hasNone() {
        List<ProgramEvidence> counted =
                List.of(program("/a", 1, List.of()), program("/b", 1, List.of(PLAIN)));
        assertEquals(List.of(List.of()), complete(true, counted, program("/b", 2, List.of())));
    }

    // As a little-endian machine writes them.

    @Table
    void text_saysFamilyAddressAndPort(String hex, String text) {
        assertEquals(text, SocketAddress.text(HexFormat.of().parseHex(hex)));
    }
}
