// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

/**
 * What the reader of a report can do next, in the words of the command that writes it: a report
 * knows no options.
 *
 * @param repeat runs the program until it shows nothing new
 * @param states runs the program in other states
 * @param verify runs the program under the list
 * @param chanceCalls adds the calls that a runtime makes by chance
 * @param portable adds the calls that the vDSO may have answered
 * @param reach reads the code of an executable
 */
public record NextSteps(
        String repeat,
        String states,
        String verify,
        String chanceCalls,
        String portable,
        String reach) {
    /** What is added to a sentence. */
    static String after(String words) {
        return words.isEmpty() ? "" : " (" + words + ")";
    }
}
