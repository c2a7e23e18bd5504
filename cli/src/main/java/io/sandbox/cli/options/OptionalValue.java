// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.Map;
import java.util.Stack;
import java.util.function.Predicate;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code --option} or {@code --option=VALUE}: the next word is the value only if it cannot be
 * anything else. Not a record, for the reason given at the converters of {@link Options}.
 */
final class OptionalValue implements IParameterPreprocessor {
    private final String otherwise;
    private final Predicate<String> unmistakable;

    /**
     * @param otherwise the value if none is given
     * @param unmistakable whether a word can only be the value
     */
    OptionalValue(String otherwise, Predicate<String> unmistakable) {
        this.otherwise = otherwise;
        this.unmistakable = unmistakable;
    }

    @Override
    public boolean preprocess(
            Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        boolean follows =
                "=".equals(info.get("separator"))
                        || !words.isEmpty() && unmistakable.test(words.peek());
        if (!follows) {
            words.push(otherwise);
        }
        return false;
    }
}
