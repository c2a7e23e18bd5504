// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.evidence.learned.RuntimeCalls;
import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The option for a container runtime, which makes calls under the filter, too. */
final class RuntimeNeeds {
    private static final String ALSO_UNDER_IT =
            "an exec, a health check and --init run under it too: sandbox learn-container records"
                    + " them";

    private static final String OPTION = "--runtime";
    private static final String NONE = "none";

    /** The words of the formats for container runtimes. */
    static final List<String> FORMATS =
            ListFormat.FOR_RUNTIMES.stream().map(ListFormat::toString).toList();

    private final Value<String> runtime;
    private final Console console;

    RuntimeNeeds(Options options, Console console) {
        this.console = console;
        runtime = options.named(OPTION).text("NAME");
    }

    /**
     * Whether containers may be recorded. {@code preload/src/command/main.c} knows it too: then a
     * process serves us.
     */
    static boolean isWanted(String... arguments) {
        return Stream.of(arguments).anyMatch(word -> word.startsWith(OPTION));
    }

    /** Adds rules for the runtime's calls if wanted; else says that they may be missing. */
    PolicyDocument add(PolicyDocument document, String format, PolicyPlace place) {
        if (!FORMATS.contains(format)) {
            Options.refuseIf(runtime.isGiven(), "--runtime is for --to oci and spo");
            return document;
        }
        PolicyMeaning meaning = PolicyMeaning.of(document, place.circumstances());
        if (!runtime.isGiven() && meaning.isAllowList() && document.otherwise() != Action.LOG) {
            console.say(
                    format
                            + ": a list of the program alone does not start a container (try:"
                            + " --runtime runc or crun, which adds what the runtime needs;"
                            + " --runtime none if the policy has it); "
                            + ALSO_UNDER_IT);
        }
        if (!runtime.isGiven() || runtime.get().equals(NONE)) {
            return document;
        }
        Options.refuseIf(
                !place.arch().equals(SyscallDb.get().nativeArch()),
                "--runtime: its calls are measured on this machine, so --arch must be its own");
        Map<String, String> needs =
                RuntimeCalls.additions(
                        RuntimeProbe.measure(
                                runtime.get(),
                                Path.of(System.getProperty("sandbox.home"), "sandbox-exec")),
                        place.arch());
        return document.withRules(with(needs, document, meaning, format));
    }

    private static Action action(PolicyEntry entry) {
        return entry.errno().isPresent() ? Action.errno(entry.errno().getAsInt()) : Action.ALLOW;
    }

    private List<Rule> with(
            Map<String, String> needs,
            PolicyDocument document,
            PolicyMeaning meaning,
            String format) {
        List<Rule> rules = new ArrayList<>();
        List<Map.Entry<String, String>> byReason = new ArrayList<>(needs.entrySet());
        byReason.sort(Map.Entry.comparingByValue());
        for (Map.Entry<String, String> need : byReason) {
            PolicyEntry entry = PolicyText.parseEntries(need.getKey()).get(0);
            CallRef call = entry.call();
            Ruling ruling = meaning.about(meaning.arch(), call);
            if (ruling.extent() == Ruling.Extent.ALWAYS
                    || ruling.entries().contains(need.getKey())) {
                continue;
            }
            if (!ruling.rules().isEmpty() && ruling.extent() == Ruling.Extent.NEVER) {
                String was = "; was " + ruling.text();
                console.say(call + ": allowed now, since " + need.getValue() + was);
            }
            rules.add(
                    Rule.of(call, entry.conditions(), action(entry))
                            .withNote(new Note(List.of(), "added, " + need.getValue(), 0)));
        }
        if (!rules.isEmpty()) {
            String more =
                    rules.stream().map(Rule::subject).distinct().collect(Collectors.joining(" "));
            console.say(format + ": added for " + runtime.get() + ": " + more);
            console.say(format + ": " + ALSO_UNDER_IT);
        }
        // The first rule that matches a call decides.
        rules.addAll(document.rules());
        return rules;
    }
}
