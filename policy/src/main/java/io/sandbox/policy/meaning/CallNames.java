// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.CallRef;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Optional;
import java.util.Set;

/** What names mean on one arch. Without a table for it, all names are unknown. */
public record CallNames(Optional<SyscallTable> table) {
    /** Calls that some old architectures have only as a part of socketcall or ipc. */
    private static final Set<String> PARTS =
            Set.of(
                    """
                    accept recv send msgctl msgget msgrcv msgsnd semctl semget semop semtimedop
                    shmat shmctl shmdt shmget
                    """
                            .split("\\s"));

    /** {@code arch} as our tables name it. */
    public static CallNames on(String arch) {
        return new CallNames(SyscallDb.get().archByName(arch).map(SyscallDb.get()::table));
    }

    /** Returns one text for all ways to write a call. */
    String key(CallRef call) {
        return find(call).map(found -> "#" + found.number()).orElseGet(() -> key(call.toString()));
    }

    private static String key(String written) {
        return Character.isDigit(written.charAt(0)) ? "#" + written : written;
    }

    /** Whether the call exists. Numbers always do; so do names if we have no table. */
    boolean exist(CallRef call) {
        if (call instanceof CallRef.Numbered || table.isEmpty() || find(call).isPresent()) {
            return true;
        }
        boolean multiplexed = table.get().byName("ipc").isPresent();
        return multiplexed && PARTS.contains(call.toString());
    }

    /** The call's canonical name, if it has one; an unknown name stays as it is. */
    public Optional<String> nameOf(CallRef call) {
        return call instanceof CallRef.Named named && find(call).isEmpty()
                ? Optional.of(named.name())
                : canonical(call);
    }

    /** The canonical name of a call that the architecture has; empty for all others. */
    public Optional<String> canonical(CallRef call) {
        return find(call).map(Syscall::name);
    }

    Optional<Syscall> find(CallRef call) {
        return call instanceof CallRef.Numbered numbered
                ? table.flatMap(calls -> calls.byNumber(numbered.number()))
                : table.flatMap(calls -> calls.byName(call.toString()));
    }
}
