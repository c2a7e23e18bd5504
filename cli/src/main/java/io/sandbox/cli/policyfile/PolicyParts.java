// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.format.IncludedFiles;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.syscalldb.Arch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options for what a policy file needs beside its text. */
public final class PolicyParts {
    private final Value<String> part;
    private final Value<List<String>> constants;
    private final PolicyPlace place;
    private final FromFormat format;

    public PolicyParts(Options options, PolicyPlace place) {
        this.place = place;
        format = new FromFormat(options);
        part = options.named("--part").rare().text("NAME");
        constants = options.named("--constant").rare().list("NAME=NUMBER");
    }

    public FromFormat format() {
        return format;
    }

    /** Those for which the policy is read, on a machine of this architecture. */
    Circumstances circumstances(Arch arch) {
        return place.circumstances(arch);
    }

    /** Throws {@link CommandFailure} for a constant without a number. */
    public Surroundings surroundings() {
        Map<String, Long> values = new HashMap<>();
        for (String constant : constants.get()) {
            int sign = constant.indexOf('=');
            try {
                values.put(
                        constant.substring(0, Math.max(sign, 0)),
                        Long.decode(constant.substring(sign + 1)));
            } catch (NumberFormatException e) {
                throw CommandFailure.ownFailure(
                        "--constant: " + constant + ": not NAME=NUMBER, such as TCGETS=0x5401");
            }
        }
        return new Surroundings(place.arch().name(), IncludedFiles.NONE, values, part.optional());
    }
}
