// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.format.PolicyFormat;
import io.sandbox.enforcer.format.Reading;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.enforcer.seccomp.SeccompException;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy of a file of another format, for the circumstances of this process.
 *
 * @param whole with the rules that do not count here
 */
record DocumentPolicy(Path file, PolicyDocument whole, Circumstances here, boolean quiet)
        implements EnforcedPolicy {
    /**
     * @param action of an option, null if there is none
     * @throws CommandFailure if it is no policy, or the action would be a second one
     */
    static DocumentPolicy of(
            Path file, String text, boolean quiet, String action, Console console) {
        try {
            Reading reading = PolicyFormat.readAny(text.getBytes(StandardCharsets.UTF_8));
            if (action != null) {
                throw CommandFailure.ownFailure("--action: " + file + " has actions of its own");
            }
            for (Loss loss : reading.losses()) {
                console.say(file + ": " + loss);
            }
            Circumstances here = HostCircumstances.query(SyscallDb.get().nativeArch().name());
            return new DocumentPolicy(file, reading.document(), here, quiet);
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(file + ": " + e.getMessage());
        }
    }

    @Override
    public BpfProgram compile(Arch target) {
        try {
            return new FilterCompiler().compile(whole, here, target);
        } catch (FilterException | SeccompException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    @Override
    public List<CallRef> calls() {
        List<CallRef> calls = new ArrayList<>();
        for (Rule rule : document().rules()) {
            calls.add(rule.call());
        }
        return calls;
    }

    @Override
    public boolean logDenials() {
        return whole.logDenials();
    }

    @Override
    public PolicyDocument document() {
        return whole.under(here);
    }

    @Override
    public boolean covers(String arch, Arch target) {
        List<String> covered = whole.coverage().foreignOn(here.arch());
        covered.add(here.arch());
        return arch.equals(target.name())
                || covered.contains(target.name()) && covered.contains(arch);
    }

    @Override
    public Optional<String> whyNoneIsKilled() {
        PolicyDocument document = document();
        boolean kills =
                document.otherwise() == Action.KILL
                        || document.rules().stream().anyMatch(rule -> rule.action() == Action.KILL);
        return kills ? Optional.empty() : Optional.of(file + " kills no process for a call");
    }

    @Override
    public String toAdd(String entry) {
        return "allow " + entry + " in " + file;
    }

    @Override
    public String toTakeOut(String entries) {
        return "do not refuse " + entries + " in " + file;
    }
}
