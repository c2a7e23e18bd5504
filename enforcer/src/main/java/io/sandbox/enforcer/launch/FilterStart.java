// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/**
 * Where in a program's life its filter starts, and by what means; {@code --from} takes the words,
 * and {@code sandbox-exec} ({@code preload/src/inject/filter_start.h}).
 */
public enum FilterStart {
    /** By libsandbox.so, where its constructor runs. */
    PRELOAD("preload"),
    /** By the loader, before the program's first call. */
    EXEC("exec"),
    /** By the loader, when the dynamic linker and the libraries' constructors are done. */
    ENTRY("entry");

    private final String word;

    FilterStart(String word) {
        this.word = word;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return word;
    }
}
