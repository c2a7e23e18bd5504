// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.Optional;

/** The value of an option or an operand, after the command line was read. */
public final class Value<T> {
    private final Argument argument;
    private final T otherwise;

    /**
     * @param argument the option or operand, whose values must be of type T
     * @param otherwise the value if none is given; may be null
     */
    Value(Argument argument, T otherwise) {
        this.argument = argument;
        this.otherwise = otherwise;
    }

    /** This option with a default value. */
    public Value<T> or(T value) {
        return new Value<>(argument, value);
    }

    public boolean isGiven() {
        return argument.value() != null;
    }

    /** The given value or the default; null if there is neither. */
    @SuppressWarnings("unchecked")
    public // Options makes arguments and values in pairs.
    T get() {
        T given = (T) argument.value();
        return given == null ? otherwise : given;
    }

    public Optional<T> optional() {
        return Optional.ofNullable(get());
    }
}
