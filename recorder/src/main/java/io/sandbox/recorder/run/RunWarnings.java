// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.TestsOfCalls;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.evidence.learned.LearnedOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What even a complete recording cannot show, one sentence each. */
public final class RunWarnings {
    private static final int S_ISUID = 04000; // sys/stat.h
    private static final int S_ISGID = 02000;

    /** XATTR_NAME_CAPS, and more than sizeof(struct vfs_ns_cap_data) (linux/capability.h). */
    private static final String CAPABILITIES = "security.capability";

    private static final int MOST_BYTES = 64;

    private RunWarnings() {}

    /** The warnings for a recording just made on this machine. */
    public static List<String> query(Recording recording) {
        Set<String> warnings = new LinkedHashSet<>();
        LearnedOperations.of(recording).map(LearnedOperations::sentence).ifPresent(warnings::add);
        TestsOfCalls tests = TestsOfCalls.of(recording);
        if (tests.isKnown() && !tests.hasTests()) {
            warnings.add(
                    "no marked test made a call: is the extension for JUnit or pytest"
                            + " missing? (docs/tests.md)");
        }
        warnings.addAll(recording.reservations());
        for (String program : queryPrograms(recording)) {
            if (isSetuid(program)) {
                warnings.add(
                        program
                                + ": ran without the rights of its set-user-ID or set-group-ID bit,"
                                + " as it will under enforcement");
            }
            if (givesCapabilities(program)) {
                warnings.add(
                        program
                                + ": ran without its file capabilities, as it will under"
                                + " enforcement");
            }
        }
        return List.copyOf(warnings);
    }

    /** Whether it is known that no program which ran has privileges from its file. */
    public static boolean queryGiveNothing(Recording recording) {
        return queryPrograms(recording).stream()
                        .allMatch(program -> isThere(program) && !isSetuid(program))
                && LearnedCapabilities.of(recording)
                        .filter(each -> each.byFiles() == 0)
                        .isPresent();
    }

    private static boolean isThere(String program) {
        try {
            return !program.isEmpty() && Files.isRegularFile(Path.of(program));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Set<String> queryPrograms(Recording recording) {
        return recording.runs().stream()
                .flatMap(run -> run.programs().stream())
                .map(ProgramEvidence::executable)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isSetuid(String file) {
        try {
            int mode = (int) Files.getAttribute(Path.of(file), "unix:mode");
            return (mode & (S_ISUID | S_ISGID)) != 0;
        } catch (IOException | InvalidPathException e) {
            // The file was deleted or replaced since, so there is nothing to warn of. In a
            // recording from elsewhere, the text may be no path at all.
            return false;
        }
    }

    /** Root has its capabilities without those of a file. */
    private static boolean givesCapabilities(String file) {
        return LibC.geteuid() != 0
                && LibC.getxattr(file, CAPABILITIES, ByteBuffer.allocateDirect(MOST_BYTES)) > 0;
    }
}
