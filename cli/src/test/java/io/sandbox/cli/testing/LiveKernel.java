// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.fail;

import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.syscalldb.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What tests need of the machine: they skip, or fail with REQUIRE_KERNEL_TESTS=1. */
public final class LiveKernel {
    public static void require(boolean condition, String reason) {
        if (condition) {
            return;
        }
        if ("1".equals(System.getenv("REQUIRE_KERNEL_TESTS"))) {
            fail(reason);
        }
        Assumptions.abort(reason);
    }

    /** For tests that need root only for files. */
    public static void requireRootUser() throws IOException {
        require(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root");
    }

    /** Only root can read records, assign sessions and change settings. */
    public static void requireRoot() throws IOException {
        requireRootUser();
        Path actions = Path.of("/proc/sys/kernel/seccomp/actions_logged");
        require(Files.exists(actions), "the kernel has no seccomp log action");
        require(
                Files.readString(actions).matches("(?s)(.* )?log\\b.*"),
                "kernel.seccomp.actions_logged lacks log");
        require(Files.exists(Path.of("/proc/self/sessionid")), "the kernel has no audit sessions");
    }

    /** For {@code --source kmsg}: the kernel prints no records if an audit daemon takes them. */
    public static void requireKernelLog() throws IOException {
        requireRoot();
        require(Files.isReadable(Path.of("/dev/kmsg")), "/dev/kmsg cannot be read");
        Path limit = Path.of("/proc/sys/kernel/printk_ratelimit");
        require(Files.isWritable(limit), "kernel.printk_ratelimit cannot be set");
    }

    /** For {@code --source bpf}, which reads no records: other tests may switch them off. */
    public static void requireBpf() throws IOException {
        requireRootUser();
        require(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "the kernel has no BTF");
    }

    /** For capabilities, of which the tracepoint tells since Linux 6.14, or else kprobes. */
    public static void requireCapabilities() throws IOException {
        requireBpf();
        Assumptions.assumeTrue(
                Files.exists(Path.of("/sys/bus/event_source/devices/kprobe"))
                        || HostCircumstances.queryKernel()
                                        .compareTo(KernelVersion.parse("6.14").orElseThrow())
                                >= 0,
                "Linux 6.14, or kprobes");
    }

    /** Returns the program's path, so that no shell wrapper of the same name is used. */
    public static Path requireProgram(String name) {
        // The last two have what scripts/setup unpacks.
        String tools = Path.of("../target/tools/usr").toAbsolutePath().normalize().toString();
        for (String folder :
                new String[] {"/usr/bin", "/bin", "/usr/sbin", tools + "/bin", tools + "/sbin"}) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        require(false, "needs the program " + name);
        return null;
    }
}
