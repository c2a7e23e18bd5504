// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.List;
import java.util.Objects;

/**
 * One kernel entry of one architecture.
 *
 * @param arch the ABI that the number belongs to; for a call with bit 30 set that is x32, even if
 *     it was asked for through x86_64
 * @param number as the kernel reports it, x32's bit 30 included
 * @param name the kernel headers' name, never an alias
 * @param aliases other names accepted on input, as audit-userspace says them; none of them is the
 *     name or alias of another call
 * @param inLibseccomp whether libseccomp turns {@code name} into exactly {@code number} on this
 *     arch. If not, write the number: the name is unknown there, or stands for a pseudo number (the
 *     calls that i386, ppc, s390 and s390x also have as parts of socketcall or ipc).
 */
public record Syscall(
        Arch arch, int number, String name, List<String> aliases, boolean inLibseccomp) {
    public Syscall {
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
    }
}
