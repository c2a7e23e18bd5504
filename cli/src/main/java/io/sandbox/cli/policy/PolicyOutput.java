// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.lists.OtherList;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.enforcer.seccomp.SeccompException;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options for output: where a policy is written, and whether losses are accepted. */
final class PolicyOutput {
    static final String BPF = FromFormat.BPF;

    /** The formats for {@code --to}, for the help. */
    static String formats() {
        return Stream.of(PolicyFormat.values())
                .map(PolicyFormat::toString)
                .collect(Collectors.joining(", ", "", " or " + BPF + "."));
    }

    private final Value<Path> file;
    private final Value<Boolean> strict;
    private final Console console;
    private boolean mustLog;

    PolicyOutput(Options options, Console console) {
        this.console = console;
        file = options.named("-o", "--output").file();
        strict = options.named("--strict").flag();
    }

    /** Makes it an error if a format would refuse what the policy only logs. */
    void requireLogging() {
        mustLog = true;
    }

    /**
     * @param format the format's name on the command line
     * @param completed adds what is not of the policy
     * @throws CommandFailure if the format cannot express the policy, if it cannot be written, or
     *     if a loss is not accepted
     */
    void write(
            PolicyDocument document,
            String format,
            PolicyPlace place,
            PolicyInput input,
            UnaryOperator<byte[]> completed) {
        Options.refuseIf(
                format.equals(BPF)
                        && !file.isGiven()
                        && StandardOutput.isTerminal(StandardOutput.DESCRIPTOR),
                "bpf: is binary, and standard output is a terminal (try: -o FILE)");
        byte[] result = bytes(document, format, place, input);
        if (!format.equals(BPF) && document.otherwise() != Action.LOG) {
            OtherList.sayOpened(
                    format, document, result, place.circumstances(), file.optional(), console);
        }
        if (strict.get()) {
            input.requireNoLosses();
        }
        try (ResultOutput out = ResultOutput.open(file.get())) {
            out.write(completed.apply(result));
        }
    }

    private byte[] bytes(
            PolicyDocument document, String format, PolicyPlace place, PolicyInput input) {
        Circumstances here = place.circumstances();
        if (format.equals(BPF)) {
            input.report(format, Loss.ofCircumstances(document, here));
            input.report(format, uncovered(document, here, place.arch()));
            return compile(document, here, place.arch());
        }
        return input.written(document, FromFormat.named(format), here, mustLog);
    }

    private static List<Loss> uncovered(PolicyDocument document, Circumstances here, Arch target) {
        FilterCompiler compiler = new FilterCompiler();
        List<Loss> losses = new ArrayList<>();
        for (String name : document.coverage().foreignOn(here.arch())) {
            Optional<Arch> arch = SyscallDb.get().archByName(name);
            if (arch.filter(other -> compiler.supports(other, target)).isEmpty()) {
                losses.add(
                        new Loss(
                                "calls of " + name,
                                "are refused, since no filter for it can be made on this machine"));
            }
        }
        return losses;
    }

    private static byte[] compile(PolicyDocument document, Circumstances here, Arch arch) {
        try {
            return new FilterCompiler().compile(document, here, arch).toBytes();
        } catch (FilterException | SeccompException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }
}
