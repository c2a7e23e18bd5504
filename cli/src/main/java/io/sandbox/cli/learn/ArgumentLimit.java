package io.sandbox.cli.learn;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** {@code --args} or {@code --args=N}: the word behind it is the program, never the number. */
final class ArgumentLimit implements IParameterPreprocessor {
    private static final String DEFAULT = "8";

    /** So that the filter of all calls stays within what the kernel takes (4096 instructions). */
    static final int MAX = 32;

    @Override
    public boolean preprocess(
            Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (!"=".equals(info.get("separator"))) {
            words.push(DEFAULT);
        }
        return false;
    }
}
