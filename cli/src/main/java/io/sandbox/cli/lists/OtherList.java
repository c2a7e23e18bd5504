// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.lists;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.enforcer.seccomp.SeccompException;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.policy.format.Writing;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.Worth;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a list in another format. Apart, so that a start with variables loads no writers. */
public final class OtherList {
    private static final String BPF = "bpf";

    private OtherList() {}

    /**
     * @param format its word on the command line
     * @throws CommandFailure if the format cannot express the list
     */
    public static byte[] write(String format, PolicyDocument document, Arch arch, Console console) {
        Circumstances here = HostCircumstances.query(arch.name());
        try {
            if (format.equals(BPF)) {
                return new FilterCompiler().compile(document, here, arch).toBytes();
            }
            Writing writing = PolicyFormat.byName(format).orElseThrow().write(document, here);
            writing.losses().forEach(loss -> console.sayOnce(format + ": " + loss));
            byte[] text = writing.text().getBytes(StandardCharsets.UTF_8);
            if (!writing.losses().isEmpty()) {
                sayOpened(format, document, text, here, Optional.empty(), console);
            }
            return text;
        } catch (PolicyFormatException | FilterException | SeccompException e) {
            throw CommandFailure.ownFailure(format + ": " + e.getMessage());
        }
    }

    /**
     * What a format cannot say is told for each call; this is what it comes to.
     *
     * @param written what the format made of the document
     */
    public static void sayOpened(
            String format,
            PolicyDocument document,
            byte[] written,
            Circumstances here,
            Optional<Path> file,
            Console console) {
        PolicyDocument read;
        try {
            Surroundings around = Surroundings.on(here.arch());
            read = PolicyFormat.byName(format).orElseThrow().read(written, around).document();
        } catch (PolicyFormatException e) {
            return; // such as a drop-in that only logs, which is no policy any more
        }
        Worth before = Worth.of(PolicyMeaning.of(document, here));
        Worth after = Worth.of(PolicyMeaning.of(read, here));
        int left = after.reachable().size();
        int more = left - before.reachable().size();
        if (more > 0) {
            String name = file.map(Path::toString).map(ShellQuote::quote).orElse("FILE");
            console.sayOnce(
                    String.format(
                            "%s: leaves %d of %d known exploits reachable, %d more than what it is"
                                    + " made from (sandbox policy test %s --exploits lists them)",
                            format, left, Worth.all(), more, name));
        }
    }

    /** How many known exploits a list leaves reachable, as a sentence. */
    public static String worth(PolicyDocument list, Arch arch) {
        Circumstances here = HostCircumstances.queryUsual(arch.name());
        return "the list: " + Worth.of(PolicyMeaning.of(list, here)).sentence("");
    }

    /** {@code reasons} for entries that do not speak for themselves, by call or whole entry. */
    public static PolicyDocument document(Allowlist list, Map<String, String> reasons) {
        PolicyDocument document = PolicyDocument.of(list.toPolicy(Action.KILL));
        List<Rule> explained =
                document.rules().stream()
                        .map(rule -> explained(rule, reasons))
                        // Rules with the same reason are written together.
                        .sorted(Comparator.comparing(rule -> rule.note().reason()))
                        .toList();
        return document.withRules(Rule.strictestFirst(explained));
    }

    private static Rule explained(Rule rule, Map<String, String> reasons) {
        String reason =
                Stream.of(rule.call().toString(), rule.subject())
                        .map(reasons::get)
                        .filter(Objects::nonNull)
                        .distinct()
                        .collect(Collectors.joining("; "));
        return reason.isEmpty() ? rule : rule.withNote(new Note(List.of(), reason, 0));
    }
}
