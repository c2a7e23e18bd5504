// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.Condition;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decides which rules can be given to libseccomp, and under which number. */
final class LibseccompNumbers {
    private static final int LONG_BITS = 64;

    private final LibSeccomp library;
    private final Arch target;
    private final int nativeToken;
    private final boolean isNative;
    private final boolean isPlain;

    LibseccompNumbers(LibSeccomp library, Arch target) {
        this.library = library;
        this.target = target;
        nativeToken = library.seccomp_arch_native();
        isNative = nativeToken == target.seccompToken().getAsInt();
        isPlain = isNative && !Multiplexer.anyIsUsedBy(SyscallDb.get().table(target));
    }

    boolean targetIsNative() {
        return isNative;
    }

    /**
     * The number for {@link SeccompFilter#addRule}, if libseccomp translates the rules correctly;
     * else empty.
     *
     * @param alternatives the rules of that system call
     */
    OptionalInt numberFor(int number, Collection<List<Condition>> alternatives) {
        if (alternatives.size() > 1) {
            return OptionalInt.empty();
        }
        if (namesAnArgumentTwice(alternatives.iterator().next())) {
            return OptionalInt.empty();
        }
        boolean conditional = !alternatives.contains(List.of());
        if (conditional && target.elfClass() != LONG_BITS) {
            return OptionalInt.empty(); // libseccomp would compare only the lower halves
        }
        return isPlain ? OptionalInt.of(number) : translate(number);
    }

    /** Whether two conditions are about one argument, which libseccomp refuses. */
    private static boolean namesAnArgumentTwice(List<Condition> conditions) {
        int seen = 0;
        for (Condition condition : conditions) {
            int bit = 1 << condition.argument();
            if ((seen & bit) != 0) {
                return true;
            }
            seen |= bit;
        }
        return false;
    }

    /**
     * libseccomp takes numbers of the native arch, and uses the target's call of the same name. For
     * a part of socketcall or ipc it also adds a rule for socketcall or ipc.
     */
    private OptionalInt translate(int number) {
        Optional<String> name = library.nameOf(target, number);
        if (name.isEmpty()) {
            return OptionalInt.empty();
        }
        if (isNative) {
            return isNumberOf(name.get(), number) ? OptionalInt.of(number) : OptionalInt.empty();
        }
        // This is a pseudo number if the native arch has no such call.
        int translated = library.seccomp_syscall_resolve_name_arch(nativeToken, name.get());
        return leadsBack(translated, number) ? OptionalInt.of(translated) : OptionalInt.empty();
    }

    /** Whether libseccomp, which translates the number back, will find the same call. */
    private boolean leadsBack(int translated, int number) {
        return translated != LibSeccomp.NR_SCMP_ERROR
                && library.nameOf(nativeToken, translated)
                        .filter(name -> isNumberOf(name, number))
                        .isPresent();
    }

    private boolean isNumberOf(String name, int number) {
        return library.numberOf(target, name).equals(OptionalInt.of(number));
    }
}
