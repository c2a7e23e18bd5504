package io.sandbox.recorder.cli;

import io.sandbox.enforcer.policy.Allowlist;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** How a list is written; the names are what {@code --format} takes. */
enum ListFormat {
    /** A line for a shell, with quotes. */
    env,
    /** A line for {@code docker run --env-file}, without. */
    envfile;

    byte[] write(Allowlist list) {
        String line = this == env ? list.toShell() : list.toEnvironmentFile();
        return (line + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Words for a shell that put the list of this file into a command's environment. */
    String readingCommand(Path file) {
        // No entry holds a blank, so the quotes of a shell's assignment are all that is in the way.
        String reader = this == env ? "tr -d '\"' <" : "cat ";
        return "env $(" + reader + ShellQuote.quote(file.toString()) + ") ";
    }
}
