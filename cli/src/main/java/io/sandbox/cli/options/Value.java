// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.Optional;

/** What was given for an option or an operand, once the command line has been read. */
public final class Value<T> {
    private final Argument argument;
    private final T otherwise;

    /**
     * @param argument whose values are of this type
     * @param otherwise for where none is given; may be null
     */
    Value(Argument argument, T otherwise) {
        this.argument = argument;
        this.otherwise = otherwise;
    }

    /** The same, with a value for where none is given. */
    public Value<T> or(T value) {
        return new Value<>(argument, value);
    }

    public boolean isGiven() {
        return argument.value() != null;
    }

    /** Null if none is given and there is none for that. */
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
