// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names of capabilities, and sets of them as the kernel has them: a bit for each. */
public final class Capability {
    /** In the order of their numbers in linux/capability.h. */
    private static final List<String> NAMES =
            List.of(
                    """
                    chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap
                    linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock
                    ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
                    sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease
                    audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm
                    block_suspend audit_read perfmon bpf checkpoint_restore
                    """
                            .split("\\s"));

    private Capability() {}

    /** The names in a set, by number; one that we do not know is its number. */
    public static List<String> names(long set) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if ((set >>> i & 1) != 0) {
                names.add(i < NAMES.size() ? NAMES.get(i) : Integer.toString(i));
            }
        }
        return names;
    }

    /** The names in a set as units and most other files have them, such as {@code CAP_KILL}. */
    public static List<String> unitNames(long set) {
        return names(set).stream().map(name -> "CAP_" + name.toUpperCase(Locale.ROOT)).toList();
    }

    /**
     * The set with these names.
     *
     * @param names in any case, also with {@code CAP_} before them
     * @throws IllegalArgumentException if one is none
     */
    public static long set(Collection<String> names) {
        long set = 0;
        for (String name : names) {
            set |= 1L << number(name);
        }
        return set;
    }

    private static int number(String name) {
        String word = name.toLowerCase(Locale.ROOT);
        int number = NAMES.indexOf(word.startsWith("cap_") ? word.substring(4) : word);
        if (number >= 0) {
            return number;
        }
        for (int i = NAMES.size(); i < Long.SIZE; i++) {
            if (word.equals(Integer.toString(i))) {
                return i;
            }
        }
        throw new IllegalArgumentException(name + ": no capability");
    }
}
