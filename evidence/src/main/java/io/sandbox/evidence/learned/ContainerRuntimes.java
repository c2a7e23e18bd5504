// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import java.util.List;
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
            for (ProgramEvidence program : run.programs()) {
                found.add(nameOf(program.executable()));
            }
            // A runtime may execute a copy of itself that has another name.
            List<String> command = run.command();
            command.stream().limit(1).forEach(word -> found.add(nameOf(word)));
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

    /** Whether it takes a profile that asks about each call that no rule names; runc refuses it. */
    public static boolean asksByDefault(String command) {
        return nameOf(command).equals("crun");
    }
}
