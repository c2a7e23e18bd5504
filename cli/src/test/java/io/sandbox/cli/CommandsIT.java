// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * What the commands print, as the transcripts show it. It is the last in order, because JUnit's
 * first thread begins with that one, and others with the first: so nothing has the log before
 * {@link Quiet}.
 */
@Order(Integer.MAX_VALUE)
final class CommandsIT {
    static List<Transcript> transcripts() throws IOException {
        return Transcript.in("plain");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("transcripts")
    @Execution(ExecutionMode.CONCURRENT)
    void transcript_showsWhatCommandsPrint(Transcript transcript, @TempDir Path folder)
            throws Exception {
        transcript.check(folder);
    }

    /** Those in the folder with the name of the class, one after the other. */
    private abstract static class Group {
        @ParameterizedTest(allowZeroInvocations = true)
        @ArgumentsSource(OfFolder.class)
        @Execution(ExecutionMode.SAME_THREAD)
        void transcript_showsWhatCommandsPrint(
                Transcript transcript, @TempDir Path folder, @TempDir Path second)
                throws Exception {
            transcript.check(folder);
            if (transcript.toString().startsWith("run: ")) {
                // From filters that are kept, mostly.
                transcript.check(second);
            }
        }
    }

    private static final class OfFolder implements ArgumentsProvider {
        @Override
        public Stream<Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) throws IOException {
            String group = context.getRequiredTestClass().getSimpleName();
            return Transcript.in(group.toLowerCase(Locale.ROOT)).stream().map(Arguments::of);
        }
    }

    /**
     * Commands that read the kernel's log, or get more from it if nobody else writes there. In the
     * thread of the class they begin before the others, which wait for them.
     */
    @NeedsQuietLog
    @Execution(ExecutionMode.SAME_THREAD)
    @Nested
    final class Quiet extends Group {}

    /**
     * {@code --thorough}, without records. Much happens at a moment there, so it begins when least
     * runs.
     */
    @Order(1)
    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    final class States extends Group {}

    /** Transcripts that have the kernel write records. Groups run at the same time: they wait. */
    @MakesRecords
    @Execution(ExecutionMode.CONCURRENT)
    private abstract static class Beside extends Group {}

    @Nested
    final class Services extends Beside {}

    @Nested
    final class Units extends Beside {}

    @Nested
    final class Containers extends Beside {}

    /** Engines and nodes, which start containers for others. */
    @Nested
    final class Daemons extends Beside {}

    @Nested
    final class Servers extends Beside {}

    /** A wait of a minute that is the kernel's. */
    @Nested
    final class Ports extends Beside {}

    /** What runs already, or uses the kernel or the disk in another way. */
    @Nested
    final class Places extends Beside {}

    /** What lists hold, and what is said of them. */
    @Nested
    final class Lists extends Beside {}

    /** Other recordings. */
    @Nested
    final class Records extends Beside {}

    /** Programs that are held to lists. */
    @Nested
    final class Enforced extends Beside {}
}
