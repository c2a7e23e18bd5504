// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class MalformedTableTest {
    private static String refusal(Executable reading) {
        return assertThrows(MalformedTableException.class, reading).getMessage();
    }

    private static String messageForTable(String text) {
        return messageForTable(new TextFiles().with("x86_64.csv", text));
    }

    private static String messageForTable(TextFiles files) {
        SyscallDb db = new SyscallDb(files);
        return refusal(() -> db.table(db.arch("x86_64")));
    }

    private static String messageForArches(String text) {
        TextFiles files = new TextFiles().with("arches.csv", text);
        return refusal(() -> new SyscallDb(files));
    }

    @Table
    void table_badRow_namesFileAndLine(String row, String reason) {
        // Line 2 is a valid row to collide with, line 3 the bad one, and a valid row follows.
        String message =
                messageForTable(
                        TextFiles.COLUMNS + "0,sync,same,yes\n" + row + "\n2,open,same,yes\n");
        assertEquals("x86_64.csv:3: " + reason, message);
    }

    /** {@code COLUMNS} is the names' line, {@code NOTE} a comment; a blank ends a line. */
    @Table
    void table_badText_namesFileAndLine(String text, String reason) {
        String whole =
                text.replace("COLUMNS", TextFiles.COLUMNS.strip())
                        .replace("NOTE", "#")
                        .replace(' ', '\n');
        assertEquals("x86_64.csv:" + reason, messageForTable(whole));
        if (!whole.isEmpty()) {
            assertEquals("x86_64.csv:" + reason, messageForTable(whole + "\n"));
        }
    }

    @Test
    void table_x32NumberWithoutBit30_isRefused() {
        String row = "5,fstat,absent,yes\n";
        SyscallDb db = new SyscallDb(new TextFiles().with("x32.csv", TextFiles.COLUMNS + row));
        SyscallTable table = db.table(db.arch("x86_64"));
        assertEquals(
                "x32.csv:2: bit 30 is set in the numbers of x32, and in no others: 5",
                refusal(() -> table.byNumber(SyscallTable.X32_BIT | 5)));
    }

    @Test
    void table_missingFile_isRefused() {
        assertEquals("x86_64.csv: missing", messageForTable(new TextFiles().without("x86_64.csv")));
    }

    @Test
    void table_readError_keepsCause() {
        SyscallDb.TableFiles broken =
                file ->
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("disk on fire");
                            }
                        };
        MalformedTableException e =
                assertThrows(MalformedTableException.class, () -> new SyscallDb(broken));
        assertTrue(e.getMessage().startsWith("arches.csv: cannot read: "), e::getMessage);
        assertTrue(e.getMessage().endsWith("disk on fire"), e::getMessage);
        assertInstanceOf(Exception.class, e.getCause());
    }

    @Test
    void table_cutAtEveryByte_isRefusedOrIsAWholePrefix() {
        String text = TextFiles.COLUMNS + "0,read,same,yes\n17,pread64,pread,multiplexed\n";
        int firstEnd = text.indexOf('\n', TextFiles.COLUMNS.length());
        for (int end = 0; end < text.length() - 1; end++) {
            String cut = text.substring(0, end);
            if (end == firstEnd || end == firstEnd + 1) {
                SyscallDb db = new SyscallDb(new TextFiles().with("x86_64.csv", cut));
                assertEquals(1, db.table(db.arches().get(0)).all().size());
            } else {
                assertTrue(messageForTable(cut).startsWith("x86_64.csv:"), cut);
            }
        }
    }

    @Table
    void arches_badRow_namesFileAndLine(String row, String reason) {
        assertEquals(
                "arches.csv:3: " + reason,
                messageForArches(TextFiles.ARCH_COLUMNS + TextFiles.X86_64 + row + "\n"));
    }

    @Test
    void arches_wrongColumns_isRefused() {
        String swapped = TextFiles.ARCH_COLUMNS.replace("oci,systemd", "systemd,oci");
        assertEquals(
                "arches.csv:1: columns must be " + TextFiles.ARCH_COLUMNS.strip(),
                messageForArches(swapped + TextFiles.X86_64));
    }

    @Test
    void table_nameOfEveryLetterAndDigit_isRead() {
        String name = "abcdefghijklmnopqrstuvwxyz_0123456789";
        String text = TextFiles.COLUMNS + "0," + name + ",same,yes\n";
        SyscallDb db = new SyscallDb(new TextFiles().with("x86_64.csv", text));
        assertEquals(0, db.table(db.arches().get(0)).byName(name).orElseThrow().number());
    }

    // Each way to break a file of facts is refused with its file and line.

    private static TextFiles files() {
        TextFiles files = new TextFiles();
        Vectors.beside(MalformedTableTest.class, "good-facts.tsv", 2)
                .forEach(row -> files.with(row.get(0), row.get(1)));
        return files;
    }

    @Test
    void facts_goodFiles_areRead() {
        SyscallFacts read = new SyscallDb(files()).facts("read").orElseThrow();
        assertEquals(List.of("@io", "@all"), read.groups());
        assertEquals(List.of("@io"), new SyscallDb(files()).facts("open").orElseThrow().groups());
        assertEquals(List.of("fd", "buf"), read.arguments());
        assertEquals(Optional.of("why"), read.chance());
        assertEquals(Optional.of("a path that reads"), read.exercise());
    }

    @Table
    void facts_brokenFile_namesFileAndLine(String file, String text, String message) {
        SyscallDb db = new SyscallDb(files().with("facts/" + file, text.replace("|", "\n") + "\n"));
        assertEquals("facts/" + message, refusal(() -> db.facts("read")));
    }

    @Test
    void facts_fileIsMissing_isRefused() {
        SyscallDb db = new SyscallDb(files().without("facts/risk.csv"));
        assertEquals("facts/risk.csv: missing", refusal(() -> db.facts("read")));
    }

    @Table
    void ioUringOperations_brokenFile_namesFileAndLine(String text, String message) {
        TextFiles files = new TextFiles().with("uring.csv", text.replace("|", "\n") + "\n");
        assertEquals("uring.csv:" + message, refusal(new SyscallDb(files)::ioUringOperations));
    }
}
