// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.lists;

import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.syscalldb.Capability;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * The capabilities that a program is to keep, in the words of what enforces its list: as lines
 * behind the list if its format has any, otherwise as a hint for the user.
 */
public final class CapabilityLines {
    private final ListFormat format;
    private final LearnedCapabilities learned;
    private final List<String> names;

    public CapabilityLines(ListFormat format, LearnedCapabilities learned) {
        this.format = format;
        this.learned = learned;
        names = Capability.names(learned.kept());
    }

    /** The list with these lines. */
    public byte[] behind(byte[] list) {
        return areKnown() && format != ListFormat.BPF
                ? with(new String(list, StandardCharsets.UTF_8), lines())
                        .getBytes(StandardCharsets.UTF_8)
                : list;
    }

    /** A list with more lines; those of a drop-in come before what is said of its calls. */
    public static String with(String list, String lines) {
        return list.replaceFirst("\\z|(?<=\n)(?=\n#)", Matcher.quoteReplacement(lines));
    }

    public boolean areKnown() {
        return learned.unrecorded().isEmpty();
    }

    private String lines() {
        return switch (format) {
            case SYSTEMD -> {
                String set = "CapabilityBoundingSet=";
                yield learned.comment().map(each -> "# " + each + "\n").orElse("")
                        + (set + "\n")
                        + (names.isEmpty()
                                ? ""
                                : set
                                        + String.join(" ", Capability.unitNames(learned.kept()))
                                        + "\n");
            }
            case FIREJAIL ->
                    names.isEmpty()
                            ? "caps.drop all\n"
                            : "caps.keep " + String.join(",", names) + "\n";
            default -> "";
        };
    }

    /** What to tell the user; empty if there is nothing. */
    public Optional<String> hint() {
        String way = way();
        boolean silent = learned.kept() == 0 && learned.lacking() == 0;
        if (way.isEmpty() && (silent || !areKnown())) {
            return Optional.empty();
        }
        boolean hasLines = !lines().isEmpty() || !areKnown() || way.isEmpty();
        return Optional.of(
                learned.sentence()
                        + (hasLines
                                ? ""
                                : " (to give it what it used and nothing else: " + way + ")"));
    }

    /** How to enforce them; empty if what enforces the list has no capabilities. */
    private String way() {
        return switch (format) {
            case OCI ->
                    "--cap-drop=all"
                            + names.stream()
                                    .map(name -> " --cap-add=" + name)
                                    .collect(Collectors.joining());
            case SPO ->
                    "securityContext: {capabilities: {drop: [ALL]"
                            + (names.isEmpty() ? "" : ", add: [" + each() + "]")
                            + "}}";
            case MINIJAIL -> "minijail0 -c 0x" + Long.toHexString(learned.kept());
            case SYSTEMD, FIREJAIL -> "its lines";
            case ENV, ENVFILE, LIST, JSON ->
                    names.isEmpty() ? "" : "sandbox run " + option().strip();
            default -> "";
        };
    }

    /** Takes all others from a program that we start; empty for one that used none. */
    public String option() {
        return names.isEmpty() ? "" : "--caps " + String.join(",", names) + " ";
    }

    private String each() {
        return names.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
