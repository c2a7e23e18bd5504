// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Runs a program under an allowlist as docs/enforce.md says: the library, the list, default action
 * kill.
 */
public final class Enforced {
    private Enforced() {}

    public static Finished program(
            List<String> program,
            Collection<String> allowed,
            Map<String, String> environment,
            Path folder)
            throws IOException, InterruptedException {
        // Killed by SIGSYS means a core file, unless there may be none. Only the program gets the
        // library.
        return Child.shell(
                        "ulimit -c 0; exec env LD_PRELOAD=\"$LIBRARY\""
                                + " SECCOMP_SYSCALL_ALLOW=\"$ALLOWED\" SECCOMP_QUIET=1 \"$@\"",
                        program)
                .with("LIBRARY", Dist.library().toString())
                .with("ALLOWED", String.join(":", allowed))
                .with(environment)
                .in(folder)
                .run();
    }

    public static Finished plain(List<String> program, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        return Child.shell("ulimit -c 0; exec \"$@\"", program).with(environment).in(folder).run();
    }
}
