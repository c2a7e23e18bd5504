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

/** A policy of a file of another format, for the circumstances of this process. */
record DocumentPolicy(PolicyDocument document, Circumstances here, boolean quiet)
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
            return new DocumentPolicy(reading.document(), here, quiet);
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(file + ": " + e.getMessage());
        }
    }

    @Override
    public BpfProgram compile(Arch target) {
        try {
            return new FilterCompiler().compile(document, here, target);
        } catch (FilterException | SeccompException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    @Override
    public List<CallRef> calls() {
        List<CallRef> calls = new ArrayList<>();
        for (Rule rule : document.under(here).rules()) {
            calls.add(rule.call());
        }
        return calls;
    }

    @Override
    public boolean logDenials() {
        return document.logDenials();
    }
}
