// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.util.Collections.disjoint;

import java.util.Set;

/** Reads a profile for container runtimes, or the one in the {@code config.json} of a bundle. */
final class OciReader implements FormatReader {
    private static final Set<String> SIGNS = Set.of("defaultAction", "syscalls", "linux");

    @Override
    public Fit fit(UnknownText text) {
        return text.json().filter(root -> !disjoint(root.keys(), SIGNS)).isPresent()
                ? Fit.WHOLE
                : Fit.NONE;
    }

    @Override
    public Reading read(String text, Surroundings around) {
        return new OciProfile(profile(JsonTree.parse(text))).read();
    }

    static DataNode profile(DataNode root) {
        boolean isBundle = disjoint(root.keys(), Set.of("defaultAction", "syscalls"));
        return isBundle && root.find("linux").isPresent() ? root.get("linux").get("seccomp") : root;
    }
}
