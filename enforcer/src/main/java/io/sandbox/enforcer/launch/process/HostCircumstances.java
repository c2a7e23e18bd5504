// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.syscalldb.KernelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this machine and this process say to rules that depend on circumstances. */
public final class HostCircumstances {
    /** By number, linux/capability.h. */
    private static final List<String> CAPABILITIES =
            List.of(
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "DAC_READ_SEARCH",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "SETGID",
                    "SETUID",
                    "SETPCAP",
                    "LINUX_IMMUTABLE",
                    "NET_BIND_SERVICE",
                    "NET_BROADCAST",
                    "NET_ADMIN",
                    "NET_RAW",
                    "IPC_LOCK",
                    "IPC_OWNER",
                    "SYS_MODULE",
                    "SYS_RAWIO",
                    "SYS_CHROOT",
                    "SYS_PTRACE",
                    "SYS_PACCT",
                    "SYS_ADMIN",
                    "SYS_BOOT",
                    "SYS_NICE",
                    "SYS_RESOURCE",
                    "SYS_TIME",
                    "SYS_TTY_CONFIG",
                    "MKNOD",
                    "LEASE",
                    "AUDIT_WRITE",
                    "AUDIT_CONTROL",
                    "SETFCAP",
                    "MAC_OVERRIDE",
                    "MAC_ADMIN",
                    "SYSLOG",
                    "WAKE_ALARM",
                    "BLOCK_SUSPEND",
                    "AUDIT_READ",
                    "PERFMON",
                    "BPF",
                    "CHECKPOINT_RESTORE");

    private static final String BOUNDING_SET = "CapBnd:";

    private static final Pattern NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+){1,2}");

    private HostCircumstances() {}

    /** The bounding set of this process, which a program that it becomes will have. */
    public static Circumstances query(String arch) {
        return new Circumstances(arch, parseBoundingSet(read("/proc/self/status")), queryKernel());
    }

    /** As uname(2) has it, without what distributions add to the version. */
    public static KernelVersion queryKernel() {
        // A mount of /proc with subset=pid has no /proc/sys.
        return parseRelease(System.getProperty("os.version"));
    }

    static KernelVersion parseRelease(String release) {
        Matcher numbers = NUMBERS.matcher(release);
        return (numbers.lookingAt()
                        ? KernelVersion.parse(numbers.group())
                        : Optional.<KernelVersion>empty())
                .orElseThrow(() -> new IllegalStateException("kernel release " + release));
    }

    /**
     * @param status as /proc/PID/status has it
     */
    static Set<String> parseBoundingSet(String status) {
        String line =
                status.lines()
                        .filter(text -> text.startsWith(BOUNDING_SET))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no " + BOUNDING_SET));
        long bits = Long.parseUnsignedLong(line.substring(BOUNDING_SET.length()).strip(), 16);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < CAPABILITIES.size(); i++) {
            if ((bits >>> i & 1) != 0) {
                names.add("CAP_" + CAPABILITIES.get(i));
            }
        }
        return names;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
