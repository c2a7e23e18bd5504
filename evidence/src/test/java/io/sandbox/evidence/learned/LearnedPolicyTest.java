// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static io.sandbox.evidence.testing.Evidence.I386;
import static io.sandbox.evidence.testing.Evidence.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

class LearnedPolicyTest {
    /** The list for x86_64, and the calls that it cannot hold. */
    @Table
    void of_calls_areNamed(String x86, String i386, String unknown, String list, String left) {
        List<ObservedCall> calls = new ArrayList<>();
        add(calls, X86_64, x86);
        add(calls, I386, i386);
        add(calls, 0xc0000777, unknown);
        LearnedPolicy policy = LearnedPolicy.of(calls, SyscallDb.get().arch("x86_64"));
        assertEquals(list, policy.allowlist().value());
        assertEquals(
                left,
                policy.inexpressible().stream()
                        .map(call -> call.archName() + " " + call.displayName())
                        .collect(Collectors.joining(", ")));
    }

    private static void add(List<ObservedCall> calls, int arch, String numbers) {
        for (String number : numbers.isEmpty() ? new String[0] : numbers.split(" ")) {
            calls.add(ObservedCall.of(arch, Integer.parseInt(number)));
        }
    }
}
