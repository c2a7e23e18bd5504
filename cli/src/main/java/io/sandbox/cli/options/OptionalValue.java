package io.sandbox.cli.options;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code --option} or {@code --option=VALUE}: the word behind the option is never its value.
 *
 * @param otherwise the value where none is given
 */
record OptionalValue(String otherwise) implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
            Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (!"=".equals(info.get("separator"))) {
            words.push(otherwise);
        }
        return false;
    }
}
