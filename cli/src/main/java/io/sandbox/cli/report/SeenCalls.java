// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.reach.Reach;
import io.sandbox.reach.link.Root;
import io.sandbox.syscalldb.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What recordings show of one program.
 *
 * @param numbers of the calls that it made
 * @param libraries the files whose code made calls in it, or that it mapped as code
 * @param missing those of these files that are not here
 */
public record SeenCalls(Set<Integer> numbers, List<Path> libraries, List<String> missing) {
    /** For a program of this machine. */
    public static SeenCalls of(Recording recording, Path program, Arch arch) {
        return of(recording, program, arch, Root.HERE);
    }

    /** {@code root}: where the files are that the recording names. */
    public static SeenCalls of(Recording recording, Path program, Arch arch, Root root) {
        List<ProgramEvidence> own = new ArrayList<>();
        List<ProgramEvidence> unnamed = new ArrayList<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence each : run.programs()) {
                if (each.auditArch() == arch.auditArch()) {
                    if (each.executable().isEmpty()) {
                        unnamed.add(each);
                    } else if (isSame(each.executable(), program, root)) {
                        own.add(each);
                    }
                }
            }
        }
        Set<Integer> numbers = new TreeSet<>();
        Set<String> files = new LinkedHashSet<>();
        for (ProgramEvidence each : own.isEmpty() ? unnamed : own) {
            for (CallEvidence call : each.calls()) {
                numbers.add(call.number());
                call.origin().ifPresent(origin -> files.add(origin.module()));
            }
            files.addAll(each.mapped());
        }
        Set<Path> libraries = new LinkedHashSet<>();
        List<String> missing = new ArrayList<>();
        for (String file : files) {
            if (file.startsWith("/")) {
                Optional<Path> here = regularFile(file, root);
                here.filter(path -> Reach.isCode(path, arch.name())).ifPresent(libraries::add);
                if (here.isEmpty()) {
                    missing.add(file);
                }
            }
        }
        return new SeenCalls(numbers, List.copyOf(libraries), missing);
    }

    private static Optional<Path> regularFile(String name, Root root) {
        try {
            return Optional.of(root.file(Path.of(name))).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isSame(String executable, Path program, Root root) {
        try {
            Path path = root.file(Path.of(executable));
            return path.equals(program) || path.toRealPath().equals(program.toRealPath());
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
