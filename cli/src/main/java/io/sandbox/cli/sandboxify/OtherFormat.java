// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.format.PolicyFormat;
import io.sandbox.enforcer.format.Reading;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;

/**
 * Reads policy files in formats other than our variables. This is a separate class so that a start
 * with the variables does not load the other readers.
 */
final class OtherFormat {
    private OtherFormat() {}

    /**
     * @throws CommandFailure if the file is no policy
     */
    static EnforcedPolicy read(Path file, byte[] bytes, boolean quiet, Console console) {
        try {
            Reading reading = PolicyFormat.readAny(bytes);
            for (Loss loss : reading.losses()) {
                console.say(file + ": " + loss);
            }
            Circumstances here = HostCircumstances.query(SyscallDb.get().nativeArch().name());
            return new EnforcedPolicy(
                    reading.document().under(here), file.toString(), false, quiet);
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(file + ": " + e.getMessage());
        }
    }
}
