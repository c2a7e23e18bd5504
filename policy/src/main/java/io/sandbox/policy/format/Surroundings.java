// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import java.util.Map;
import java.util.Optional;

/**
 * What is not in the text of a policy, but what some formats need to know.
 *
 * @param arch of the machine, as our tables name it: some constants have other values on others
 * @param constants numbers of names that we do not know
 * @param part which of several policies in the file is meant
 */
public record Surroundings(
        String arch, IncludedFiles files, Map<String, Long> constants, Optional<String> part) {
    public Surroundings {
        constants = Map.copyOf(constants);
    }

    /** On a machine of this architecture, and nothing more. */
    public static Surroundings on(String arch) {
        return new Surroundings(arch, IncludedFiles.NONE, Map.of(), Optional.empty());
    }

    public Surroundings withFiles(IncludedFiles newFiles) {
        return new Surroundings(arch, newFiles, constants, part);
    }
}
