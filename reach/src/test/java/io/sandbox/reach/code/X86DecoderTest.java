// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.FunctionStarts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class X86DecoderTest {
    /** Each line: bytes with more behind them, the length, the memory, its address, a constant. */
    @ParameterizedTest
    @CsvSource({
        "e8 04 03 02 01, 5, NONE, 0, 1020304",
        "eb fe, 2, NONE, 0, fffffffffffffffe",
        "0f 84 ff ff ff ff, 6, NONE, 0, ffffffffffffffff",
        "48 8d 05 10 00 00 00, 7, RELATIVE, 10, 0",
        "8b 05 f0 ff ff ff, 6, RELATIVE, fffffff0, 0",
        "c7 05 10 00 00 00 34 12 00 00, 10, RELATIVE, 10, 1234",
        "66 c7 05 10 00 00 00 34 12, 9, RELATIVE, 10, 1234",
        "48 a1 88 77 66 55 44 33 22 11, 10, NONE, 0, 1122334455667788",
        "48 b8 88 77 66 55 44 33 22 11, 10, NONE, 0, 1122334455667788",
        "b8 44 33 22 11, 5, NONE, 0, 11223344",
        "66 b8 22 11, 4, NONE, 0, 1122",
        "8b 04 25 00 10 40 00, 7, ABSOLUTE, 401000, 0",
        "8b 04 c5 00 10 40 00, 7, INDEXED, 401000, 0",
        "4a 8b 04 e5 00 10 40 00, 8, INDEXED, 401000, 0",
        "ff 24 c5 00 10 40 00, 7, INDEXED, 401000, 0",
        "8b 84 24 00 01 00 00, 7, INDEXED, 100, 0",
        "8b 44 24 08, 4, NONE, 0, 0",
        "f6 c1 01, 3, NONE, 0, 1",
        "f6 d1, 2, NONE, 0, 0",
        "f7 05 10 00 00 00 01 00 00 00, 10, RELATIVE, 10, 1",
        "c8 00 01 02, 4, NONE, 0, 0",
        "f3 0f 1e fa, 4, NONE, 0, 0",
        "66 66 2e 0f 1f 84 00 00 00 00 00, 11, INDEXED, 0, 0",
        "66 0f 3a 0f c1 08, 6, NONE, 0, 8",
        "0f 38 00 05 10 00 00 00, 8, RELATIVE, 10, 0",
        "c5 f8 77, 3, NONE, 0, 0",
        "c5 fd 70 c0 0e, 5, NONE, 0, e",
        "c4 e3 7d 39 05 10 00 00 00 01, 10, RELATIVE, 10, 1",
        "c4 e2 f5 b4 6e 20, 6, NONE, 0, 0",
        "62 f1 fd 48 6f 05 10 00 00 00, 10, RELATIVE, 10, 0",
        "62 f3 fd 48 3e 44 24 01 02, 9, NONE, 0, 2",
        "8f e8 78 c0 c0 01, 6, NONE, 0, 1",
        "8f 00, 2, NONE, 0, 0",
        "0f 05, 2, NONE, 0, 0",
        "cd 80, 2, NONE, 0, ffffffffffffff80",
    })
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

    @ParameterizedTest
    @CsvSource({"06", "62 f0 fd 48 6f 05", "d6", "0f 0a", "0f 3f", "c4 ff ff ff ff"})
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
