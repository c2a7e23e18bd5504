package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.drift.report.GithubReport;
import io.sandbox.recorder.drift.report.JsonReport;
import io.sandbox.recorder.drift.report.JunitReport;
import io.sandbox.recorder.drift.report.MarkdownReport;
import io.sandbox.recorder.drift.report.ReportWriter;
import io.sandbox.recorder.drift.report.SarifReport;

/** The formats of a check's report, as users write them. */
enum DriftFormat {
    text,
    json,
    junit,
    sarif,
    github,
    markdown;

    /**
     * @param shown whether it goes to standard output, perhaps a terminal
     */
    ReportWriter writer(boolean shown) {
        return switch (this) {
            case text -> new DriftText(shown ? Styled.forStandardOutput() : new Styled(false));
            case json -> new JsonReport();
            case junit -> new JunitReport();
            case sarif -> new SarifReport();
            case github -> new GithubReport();
            case markdown -> new MarkdownReport();
        };
    }

    /**
     * @throws LearnException for an unknown name
     */
    static DriftFormat named(String name) {
        for (DriftFormat format : values()) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new LearnException(
                ExitCodes.LOOKUP_ERROR, name + ": unknown format of a report (see --help)");
    }
}
