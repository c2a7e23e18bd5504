// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

/** The text that shells show beside a completion. */
final class Described {
    private static final int LIMIT = 70;

    private Described() {}

    /** The first sentence, cut to the length of a line. */
    static String briefly(String description) {
        int end = description.indexOf(". ");
        String sentence = end < 0 ? description : description.substring(0, end);
        sentence = sentence.replaceFirst("\\.$", "");
        if (sentence.length() <= LIMIT) {
            return sentence;
        }
        return sentence.substring(0, sentence.lastIndexOf(' ', LIMIT)) + " ...";
    }
}
