// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.elf.DynamicSection;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.elf.Symbol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The C library that this test itself runs with. */
class FunctionNamesTest {
    private final ElfFile libc = new ElfFile(Files.readAllBytes(ownLibc()));
    private final FunctionNames names = new FunctionNames(libc);

    FunctionNamesTest() throws IOException {}

    private static Path ownLibc() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/libc.so") || line.contains("/ld-musl"))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .findFirst()
                .orElseThrow();
    }

    private Symbol getppid() {
        return DynamicSection.of(libc).symbols().stream()
                .filter(symbol -> symbol.name().equals("getppid"))
                .findFirst()
                .orElseThrow();
    }

    /** The place after the only call of getppid. */
    private long behindCall() {
        long start = libc.offset(getppid().address());
        byte[] code = libc.content();
        boolean x86 = libc.machine() == Machine.X86_64;
        for (long at = start; at < start + getppid().size(); at++) {
            int i = (int) at;
            if (x86 && code[i] == 0x0f && code[i + 1] == 5) {
                return at + 2;
            }
            if (!x86 && code[i] == 1 && code[i + 2] == 0 && code[i + 3] == (byte) 0xd4) {
                return at + 4;
            }
        }
        throw new AssertionError("getppid makes no call");
    }

    @Test
    void place_behindACall_hasTheNameOfItsFunction() {
        long offset = behindCall() - libc.offset(getppid().address());
        assertEquals(
                Optional.of("getppid+0x" + Long.toHexString(offset)), names.callAt(behindCall()));
    }

    /** So would the place be if the recording were of another version of the file. */
    @Test
    void place_withoutACall_hasNoName() {
        assertEquals(Optional.empty(), names.callAt(behindCall() + 1));
        assertEquals(Optional.empty(), names.callAt(behindCall() - 1));
    }

    @Test
    void place_outsideOfTheFile_hasNoName() {
        for (long offset : new long[] {Long.MIN_VALUE, -1, 0, 1, 3, Long.MAX_VALUE}) {
            assertEquals(Optional.empty(), names.callAt(offset));
        }
        assertEquals(Optional.empty(), names.callAt(libc.content().length + 1L));
    }

    @Test
    void names_ofOneFunction_areThePlainOne() {
        assertEquals("write", FunctionNames.plainer("__write", "write"));
        assertEquals("write", FunctionNames.plainer("write", "__write"));
        assertTrue(FunctionNames.plainer("__libc_write", "__write").equals("__write"));
    }
}
