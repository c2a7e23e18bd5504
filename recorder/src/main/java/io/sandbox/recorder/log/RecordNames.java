// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names for the numbers in a record. */
final class RecordNames {
    /** How {@code ausearch -i} prints a number without a name. */
    private static final Pattern UNKNOWN = Pattern.compile("unknown-syscall\\((1?[0-9]{1,9})\\)");

    static Optional<Syscall> syscallOf(int auditArch, int number) {
        SyscallDb db = SyscallDb.get();
        return db.archByAuditValue(auditArch).flatMap(arch -> db.table(arch).byNumber(number));
    }

    /** The architecture of a call; x32 for a call of x32. */
    static Optional<Arch> archOf(int auditArch, int number) {
        return syscallOf(auditArch, number)
                .map(Syscall::arch)
                .or(() -> SyscallDb.get().archByAuditValue(auditArch));
    }

    /** The number of a call that {@code ausearch -i} names; empty if the name is unknown. */
    static OptionalInt numberOfWord(SeccompRecord record) {
        Optional<String> word = record.text(RecordField.SYSCALL);
        Optional<Arch> arch = record.text(RecordField.ARCH).flatMap(SyscallDb.get()::archByName);
        return word.isPresent() && arch.isPresent()
                ? numberOfWord(arch.get(), word.get())
                : OptionalInt.empty();
    }

    static OptionalInt numberOfWord(Arch arch, String word) {
        Matcher unknown = UNKNOWN.matcher(word);
        if (unknown.matches()) {
            return OptionalInt.of(Integer.parseInt(unknown.group(1)));
        }
        Optional<Syscall> call = SyscallDb.get().table(arch).byName(word);
        return call.isPresent() ? OptionalInt.of(call.get().number()) : OptionalInt.empty();
    }

    /** The name that audit's own tools print, which differs from the kernel's for some calls. */
    static String auditName(Syscall call) {
        return call.aliases().isEmpty() ? call.name() : call.aliases().get(0);
    }
}
