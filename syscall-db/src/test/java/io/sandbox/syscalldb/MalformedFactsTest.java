// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each way to break a file of facts is refused with its file and line. */
final class MalformedFactsTest {
    private static TextFiles files() {
        TextFiles files = new TextFiles();
        Vectors.beside(MalformedFactsTest.class, "good-facts.tsv", 2)
                .forEach(row -> files.with(row.get(0), row.get(1)));
        return files;
    }

    @Test
    void facts_goodFiles_areRead() {
        SyscallFacts read = new SyscallDb(files()).facts("read").orElseThrow();
        assertEquals(List.of("@io", "@all"), read.groups());
        SyscallFacts newer = new SyscallDb(files()).facts("open").orElseThrow();
        assertEquals(List.of("@io"), newer.groups());
        assertEquals(List.of("fd", "buf"), read.arguments());
        assertEquals(Optional.of("why"), read.chance());
        assertEquals(Optional.of("a path that reads"), read.exercise());
    }

    @Table
    void facts_brokenFile_namesFileAndLine(String file, String text, String message) {
        SyscallDb db = new SyscallDb(files().with("facts/" + file, text.replace("|", "\n") + "\n"));
        assertEquals(
                "facts/" + message,
                assertThrows(MalformedTableException.class, () -> db.facts("read")).getMessage());
    }

    @Test
    void facts_fileIsMissing_isRefused() {
        SyscallDb db = new SyscallDb(files().without("facts/risk.csv"));
        assertEquals(
                "facts/risk.csv: missing",
                assertThrows(MalformedTableException.class, () -> db.facts("read")).getMessage());
    }

    @Table
    void ioUringOperations_brokenFile_namesFileAndLine(String text, String message) {
        SyscallDb db =
                new SyscallDb(new TextFiles().with("uring.csv", text.replace("|", "\n") + "\n"));
        assertEquals(
                "uring.csv:" + message,
                assertThrows(MalformedTableException.class, db::ioUringOperations).getMessage());
    }
}
