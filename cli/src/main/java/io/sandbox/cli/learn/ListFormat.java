// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The formats of a learned list: those of {@link io.sandbox.policy.format.PolicyFormat}, and
 * compiled. The usual formats are written without the classes of the others, because loading these
 * would make each start slower.
 */
public enum ListFormat {
    ENV(".env"),
    ENVFILE(".env"),
    LIST(".list", ".txt"),
    JSON(".json"),
    SECCOMPILER(".json"),
    OCI(".json"),
    SPO(".yaml", ".yml"),
    SYSTEMD(".conf", ".service"),
    FIREJAIL(".profile", ".inc"),
    MINIJAIL(".policy"),
    KAFEL(".kafel"),
    BPF(".bpf");

    private final String[] endings;

    /**
     * @param endings of names of files, the usual one first
     */
    ListFormat(String... endings) {
        this.endings = endings;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words, for help texts. */
    static String words() {
        StringBuilder words = new StringBuilder();
        for (ListFormat format : values()) {
            words.append(words.isEmpty() ? "" : format == BPF ? " or " : ", ").append(format);
        }
        return words.toString();
    }

    /** The first format with the ending of a file's name; {@link #ENV} if none has it. */
    static ListFormat ofFile(Path file) {
        for (ListFormat format : values()) {
            for (String ending : format.endings) {
                if (file.toString().endsWith(ending)) {
                    return format;
                }
            }
        }
        return ENV;
    }

    /** How the names of files of this format usually end. */
    String ending() {
        return endings[0];
    }

    /** Whether it is for container runtimes, which need calls themselves. */
    boolean isForRuntimes() {
        return this == OCI || this == SPO;
    }

    /** Whether it consists of variables. A file can hold several of them. */
    boolean isVariables() {
        return this == ENV || this == ENVFILE;
    }

    /**
     * @param comments lines above the list, if the format is variables
     * @param reasons for entries that do not speak for themselves, by call or whole entry
     * @param unknown what happens to calls that this kernel does not have
     * @param console is told what the format cannot say
     * @throws io.sandbox.outcome.CommandFailure if the format cannot express the list
     */
    public byte[] write(
            Iterable<String> comments,
            Allowlist list,
            Map<String, String> reasons,
            UnknownCalls unknown,
            Arch arch,
            Console console) {
        if (!isVariables()) {
            return OtherList.write(toString(), list, reasons, unknown, arch, console);
        }
        StringBuilder text = new StringBuilder();
        for (String comment : comments) {
            // A file's name may contain newlines.
            text.append("# ").append(Console.printable(comment)).append('\n');
        }
        text.append(this == ENV ? list.toShell() : list.toEnvironmentFile()).append('\n');
        if (unknown.refused()) {
            String quote = this == ENV ? "\"" : "";
            text.append("SECCOMP_UNKNOWN=")
                    .append(quote)
                    .append(unknown)
                    .append(quote)
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The beginning of a shell command that enforces the list of a file: it puts variables into a
     * program's environment, or names the file to a loader.
     *
     * @param commented whether there are comments in the file
     * @param means the command that enforces variables
     */
    String enforcing(Path file, boolean commented, String means) {
        // No entry has a blank, so only the quotes of the assignment must be removed.
        String quoted = ShellQuote.quote(file.toString());
        if (this == BPF) {
            return "sandbox-exec " + quoted + " ";
        }
        if (!isVariables()) {
            return "sandboxify --policy " + quoted + " ";
        }
        if (commented) {
            return "env $(sed '/^#/d; s/\"//g' " + quoted + ") " + means;
        }
        return "env $(" + (this == ENV ? "tr -d '\"' <" : "cat ") + quoted + ") " + means;
    }
}
