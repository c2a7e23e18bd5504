// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.report.ReportWriter;
import io.sandbox.outcome.CommandFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The options for reports: their formats and files. */
final class CheckReports {
    private static final List<String> BEGINNINGS =
            Stream.of(DriftFormat.values()).map(format -> format + "=").toList();

    private final Value<DriftFormat> format;
    private final Value<Path> output;
    private final Value<List<String>> more;

    CheckReports(Options options) {
        format = options.named("--format").choice(DriftFormat.class, "FORMAT").or(DriftFormat.TEXT);
        output = options.named("-o", "--output").file();
        more = options.named("--report").offering(BEGINNINGS).texts("FORMAT=FILE");
    }

    boolean isGiven() {
        return format.isGiven() || output.isGiven() || more.isGiven();
    }

    /** Options that are no part of the next update: those for reports and for readiness. */
    private static final List<String> NOT_OF_UPDATE =
            List.of(
                    """
                    --format --output -o --report --for --hosts --since --host-from-path
                    """
                            .split("\\s"));

    /** The given options without those that an update does not take. */
    static List<String> ofUpdate(List<String> options) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            int equals = option.indexOf('=');
            if (NOT_OF_UPDATE.contains(option)) {
                i++; // skips the value
            } else if (!option.matches("(?s)-o.+")
                    && !NOT_OF_UPDATE.contains(option.substring(0, Math.max(0, equals)))) {
                kept.add(option);
            }
        }
        return kept;
    }

    /** The reports to write, with open files. {@link #close} removes unfinished files. */
    static final class Open implements AutoCloseable {
        private record Report(ReportWriter writer, ResultOutput output) {}

        private final List<Report> reports = new ArrayList<>();

        private void add(ReportWriter writer, Path file) {
            reports.add(new Report(writer, ResultOutput.open(file)));
        }

        void write(CheckResult result) {
            for (Report report : reports) {
                report.output().write(report.writer().write(result));
            }
        }

        @Override
        public void close() {
            reports.forEach(report -> report.output().close());
        }
    }

    /**
     * Opens the files. Call it before the program runs, so that problems are known in time.
     *
     * @throws CommandFailure for an unknown format or a file that cannot be written
     */
    Open open() {
        Open open = new Open();
        try {
            open.add(format.get().writer(!output.isGiven()), output.get());
            for (String report : more.get()) {
                String file = report.substring(report.indexOf('=') + 1);
                open.add(DriftFormat.of(report).writer(false), Path.of(file));
            }
            return open;
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }
}
