package io.sandbox.cli.options;

import picocli.CommandLine.Model.UsageMessageSpec;

/** What the help of a command says beside its options. */
public final class Usage {
    private final UsageMessageSpec spec =
            new UsageMessageSpec()
                    .synopsisHeading("Usage: ")
                    .sortOptions(false)
                    .optionListHeading("%nOptions:%n");

    Usage() {}

    UsageMessageSpec spec() {
        return spec;
    }

    public Usage header(String... lines) {
        spec.header(lines);
        return this;
    }

    public Usage customSynopsis(String... lines) {
        spec.customSynopsis(lines);
        return this;
    }

    public Usage synopsisSubcommandLabel(String label) {
        spec.synopsisSubcommandLabel(label);
        return this;
    }

    public Usage description(String... lines) {
        spec.description(lines);
        return this;
    }

    public Usage optionListHeading(String heading) {
        spec.optionListHeading(heading);
        return this;
    }

    public Usage commandListHeading(String heading) {
        spec.commandListHeading(heading);
        return this;
    }

    public Usage footerHeading(String heading) {
        spec.footerHeading(heading);
        return this;
    }

    public Usage footer(String... lines) {
        spec.footer(lines);
        return this;
    }
}
