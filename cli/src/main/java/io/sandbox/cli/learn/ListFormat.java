// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.policy.Allowlist;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** How a list is written; the names are what {@code --format} takes. */
public enum ListFormat {
    /** A line for a shell, with quotes. */
    ENV("env"),
    /** A line for {@code docker run --env-file}, without. */
    ENVFILE("envfile");

    private final String word;

    ListFormat(String word) {
        this.word = word;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return word;
    }

    /**
     * @param comments lines above the list
     */
    byte[] write(List<String> comments, Allowlist list) {
        StringBuilder text = new StringBuilder();
        for (String comment : comments) {
            // The name of a file may have lines of its own.
            text.append("# ").append(Console.printable(comment)).append('\n');
        }
        text.append(line(list)).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The list alone, without the end of its line. */
    public String line(Allowlist list) {
        return this == ENV ? list.toShell() : list.toEnvironmentFile();
    }

    /** Words for a shell that put the list of this file into a command's environment. */
    String readingCommand(Path file, boolean commented) {
        // No entry holds a blank, so the quotes of a shell's assignment are all that is in the way.
        String quoted = ShellQuote.quote(file.toString());
        if (commented) {
            return "env $(sed '/^#/d; s/\"//g' " + quoted + ") ";
        }
        return "env $(" + (this == ENV ? "tr -d '\"' <" : "cat ") + quoted + ") ";
    }
}
