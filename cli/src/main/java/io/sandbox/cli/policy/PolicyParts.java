// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.format.IncludedFiles;
import io.sandbox.policy.format.Surroundings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options for what a policy file needs beside its text. */
final class PolicyParts {
    private final Value<String> part;
    private final Value<List<String>> constants;
    private final PolicyPlace place;
    private final FromFormat format;

    PolicyParts(Options options, PolicyPlace place) {
        this.place = place;
        format = new FromFormat(options);
        part =
                options.named("--part")
                        .text(
                                "NAME",
                                "If the file has several policies: which one to read, by the name"
                                        + " of its thread (seccompiler) or profile (spo).");
        constants =
                options.named("--constant")
                        .list(
                                "NAME=NUMBER",
                                "The number that a name in a minijail policy stands for, if"
                                        + " sandbox-policy does not know the name.");
    }

    FromFormat format() {
        return format;
    }

    /**
     * @throws CommandFailure for a constant without a number
     */
    Surroundings surroundings() {
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
