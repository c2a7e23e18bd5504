// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.recording.RecordedNames;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.explain.Explainer;
import io.sandbox.enforcer.launch.explain.RefusedCall;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.policy.Action;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.worth.Looser;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The messages of {@code sandbox run --explain}: one for each call that ended a process. */
final class ExplainReport implements Explainer.Observer {
    private final Console console;
    private final EnforcedPolicy policy;
    private final PolicyDocument document;
    private final Arch arch;
    private final List<String> command;
    private final boolean quiet;
    private final Set<String> told = new HashSet<>();
    private int processes;

    /**
     * @param arch the architecture for which the policy was compiled
     * @param command the program and its arguments
     * @param quiet whether nothing is said if nothing was refused
     */
    ExplainReport(
            Console console,
            EnforcedPolicy policy,
            Arch arch,
            List<String> command,
            boolean quiet) {
        this.console = console;
        this.policy = policy;
        document = policy.document();
        this.arch = arch;
        this.command = command;
        this.quiet = quiet;
    }

    /** Runs the program of the command line, and prints messages until its end. */
    int run(SandboxExec sandboxExec, int count, FilterStart from, BpfProgram filter) {
        int status = new Explainer(sandboxExec, this).run(count, from, filter);
        finish();
        return status;
    }

    @Override
    public void refused(RefusedCall refused) {
        processes++;
        String remedy = remedy(refused);
        // Prints equal messages once: a loop in a shell script may lose a process each time.
        if (told.add(refused.executable() + remedy)) {
            console.say(
                    String.format(
                            "killed for %s in %s%s (process %s)%s; %s",
                            name(refused),
                            refused.executable(),
                            RecordedNames.linkTo(refused.executable(), command)
                                    .map(", which %s leads to"::formatted)
                                    .orElse(""),
                            refused.process(),
                            refused.origin().map(origin -> ", called at " + origin).orElse(""),
                            remedy));
        }
    }

    private static String name(RefusedCall refused) {
        return String.format(
                "%s (%s of %s)",
                refused.call().displayName(), refused.call().number(), refused.call().archName());
    }

    private String remedy(RefusedCall refused) {
        String archName = refused.call().archName();
        Optional<Arch> ofCall =
                SyscallDb.get().archByName(archName).filter(found -> policy.covers(archName, arch));
        if (ofCall.isEmpty()) {
            return String.format(
                    "it cannot be allowed: the list is for %s, and calls of %s do not fit into it",
                    arch.name(), archName);
        }
        List<Rule> rules = refused.rulesOf(document, ofCall.get());
        if (refused.call().displayName().equals("seccomp")
                && !refused.isKilledBy(rules, document.otherwise())) {
            return "with --explain, a program cannot have a listener of its own, because a process"
                    + " can have only one (leave out --explain)";
        }
        String refusing =
                rules.stream()
                        .filter(rule -> rule.action() == Action.KILL)
                        .map(Rule::subject)
                        .collect(Collectors.joining(":"));
        if (!refusing.isEmpty() || document.otherwise() == Action.ALLOW) {
            return "to allow it, "
                    + policy.toTakeOut(
                            refusing.isEmpty() ? refused.call().displayName() : refusing);
        }
        String hint =
                refused.origin().filter(ExplainReport::isLinker).isPresent()
                        ? "; the dynamic linker makes it"
                                + EnforcedPolicy.MAYBE_FOR_LIBRARY
                                + " (or LD_PRELOAD names a library that needs it)"
                        : "";
        return refused.missingEntry(rules, ofCall.get())
                .map(
                        entry ->
                                script(refused)
                                        + "to allow it, "
                                        + policy.toAdd(entry)
                                        + opens(entry)
                                        + hint)
                .orElse("it cannot be allowed: no list can hold it");
    }

    /** What an entry opens; empty if that is nothing of note. */
    private String opens(String entry) {
        PolicyEntry added = PolicyText.parseEntries(entry).get(0);
        List<Rule> rules = new ArrayList<>(document.rules());
        rules.add(Rule.of(added.call(), added.conditions(), Action.ALLOW));
        return Looser.between(
                        document,
                        document.withRules(rules),
                        HostCircumstances.queryUsual(arch.name()))
                .stream()
                .map(Looser::about)
                .filter(about -> !about.isEmpty())
                .map(about -> " (" + about + ")")
                .collect(Collectors.joining());
    }

    /** What is to be done first if it is the shell of a script, whose list may be another's. */
    private String script(RefusedCall refused) {
        boolean env = RecordedNames.isEnvOfScript(refused.executable(), command.get(0));
        if (!env && !RecordedNames.isShellOfScript(refused.executable(), command.get(0))) {
            return "";
        }
        String started =
                refused.program().flatMap(RecordedNames::program).map(": "::concat).orElse("");
        return command.get(0)
                + (env ? " is a script, and this starts" : " is a script, and this is")
                + " its shell: if the list is for the program that the script starts, run that"
                + " program"
                + (env ? "" : started)
                + "; otherwise, ";
    }

    private static boolean isLinker(Origin origin) {
        return origin.module().substring(origin.module().lastIndexOf('/') + 1).startsWith("ld-");
    }

    @Override
    public void descendantsLeft() {
        console.say(
                "the program has ended, processes that it started go on and are still watched"
                        + " (Ctrl-C ends the watching; their refused calls then fail with ENOSYS)");
    }

    private void finish() {
        if (processes == 0 && !quiet) {
            boolean givesErrors =
                    Stream.concat(
                                    Stream.of(document.otherwise()),
                                    document.rules().stream().map(Rule::action))
                            .anyMatch(Action.Errno.class::isInstance);
            console.say(
                    givesErrors
                            ? "no process was killed for a call (calls that fail with an error by"
                                    + " a rule of the policy are not shown)"
                            : "no call was refused");
        } else if (processes > told.size()) {
            console.say(processes + " processes were killed in all, the others for the same calls");
        }
    }
}
