// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.format.Surroundings;
import java.util.Optional;

/** The option for the format of the policies that a command reads. */
public final class FromFormat {
    /** The word for a compiled filter, which is no format of text. */
    public static final String BPF = "bpf";

    private final Value<String> name;

    public FromFormat(Options options) {
        name = options.named("--from-format").text("FORMAT");
    }

    /** Throws {@link CommandFailure} for an unknown name. */
    public static PolicyFormat named(String format) {
        Optional<PolicyFormat> known = PolicyFormat.byName(format);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<ListFormat> meant = ListFormat.meantBy(format);
        throw CommandFailure.ownFailure(
                format
                        + meant.map(each -> ": the format is named " + each)
                                .orElse(": unknown format (see --help)"));
    }

    public boolean isGiven() {
        return name.isGiven();
    }

    /**
     * The format; empty if it is to be recognised, and for a compiled filter.
     *
     * @throws CommandFailure for an unknown name
     */
    public Optional<PolicyFormat> get() {
        return name.optional().filter(given -> !isFilter()).map(FromFormat::named);
    }

    private boolean isFilter() {
        return BPF.equals(name.get());
    }

    /**
     * @throws io.sandbox.policy.document.PolicyFormatException if it is no policy of the format
     * @throws CommandFailure for an unknown name
     */
    public Reading read(byte[] bytes, Surroundings around) {
        return isFilter()
                ? PolicyFormat.readFilter(bytes)
                : get().map(format -> format.read(bytes, around))
                        .orElseGet(() -> PolicyFormat.readAny(bytes, around));
    }
}
