// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.FunctionStarts;
import io.sandbox.reach.elf.Machine;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NumberTraceTest {
    private static NumberTrace.Found trace(Machine machine, String code) {
        InstructionSet set = CodeReading.setOf(machine);
        List<Instruction> instructions = new ArrayList<>();
        for (String line : code.split(";")) {
            String[] parts = line.trim().split(" ", 2);
            String operands = parts.length > 1 ? parts[1].replace('|', ',') : "";
            instructions.add(new Instruction(instructions.size(), 1, parts[0], operands));
        }
        return new NumberTrace(instructions, set)
                .before(instructions.size() - 1, set.systemCallNumber());
    }

    private static String text(NumberTrace.Found found) {
        return found.constants().stream().map(String::valueOf).collect(Collectors.joining("|"))
                + (found.computed() ? "?" : "");
    }

    @Table
    void x86_finds(String code, String expected) {
        assertEquals(expected, text(trace(Machine.X86_64, code)), code);
    }

    @Table
    void aarch64_finds(String code, String expected) {
        assertEquals(expected, text(trace(Machine.AARCH64, code)), code);
    }

    /** Where the argument is, where its caller has it before a call, and the first of a call. */
    @Table
    void before_numberThatTheCallerChooses_isItsArgument(
            Machine machine, String code, String argument, String before, String first) {
        NumberTrace.Found found = trace(machine, code);
        Location location = found.arguments().iterator().next();
        InstructionSet set = CodeReading.setOf(machine);
        assertEquals("[" + argument + "]", found.arguments().toString());
        assertEquals("", text(found));
        assertEquals(before, set.atCaller(location, true).toString());
        assertEquals(location, set.atCaller(location, false));
        assertEquals(first, set.firstArgument().toString());
    }

    @Test
    void placeOutsideTheFunction_isComputed() {
        InstructionSet set = CodeReading.setOf(Machine.X86_64);
        assertTrue(new NumberTrace(List.of(), set).before(1, Location.stack(8)).computed());
    }

    private static final long START = 0x400080;

    /** A file of one segment from 0x400000 on, with code at {@link #START}. */
    private static ElfFile file(Machine machine, boolean fixed, String code) {
        ByteBuffer file = ByteBuffer.allocate(0x200).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1).putShort(16, (short) (fixed ? 2 : 3));
        file.putShort(18, (short) (machine == Machine.X86_64 ? 62 : 183));
        file.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
        file.putInt(64, 1).putInt(68, 5).putLong(80, 0x400000).putLong(96, 512).putLong(104, 512);
        return new ElfFile(file.put(128, HexFormat.of().parseHex(code)).array());
    }

    private static String shown(Object value) {
        return value instanceof Long address ? Long.toHexString(address) : value.toString();
    }

    /** What the code refers to, as {@link References} hears it, and whether it can flow on. */
    @Table
    void read_tellsReferences(Machine machine, boolean fixed, String code, String expected) {
        ElfFile file = file(machine, fixed, code);
        List<String> found = new ArrayList<>();
        Object references =
                Proxy.newProxyInstance(
                        References.class.getClassLoader(),
                        new Class<?>[] {References.class},
                        (proxy, method, values) -> {
                            found.add(method.getName());
                            Arrays.stream(values).map(each -> shown(each)).forEach(found::add);
                            return null;
                        });
        try (Capstone capstone = new Capstone(file)) {
            CodeReading reading = CodeReading.of(file, capstone);
            long end = START + code.length() / 2;
            // Nothing is known of what registers held in another function.
            reading.read(START, end, new References() {});
            found.add("" + reading.read(START, end, (References) references));
        }
        assertEquals(expected, String.join(" ", found));
    }

    /** A slot is 0 if there is none. */
    @Table
    void stub_isKnownWithItsSlot(
            Machine machine, String code, String slot, int jump, boolean stub) {
        ElfFile file = file(machine, false, code);
        InstructionSet set = CodeReading.setOf(machine);
        assertEquals(slot, Long.toHexString(set.stubSlot(file, START).orElse(0)));
        assertEquals(stub, set.isStub(file, START + jump));
    }

    @Table
    void readable_isWhatPeopleWrite(String name, String expected) {
        assertEquals(expected, Demangler.readable(name));
    }

    @Test
    void readable_ofAHostileName_ends() {
        Demangler.readable("_Z" + "P".repeat(1500) + "i");
        Demangler.readable("_ZN" + "S_".repeat(900) + "E");
        // Each part repeats the one before it twice.
        StringBuilder doubling = new StringBuilder("_Z1f1aIiiES_IS0_S0_E");
        for (int i = 0; i < 35; i++) {
            String part = "S" + Integer.toString(i, 36).toUpperCase(Locale.ROOT) + "_";
            doubling.append("S_I").append(part).append(part).append("E");
        }
        assertEquals(doubling.toString(), Demangler.readable(doubling.toString()));
        String longName = "_Z1" + "a".repeat(5000);
        assertEquals(longName, Demangler.readable(longName));
    }

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
