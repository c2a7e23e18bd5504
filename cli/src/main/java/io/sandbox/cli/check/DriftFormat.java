// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.drift.report.GithubReport;
import io.sandbox.evidence.drift.report.JsonReport;
import io.sandbox.evidence.drift.report.JunitReport;
import io.sandbox.evidence.drift.report.MarkdownReport;
import io.sandbox.evidence.drift.report.ReportWriter;
import io.sandbox.evidence.drift.report.SarifReport;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.machine.MachineFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The formats of a check's report, with their names on the command line. */
enum DriftFormat {
    TEXT(".txt"),
    JSON(".json"),
    JUNIT(".xml"),
    SARIF(".sarif"),
    GITHUB(".github"),
    MARKDOWN(".md");

    private final String ending;

    DriftFormat(String ending) {
        this.ending = ending;
    }

    /**
     * The form of a report to a file, which {@code FORMAT=FILE} names, or else the file's ending.
     *
     * @throws CommandFailure for an unknown one
     */
    static DriftFormat of(String report) {
        boolean named = report.contains("=");
        for (DriftFormat format : values()) {
            if (named ? report.startsWith(format + "=") : report.endsWith(format.ending)) {
                return format;
            }
        }
        String unknown = named ? "unknown format (" : "unknown ending (write FORMAT=FILE, ";
        throw CommandFailure.ownFailure("--report " + report + ": " + unknown + "see --help)");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@code shown}: whether the report goes to standard output, which may be a terminal. */
    ReportWriter writer(boolean shown) {
        return switch (this) {
            case TEXT -> new DriftText(shown ? Styled.forStandardOutput() : new Styled(false));
            case JSON -> new JsonReport();
            case JUNIT -> new JunitReport();
            case SARIF -> new SarifReport(MachineFacts.toolPage(), DriftFormat::inRepository);
            case GITHUB -> new GithubReport(DriftFormat::inRepository);
            case MARKDOWN -> new MarkdownReport();
        };
    }

    /** The path as a forge names it, from the root of the repository; as given if in none. */
    private static String inRepository(String file) {
        Path path = Path.of(file).toAbsolutePath().normalize();
        Path folder = Files.exists(path) ? path.getParent() : null;
        // In a further work tree and in a submodule, .git is a file.
        while (folder != null && !Files.exists(folder.resolve(".git"))) {
            folder = folder.getParent();
        }
        return folder == null ? file : folder.relativize(path).toString();
    }
}
