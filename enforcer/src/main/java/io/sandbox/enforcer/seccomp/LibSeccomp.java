// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.sandbox.syscalldb.Arch;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The functions of seccomp.h that we call, with their C names and in the header's order. Loading is
 * tried once; if it failed, each call throws {@link SeccompException} with the reason. Methods that
 * return an int return 0 or a negative errno value, unless said otherwise.
 *
 * <p>Calls use {@link Function}, which starts faster than a mapped interface or registered methods.
 */
final class LibSeccomp {
    /** The library of the system's libseccomp package. The name ends with the ABI version. */
    static final LibSeccomp INSTANCE = new LibSeccomp("libseccomp.so.2");

    /** __NR_SCMP_ERROR: no arch has the name. */
    static final int NR_SCMP_ERROR = -1;

    // enum scmp_filter_attr
    static final int SCMP_FLTATR_ACT_BADARCH = 2;
    static final int SCMP_FLTATR_CTL_OPTIMIZE = 8; // since libseccomp 2.5
    static final int SCMP_FLTATR_API_SYSRAWRC = 9; // since libseccomp 2.5

    // enum scmp_compare
    static final int SCMP_CMP_NE = 1;
    static final int SCMP_CMP_LT = 2;
    static final int SCMP_CMP_LE = 3;
    static final int SCMP_CMP_EQ = 4;
    static final int SCMP_CMP_GE = 5;
    static final int SCMP_CMP_GT = 6;
    static final int SCMP_CMP_MASKED_EQ = 7;

    private final String name;
    private final NativeLibrary library;
    private final LinkageError linkError;

    LibSeccomp(String name) {
        this.name = name;
        NativeLibrary loaded = null;
        LinkageError error = null;
        try {
            loaded = NativeLibrary.getInstance(name);
        } catch (LinkageError e) {
            // Includes NoClassDefFoundError, if JNA's own library could not be loaded.
            error = e;
        }
        library = loaded;
        linkError = error;
    }

    /** {@code const struct scmp_version *}: three unsigned int, owned by the library. */
    Pointer seccomp_version() {
        return function("seccomp_version").invokePointer(new Object[0]);
    }

    /** {@code scmp_filter_ctx}, null if refused; release with {@link #seccomp_release}. */
    Pointer seccomp_init(int defaultAction) {
        return function("seccomp_init").invokePointer(new Object[] {defaultAction});
    }

    void seccomp_release(Pointer context) {
        function("seccomp_release").invokeVoid(new Object[] {context});
    }

    /** An SCMP_ARCH value. */
    int seccomp_arch_native() {
        return function("seccomp_arch_native").invokeInt(new Object[0]);
    }

    int seccomp_arch_add(Pointer context, int archToken) {
        return function("seccomp_arch_add").invokeInt(new Object[] {context, archToken});
    }

    int seccomp_arch_remove(Pointer context, int archToken) {
        return function("seccomp_arch_remove").invokeInt(new Object[] {context, archToken});
    }

    int seccomp_attr_set(Pointer context, int attribute, int value) {
        return function("seccomp_attr_set").invokeInt(new Object[] {context, attribute, value});
    }

    /** {@code char *} of malloc(3), null if no such call. Pseudo numbers have names, too. */
    private Pointer seccomp_syscall_resolve_num_arch(int archToken, int number) {
        return function("seccomp_syscall_resolve_num_arch")
                .invokePointer(new Object[] {archToken, number});
    }

    /** A number, a negative pseudo number, or {@link #NR_SCMP_ERROR}; no NUL in the name. */
    int seccomp_syscall_resolve_name_arch(int archToken, String name) {
        return function("seccomp_syscall_resolve_name_arch")
                .invokeInt(new Object[] {archToken, name});
    }

    /**
     * @param number a number of the native arch, even if the filter is for another
     * @param arguments {@code struct scmp_arg_cmp[argumentCount]}, null if there are none
     */
    int seccomp_rule_add_exact_array(
            Pointer context, int action, int number, int argumentCount, Memory arguments) {
        return function("seccomp_rule_add_exact_array")
                .invokeInt(new Object[] {context, action, number, argumentCount, arguments});
    }

    int seccomp_export_bpf(Pointer context, int fd) {
        return function("seccomp_export_bpf").invokeInt(new Object[] {context, fd});
    }

    /** Whether the library has {@link #seccomp_export_bpf_mem}, as since libseccomp 2.6. */
    boolean has_seccomp_export_bpf_mem() {
        try {
            function("seccomp_export_bpf_mem");
            return true;
        } catch (SeccompException e) {
            return false;
        }
    }

    /**
     * @param length {@code size_t *}: in: the size of the buffer, out: the size of the program
     */
    int seccomp_export_bpf_mem(Pointer context, Memory buffer, Memory length) {
        return function("seccomp_export_bpf_mem").invokeInt(new Object[] {context, buffer, length});
    }

    /** Such as {@code 2.6.0}. */
    String version() {
        Pointer version = seccomp_version();
        return version.getInt(0) + "." + version.getInt(4) + "." + version.getInt(8);
    }

    /** The file of the library, as dladdr(3) tells it. */
    String file() {
        Memory information = new Memory(4L * Native.POINTER_SIZE);
        NativeLibrary.getProcess()
                .getFunction("dladdr")
                .invokeInt(new Object[] {function("seccomp_init"), information});
        return information.getPointer(0).getString(0);
    }

    /**
     * The number of a call; empty if libseccomp knows no such call on the arch, lacks the arch, or
     * has only a pseudo number, as for parts of socketcall and ipc and for calls that an arch
     * lacks: the kernel never sees those.
     */
    OptionalInt numberOf(Arch arch, String call) {
        if (arch.seccompToken().isEmpty() || call.indexOf('\0') >= 0) {
            return OptionalInt.empty();
        }
        int number = seccomp_syscall_resolve_name_arch(arch.seccompToken().getAsInt(), call);
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** A call's name; empty if libseccomp lacks it or the arch. x32 numbers have bit 30. */
    Optional<String> nameOf(Arch arch, int number) {
        return arch.seccompToken().isEmpty() || number < 0
                ? Optional.empty()
                : nameOf(arch.seccompToken().getAsInt(), number);
    }

    /** {@code number} may be a pseudo number. */
    Optional<String> nameOf(int archToken, int number) {
        Pointer found = seccomp_syscall_resolve_num_arch(archToken, number);
        if (found == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(found.getString(0, "US-ASCII"));
        } finally {
            Native.free(Pointer.nativeValue(found));
        }
    }

    private Function function(String function) {
        if (linkError != null) {
            throw new SeccompException(
                    function,
                    "cannot load " + name + ": " + linkError.getMessage(),
                    "install the package libseccomp2",
                    linkError);
        }
        try {
            return library.getFunction(function);
        } catch (UnsatisfiedLinkError e) {
            throw new SeccompException(function, "not in " + name, "libseccomp is too old", e);
        }
    }
}
