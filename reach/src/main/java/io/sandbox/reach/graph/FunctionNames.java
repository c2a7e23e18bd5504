// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.code.Demangler;
import io.sandbox.reach.elf.DynamicSection;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.GoFunctions;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.elf.Segment;
import io.sandbox.reach.elf.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names of the functions of a file, for places in it where calls were made.
 *
 * <p>Functions are named when a report is made, and not in the recording: reading symbols takes
 * long, and a recording must not depend on what is installed where it is read. A name counts only
 * where the file has a call instruction before the place, because the recording may be of another
 * version of the file.
 */
public final class FunctionNames {
    private final ElfFile file;
    private final TreeMap<Long, Function> functions = new TreeMap<>();

    private record Function(String name, long end) {}

    /** Throws {@link io.sandbox.reach.elf.ElfException} if the file is damaged. */
    public FunctionNames(ElfFile file) {
        this.file = file;
        List<Symbol> symbols = new ArrayList<>(DynamicSection.of(file).symbols());
        symbols.addAll(file.localSymbols());
        for (Symbol symbol : symbols) {
            if (symbol.defined() && symbol.code() && symbol.size() > 0) {
                functions.merge(
                        symbol.address(),
                        new Function(symbol.name(), symbol.address() + symbol.size()),
                        FunctionNames::plainer);
            }
        }
        GoFunctions.of(file)
                .forEach(
                        (start, name) ->
                                functions.putIfAbsent(start, new Function(name, Long.MAX_VALUE)));
    }

    private static Function plainer(Function one, Function other) {
        return plainer(one.name, other.name).equals(one.name) ? one : other;
    }

    /** Chooses from two names of one function the one that people write. */
    static String plainer(String one, String other) {
        boolean firstIsPlain = !one.startsWith("_");
        boolean secondIsPlain = !other.startsWith("_");
        if (firstIsPlain != secondIsPlain) {
            return firstIsPlain ? one : other;
        }
        return other.length() < one.length() ? other : one;
    }

    /**
     * The function that made a call, as in {@code write+0x14}.
     *
     * @param offset the offset in the file of the instruction after the call
     * @return empty if the function has no name, or if there is no call at this place, because
     *     another file ran
     */
    public Optional<String> callAt(long offset) {
        if (!isBehindCall(offset)) {
            return Optional.empty();
        }
        for (Segment segment : file.segments()) {
            if (segment.executable()
                    && offset > segment.offset()
                    && offset - segment.offset() <= segment.fileSize()) {
                return name(segment.address() + (offset - segment.offset()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> name(long address) {
        Map.Entry<Long, Function> entry = functions.lowerEntry(address);
        if (entry == null || address > entry.getValue().end) {
            return Optional.empty();
        }
        String offset = "+0x" + Long.toHexString(address - entry.getKey());
        return Optional.of(Demangler.readable(entry.getValue().name) + offset);
    }

    /** Whether the instruction before this place is {@code syscall} or {@code svc #0}. */
    private boolean isBehindCall(long offset) {
        byte[] bytes = file.content();
        if (offset < 4 || offset > bytes.length) {
            return false;
        }
        int at = (int) offset;
        return file.machine() == Machine.X86_64
                ? bytes[at - 2] == 0x0f && bytes[at - 1] == 0x05
                : bytes[at - 4] == 1
                        && bytes[at - 3] == 0
                        && bytes[at - 2] == 0
                        && bytes[at - 1] == (byte) 0xd4;
    }
}
