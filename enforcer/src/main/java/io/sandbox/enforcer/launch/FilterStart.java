// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Locale;

/**
 * When in a program's life its filter starts, and what loads it. {@code --from} and {@code
 * sandbox-exec} ({@code preload/src/inject/start.h}) take these words.
 *
 * <p>{@link #EXEC} is the default for dynamic programs too. The list then works with every tool,
 * and it holds for what runs before the entry point, such as the constructors of a library that an
 * attacker has named.
 */
public enum FilterStart {
    /** libsandbox.so loads the filter in its constructor. */
    PRELOAD,
    /** The loader loads it before the program's first call. */
    EXEC,
    /** The loader loads it after the dynamic linker and the libraries' constructors. */
    ENTRY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
