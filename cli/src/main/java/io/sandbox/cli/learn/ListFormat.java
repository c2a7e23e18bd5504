// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.policy.Allowlist;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The formats of a list, with their names for {@code --format}. */
public enum ListFormat {
    /** A line for a shell, with quotes. */
    ENV("env"),
    /** A line for {@code docker run --env-file}, without quotes. */
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
            // A file's name may contain newlines.
            text.append("# ").append(Console.printable(comment)).append('\n');
        }
        text.append(line(list)).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The line of the list, without a newline. */
    public String line(Allowlist list) {
        return this == ENV ? list.toShell() : list.toEnvironmentFile();
    }

    /**
     * The beginning of a shell command that puts the list of a file into a program's environment.
     */
    String readingCommand(Path file, boolean commented) {
        // No entry has a blank, so only the quotes of the assignment must be removed.
        String quoted = ShellQuote.quote(file.toString());
        if (commented) {
            return "env $(sed '/^#/d; s/\"//g' " + quoted + ") ";
        }
        return "env $(" + (this == ENV ? "tr -d '\"' <" : "cat ") + quoted + ") ";
    }
}
