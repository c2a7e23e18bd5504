// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgramStartTest {
    private static final CallRef READ = new CallRef.Named("read");

    private static Optional<String> lacked(Action otherwise, Action action, CallRef call) {
        List<Rule> rules =
                List.of(Rule.of(READ, List.of(), Action.ALLOW), Rule.of(call, List.of(), action));
        PolicyDocument document =
                new PolicyDocument(otherwise, rules, Coverage.NATIVE, false, false, List.of());
        return ProgramStart.lackedCall(document, SyscallDb.get().arch("x86_64"));
    }

    @ParameterizedTest
    @CsvSource({"x86_64, arch_prctl", "i386, set_thread_area", "aarch64, ", "s390x, "})
    void call_isThatOfTheArchitecture(String name, String call) {
        PolicyDocument document =
                new PolicyDocument(
                        Action.KILL, List.of(), Coverage.NATIVE, false, false, List.of());
        assertEquals(
                Optional.ofNullable(call),
                ProgramStart.lackedCall(document, SyscallDb.get().arch(name)));
    }

    @Test
    void ruleAboutTheCall_whateverItSays_isAnAnswer() {
        CallRef named = new CallRef.Named("arch_prctl");
        assertEquals(Optional.empty(), lacked(Action.KILL, Action.ALLOW, named));
        assertEquals(Optional.empty(), lacked(Action.KILL, Action.KILL_THREAD, named));
        assertEquals(
                Optional.empty(), lacked(Action.KILL, Action.ALLOW, new CallRef.Numbered(158)));
        assertEquals(
                Optional.of("arch_prctl"),
                lacked(Action.KILL, Action.ALLOW, new CallRef.Numbered(243)));
    }

    @Test
    void policyThatRefusesNoOtherCall_lacksNothing() {
        assertEquals(Optional.empty(), lacked(Action.ALLOW, Action.KILL, READ));
        assertEquals(Optional.empty(), lacked(Action.LOG, Action.ALLOW, READ));
        assertEquals(Optional.of("arch_prctl"), lacked(Action.TRAP, Action.ALLOW, READ));
    }
}
