// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

/** When in the life of a program a call was first seen. */
enum Phase {
    LINKER("linker"),
    START("start-up"),
    SERVING("serving");

    private final String word;

    Phase(String word) {
        this.word = word;
    }

    /** For people. */
    String word() {
        return word;
    }

    /** For the page's style and script. */
    String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
