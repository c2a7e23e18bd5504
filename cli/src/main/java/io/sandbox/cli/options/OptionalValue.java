// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code --option} or {@code --option=VALUE}: the next word is never the value. Not a record, for
 * the reason given at the converters of {@link Options}.
 */
final class OptionalValue implements IParameterPreprocessor {
    private final String otherwise;

    /**
     * @param otherwise the value if none is given
     */
    OptionalValue(String otherwise) {
        this.otherwise = otherwise;
    }

    @Override
    public boolean preprocess(
            Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (!"=".equals(info.get("separator"))) {
            words.push(otherwise);
        }
        return false;
    }
}
