// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.sandbox.policy.Condition;
import java.util.List;

/** A filter that libseccomp is building, with {@link SeccompException}s. For one thread. */
final class SeccompFilter implements AutoCloseable {
    // struct scmp_arg_cmp: unsigned int arg, enum op, uint64_t datum_a, uint64_t datum_b
    private static final int ARGUMENT_BYTES = 24;
    private static final int OPERATOR_OFFSET = 4;
    private static final int DATUM_A_OFFSET = 8;
    private static final int DATUM_B_OFFSET = 16;

    private static final int ERANGE = 34; // errno.h, the same on all architectures
    private static final int SEARCH_TREE = 2;
    private static final String TOO_OLD = "libseccomp 2.5 or newer is needed";

    private final LibSeccomp library;
    private Pointer context;

    /** A filter for the native arch, without rules. */
    SeccompFilter(LibSeccomp library, int defaultAction) {
        this.library = library;
        context = library.seccomp_init(defaultAction);
        if (context == null) {
            throw new SeccompException(
                    "seccomp_init",
                    "refused the action 0x" + Integer.toHexString(defaultAction),
                    "it must be one that the running kernel has",
                    null);
        }
        try {
            setAttribute(LibSeccomp.SCMP_FLTATR_API_SYSRAWRC, 1, TOO_OLD);
        } catch (SeccompException e) {
            close();
            throw e;
        }
    }

    void setBadArchAction(int action) {
        setAttribute(
                LibSeccomp.SCMP_FLTATR_ACT_BADARCH,
                action,
                "it must be an action that the running kernel has");
    }

    /** Makes the filter search by number instead of comparing one after the other. */
    void useSearchTree() {
        setAttribute(LibSeccomp.SCMP_FLTATR_CTL_OPTIMIZE, SEARCH_TREE, TOO_OLD);
    }

    private void setAttribute(int attribute, int value, String hint) {
        check("seccomp_attr_set", library.seccomp_attr_set(context, attribute, value), hint);
    }

    /** Makes this a filter for a foreign arch. Call it before adding rules. */
    void setOnlyArch(int archToken) {
        String hint = "libseccomp must support the target's architecture";
        check("seccomp_arch_add", library.seccomp_arch_add(context, archToken), hint);
        int nativeToken = library.seccomp_arch_native();
        check("seccomp_arch_remove", library.seccomp_arch_remove(context, nativeToken), hint);
    }

    /**
     * @param number a number or pseudo number of the native arch, even if the filter is for another
     */
    void addRule(int action, int number, List<Condition> conditions) {
        check(
                "seccomp_rule_add_exact_array",
                library.seccomp_rule_add_exact_array(
                        context, action, number, conditions.size(), arguments(conditions)),
                "for system call " + number);
    }

    /** {@code struct scmp_arg_cmp[]}, null for none. */
    static Memory arguments(List<Condition> conditions) {
        int count = conditions.size();
        Memory arguments = count == 0 ? null : new Memory((long) count * ARGUMENT_BYTES);
        for (int i = 0; i < count; i++) {
            writeArgument(arguments, i * ARGUMENT_BYTES, conditions.get(i));
        }
        return arguments;
    }

    private static void writeArgument(Memory memory, int at, Condition condition) {
        int operator =
                switch (condition.operator()) {
                    case EQ -> LibSeccomp.SCMP_CMP_EQ;
                    case NE -> LibSeccomp.SCMP_CMP_NE;
                    case LT -> LibSeccomp.SCMP_CMP_LT;
                    case LE -> LibSeccomp.SCMP_CMP_LE;
                    case GT -> LibSeccomp.SCMP_CMP_GT;
                    case GE -> LibSeccomp.SCMP_CMP_GE;
                    case MASKED_EQ -> LibSeccomp.SCMP_CMP_MASKED_EQ;
                };
        boolean masked = operator == LibSeccomp.SCMP_CMP_MASKED_EQ;
        memory.setInt(at, condition.argument());
        memory.setInt(at + OPERATOR_OFFSET, operator);
        memory.setLong(at + DATUM_A_OFFSET, masked ? condition.mask() : condition.value());
        memory.setLong(at + DATUM_B_OFFSET, masked ? condition.value() : 0);
    }

    /**
     * {@code struct sock_filter[]}.
     *
     * @throws FilterException if the program is longer than {@code limit} bytes
     */
    byte[] export(int limit) {
        return library.has_seccomp_export_bpf_mem()
                ? exportToMemory(limit)
                : exportToDescriptor(limit);
    }

    private byte[] exportToMemory(int limit) {
        Memory buffer = new Memory(Math.max(limit, 1));
        Memory length = new Memory(Native.SIZE_T_SIZE);
        if (Native.SIZE_T_SIZE == Long.BYTES) {
            length.setLong(0, limit);
        } else {
            length.setInt(0, limit);
        }
        int returned = library.seccomp_export_bpf_mem(context, buffer, length);
        if (returned == -ERANGE) {
            throw FilterException.tooLong();
        }
        check("seccomp_export_bpf_mem", returned, "building the filter failed");
        long size = Native.SIZE_T_SIZE == Long.BYTES ? length.getLong(0) : length.getInt(0);
        return buffer.getByteArray(0, (int) size);
    }

    /** For libseccomp before 2.6. */
    byte[] exportToDescriptor(int limit) {
        try (MemoryFile file = new MemoryFile()) {
            int returned = library.seccomp_export_bpf(context, file.descriptor());
            check("seccomp_export_bpf", returned, "building or writing the filter failed");
            byte[] program = file.readAll();
            if (program.length > limit) {
                throw FilterException.tooLong();
            }
            return program;
        }
    }

    private static void check(String function, int returned, String hint) {
        if (returned != 0) {
            throw SeccompException.of(function, returned, hint);
        }
    }

    @Override
    public void close() {
        if (context != null) {
            library.seccomp_release(context);
            context = null;
        }
    }
}
