package io.sandbox.recorder;

import io.sandbox.recorder.evidence.ObservedCall;
import io.sandbox.recorder.evidence.OwnFilters;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a recording cannot show, though it is complete; one sentence for each. */
public final class RunWarnings {
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    private RunWarnings() {}

    /** For the last runs of a program on this machine. */
    public static List<String> query(Recording recording) {
        List<String> warnings = new ArrayList<>();
        Set<String> names =
                recording.calls().stream()
                        .map(ObservedCall::displayName)
                        .collect(Collectors.toSet());
        if (names.contains("io_uring_setup")) {
            warnings.add(
                    "the program uses io_uring: operations submitted that way pass no filter and"
                            + " are not listed");
        }
        if (names.contains("seccomp")) {
            warnings.add(
                    "the program loads a filter of its own: calls which that one refuses, or hands"
                            + " to another process, are not listed");
        }
        if (recording.runs().stream().anyMatch(OwnFilters::mayHideCalls)) {
            warnings.add(
                    "the program traced a process: calls that a filter of its own hands to a tracer"
                            + " are not listed (--source notify lists them)");
        }
        if (queryFiltered()) {
            warnings.add(
                    "a seccomp filter was in force before we started: a call that it refuses is"
                            + " not listed, and the program may have gone another way than it goes"
                            + " without");
        }
        for (String program : querySetuidPrograms(recording)) {
            warnings.add(
                    program
                            + ": ran without the rights that its set-user-ID or set-group-ID bit"
                            + " gives, as it will under enforcement");
        }
        return warnings;
    }

    /** Whether this process, and so whatever it starts, is under a filter (proc(5)). */
    private static boolean queryFiltered() {
        try {
            return parseFiltered(Files.readAllLines(OWN_STATUS));
        } catch (IOException e) {
            throw LearnException.ownFailure(OWN_STATUS + ": " + e);
        }
    }

    static boolean parseFiltered(List<String> status) {
        return status.stream().anyMatch(line -> line.matches("Seccomp:\\s*[12]"));
    }

    private static Set<String> querySetuidPrograms(Recording recording) {
        Set<String> result = new TreeSet<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.programs()) {
                if (isSetuid(Path.of(program.executable()))) {
                    result.add(program.executable());
                }
            }
        }
        return result;
    }

    private static boolean isSetuid(Path file) {
        try {
            int mode = (int) Files.getAttribute(file, "unix:mode");
            return (mode & 06000) != 0;
        } catch (IOException e) {
            // Deleted or replaced since: there is nothing to warn of any more.
            return false;
        }
    }
}
