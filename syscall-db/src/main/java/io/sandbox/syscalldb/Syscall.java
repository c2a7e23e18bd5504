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
 * @param inLibseccomp whether the libseccomp of the tables' source turns {@code name} into exactly
 *     {@code number} on this arch. If not, it gets the number: the name is newer or older than it,
 *     or stands for a pseudo number.
 * @param multiplexed whether the name stands for more than this number, since the call is also a
 *     part of socketcall or ipc (i386, ppc, s390 and s390x)
 */
public record Syscall(
        Arch arch,
        int number,
        String name,
        List<String> aliases,
        boolean inLibseccomp,
        boolean multiplexed) {
    public Syscall {
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
    }
}
