// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.FormatAdvice;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.enforcer.launch.file.FilesBeside;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.Optional;

/** Reads other formats. Apart, so that a start with the variables loads no other reader. */
final class OtherFormat {
    private static void requireNoListener(PolicyDocument document) {
        boolean asks = document.otherwise() == Action.NOTIFY;
        for (Rule rule : document.rules()) {
            asks |= rule.action() == Action.NOTIFY;
        }
        if (asks) {
            throw PolicyFormatException.ofWhole(
                    "has another program decide about calls (notify), which is not possible here"
                            + " (sandbox policy convert shows what would replace it)");
        }
    }

    /** Throws {@link CommandFailure} if the file is no policy. */
    static EnforcedPolicy read(Path file, byte[] bytes, FromFormat format, Console console) {
        try {
            String arch = SyscallDb.get().nativeArch().name();
            FilesBeside others = new FilesBeside(file);
            Reading reading = format.read(bytes, Surroundings.on(arch).withFiles(others));
            reading.losses().forEach(loss -> console.say(file + ": " + loss));
            requireNoListener(reading.document());
            return new EnforcedPolicy(
                    reading.document().under(HostCircumstances.query(arch)),
                    file.toString(),
                    false,
                    true,
                    Optional.of(bytes).filter(read -> !others.wereAsked()));
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(file + ": " + FormatAdvice.words(e));
        }
    }
}
