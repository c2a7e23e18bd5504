// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.FunctionStarts;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class X86DecoderTest {
    /** Each line: bytes with more behind them, the length, the memory, its address, a constant. */
    @Table
    void decode_findsEndAndAddresses(
            String code, int length, X86Decoder.Memory memory, String address, String constant) {
        byte[] start = HexFormat.ofDelimiter(" ").parseHex(code);
        assertEquals(length, start.length);
        byte[] bytes = Arrays.copyOf(start, 32);
        X86Decoder decoder = new X86Decoder(bytes);
        assertEquals(length, decoder.decode(0, bytes.length));
        assertEquals(memory, decoder.memory());
        assertEquals((int) Long.parseLong(address, 16), decoder.displacement());
        assertEquals(Long.parseUnsignedLong(constant, 16), decoder.constant());
        for (int limit = 0; limit < length; limit++) {
            assertEquals(0, decoder.decode(0, limit), code + " cut off at " + limit);
        }
    }

    @Table
    void decode_ofWhatIsNoInstruction_isZero(String code) {
        byte[] bytes = Arrays.copyOf(HexFormat.ofDelimiter(" ").parseHex(code), 32);
        assertEquals(0, new X86Decoder(bytes).decode(0, bytes.length));
    }

    @Test
    void decode_ofRandomBytes_staysInside() {
        byte[] bytes = new byte[64];
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            int end = new X86Decoder(bytes).decode(40, 64);
            assertTrue(end == 0 || end > 40 && end <= 64, HexFormat.of().formatHex(bytes));
        }
        bytes = new byte[64];
        Arrays.fill(bytes, (byte) 0x66);
        assertEquals(0, new X86Decoder(bytes).decode(0, 64));
    }

    /** Capstone says of each function of the C library where its instructions begin. */
    @Test
    void ends_areThoseOfCapstone() throws IOException {
        Path libc =
                Path.of(
                        Files.readAllLines(Path.of("/proc/self/maps")).stream()
                                .filter(line -> line.endsWith("/libc.so.6"))
                                .findFirst()
                                .orElseThrow()
                                .replaceAll("^[^/]*", ""));
        ElfFile file = new ElfFile(Files.readAllBytes(libc));
        X86Decoder decoder = new X86Decoder(file.content());
        int compared = 0;
        try (Capstone capstone = new Capstone(file)) {
            for (Map.Entry<Long, Long> each : FunctionStarts.of(file).entrySet()) {
                for (Instruction known : capstone.instructions(each.getKey(), each.getValue())) {
                    int at = (int) file.offset(known.address());
                    int limit = (int) (at + (each.getValue() - known.address()));
                    if (!known.mnemonic().equals(".byte")) {
                        assertEquals(at + known.size(), decoder.decode(at, limit), known::toString);
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared > 100_000, "compared " + compared);
    }
}
