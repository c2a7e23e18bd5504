// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.outcome.ExitCodes;
import java.util.concurrent.Callable;

/** {@code sandbox-policy compile}. */
final class CompilePolicy implements Callable<Integer> {
    final Options options = new Options("compile", this, CompilePolicy::usage);

    private final Value<String> file =
            options.operand("FILE", "The policy. The name - means standard input.");
    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);
    private final PolicyOutput output = new PolicyOutput(options);

    private static Usage usage() {
        return Options.usage()
                .header(
                        "Compiles a policy into the filter that the kernel runs, for bwrap"
                                + " --seccomp or sandbox-exec.")
                .synopsis("sandbox-policy compile [OPTIONS] FILE");
    }

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox-policy"), parts);
        output.write(input.readForCompiler(file.get()), PolicyOutput.BPF, place, input);
        return ExitCodes.OK;
    }
}
