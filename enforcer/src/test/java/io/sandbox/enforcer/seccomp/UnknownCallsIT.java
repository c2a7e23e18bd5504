// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls that nobody could judge get ENOSYS, known ones what the policy says. Loads nothing. */
class UnknownCallsIT {
    private static final KernelVersion NEWEST = KernelVersion.parse("6.12").orElseThrow();
    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int ENOSYS = 0x50026;
    private static final int UNKNOWN = 1000;

    @BeforeAll
    static void requireLibrary() {
        Filters.requireLibrary();
    }

    private static PolicyDocument policy(UnknownCalls unknown) {
        Policy policy =
                Policy.allowing(PolicyText.parseEntries("read:close:exit_group:9999"), Action.KILL);
        return PolicyDocument.of(policy).withUnknown(unknown);
    }

    @Table
    void compile_everyNumber_getsEnosysOrTheActionByTheTables(String name) {
        Arch target = Filters.arch(name);
        Circumstances here = new Circumstances(name, Set.of(), NEWEST);
        FilterInterpreter after = Filters.of(policy(UnknownCalls.after(NEWEST)), here, target);
        FilterInterpreter above = Filters.of(policy(UnknownCalls.ABOVE_TABLES), here, target);
        int largest = 0;
        int newer = 0;
        for (Syscall call : SyscallDb.get().table(target).all()) {
            largest = Math.max(largest, call.number());
            boolean listed = Set.of("read", "close", "exit_group").contains(call.name());
            KernelVersion first = SyscallDb.get().facts(call.name()).orElseThrow().firstKernel();
            CallData data = CallData.of(call.number(), target.auditArch());
            boolean judged = first.compareTo(NEWEST) <= 0;
            newer += judged ? 0 : 1;
            assertEquals(listed ? ALLOW : judged ? KILL : ENOSYS, after.run(data), call.name());
            assertEquals(listed ? ALLOW : KILL, above.run(data), call.name());
        }
        assertTrue(newer >= 9, "newer than " + NEWEST + ": " + newer);
        for (int i = 1; i <= UNKNOWN; i++) {
            CallData data = CallData.of(largest + i, target.auditArch());
            int expected = largest + i == 9999 ? ALLOW : ENOSYS;
            assertEquals(expected, after.run(data), data::toString);
            assertEquals(expected, above.run(data), data::toString);
        }
        assertEquals(ALLOW, after.run(CallData.of(9999, target.auditArch())));
        assertEquals(KILL, after.run(CallData.of(0, 0x12345678)), "another architecture");
        assertTrue(after.steps() < 10, "steps: " + after.steps());
    }

    /** What container runtimes make of the profile that we write. */
    @Test
    void write_oci_isAsGoodOnTheRuntimesOfToday() {
        Circumstances here = new Circumstances("x86_64", Set.of(), NEWEST);
        PolicyDocument policy =
                PolicyDocument.of(
                                Policy.allowing(
                                        PolicyText.parseEntries(
                                                "read:pread(arg0==1):exit_group:listns"),
                                        Action.errno(1)))
                        .withUnknown(UnknownCalls.after(NEWEST));
        String profile = PolicyFormat.OCI.write(policy, here).text();
        PolicyDocument read = Policies.reading(PolicyFormat.OCI, profile).document();
        Arch target = Filters.arch("x86_64");
        FilterInterpreter ours = Filters.of(policy, here, target);
        FilterInterpreter theirs = Filters.of(read, here, target);
        for (Syscall call : SyscallDb.get().table(target).all()) {
            for (long argument : List.of(0L, 1L)) {
                CallData data = CallData.of(call.number(), target.auditArch(), argument);
                Filters.assertReturns(ours.run(data), theirs, data, call.name());
            }
        }
        for (int number = 472; number < 1472; number++) {
            CallData data = CallData.of(number, target.auditArch());
            assertEquals(ENOSYS, theirs.run(data), data::toString);
        }
    }
}
