// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp.Parameter;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallGroup;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a shell offers for a value: the choices, or else something that the label decides.
 *
 * @param words the words for {@link Kind#WORDS} and {@link Kind#BEGINNINGS}
 */
record Offer(Kind kind, List<String> words) {
    enum Kind {
        NOTHING,
        WORDS,
        /** Words that end with =, after which the rest of the value follows. */
        BEGINNINGS,
        FILES,
        /** A program and its words, which the shell completes as for the program alone. */
        PROGRAM
    }

    static Offer of(Parameter parameter) {
        List<String> choices = parameter.choices();
        if (!choices.isEmpty()) {
            boolean beginnings = choices.stream().allMatch(choice -> choice.endsWith("="));
            return new Offer(beginnings ? Kind.BEGINNINGS : Kind.WORDS, choices);
        }
        SyscallDb db = SyscallDb.get();
        return switch (parameter.label()) {
            case "FILE", "PATH", "FILTER", "A", "B" -> new Offer(Kind.FILES, List.of());
            case "PROGRAM" -> new Offer(Kind.PROGRAM, List.of());
            case "ARCH" -> words(db.arches().stream().map(Arch::name));
            case "FORMAT" -> words(formats(parameter));
            // Without the @, since bash would split the word there.
            case "GROUP" ->
                    words(db.groups().stream().map(SyscallGroup::name).map(n -> n.substring(1)));
            case "NAME", "SYSCALL" -> words(db.allFacts().stream().map(SyscallFacts::name));
            case "RISK" ->
                    words(
                            Stream.concat(
                                    Arrays.stream(Risk.values()).map(Risk::word),
                                    Arrays.stream(Risk.Level.values()).map(Risk.Level::word)));
            default -> new Offer(Kind.NOTHING, List.of());
        };
    }

    /** The names of the formats; bpf only for output, since it cannot be read. */
    private static Stream<String> formats(Parameter parameter) {
        Stream<String> read = Arrays.stream(PolicyFormat.values()).map(PolicyFormat::toString);
        return parameter.names().contains("--to") ? Stream.concat(read, Stream.of("bpf")) : read;
    }

    private static Offer words(Stream<String> words) {
        return new Offer(Kind.WORDS, words.toList());
    }

    // For the templates.

    boolean isNothing() {
        return kind == Kind.NOTHING;
    }

    boolean isWords() {
        return kind == Kind.WORDS;
    }

    boolean isBeginnings() {
        return kind == Kind.BEGINNINGS;
    }

    boolean isFiles() {
        return kind == Kind.FILES;
    }

    boolean isProgram() {
        return kind == Kind.PROGRAM;
    }

    boolean hasWords() {
        return !words.isEmpty();
    }

    String joined() {
        return String.join(" ", words);
    }
}
