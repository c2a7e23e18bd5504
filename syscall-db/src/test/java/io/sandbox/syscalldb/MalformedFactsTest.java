// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each way to break a file of facts is refused with its file and line. */
final class MalformedFactsTest {
    private static TextFiles files() {
        return new TextFiles()
                .with("facts/groups.csv", "group,about\n@io,Input and output\n@all,All\n")
                .with("facts/group-members.csv", "group,member\n@all,@io\n@io,read\n")
                .with(
                        "facts/first-kernel.csv",
                        "name,kernel,source\nread,1.0,kernel-history\nopen,1.0,kernel-history\n")
                .with(
                        "facts/arguments.csv",
                        "name,arguments,differs_on,no_code_on\n"
                                + "read,fd|buf,nowhere,nowhere\nopen,none,nowhere,nowhere\n")
                .with(
                        "facts/risk.csv",
                        "name,risk,basis,reason\n"
                                + "read,none,judgement,why\nopen,escape,docker,why\n")
                .with("facts/siblings.csv", "name,siblings\nopen,read\n")
                .with("facts/vdso.csv", "name,arches\nread,x86_64\n")
                .with("facts/newer-groups.csv", "name,groups\nopen,@io\n")
                .with("facts/chance.csv", "name,reason\nread,why\n")
                .with("facts/exercise.csv", "name,how\nread,a path that reads\n")
                .with("facts/io-uring.csv", "name,operations\nread,any\n");
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
