// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.bpf.Disassembly;
import io.sandbox.policy.bpf.FilterCode;
import java.util.List;
import java.util.concurrent.Callable;

final class DisassembleFilter implements Callable<Integer> {
    final Options options = new Options("disassemble", this);

    private final Value<String> file = options.optionalOperand("FILE");
    private final FilterSource process = new FilterSource(options);

    @Override
    public Integer call() {
        process.requireOne(file, "FILE");
        List<FilterCode> filters =
                process.isGiven()
                        ? process.query().filters()
                        : FilterSource.parse(file.get(), PolicyInput.bytes(file.get()));
        StringBuilder text = new StringBuilder();
        for (int i = filters.size() - 1; i >= 0; i--) {
            if (process.isGiven()) {
                text.append(text.isEmpty() ? "" : "\n");
                text.append(FilterScreen.title(filters, i)).append('\n');
            }
            text.append(Disassembly.of(filters.get(i)));
        }
        new StandardOutput().print(text.toString());
        return ExitCodes.OK;
    }
}
