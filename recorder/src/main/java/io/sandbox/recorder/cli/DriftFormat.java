package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import io.sandbox.recorder.drift.report.ReportWriter;

/** The formats of a check's report, as users write them. */
enum DriftFormat {
    text;

    /**
     * @param shown whether it goes to standard output, perhaps a terminal
     */
    ReportWriter writer(boolean shown) {
        return switch (this) {
            case text -> new DriftText(shown ? Styled.forStandardOutput() : new Styled(false));
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
