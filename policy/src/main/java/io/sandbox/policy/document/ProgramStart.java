// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.policy.CallRef;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;

/** Whether programs can start under a policy that is in force from their first call on. */
public final class ProgramStart {
    private ProgramStart() {}

    /**
     * A call that a policy does not mention and refuses, though almost every program makes it when
     * it starts; empty if none is known. A list for libsandbox.so mostly lacks it.
     */
    public static Optional<String> lackedCall(PolicyDocument document, Arch arch) {
        String name = threadPointerCall(arch);
        if (name == null || document.otherwise().passes()) {
            return Optional.empty();
        }
        boolean mentioned = document.rules().stream().anyMatch(rule -> isCall(rule, name, arch));
        return mentioned ? Optional.empty() : Optional.of(name);
    }

    /**
     * The call that sets the thread pointer (arch_prctl(2), set_thread_area(2)). glibc, musl and Go
     * make it in static programs, and otherwise the dynamic linker does. Null if there is none:
     * most other architectures need no call for that.
     */
    private static String threadPointerCall(Arch arch) {
        return switch (arch.name()) {
            case "x86_64" -> "arch_prctl";
            case "i386" -> "set_thread_area";
            default -> null;
        };
    }

    private static boolean isCall(Rule rule, String name, Arch arch) {
        if (rule.call() instanceof CallRef.Numbered numbered) {
            Optional<Syscall> call = SyscallDb.get().table(arch).byName(name);
            return call.isPresent() && call.get().number() == numbered.number();
        }
        return rule.call().toString().equals(name);
    }
}
