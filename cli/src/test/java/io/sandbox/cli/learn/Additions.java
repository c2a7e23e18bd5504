// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.recorder.run.CommandAddition;
import java.util.ArrayList;
import java.util.List;

/** A command with what is added to it, as sandbox-exec puts them together. */
final class Additions {
    private Additions() {}

    static String to(String command, CommandAddition addition) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(addition.at(), addition.words());
        return String.join(" ", words);
    }
}
