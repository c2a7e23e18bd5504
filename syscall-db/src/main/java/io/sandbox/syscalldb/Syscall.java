// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.List;

/**
 * One kernel entry of one architecture.
 *
 * @param arch the ABI of the number; for a call with bit 30 set this is x32, even if it was looked
 *     up in the table of x86_64
 * @param number as the kernel reports it, including x32's bit 30
 * @param name the name in the kernel's headers, never an alias
 * @param aliases other names that are accepted as input, from audit-userspace; no other call has
 *     them as name or alias
 * @param inLibseccomp whether the libseccomp from which the tables were made translates {@code
 *     name} to exactly {@code number} on this arch. If not, it must be given the number
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
        aliases = List.copyOf(aliases);
    }
}
