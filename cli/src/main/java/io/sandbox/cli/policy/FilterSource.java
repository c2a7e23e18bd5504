// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.bpf.FilterCode;
import io.sandbox.enforcer.bpf.FilterReader;
import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import java.util.List;

/** The option that names a process in place of a file. */
final class FilterSource {
    private final Options options;
    private final Value<Integer> process;

    FilterSource(Options options) {
        this.options = options;
        process =
                options.named("--pid")
                        .number(
                                "PROCESS",
                                "What is in force in this process, or thread, in place of a file;"
                                        + " for root.");
    }

    boolean isGiven() {
        return process.isGiven();
    }

    int get() {
        return process.get();
    }

    /**
     * @param file in whose place a process can be named
     * @param label of that operand
     * @throws io.sandbox.cli.options.UsageMistake if both are given, or neither
     */
    void requireOne(Value<String> file, String label) {
        if (file.isGiven() == process.isGiven()) {
            throw options.mistake(
                    file.isGiven()
                            ? label + " and --pid exclude each other"
                            : "no " + label + ", and no --pid");
        }
    }

    /**
     * @throws CommandFailure if it is no filter
     */
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
