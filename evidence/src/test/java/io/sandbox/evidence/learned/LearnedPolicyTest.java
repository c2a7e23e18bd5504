// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static io.sandbox.evidence.testing.Records.I386;
import static io.sandbox.evidence.testing.Records.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnedPolicyTest {
    private static final Arch ARCH = SyscallDb.get().archByName("x86_64").orElseThrow();

    private final List<ObservedCall> calls = new ArrayList<>();

    private void add(int arch, int... numbers) {
        for (int number : numbers) {
            calls.add(ObservedCall.of(arch, number));
        }
    }

    private LearnedPolicy policy() {
        return LearnedPolicy.of(calls, ARCH);
    }

    private List<String> inexpressible() {
        return policy().inexpressible().stream()
                .map(call -> call.archName() + " " + call.displayName())
                .toList();
    }

    @Test
    void of_repeatedCalls_areSortedAndUnique() {
        add(X86_64, 1, 231, 5, 1, 1);
        assertEquals("exit_group:fstat:write", policy().allowlist().value());
        assertEquals(List.of(), inexpressible());
    }

    @Test
    void of_callThatAuditNamesOtherwise_hasTheNameThatLoads() {
        add(X86_64, 17);
        assertEquals("pread64", policy().allowlist().value());
    }

    @Test
    void of_numberInNoTable_isWrittenAsNumber() {
        add(X86_64, 1, 305419896);
        assertEquals("305419896:write", policy().allowlist().value());
    }

    @Test
    void of_i386Helper_isReportedWithItsOwnNames() {
        add(X86_64, 1);
        add(I386, 1, 4);
        assertEquals("write", policy().allowlist().value());
        assertEquals(List.of("i386 exit", "i386 write"), inexpressible());
    }

    @Test
    void of_x32Call_isReportedAsX32() {
        add(X86_64, 0x40000001);
        assertEquals(List.of("x32 write"), inexpressible());
    }

    @Test
    void of_unknownX32Number_isReported() {
        add(X86_64, 0x40000000 + 9999);
        assertEquals(List.of("x86_64 1073751823"), inexpressible());
    }

    @Test
    void of_negativeNumber_isReported() {
        add(X86_64, -1);
        assertEquals(List.of("x86_64 -1"), inexpressible());
    }

    @Test
    void of_unknownArch_isReportedInHex() {
        add(0xc0000777, 3);
        assertEquals(List.of("c0000777 3"), inexpressible());
    }
}
