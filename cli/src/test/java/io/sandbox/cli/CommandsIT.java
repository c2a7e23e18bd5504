// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the commands print, as the transcripts show it. */
final class CommandsIT {
    @TempDir private Path folder;

    static List<Transcript> transcripts() throws IOException {
        return Transcript.in("plain");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("transcripts")
    @Execution(ExecutionMode.CONCURRENT)
    void transcript_showsWhatCommandsPrint(Transcript transcript) throws Exception {
        transcript.check(folder);
    }

    /** Transcripts that run one after the other, since they have the kernel write records. */
    private abstract class Group {
        @ParameterizedTest(allowZeroInvocations = true)
        @MethodSource("transcripts")
        @Execution(ExecutionMode.SAME_THREAD)
        void transcript_showsWhatCommandsPrint(Transcript transcript, @TempDir Path second)
                throws Exception {
            transcript.check(folder);
            if (transcript.toString().startsWith("run: ")) {
                // From filters that are kept, mostly.
                transcript.check(second);
            }
        }
    }

    /** Recordings. The next two groups run beside it. */
    @MakesRecords
    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    final class OfRecords extends Group {
        static List<Transcript> transcripts() throws IOException {
            return Transcript.in("records");
        }
    }

    /** Recordings of containers, services and what runs already. */
    @MakesRecords
    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    final class OfPlaces extends Group {
        static List<Transcript> transcripts() throws IOException {
            return Transcript.in("places");
        }
    }

    /** Programs that are held to lists. */
    @MakesRecords
    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    final class OfEnforced extends Group {
        static List<Transcript> transcripts() throws IOException {
            return Transcript.in("enforced");
        }
    }

    /** Commands that read the kernel's log. */
    @NeedsQuietLog
    @Nested
    final class OfTheLog extends Group {
        static List<Transcript> transcripts() throws IOException {
            return Transcript.in("quiet");
        }
    }
}
