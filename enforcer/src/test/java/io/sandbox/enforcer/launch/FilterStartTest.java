// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FilterStartTest {
    private static final Path OF_SANDBOX_EXEC = Path.of("../preload/src/supervise/start.c");

    @Test
    void words_areThoseOfSandboxExec() throws IOException {
        Map<String, String> ours = new TreeMap<>();
        for (FilterStart start : FilterStart.values()) {
            ours.put(start.name(), start.toString());
        }
        ours.put("HERE", SandboxExec.START_HERE);

        Map<String, String> theirs = new TreeMap<>();
        Matcher word =
                Pattern.compile("\\[FILTER_FROM_(\\w+)] = \"(\\w+)\"")
                        .matcher(Files.readString(OF_SANDBOX_EXEC));
        while (word.find()) {
            theirs.put(word.group(1), word.group(2));
        }
        assertEquals(theirs, ours);
    }
}
