// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.reach.Reach;
import io.sandbox.reach.ReachException;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.link.Root;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the code of a program can call, with the cache and the libraries of this user. */
public final class ProgramReach {
    private ProgramReach() {}

    /** For a program of this machine. */
    public static ReachResult query(Path program, SeenCalls seen) {
        return query(program, seen, List.of(), Root.HERE);
    }

    /**
     * @param seen what recorded runs show of the program, which the answer has in any case
     * @param with further libraries that the program loads by itself
     * @param root where the program's other libraries are
     * @throws CommandFailure if it cannot be answered
     */
    public static ReachResult query(Path program, SeenCalls seen, List<Path> with, Root root) {
        List<Path> libraries = new ArrayList<>(with);
        libraries.addAll(seen.libraries());
        // What LD_LIBRARY_PATH was before Java was started without it.
        Optional<String> libraryPath =
                Optional.ofNullable(System.getenv("SANDBOX_LIBRARY_PATH"))
                        .filter(path -> root.isHere());
        try {
            return new Reach(cacheFolder(), libraryPath, libraries, root)
                    .of(program)
                    .with(seen.numbers());
        } catch (ReachException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    /** The architecture of a program. Throws {@link CommandFailure} if it cannot be answered. */
    public static Arch arch(Path program, Root root) {
        try {
            return SyscallDb.get().archByName(Reach.arch(program, root)).orElseThrow();
        } catch (ReachException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    /** The XDG Base Directory Specification says that relative paths are to be ignored. */
    private static Optional<Path> cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        String home = System.getenv("HOME");
        if (cache != null && cache.startsWith("/")) {
            return Optional.of(Path.of(cache, "sandbox", "reach"));
        }
        return home != null && home.startsWith("/")
                ? Optional.of(Path.of(home, ".cache", "sandbox", "reach"))
                : Optional.empty();
    }
}
