// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;

/** The architecture of a program, as sandbox-exec reads it from the program's file. */
final class TargetArch {
    private TargetArch() {}

    /**
     * @param answer {@code target NAME}
     * @throws CommandFailure for an architecture of which we have no table
     */
    static Arch parse(String answer) {
        String name = answer.substring("target ".length());
        return SyscallDb.get()
                .archByName(name)
                .orElseThrow(
                        () -> CommandFailure.ownFailure("programs for " + name + ": no table"));
    }
}
