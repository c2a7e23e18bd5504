// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Programs that run others in containers: their list is not that of the program inside. */
public final class ContainerRuntimes {
    private static final Set<String> NAMES =
            Set.of(
                    """
                    apptainer buildah bwrap conmon containerd containerd-shim
                    containerd-shim-runc-v2 crun docker dockerd lxc-start nerdctl podman runc runsc
                    singularity systemd-nspawn youki
                    """
                            .split("\\s"));

    /** Those of them that a container's first process may be before it executes its program. */
    private static final Set<String> STARTERS = Set.of("conmon", "crun", "runc", "youki");

    /**
     * What they make under a filter before they execute the program: runc 1.1.15 and crun 1.21, for
     * a start and for an exec. Other versions differ little.
     */
    private static final Map<String, String> NEEDS =
            Map.of(
                    "runc",
                    "capget:capset:chdir:execve:faccessat2:fchown:fstat:fstatfs:getcwd:getdents64"
                            + ":getppid:newfstatat:openat:setgid:setgroups:setuid",
                    "crun",
                    "capset:close:close_range:execve:kill:munmap:pselect6:rt_sigaction"
                            + ":rt_sigprocmask:setresgid:setresuid:wait4:write");

    /** prctl of both: capabilities are kept and made ambient. */
    private static final String PRCTL =
            ":prctl(arg0&0xffffffff==8):prctl(arg0&0xffffffff==24):prctl(arg0&0xffffffff==47)";

    /** It reads /proc/self/setgroups, and asks whether its streams are terminals (TCGETS). */
    private static final List<String> EXEC_OF_CRUN =
            List.of(
                    "fchown ioctl(arg1&0xffffffff==21505) openat read setgroups statx umask"
                            .split(" "));

    private static final List<String> UNSEEN =
            List.of(
                    """
                    close epoll_ctl exit_group fcntl futex getpid madvise nanosleep read
                    rt_sigreturn sched_yield tgkill write
                    """
                            .split("\\s"));

    private ContainerRuntimes() {}

    /** The names of the runtimes that ran, sorted. */
    public static Set<String> in(Recording recording) {
        Set<String> found = new TreeSet<>();
        for (Run run : recording.runs()) {
            run.programs().forEach(program -> found.add(nameOf(program.executable())));
            // A runtime may execute a copy of itself that has another name.
            run.command().stream().limit(1).forEach(word -> found.add(nameOf(word)));
        }
        found.retainAll(NAMES);
        return found;
    }

    /** A runtime's own name, by which it is known. */
    public static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Calls that nobody can be asked about, since the runtime makes them under the filter before
     * the listener is handed over: it would wait for ever. runc refuses a profile that asks about
     * write, and from 1.2 on it makes fcntl (opencontainers/runc#4328). If nobody listens, it needs
     * close, epoll_ctl, exit_group and read to say so and to end. It is written in Go, whose own
     * threads make the others by chance, and more often on a busy machine.
     */
    public static List<String> unseenOf(String command) {
        return asksByDefault(command) ? List.of() : UNSEEN;
    }

    /**
     * What a runtime makes under a container's filter before the program, if it was not recorded:
     * entries of a list. Of one that is not known, what the others make.
     */
    static List<String> neededBy(String command) {
        String known = NEEDS.get(nameOf(command));
        String calls = known == null ? String.join(":", NEEDS.values()) : known;
        return List.of((calls + PRCTL).split(":"));
    }

    /** What it makes only before the program of an exec. */
    static List<String> neededByExec(String command) {
        return nameOf(command).equals("crun") ? EXEC_OF_CRUN : List.of();
    }

    /** Whether a container's first process may be this executable, before its program. */
    public static boolean startsContainers(String path) {
        return STARTERS.contains(nameOf(path));
    }

    /** Whether it takes a profile that asks about each call that no rule names; runc refuses it. */
    public static boolean asksByDefault(String command) {
        return nameOf(command).equals("crun");
    }
}
