// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.bpf.FilterCode;
import io.sandbox.policy.bpf.FilterReader;
import io.sandbox.policy.document.PolicyFormatException;
import java.util.List;

/** The option {@code --pid}, which takes the filters of a process in place of a file. */
final class FilterSource {
    private final Options options;
    private final Value<Integer> process;

    FilterSource(Options options) {
        this.options = options;
        process = options.named("--pid").number("PID");
    }

    boolean isGiven() {
        return process.isGiven();
    }

    int get() {
        return process.get();
    }

    /**
     * Checks that either a file or a process is given.
     *
     * @param file the operand for the file
     * @throws io.sandbox.cli.options.UsageMistake if both are given or neither is
     */
    void requireOne(Value<String> file, String label) {
        if (file.isGiven() == process.isGiven()) {
            throw options.mistake(
                    file.isGiven()
                            ? label + " and --pid exclude each other"
                            : "give " + label + " or --pid");
        }
    }

    /** Reads a filter. Throws {@link CommandFailure} if the content is no filter. */
    static List<FilterCode> parse(String file, byte[] bytes) {
        try {
            return List.of(FilterReader.parse(bytes));
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(file + ": " + e.getMessage());
        }
    }

    FiltersInForce query() {
        return FiltersInForce.query(process.get());
    }
}
