// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    groups.csv; about,group|@io,Input; groups.csv:1: columns must be group,about
                    group-members.csv; member,group|@io,read; group-members.csv:1: columns must be group,member
                    groups.csv; group,about|io,Input; groups.csv:2: not a group: io
                    groups.csv; group,about|@io,A|@io,B; groups.csv:3: group @io is here twice
                    groups.csv; group,about|@io,A|@all,B|@no,C; groups.csv:4: group @no has no members
                    group-members.csv; group,member|@no,read; group-members.csv:2: no such group: @no
                    group-members.csv; group,member|@io,@no; group-members.csv:2: no such group: @no
                    group-members.csv; group,member|@io,@all|@all,@io; groups.csv:2: group @io is a member of itself
                    first-kernel.csv; name,kernel,source|read,5,kernel-history|open,1.0,kernel-history; first-kernel.csv:2: not a kernel version: 5
                    first-kernel.csv; name,kernel,source|read,1.0,kernel-history|read,1.0,kernel-history; first-kernel.csv:3: name read is already on line 2
                    first-kernel.csv; name,kernel,source|read,1.0,|open,1.0,kernel-history; first-kernel.csv:2: value 3 is blank
                    first-kernel.csv; name,kernel,source|read,1.0,x|open,1.0,x; first-kernel.csv:2: not one of syscalls(2), kernel-history, newer-calls.csv: x
                    first-kernel.csv; name,kernel|read,1.0; first-kernel.csv:1: columns must be name,kernel,source
                    risk.csv; name,risk,basis,reason|read,none,judgement,why; first-kernel.csv:3: not in risk.csv: open
                    risk.csv; name,risk,basis,reason|read,bad,judgement,why|open,none,x,y; risk.csv:2: not one of escape, privilege, kernel-surface, execution, network, files, persistence, none: bad
                    risk.csv; name,risk,basis,reason|read,none,judgement,a, b; risk.csv:2: 4 values expected, but there are 5
                    siblings.csv; name,siblings|write,read; siblings.csv:2: not in first-kernel.csv: write
                    siblings.csv; name,siblings|read,write; siblings.csv:2: not in first-kernel.csv: write
                    chance.csv; name,reason|write,why; chance.csv:2: not in first-kernel.csv: write
                    exercise.csv; name,how|write,a path; exercise.csv:2: not in first-kernel.csv: write
                    newer-groups.csv; name,groups|write,@io; newer-groups.csv:2: not in first-kernel.csv: write
                    vdso.csv; name,arches|read,; vdso.csv:2: value 2 is blank
                    """)
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    number,name,audit_name|1,readv,same; 2: number 0 expected
                    name,number,audit_name|nop,0,same; 1: columns must be number,name,audit_name
                    number,name,audit_name|0,nop,same|1,nop,same; 3: name nop is already on line 2
                    number,name,audit_name|0,nop,other; 2: not one of same, absent: other
                    """)
    void ioUringOperations_brokenFile_namesFileAndLine(String text, String message) {
        SyscallDb db =
                new SyscallDb(new TextFiles().with("uring.csv", text.replace("|", "\n") + "\n"));
        assertEquals(
                "uring.csv:" + message,
                assertThrows(MalformedTableException.class, db::ioUringOperations).getMessage());
    }
}
