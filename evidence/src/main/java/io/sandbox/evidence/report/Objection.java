// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

/** What speaks against relying on a list. {@code sentence} may hold names that others chose. */
record Objection(Weight weight, String sentence) {
    /** The heaviest first. */
    enum Weight {
        SERIOUS("Serious", "bad"),
        CAUTION("Caution", "warn"),
        NOTE("Note", "note");

        private final String word;
        private final String style;

        Weight(String word, String style) {
            this.word = word;
            this.style = style;
        }

        String word() {
            return word;
        }

        /** The class of the style sheet. */
        String style() {
            return style;
        }
    }
}
