// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Policy;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Filters that this machine's libseccomp compiles, and that are interpreted. Loads nothing. As an
 * extension, skips a class without libseccomp, or fails with REQUIRE_KERNEL_TESTS=1.
 */
final class Filters implements BeforeAllCallback {
    private static final FilterCompiler COMPILER = new FilterCompiler();

    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            LibSeccomp.INSTANCE.seccomp_version();
        } catch (SeccompException e) {
            if ("1".equals(System.getenv("REQUIRE_KERNEL_TESTS"))) {
                throw e;
            }
            Assumptions.abort(e.getMessage());
        }
    }

    static Arch arch(String name) {
        return SyscallDb.get().arch(name);
    }

    static BpfProgram compile(Policy policy, Arch target) {
        return COMPILER.compile(PolicyDocument.of(policy), target.name(), target);
    }

    static FilterInterpreter of(Policy policy, Arch target) {
        return FilterInterpreter.of(compile(policy, target).toBytes());
    }

    static FilterInterpreter of(PolicyDocument document, Circumstances here, Arch target) {
        return FilterInterpreter.of(COMPILER.compile(document, here, target).toBytes());
    }

    /** {@code what} is said if it returns something else. */
    static void assertReturns(int expected, FilterInterpreter filter, CallData call, Object what) {
        int actual = filter.run(call);
        if (expected != actual) {
            assertEquals(
                    Integer.toHexString(expected),
                    Integer.toHexString(actual),
                    () -> call + " with " + what);
        }
    }
}
