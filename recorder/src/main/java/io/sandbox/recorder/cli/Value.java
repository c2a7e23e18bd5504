package io.sandbox.recorder.cli;

import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;

/** What was given for an option or an operand, once the command line has been read. */
final class Value<T> {
    private final ArgSpec argument;
    private final T otherwise;

    private Value(ArgSpec argument, T otherwise) {
        this.argument = argument;
        this.otherwise = otherwise;
    }

    static <T> Value<T> of(ArgSpec argument) {
        return new Value<>(argument, null);
    }

    /** The same, with a value for where none is given. */
    Value<T> or(T value) {
        return new Value<>(argument, value);
    }

    boolean isGiven() {
        return argument.getValue() != null;
    }

    /** Null if none is given and there is none for that. */
    T get() {
        T given = argument.getValue();
        return given == null ? otherwise : given;
    }

    Optional<T> optional() {
        return Optional.ofNullable(get());
    }
}
