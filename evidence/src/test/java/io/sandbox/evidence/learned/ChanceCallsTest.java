// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

class ChanceCallsTest {
    private static List<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** Those expected with + are among the entries, and those with - are not. */
    private static void assertHas(String expected, Set<String> entries) {
        for (String each : words(expected)) {
            assertEquals(each.charAt(0) == '+', entries.contains(each.substring(1)), each);
        }
    }

    /** A call of the recording that the runtime can make in another way, and its files. */
    @Table
    void ofRuntimes_areThoseOfTheFilesThatWereSeen(
            String arch, String calls, String file, String some, String all) {
        Set<String> wanted = Set.copyOf(words(calls));
        Set<String> entries =
                ChanceCalls.ofRuntimes(
                                Set.of(file),
                                wanted,
                                SyscallDb.get().arch(arch),
                                ArgumentDetail.CLASSES)
                        .keySet();
        assertHas(some, entries);
        assertTrue(!some.isEmpty() || entries.equals(Set.copyOf(words(all))), entries::toString);
    }

    /** The counts are from real runs. */
    @Table
    void programsWithThreads_counts_tell(String allowed, String counts, boolean threads) {
        Recording recording = RunText.recording("a allowed=" + allowed + ": /bin/x " + counts);
        assertEquals(
                threads ? Set.of("/bin/x") : Set.of(), ChanceCalls.programsWithThreads(recording));
    }

    @Table
    void additions_ofAList_areOfTheArch(String arch, String list, String expected) {
        Map<String, String> additions =
                ChanceCalls.additions(words(list), SyscallDb.get().arch(arch));
        assertHas(expected, additions.keySet());
        assertTrue(additions.values().stream().noneMatch(String::isBlank));
    }
}
