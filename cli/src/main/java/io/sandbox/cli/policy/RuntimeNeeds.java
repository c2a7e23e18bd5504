// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.lists.OtherList;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.LooserLines;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.evidence.learned.RuntimeCalls;
import io.sandbox.policy.Action;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.policy.worth.Looser;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
        Map<String, String> added = new TreeMap<>();
        needs.forEach(
                (entry, reason) -> {
                    CallRef call = PolicyText.parseEntries(entry).get(0).call();
                    Ruling ruling = meaning.about(meaning.arch(), call);
                    if (ruling.extent() != Ruling.Extent.ALWAYS
                            && !ruling.entries().contains(entry)) {
                        added.put(entry, "added, " + reason);
                    }
                });
        if (added.isEmpty()) {
            return document;
        }
        List<Rule> rules = OtherList.document(Allowlist.of(added.keySet()), added).rules();
        // The first rule that matches a call decides.
        List<Rule> all = Stream.of(rules, document.rules()).flatMap(List::stream).toList();
        PolicyDocument wider = document.withRules(all);
        say(
                format + ": added for " + runtime.get() + ": ",
                rules,
                meaning,
                Looser.between(document, wider, place.circumstances()));
        console.say(format + ": " + ALSO_UNDER_IT);
        return wider;
    }

    /** A line for each call that opens something, or of which the policy has a rule already. */
    private void say(String words, List<Rule> rules, PolicyMeaning meaning, List<Looser> looser) {
        Set<String> others = new TreeSet<>();
        rules.forEach(rule -> others.add(rule.call().toString()));
        for (Looser each : looser) {
            CallRef call = new CallRef.Named(each.difference().subject());
            boolean isRuled = !meaning.about(meaning.arch(), call).rules().isEmpty();
            if (isRuled || !each.about().isEmpty()) {
                String line = LooserLines.line(each.difference(), meaning.arch(), each.about());
                console.say(words + line);
                others.remove(call.toString());
            }
        }
        if (!others.isEmpty()) {
            console.say(words + "without a known risk: " + String.join(" ", others));
        }
    }
}
