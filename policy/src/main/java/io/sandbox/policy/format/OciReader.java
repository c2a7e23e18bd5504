// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

/** Reads a profile for container runtimes, or the one in the {@code config.json} of a bundle. */
final class OciReader implements FormatReader {
    @Override
    public boolean recognises(UnknownText text) {
        return text.isJson();
    }

    @Override
    public Reading read(String text, Surroundings around) {
        DataNode root = JsonTree.parse(text);
        if (root.find("defaultAction").isEmpty() && root.find("linux").isPresent()) {
            root = root.get("linux").get("seccomp");
        }
        return new OciProfile(root).read();
    }
}
