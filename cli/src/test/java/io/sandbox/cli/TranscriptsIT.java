// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.NeedsQuietLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README.md and the pages in docs show what the commands print. */
class TranscriptsIT {
    /** The status of scripts/update-docs on another system than that of the pages. */
    private static final int SKIPPED = 77;

    private static final Pattern UNSEEN =
            Pattern.compile("(?m)^[$] sandbox (learn .*--until-quiet|check .* -- )");

    static List<Path> pages(boolean unseen) throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.list(Path.of("../docs")).sorted()) {
            for (Path file : Stream.concat(Stream.of(Path.of("../README.md")), docs).toList()) {
                if (file.toString().endsWith(".md")
                        && UNSEEN.matcher(Files.readString(file)).find() == unseen) {
                    pages.add(file);
                }
            }
        }
        return pages;
    }

    private abstract static class Pages {
        @ParameterizedTest
        @MethodSource("pages")
        @Execution(ExecutionMode.SAME_THREAD)
        void page_showsWhatItsCommandsPrint(Path page) throws Exception {
            LiveKernel.requireRoot();
            LiveKernel.requireProgram("python3");
            Finished check = Child.of("../scripts/update-docs --check %s", page).run();
            Assumptions.assumeFalse(check.status() == SKIPPED, check::out);
            assertEquals(0, check.status(), () -> check.out() + check.err());
        }
    }

    /** A series and a check make no records of the calls that they know. */
    @NeedsQuietLog
    @Execution(ExecutionMode.SAME_THREAD)
    @Nested
    final class Unseen extends Pages {
        static List<Path> pages() throws IOException {
            return TranscriptsIT.pages(true);
        }
    }

    @MakesRecords
    @Execution(ExecutionMode.CONCURRENT)
    @Nested
    final class Others extends Pages {
        static List<Path> pages() throws IOException {
            return TranscriptsIT.pages(false);
        }
    }
}
