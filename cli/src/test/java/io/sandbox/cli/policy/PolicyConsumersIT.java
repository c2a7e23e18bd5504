// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs for which sandbox-policy writes policies enforce them. */
@MakesRecords
class PolicyConsumersIT {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int ENOENT = 2;
    private static final int KILLED = 128 + 31; // SIGSYS

    /** The calls that crun makes under the filter before the program; bwrap needs execve. */
    private static final String OF_CRUN =
            "close:close_range:execve:prctl:capset:fcntl:read:openat:lseek:fstat";

    /** Further calls that runc makes, which is a dynamically linked Go program. */
    private static final String OF_RUNC =
            ":epoll_ctl:fstatfs:capget:setgroups:setgid:setuid:geteuid:futex:newfstatat:getpid"
                + ":nanosleep:epoll_pwait:rt_sigreturn:sched_yield:write:exit_group:tgkill:gettid"
                + ":rt_sigprocmask:sigaltstack:rt_sigaction:mmap:munmap:madvise:getdents64:faccessat2";

    @TempDir private static Path folder;
    private static Path program;
    private static Path allow;
    private static Path deny;

    @BeforeAll
    static void preparePolicies() throws Exception {
        LiveKernel.requireRoot();
        program = CProgram.compile("consumer", folder, "-static");
        allow = folder.resolve("allow.env");
        Child.of("sandbox-learn --names -q -o %s %s", allow, program).run().assertStatus(0);
        String list = Files.readString(allow).replaceFirst("\"\n", ":" + OF_CRUN + "\"\n");
        Files.writeString(allow, list);
        deny = folder.resolve("deny.env");
        Files.writeString(
                deny,
                "SECCOMP_SYSCALL_DENY=\"uname:socket(arg0==2)\"\n"
                        + "SECCOMP_DEFAULT_ACTION=\"errno:ENOSYS\"\n");
    }

    /** Expects nothing on standard error except {@code expectedLosses}. */
    private static Path convert(Path policy, String format, String... expectedLosses)
            throws Exception {
        Path converted = folder.resolve(policy.getFileName() + "." + format);
        List<String> words =
                Words.of("sandbox-policy convert %s --to %s -o %s", policy, format, converted);
        if (format.equals("oci") || format.equals("spo")) {
            words.addAll(Words.of("--runtime none"));
        }
        Finished done = Child.of(words).run().assertStatus(0);
        List<String> losses =
                done.err().lines().filter(line -> !line.contains(" looser than ")).toList();
        assertEquals(expectedLosses.length, losses.size(), done::err);
        for (int i = 0; i < expectedLosses.length; i++) {
            String loss = losses.get(i);
            String expected = expectedLosses[i];
            assertTrue(loss.contains(expected), () -> expected + " in " + loss);
        }
        return converted;
    }

    /** Expects that the program made its call and printed this errno. */
    private static void assertPrints(int errno, Finished run) {
        run.assertStatus(0).assertOutIs(errno + "\n");
    }

    private static Finished crun(Path profile, String call) throws Exception {
        return run("crun", profile, call);
    }

    private static Finished run(String runtime, Path profile, String call) throws Exception {
        Path bundle = Files.createTempDirectory(folder, "bundle");
        Path root = Files.createDirectory(bundle.resolve("rootfs"));
        for (String mountPoint : List.of("dev", "proc", "sys")) {
            Files.createDirectory(root.resolve(mountPoint));
        }
        Files.copy(program, root.resolve("consumer"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(
                bundle.resolve("config.json"),
                """
                {"ociVersion": "1.0.0",
                 "process": {"user": {"uid": 0, "gid": 0}, "args": ["/consumer", "%s"],
                   "cwd": "/", "noNewPrivileges": true},
                 "root": {"path": "rootfs", "readonly": true},
                 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
                 "linux": {"namespaces": [{"type": "mount"}], "seccomp": %s}}
                """
                        .formatted(call, Files.readString(profile)));
        // crun refuses machines with both versions of cgroups. In this mount namespace, only
        // version 2 is mounted.
        String script =
                "mount -t tmpfs none /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup &&"
                        + " exec \"$0\" --root \"$1/state\""
                        + (runtime.equals("crun") ? " --cgroup-manager=disabled" : "")
                        + " run -b \"$1\" consumer-$$";
        return Child.of(
                        "%s --mount --propagation private /bin/sh -c %s %s %s",
                        LiveKernel.requireProgram("unshare"),
                        script,
                        LiveKernel.requireProgram(runtime),
                        bundle)
                .run();
    }

    @Test
    void crun_denyList_failsWithTheErrnoAndItsConditions() throws Exception {
        Path profile = convert(deny, "oci");
        assertPrints(ENOSYS, crun(profile, "uname"));
        assertPrints(ENOSYS, crun(profile, "inet"));
        assertPrints(0, crun(profile, "unix"));
    }

    @Test
    void crun_allowList_killsWhatIsNotListed() throws Exception {
        Path profile = convert(allow, "oci");
        assertPrints(0, crun(profile, "none"));
        crun(profile, "uname").assertStatus(KILLED);
    }

    /** The runtimes and the library decide alike about calls that are newer than the policy. */
    @Test
    void crunAndRunc_callsNewerThanThePolicy_failWithEnosys() throws Exception {
        Path old = olderPolicy();
        Path profile = convert(old, "oci");
        for (String runtime : List.of("crun", "runc")) {
            assertPrints(EPERM, run(runtime, profile, "uname"));
            assertPrints(ENOSYS, run(runtime, profile, "fchmodat2"));
            assertPrints(ENOSYS, run(runtime, profile, "above"));
            assertPrints(0, run(runtime, profile, "none"));
        }
        assertPrints(EPERM, sandboxify(old, "uname"));
        assertPrints(ENOSYS, sandboxify(old, "fchmodat2"));
        assertPrints(ENOSYS, sandboxify(old, "above"));
    }

    /** The runtimes start with such names, and treat their calls as those that are not listed. */
    @Test
    void crunAndRunc_namesThatTheyDoNotKnow_areSkippedAsForetold() throws Exception {
        Path policy = folder.resolve("skipped.env");
        Files.writeString(
                policy,
                "SECCOMP_SYSCALL_DENY=\"uname:open_tree_attr:made_up\"\n"
                        + "SECCOMP_DEFAULT_ACTION=\"errno:ENOENT\"\n");
        Path profile =
                convert(
                        policy,
                        "oci",
                        "made_up: is no system call of any architecture",
                        "open_tree_attr: is treated as all other calls where a container runtime");
        for (String runtime : List.of("crun", "runc")) {
            assertPrints(ENOENT, run(runtime, profile, "uname"));
            Finished newer = run(runtime, profile, "open_tree_attr").assertStatus(0);
            assertNotEquals(ENOENT + "\n", newer.out());
        }
        // A filter of ours knows it by its number.
        Files.writeString(policy, Files.readString(policy).replace(":made_up", ""));
        assertPrints(ENOENT, bwrap(convert(policy, "bpf"), "open_tree_attr"));
    }

    /** An allow list of Linux 5.15, whose action is the errno that breaks fallbacks. */
    private static Path olderPolicy() throws IOException {
        Path old = folder.resolve("old.env");
        Files.writeString(
                old,
                Files.readString(allow).replaceFirst("\"\n", OF_RUNC + "\"\n")
                        + "SECCOMP_DEFAULT_ACTION=\"errno:EPERM\"\n"
                        + "SECCOMP_UNKNOWN=\"enosys:5.15\"\n");
        return old;
    }

    private static Finished sandboxify(Path policy, String arguments) throws Exception {
        return Child.of("sandboxify -q --policy %s %s " + arguments, policy, program).run();
    }

    /** glibc tries fchmodat2 first. Only after ENOSYS does it use another call. */
    @Test
    void program_withFallbackOfGlibc_livesUnderAnOldList() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path old = folder.resolve("fallback.env");
        Files.writeString(
                old,
                Files.readString(olderPolicy())
                        .replaceFirst("\"\n", ":newfstatat:chmod:fchmodat:readlink:statfs\"\n"));
        assertPrints(0, sandboxify(old, "chmod " + file));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.writeString(old, Files.readString(old).replaceFirst("SECCOMP_UNKNOWN.*\n", ""));
        assertPrints(EPERM, sandboxify(old, "chmod " + file));
    }

    private static Finished bwrap(Path filter, String call) throws Exception {
        String script = "exec \"$0\" --dev-bind / / --seccomp 9 \"$2\" \"$3\" 9<\"$1\"";
        return Child.of(
                        "/bin/sh -c %s %s %s %s %s",
                        script, LiveKernel.requireProgram("bwrap"), filter, program, call)
                .run();
    }

    @Test
    void bwrap_compiledLists_areEnforced() throws Exception {
        assertPrints(0, bwrap(convert(allow, "bpf"), "none"));
        bwrap(convert(allow, "bpf"), "uname").assertStatus(KILLED);
        Path viaOci = convert(convert(deny, "oci"), "bpf");
        assertPrints(ENOSYS, bwrap(viaOci, "inet"));
        assertPrints(0, bwrap(viaOci, "unix"));
    }

    private static Finished firejail(Path profile, String call) throws Exception {
        return Child.of(
                        "%s --quiet %s %s %s",
                        LiveKernel.requireProgram("firejail"),
                        "--profile=" + profile,
                        program,
                        call)
                .run();
    }

    @Test
    void firejail_profiles_areEnforced() throws Exception {
        Path keep = convert(allow, "firejail");
        assertPrints(0, firejail(keep, "none"));
        firejail(keep, "uname").assertStatus(KILLED);
        Path drop = convert(deny, "firejail", "socket: is allowed whatever");
        assertPrints(ENOSYS, firejail(drop, "uname"));
        assertPrints(0, firejail(drop, "inet"));
    }

    /** A rule can give a single call its own errno. Consumers differ in how far they support it. */
    @Test
    void firejailAndCrun_errnoOfOneCall_isItsOwn() throws Exception {
        Path policy = folder.resolve("errno.json");
        Files.writeString(
                policy,
                """
                {"sandboxPolicy": 1, "default": "allow", "rules": [
                  {"call": "uname", "action": "errno:EXDEV"},
                  {"call": "socket", "if": ["arg0==1"], "action": "errno:ENOENT"},
                  {"call": "socket", "action": "errno:EIO"}]}
                """);
        Path oci = convert(policy, "oci");
        assertPrints(18, crun(oci, "uname"));
        assertPrints(2, crun(oci, "unix"));
        assertPrints(5, crun(oci, "inet"));
        assertPrints(2, bwrap(convert(policy, "bpf"), "unix"));
        assertPrints(5, bwrap(convert(oci, "bpf"), "inet"));
        Path firejail = convert(policy, "firejail", "gets errno:ENOENT in place of errno:EIO");
        assertPrints(18, firejail(firejail, "uname"));
    }

    @Test
    void sandboxify_profilesOfOthers_areEnforced() throws Exception {
        for (String format : List.of("list", "json", "oci", "spo", "minijail")) {
            Path converted = convert(allow, format);
            assertPrints(0, sandboxify(converted, "none"));
            assertEquals(KILLED, sandboxify(converted, "uname").status(), format);
        }
    }

    private static List<String> complaints(Path dropIn) throws Exception {
        Path units = Files.createTempDirectory(folder, "units");
        Path unit = units.resolve("consumer.service");
        Files.writeString(unit, "[Service]\nExecStart=" + program + "\n", UTF_8);
        Path target = Files.createDirectory(units.resolve("consumer.service.d"));
        Files.copy(dropIn, target.resolve("50-calls.conf"));
        Finished verified =
                Child.of(
                                "%s --man=no verify %s",
                                LiveKernel.requireProgram("systemd-analyze"), unit)
                        .run();
        return verified.err().lines().filter(line -> line.contains("50-calls.conf")).toList();
    }

    @Test
    void systemd_dropIns_areUnderstood() throws Exception {
        assertEquals(List.of(), complaints(convert(allow, "systemd")));
        Path dropIn = convert(deny, "systemd", "RestrictAddressFamilies: gets errno:EAFNOSUPPORT");
        assertEquals(List.of(), complaints(dropIn));
        List<String> lines = new ArrayList<>(Files.readAllLines(dropIn));
        lines.add("SystemCallFilter=~nonsense");
        Path wrong = Files.write(folder.resolve("wrong.conf"), lines);
        assertEquals(1, complaints(wrong).size(), "a mistake must be seen");
    }
}
