// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.enforcer.launch.file.RegularFile;
import io.sandbox.evidence.Recording;
import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.graph.FunctionNames;
import io.sandbox.syscalldb.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the functions that made calls, in the files of this machine. A recording may come from
 * another machine, so a file counts only where it makes a call at that place.
 */
public final class OriginNames {
    private static final long LARGEST_FILE = 256L << 20;

    private OriginNames() {}

    /** Finds names such as {@code write+0x14}. What is not known is left out. */
    static Map<Origin, String> query(Recording recording) {
        return query(
                recording.runs().stream()
                        .flatMap(run -> run.programs().stream())
                        .flatMap(program -> program.calls().stream())
                        .flatMap(call -> call.origin().stream()));
    }

    /** The functions at some places; those without a name are left out. */
    public static Map<Origin, String> query(Stream<Origin> places) {
        Map<String, List<Origin>> modules =
                places.distinct().collect(Collectors.groupingBy(Origin::module));
        Map<Origin, String> names = new HashMap<>();
        modules.forEach(
                (module, origins) -> {
                    Optional<FunctionNames> functions = read(module);
                    functions.ifPresent(known -> origins.forEach(each -> add(names, each, known)));
                });
        return names;
    }

    private static void add(Map<Origin, String> names, Origin origin, FunctionNames functions) {
        functions.callAt(origin.offset()).ifPresent(name -> names.put(origin, name));
    }

    /** Others chose the name, so only a regular file is opened. */
    private static Optional<FunctionNames> read(String module) {
        if (!module.startsWith("/")) {
            return Optional.empty();
        }
        try (RegularFile file = RegularFile.open(Path.of(module))) {
            return Files.size(file.path()) > LARGEST_FILE
                    ? Optional.empty()
                    : Optional.of(new FunctionNames(new ElfFile(Files.readAllBytes(file.path()))));
        } catch (IOException | InvalidPathException | ElfException e) {
            // It is gone, or no such file: the report says the place without a name.
            return Optional.empty();
        }
    }
}
