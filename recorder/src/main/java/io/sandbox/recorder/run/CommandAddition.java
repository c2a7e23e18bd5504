// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.util.List;

/**
 * What is added to a command.
 *
 * @param variable of its environment, as NAME=VALUE; empty for none
 * @param at after how many words of the command the new words are put
 */
public record CommandAddition(String variable, int at, List<String> words) {
    static final CommandAddition NOTHING = new CommandAddition("", 1, List.of());
}
