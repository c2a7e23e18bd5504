// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.document.PolicyFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a {@code SeccompProfile} of the Kubernetes Security Profiles Operator. */
final class SpoReader implements FormatReader {
    static final String KIND = "SeccompProfile";

    private static final Pattern SIGN = Pattern.compile("(?m)^kind:\\s*[\"']?" + KIND);

    private static final String BASE = "baseProfileName";

    @Override
    public boolean recognises(UnknownText text) {
        return text.has(SIGN);
    }

    @Override
    public Reading read(String text) {
        List<DataNode> profiles =
                YamlTree.parse(text).stream().filter(SpoReader::isProfile).toList();
        if (profiles.size() != 1) {
            throw PolicyFormatException.ofWhole(
                    "has " + profiles.size() + " documents of kind " + KIND + ", not one");
        }
        DataNode spec = profiles.get(0).get("spec");
        Reading reading = new OciProfile(spec, Set.of(BASE)).read();
        Optional<DataNode> base = spec.find(BASE);
        if (base.isEmpty() || base.get().text().isEmpty()) {
            return reading;
        }
        List<Loss> losses = new ArrayList<>(reading.losses());
        losses.add(new Loss(BASE, "the rules of " + base.get().text() + " are not in this file"));
        return new Reading(reading.document(), losses);
    }

    private static boolean isProfile(DataNode node) {
        return node.isMap()
                && node.find("kind").filter(k -> k.isText() && k.text().equals(KIND)).isPresent();
    }
}
