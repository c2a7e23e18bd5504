// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.run.Drive;
import io.sandbox.recorder.run.State;
import io.sandbox.recorder.run.Variation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** In which states a program is tried that we start ourselves. */
final class StateOptions {
    private final Value<List<String>> words;
    private final Value<Boolean> dry;

    StateOptions(Options options) {
        words =
                options.named("--vary")
                        .rare()
                        .offering(() -> State.all().stream().map(State::name).toList())
                        .list("STATE");
        dry = options.named("--dry-run").flag();
    }

    boolean areGiven() {
        return words.isGiven() || dry.get();
    }

    boolean isDry() {
        return dry.get();
    }

    /** Those that are wanted. Throws {@link CommandFailure} for a word that is none. */
    List<State> wanted() {
        List<State> all = State.all();
        List<State> states = new ArrayList<>();
        if (words.get().stream().allMatch(word -> word.startsWith("-"))) {
            states.addAll(all);
        }
        for (String word : words.get()) {
            String name = word.startsWith("-") ? word.substring(1) : word;
            State state =
                    all.stream()
                            .filter(each -> each.name().equals(name))
                            .findAny()
                            .orElseThrow(
                                    () ->
                                            CommandFailure.ownFailure(
                                                    "--vary: "
                                                            + name
                                                            + ": no such state (--thorough"
                                                            + " --dry-run lists them)"));
            if (word.startsWith("-")) {
                states.remove(state);
            } else if (!states.contains(state)) {
                states.add(state);
            }
        }
        return states;
    }

    /** The wanted states, with what each does, or why it cannot be tried here. */
    String list(Variation variation) {
        StringBuilder list = new StringBuilder();
        String noCopy = variation.noCopy();
        list.append(
                noCopy.isEmpty()
                        ? "Each state has a copy of all file systems, in memory; so nothing that"
                                + " the program does there stays.\n"
                        : "There can be no copy of the file systems, so what the program does"
                                + " stays: "
                                + noCopy
                                + "\n");
        for (State state : wanted()) {
            list.append(
                    String.format(
                            "  %-15s %s%s%n",
                            state.name(),
                            state.meaning(),
                            variation
                                    .obstacle(state)
                                    .map(why -> " (not here: " + why + ")")
                                    .orElse("")));
        }
        return list.toString();
    }

    Variation variation(SandboxExec sandboxExec, Optional<Drive> drive) {
        return new Variation(sandboxExec, wanted(), LibC.geteuid() == 0, drive);
    }
}
