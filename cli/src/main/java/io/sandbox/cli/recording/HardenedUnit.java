// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.policy.format.SystemdHardening;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A drop-in with each setting that the evidence proves to be harmless, and the reason above it.
 * What rests on files is left out: which of them a service needs, no recording proves.
 */
final class HardenedUnit {
    private static final String BOUNDING = "CapabilityBoundingSet";
    private static final String PRIVILEGES = "NoNewPrivileges";

    private static final Map<String, String> REASONS =
            new TreeMap<>(
                    Map.of(
                            BOUNDING,
                            "no other was granted, named, or given by a file",
                            "AmbientCapabilities",
                            "the unit gives them, and they were used",
                            "KeyringMode",
                            "no key was asked for",
                            "LockPersonality",
                            "the personality stayed as it was",
                            "MemoryDenyWriteExecute",
                            "no memory became executable later",
                            PRIVILEGES,
                            "no executed file gives privileges",
                            "RestrictAddressFamilies",
                            "no other kind of socket was made",
                            "RestrictNamespaces",
                            "no other namespace was made or joined",
                            "RestrictRealtime",
                            "no real-time policy was asked for",
                            "RestrictSUIDSGID",
                            "no file was given such a bit"));

    private final Map<String, StringBuilder> settings = new LinkedHashMap<>();
    private final String runs;

    /**
     * @param dropIn what is there without all this
     */
    private HardenedUnit(String dropIn, Recording recording) {
        runs = Wording.count(recording.runs().size(), "run");
        dropIn.lines().forEach(line -> add(line.replaceFirst("=.*", ""), line + "\n"));
    }

    private void add(String key, String lines) {
        settings.computeIfAbsent(key, absent -> new StringBuilder()).append(lines);
    }

    /**
     * @param dropIn the drop-in of the list
     * @param proved settings that its rules carry ({@link SystemdHardening})
     * @param givesNothing whether no file that was executed gives privileges
     */
    static String text(
            String dropIn, Recording recording, Map<String, String> proved, boolean givesNothing) {
        HardenedUnit unit = new HardenedUnit(dropIn, recording);
        unit.settings.keySet().removeAll(proved.keySet());
        proved.forEach(unit::add);
        if (givesNothing) {
            unit.add(PRIVILEGES, PRIVILEGES + "=yes\n");
        }
        return unit.text();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (key, lines) -> {
                    String reason = REASONS.get(key);
                    if (reason != null) {
                        text.append("# in ").append(runs).append(": ").append(reason).append('\n');
                    }
                    text.append(lines);
                });
        return text.toString();
    }
}
