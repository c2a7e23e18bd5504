// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListFormatTest {
    @Test
    void values_areAllFormats() {
        List<String> words = new ArrayList<>();
        for (PolicyFormat format : PolicyFormat.values()) {
            words.add(format.toString());
        }
        words.add("bpf");
        assertEquals(words.toString(), List.of(ListFormat.values()).toString());
    }

    @Table
    void ofFile_ending_choosesTheFormat(Path file, String format) {
        assertEquals(format, ListFormat.ofFile(file).toString());
    }

    @ParameterizedTest
    @EnumSource
    void ending_isOfAFormatThatCanBeRead(ListFormat format) {
        assertEquals(format.ending(), ListFormat.ofFile(Path.of("x" + format.ending())).ending());
    }
}
