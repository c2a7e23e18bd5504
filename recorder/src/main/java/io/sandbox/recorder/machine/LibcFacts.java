// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.recorder.evidence.ProgramEvidence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out with which C library programs are linked. Each library uses its own choice of calls, so
 * a list learned with one may not suffice for another.
 */
public final class LibcFacts {
    private static final int PAGE = 4096;

    /** Several times the size of any C library. */
    private static final int LIBRARY_LIMIT = 16 << 20;

    private static final int ELF_MAGIC = 0x7f << 24 | 'E' << 16 | 'L' << 8 | 'F';
    private static final int PT_INTERP = 3;

    /** What {@code libc.so.6} prints when it is executed. */
    private static final Pattern GLIBC_VERSION =
            Pattern.compile("GNU C Library [^\n]*version ([0-9.]+[0-9])");

    private final Map<String, Optional<String>> known = new HashMap<>();

    /** The programs, each with its library if we can find it out. */
    public static List<ProgramEvidence> complete(List<ProgramEvidence> programs) {
        LibcFacts facts = new LibcFacts();
        return programs.stream().map(facts::complete).toList();
    }

    private ProgramEvidence complete(ProgramEvidence program) {
        return new ProgramEvidence(
                program.executable(),
                program.auditArch(),
                known.computeIfAbsent(program.executable(), path -> query(Path.of(path))),
                program.calls(),
                program.mapped());
    }

    /**
     * Such as {@code glibc 2.41}, {@code musl} or {@code static}; empty if the file cannot be read.
     */
    static Optional<String> query(Path executable) {
        Optional<byte[]> page = FileHead.read(executable, PAGE);
        try {
            return page.isPresent()
                    ? queryLibrary(parseInterpreter(ByteBuffer.wrap(page.get())))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // The file is gone, or is no longer the program that ran.
            return Optional.empty();
        }
    }

    private static Optional<String> queryLibrary(String interpreter) throws IOException {
        if (interpreter.isEmpty()) {
            return Optional.of("static");
        }
        if (interpreter.contains("/ld-musl")) {
            return Optional.of("musl");
        }
        Path library = Path.of(interpreter).toRealPath().resolveSibling("libc.so.6");
        return FileHead.read(library, LIBRARY_LIMIT)
                .flatMap(
                        bytes -> parseGlibcVersion(new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    static Optional<String> parseGlibcVersion(String library) {
        Matcher version = GLIBC_VERSION.matcher(library);
        return version.find() ? Optional.of("glibc " + version.group(1)) : Optional.empty();
    }

    /**
     * The path in the PT_INTERP header (elf(5)); empty if there is none. Linkers put the headers
     * and the path into the first page.
     *
     * @throws IllegalArgumentException if the file is not ELF, or its first page does not hold both
     */
    static String parseInterpreter(ByteBuffer page) {
        try {
            return readInterpreter(page);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("an ELF file with headers elsewhere", e);
        }
    }

    private static String readInterpreter(ByteBuffer page) {
        if (page.order(ByteOrder.BIG_ENDIAN).getInt(0) != ELF_MAGIC) {
            throw new IllegalArgumentException("not an ELF file");
        }
        boolean wide = page.get(4) == 2;
        page.order(page.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int header = (int) (wide ? page.getLong(32) : page.getInt(28));
        int size = page.getShort(wide ? 54 : 42);
        int count = page.getShort(wide ? 56 : 44);
        for (int i = 0; i < count; i++, header += size) {
            if (page.getInt(header) == PT_INTERP) {
                long offset = wide ? page.getLong(header + 8) : page.getInt(header + 4);
                return readText(page, Math.toIntExact(offset));
            }
        }
        return "";
    }

    private static String readText(ByteBuffer page, int start) {
        StringBuilder text = new StringBuilder();
        for (int i = start; page.get(i) != 0; i++) {
            text.append((char) (page.get(i) & 0xff));
        }
        return text.toString();
    }
}
