// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a {@code SeccompProfile} of the Kubernetes Security Profiles Operator. */
final class SpoReader implements FormatReader {
    static final String KIND = "SeccompProfile";

    private static final Pattern SIGN = Pattern.compile("(?m)^kind:\\s*[\"']?" + KIND);

    private static final Set<String> KEYS =
            Set.of("apiVersion", "kind", "metadata", "spec", "status");

    private static final String BASE = "baseProfileName";

    @Override
    public Fit fit(UnknownText text) {
        if (text.json().isPresent()) {
            return text.json().filter(SpoReader::isProfile).isPresent() ? Fit.WHOLE : Fit.NONE;
        }
        if (!text.has(SIGN)) {
            return Fit.NONE;
        }
        try {
            boolean found = YamlTree.parse(text.text()).stream().anyMatch(SpoReader::isProfile);
            return found ? Fit.WHOLE : Fit.NONE;
        } catch (PolicyFormatException e) {
            return Fit.nearly(1);
        }
    }

    @Override
    public Reading read(String text, Surroundings around) {
        List<DataNode> profiles =
                YamlTree.parse(text).stream().filter(SpoReader::isProfile).toList();
        DataNode profile = chosen(profiles, around.part());
        profiles.forEach(each -> each.requireKeysAmong(KEYS));
        List<DataNode> calls = new ArrayList<>();
        List<Loss> losses = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        DataNode next = profile;
        while (next != null) {
            calls.addAll(next.get("spec").items("syscalls"));
            String base = base(next);
            seen.add(name(next));
            next = named(profiles, base).filter(p -> !seen.contains(name(p))).orElse(null);
            if (next == null && !base.isEmpty()) {
                String problem =
                        seen.contains(base)
                                ? ShownValue.of(base) + " builds on itself"
                                : "the rules of " + ShownValue.of(base) + " are not in this file";
                if (permits(profile)) {
                    throw PolicyFormatException.ofWhole(
                            BASE + ": " + problem + ", and all calls without a rule are allowed");
                }
                losses.add(new Loss(BASE, problem));
            }
        }
        Reading reading = new OciProfile(profile.get("spec"), calls, Set.of(BASE)).read();
        losses.addAll(0, reading.losses());
        return new Reading(reading.document().withActions(SpoReader::asOperator), losses);
    }

    /** The operator leaves out an errnoRet of 0, and the runtime then takes EPERM. */
    private static Action asOperator(Action action) {
        return action.equals(Action.errno(0))
                ? Action.errno(1)
                : action.equals(new Action.Trace(0)) ? new Action.Trace(1) : action;
    }

    /** Whether a rule that is missing would refuse a call. */
    private static boolean permits(DataNode profile) {
        String action = profile.get("spec").get("defaultAction").text();
        return action.equals("SCMP_ACT_ALLOW") || action.equals("SCMP_ACT_LOG");
    }

    /** The profile that is asked for, or the only one on which no other is built. */
    private static DataNode chosen(List<DataNode> profiles, Optional<String> part) {
        if (part.isPresent()) {
            return named(profiles, part.get())
                    .orElseThrow(
                            () ->
                                    PolicyFormatException.ofWhole(
                                            ShownValue.of(part.get())
                                                    + ": no such profile in this file"));
        }
        Set<String> bases = new HashSet<>();
        profiles.forEach(profile -> bases.add(base(profile)));
        List<DataNode> candidates =
                profiles.size() == 1
                        ? profiles
                        : profiles.stream().filter(p -> !bases.contains(name(p))).toList();
        if (candidates.size() != 1) {
            throw Parts.several("profiles", profiles.stream().map(SpoReader::name).toList());
        }
        return candidates.get(0);
    }

    private static Optional<DataNode> named(List<DataNode> profiles, String name) {
        return profiles.stream().filter(profile -> name(profile).equals(name)).findFirst();
    }

    private static String name(DataNode profile) {
        return profile.find("metadata")
                .flatMap(metadata -> metadata.find("name"))
                .map(DataNode::text)
                .orElse("(unnamed)");
    }

    /** The profile on which it is built; empty if none. */
    private static String base(DataNode profile) {
        return profile.find("spec").flatMap(spec -> spec.find(BASE)).map(DataNode::text).orElse("");
    }

    static boolean isProfile(DataNode node) {
        return node.isMap()
                && node.find("kind").filter(k -> k.isText() && k.text().equals(KIND)).isPresent();
    }
}
