// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.Note;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.format.PolicyFormat;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The formats of a list, with their names for {@code --format}. */
public enum ListFormat {
    /** A line for a shell, with quotes. */
    ENV("env"),
    /** A line for {@code docker run --env-file}, without quotes. */
    ENVFILE("envfile"),
    /** A profile for container runtimes, with the calls that a runtime itself needs. */
    OCI("oci"),
    /** A drop-in for a service of systemd. */
    SYSTEMD("systemd");

    private final String word;

    ListFormat(String word) {
        this.word = word;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return word;
    }

    /** Whether it is for container runtimes, which load the filter before the program. */
    boolean isForRuntimes() {
        return this == OCI;
    }

    /** How the names of files with such lists end. */
    String fileSuffix() {
        return switch (this) {
            case OCI -> ".json";
            case SYSTEMD -> ".conf";
            default -> ".env";
        };
    }

    /**
     * @param comments lines above the list
     * @param reasons for entries that do not speak for themselves, by name
     */
    byte[] write(List<String> comments, Allowlist list, Map<String, String> reasons, Arch arch) {
        if (this == OCI || this == SYSTEMD) {
            Circumstances here = HostCircumstances.query(arch.name());
            PolicyDocument document =
                    this == OCI
                            ? explained(list, reasons)
                            : PolicyDocument.of(list.toPolicy(Action.KILL)).withComments(comments);
            PolicyFormat format = this == OCI ? PolicyFormat.OCI : PolicyFormat.SYSTEMD;
            return format.write(document, here).text().getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder();
        for (String comment : comments) {
            // A file's name may contain newlines.
            text.append("# ").append(Console.printable(comment)).append('\n');
        }
        text.append(line(list)).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static PolicyDocument explained(Allowlist list, Map<String, String> reasons) {
        PolicyDocument document = PolicyDocument.of(list.toPolicy(Action.KILL));
        return document.withRules(
                document.rules().stream()
                        .map(rule -> explained(rule, reasons))
                        // Writes those of one reason together.
                        .sorted(Comparator.comparing(rule -> rule.note().reason()))
                        .toList());
    }

    private static Rule explained(Rule rule, Map<String, String> reasons) {
        String reason = reasons.get(rule.call().toString());
        return reason == null ? rule : rule.withNote(new Note(List.of(), reason, 0));
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
