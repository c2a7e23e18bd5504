// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Loss;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names that consumers may not know yet. crun, runc and systemd look names up in the libseccomp of
 * the machine and pass over those that it lacks: crun (seccomp.c) and runc (seccomp_linux.go)
 * silently, systemd (seccomp-util.c) with a warning in the journal.
 */
final class SkippedNames {
    private final Set<String> skipped = new TreeSet<>();
    private final Set<String> known = new TreeSet<>();

    void add(String name) {
        if (!known.contains(name) && !skipped.contains(name)) {
            (isInLibseccomp(name) ? known : skipped).add(name);
        }
    }

    private static boolean isInLibseccomp(String name) {
        SyscallDb db = SyscallDb.get();
        boolean found = false;
        if (db.table(db.nativeArch()).byName(name).filter(Syscall::inLibseccomp).isPresent()) {
            return true;
        }
        for (Arch arch : db.arches()) {
            Optional<Syscall> call = db.table(arch).byName(name);
            found |= call.isPresent();
            if (call.filter(Syscall::inLibseccomp).isPresent()) {
                return true;
            }
        }
        return !found; // what no table has is told when it is read
    }

    /** None or one; {@code who} passes over them. */
    List<Loss> losses(String who) {
        String what =
                "is treated as all other calls where %s has a libseccomp without this name"
                        + " (2.6.0 has not)";
        return skipped.isEmpty()
                ? List.of()
                : List.of(new Loss(String.join(", ", skipped), what.formatted(who)));
    }
}
