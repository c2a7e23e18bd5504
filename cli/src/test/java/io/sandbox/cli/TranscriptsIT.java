// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README.md and the pages in docs show what the commands print. */
@MakesRecords
class TranscriptsIT {
    /** The status of scripts/update-docs on another system than that of the pages. */
    private static final int SKIPPED = 77;

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            Stream<Path> pages = docs.filter(file -> file.toString().endsWith(".md")).sorted();
            return Stream.concat(Stream.of(Path.of("../README.md")), pages).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_showsWhatItsCommandsPrint(Path page) throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.requireProgram("python3");
        Finished check = Child.of("../scripts/update-docs --check %s", page).run();
        Assumptions.assumeFalse(check.status() == SKIPPED, check::out);
        assertEquals(0, check.status(), () -> check.out() + check.err());
    }
}
