// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The groups of firejail. They have the same names as systemd's groups, but other calls. */
final class FirejailGroups implements SyscallGroups {
    private static final String FILE = "firejail-groups.txt";

    private final Map<String, String> lists = new LinkedHashMap<>();

    @Override
    public Optional<List<String>> calls(String name) {
        if (lists.isEmpty()) {
            load();
        }
        if (!lists.containsKey(name)) {
            return Optional.empty();
        }
        Set<String> calls = new LinkedHashSet<>();
        add(name, calls);
        return Optional.of(List.copyOf(calls));
    }

    private void add(String name, Set<String> calls) {
        for (String member : lists.get(name).split(",")) {
            if (member.startsWith("@")) {
                add(member, calls);
            } else {
                calls.add(member);
            }
        }
    }

    private synchronized void load() {
        try (InputStream in = FirejailGroups.class.getResourceAsStream(FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            text.lines()
                    .filter(line -> line.startsWith("@"))
                    .map(line -> line.split("=", 2))
                    .forEach(parts -> lists.put(parts[0], parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
