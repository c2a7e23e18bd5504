// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.sandbox.policy.Condition;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.syscalldb.Arch;
import java.util.List;

/**
 * A filter as crun and runc have libseccomp build it: rules by the native number, and {@code
 * seccomp_rule_add_array}, which also takes conditions on parts of socketcall and ipc.
 */
final class RuntimeFilter implements AutoCloseable {
    private static final int MAX_BYTES = BpfNumbers.MAX_INSTRUCTIONS * BpfNumbers.INSTRUCTION_BYTES;
    private static final int RAW_ERRORS = LibSeccomp.SCMP_FLTATR_API_SYSRAWRC;
    private static final LibSeccomp LIBRARY = LibSeccomp.INSTANCE;

    private final int nativeToken = LIBRARY.seccomp_arch_native();
    private final Pointer context;

    RuntimeFilter(int otherwise, Arch also) {
        context = LIBRARY.seccomp_init(otherwise);
        check(LIBRARY.seccomp_attr_set(context, RAW_ERRORS, 1));
        int bad = BpfNumbers.KILL_PROCESS;
        check(LIBRARY.seccomp_attr_set(context, LibSeccomp.SCMP_FLTATR_ACT_BADARCH, bad));
        int token = also.seccompToken().getAsInt();
        if (token != nativeToken) {
            check(LIBRARY.seccomp_arch_add(context, token));
        }
    }

    /** Passes over what the library has no name for, as the runtimes do. */
    void addRule(int action, String name, List<Condition> conditions) {
        int number = LIBRARY.seccomp_syscall_resolve_name_arch(nativeToken, name);
        if (number == LibSeccomp.NR_SCMP_ERROR) {
            return;
        }
        Memory arguments = SeccompFilter.arguments(conditions);
        check(
                NativeLibrary.getInstance("libseccomp.so.2")
                        .getFunction("seccomp_rule_add_array")
                        .invokeInt(
                                new Object[] {
                                    context, action, number, conditions.size(), arguments
                                }));
    }

    byte[] export() {
        Memory buffer = new Memory(MAX_BYTES);
        Memory length = new Memory(Long.BYTES);
        length.setLong(0, MAX_BYTES);
        check(LIBRARY.seccomp_export_bpf_mem(context, buffer, length));
        return buffer.getByteArray(0, (int) length.getLong(0));
    }

    private static void check(int returned) {
        if (returned != 0) {
            throw SeccompException.of("libseccomp", returned, "as a runtime would see it");
        }
    }

    @Override
    public void close() {
        LIBRARY.seccomp_release(context);
    }
}
