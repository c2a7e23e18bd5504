// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.lists;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

    /** The formats for container runtimes, which need calls themselves. */
    public static final List<ListFormat> FOR_RUNTIMES = List.of(OCI, SPO);

    private final String[] endings;

    /** {@code endings} of names of files, the usual one first. */
    ListFormat(String... endings) {
        this.endings = endings;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format that a user of this tool means; empty if the word is none that we know. */
    public static Optional<ListFormat> meantBy(String tool) {
        return switch (tool) {
            case "docker", "podman", "containerd", "crun", "runc" -> Optional.of(OCI);
            case "kubernetes", "k8s" -> Optional.of(SPO);
            case "nsjail" -> Optional.of(KAFEL);
            case "firecracker" -> Optional.of(SECCOMPILER);
            case "unit", "service" -> Optional.of(SYSTEMD);
            default -> Optional.empty();
        };
    }

    /** The option for the format of the list. {@code values}: what stands in its text. */
    public static Value<ListFormat> option(Options options, Object... values) {
        return options.named("--to")
                .offering(Arrays.stream(values()).map(ListFormat::toString).toList())
                .with(values)
                .converted(ListFormat::of, "FORMAT");
    }

    /** Throws {@link IllegalArgumentException} if the word names no format. */
    public static ListFormat of(String word) {
        for (ListFormat format : values()) {
            if (format.toString().equals(word)) {
                return format;
            }
        }
        throw new IllegalArgumentException(
                word
                        + meantBy(word)
                                .map(format -> ": the format is named " + format)
                                .orElse(": unknown format (" + words() + ")"));
    }

    public static String words() {
        StringBuilder words = new StringBuilder();
        for (ListFormat format : values()) {
            words.append(words.isEmpty() ? "" : format == BPF ? " or " : ", ").append(format);
        }
        return words.toString();
    }

    /** The first format with the ending of a file's name; {@link #ENV} if none has it. */
    public static ListFormat ofFile(Path file) {
        for (ListFormat format : values()) {
            for (String ending : format.endings) {
                if (file.toString().endsWith(ending)) {
                    return format;
                }
            }
        }
        return ENV;
    }

    public String ending() {
        return endings[0];
    }

    /** Whether it can allow a call for some arguments only. */
    public boolean hasConditions() {
        return this != SYSTEMD && this != FIREJAIL;
    }

    public boolean isForRuntimes() {
        return FOR_RUNTIMES.contains(this);
    }

    /** Whether it consists of variables. A file can hold several of them. */
    public boolean isVariables() {
        return this == ENV || this == ENVFILE;
    }

    /**
     * A list of which nothing else is to be said.
     *
     * @param console is told what the format cannot say
     * @throws io.sandbox.outcome.CommandFailure if the format cannot express the list
     */
    public byte[] write(Allowlist list, Arch arch, Console console) {
        return isVariables()
                ? variables(List.of(), list, UnknownCalls.AS_OTHERS)
                : OtherList.write(toString(), OtherList.document(list, Map.of()), arch, console);
    }

    /**
     * A list as variables.
     *
     * @param comments lines above it
     * @param unknown what happens to calls that this kernel does not have
     */
    public byte[] variables(Iterable<String> comments, Allowlist list, UnknownCalls unknown) {
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
     * The beginning of a shell command that enforces the list of a file.
     *
     * @param options further ones, with a blank behind each
     */
    public String enforcing(Path file, String options) {
        String quoted = ShellQuote.quote(file.toString());
        return this == BPF
                ? "sandbox-exec " + quoted + " "
                : "sandbox run --policy " + quoted + " " + options;
    }
}
