// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to break a table is refused with its file and line. */
final class MalformedTableTest {
    private static String messageForTable(String text) {
        SyscallDb db = new SyscallDb(new TextFiles().with("x86_64.csv", text));
        Arch arch = db.archByName("x86_64").orElseThrow();
        return assertThrows(MalformedTableException.class, () -> db.table(arch)).getMessage();
    }

    private static String messageForArches(String text) {
        TextFiles files = new TextFiles().with("arches.csv", text);
        return assertThrows(MalformedTableException.class, () -> new SyscallDb(files)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    0,read,same        | 4 values expected, but there are 3
                    0,read,same,yes,x  | 4 values expected, but there are 5
                    ""                 | 4 values expected, but there are 1
                    0,,same,yes        | value 2 is blank
                    ,read,same,yes     | value 1 is blank
                    0,read,,yes        | value 3 is blank
                    0,read,same,       | value 4 is blank
                    x,read,same,yes    | not a number from 0 to 2147483647: x
                    -1,read,same,yes   | not a number from 0 to 2147483647: -1
                    +1,read,same,yes   | not a number from 0 to 2147483647: +1
                    0x1,read,same,yes  | not a number from 0 to 2147483647: 0x1
                    2147483648,read,same,yes | not a number from 0 to 2147483647: 2147483648
                    1073741824,read,same,yes | bit 30 is set in the numbers of x32, and in no others: 1073741824
                    1,re ad,same,yes   | not a name: 're ad' (letters a-z, digits and _)
                    1,Read,same,yes    | not a name: 'Read' (letters a-z, digits and _)
                    1,'read',same,yes  | not a name: ''read'' (letters a-z, digits and _)
                    1,read,r:d,yes     | not a name: 'r:d' (letters a-z, digits and _)
                    1,read,same,maybe  | not one of yes, multiplexed, no: maybe
                    1,read,same,YES    | not one of yes, multiplexed, no: YES
                    1,read,read,yes    | name read is already on line 3
                    0,write,same,yes   | number 0 is already on line 2
                    1,sync,same,yes    | name sync is already on line 2
                    1,ok,sync,yes      | name sync is already on line 2
                    """)
    void table_badRow_namesFileAndLine(String row, String reason) {
        // Line 2 is a valid row to collide with, the bad row is on line 3, and another valid row
        // follows.
        String message =
                messageForTable(
                        TextFiles.COLUMNS + "0,sync,same,yes\n" + row + "\n2,open,same,yes\n");
        assertEquals("x86_64.csv:3: " + reason, message);
    }

    /**
     * In the texts, {@code COLUMNS} is the line of column names, {@code NOTE} one with a comment,
     * and a blank ends a line.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    COLUMNS 0,read,same,yes 0,write,same,yes      | 3: number 0 is already on line 2
                    NOTE NOTE COLUMNS 0,read,same,yes 0,write,same,yes  | 5: number 0 is already on line 4
                    COLUMNS 17,pread64,pread,yes 18,pread,same,yes | 3: name pread is already on line 2
                    COLUMNS 17,pread64,p,yes 18,pwrite64,p,yes    | 3: name p is already on line 2
                    COLUMNS 0,read,same,yes 1,write,same,yes 0,open,same,yes | 4: number 0 is already on line 2
                    COLUMNS 2,open,same,yes 1,write,same,yes      | 3: number 1 comes after 2
                    number,name,seccomp,audit_name 0,a,yes,b      | 1: columns must be number,name,audit_name,seccomp
                    0,read,same,yes                               | 1: columns must be number,name,audit_name,seccomp
                    ""                                            | 1: no line of column names
                    NOTE                                          | 1: no line of column names
                    COLUMNS                                       | 1: no rows
                    """)
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
        SyscallDb db =
                new SyscallDb(
                        new TextFiles()
                                .with("x32.csv", TextFiles.COLUMNS + "5,fstat,absent,yes\n"));
        SyscallTable table = db.table(db.archByName("x86_64").orElseThrow());
        MalformedTableException e =
                assertThrows(
                        MalformedTableException.class,
                        () -> table.byNumber(SyscallTable.X32_BIT | 5));
        assertEquals(
                "x32.csv:2: bit 30 is set in the numbers of x32, and in no others: 5",
                e.getMessage());
    }

    @Test
    void table_missingFile_isRefused() {
        SyscallDb db = new SyscallDb(new TextFiles().without("x86_64.csv"));
        Arch arch = db.archByName("x86_64").orElseThrow();
        assertEquals(
                "x86_64.csv: missing",
                assertThrows(MalformedTableException.class, () -> db.table(arch)).getMessage());
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
        int rowStart = TextFiles.COLUMNS.length();
        int firstEnd = text.indexOf('\n', rowStart);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    x86_64,0xc0000001,1,64,little,absent,absent,absent,same,same,absent,absent,t  | name x86_64 is already on line 2
                    amd64,0xc0000001,1,64,little,absent,absent,absent,same,same,absent,absent,t   | name amd64 is already on line 2
                    new,0xc0000001,1,64,little,absent,absent,amd64,same,same,absent,absent,t      | name amd64 is already on line 2
                    new,0xc0000001,1,64,little,absent,absent,a;b,same,same,absent,absent,t        | not a name: 'a;b' (letters a-z, digits and _)
                    new,c0000001,1,64,little,absent,absent,absent,same,same,absent,absent,t       | not 0x and eight hexadecimal digits: c0000001
                    new,0xc000001,1,64,little,absent,absent,absent,same,same,absent,absent,t      | not 0x and eight hexadecimal digits: 0xc000001
                    new,0x+c00001,1,64,little,absent,absent,absent,same,same,absent,absent,t      | not 0x and eight hexadecimal digits: 0x+c00001
                    new,0xc000000g,1,64,little,absent,absent,absent,same,same,absent,absent,t     | not 0x and eight hexadecimal digits: 0xc000000g
                    new,0xc0000001,1,16,little,absent,absent,absent,same,same,absent,absent,t     | not one of 32, 64: 16
                    new,0xc0000001,1,64,middle,absent,absent,absent,same,same,absent,absent,t     | not one of little, big: middle
                    new,0xc0000001,1,64,little,absent,0xc0000001,absent,same,same,absent,absent,t | seccomp_arch and seccomp_token must both be present or both be absent
                    new,0xc0000001,1,64,little,SCMP_ARCH_NEW,absent,absent,same,same,absent,absent,t | seccomp_arch and seccomp_token must both be present or both be absent
                    new,0xc0000001,1,64,little,absent,absent,,same,same,absent,absent,t           | value 8 is blank
                    """)
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
        SyscallDb db =
                new SyscallDb(
                        new TextFiles()
                                .with(
                                        "x86_64.csv",
                                        TextFiles.COLUMNS + "0," + name + ",same,yes\n"));
        SyscallTable table = db.table(db.arches().get(0));
        assertEquals(0, table.byName(name).orElseThrow().number());
    }

    @Test
    void arches_emptyOtherName_isRefused() {
        assertEquals(
                "arches.csv:2: not a name: '' (letters a-z, digits and _)",
                messageForArches(
                        TextFiles.ARCH_COLUMNS + TextFiles.X86_64.replace(",amd64,", ",amd64|,")));
    }
}
