// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the dynamic linker writes into the file's memory: for each slot, an address of this file or
 * that of a symbol; and copies of objects of other files. Thread-local storage is left out.
 */
public final class Relocations {
    private static final int DT_PLTRELSZ = 2;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int DT_JMPREL = 23;
    private static final int DT_RELRSZ = 35;
    private static final int DT_RELR = 36;

    /** The most pointers of a file that we read. No real file comes near. */
    private static final int MOST = 16_000_000;

    private final Map<Long, Long> local = new HashMap<>();
    private final Map<Long, Integer> symbolic = new HashMap<>();

    /** Objects of other files that are copied here, by their first address. */
    private final TreeMap<Long, Copy> copies = new TreeMap<>();

    private final ElfFile file;

    private record Copy(long end, int symbol) {}

    private Relocations(ElfFile file) {
        this.file = file;
    }

    public static Relocations of(ElfFile file, DynamicSection dynamic, List<Symbol> symbols) {
        Relocations result = new Relocations(file);
        result.readRela(dynamic.value(DT_RELA), dynamic.value(DT_RELASZ), symbols);
        result.readRela(dynamic.value(DT_JMPREL), dynamic.value(DT_PLTRELSZ), symbols);
        result.readRelr(dynamic.value(DT_RELR), dynamic.value(DT_RELRSZ));
        return result;
    }

    private void readRela(long table, long size, List<Symbol> symbols) {
        if (table == 0 || size == 0) {
            return;
        }
        long start = file.offsetOf(table);
        file.bytes().checked(start, size);
        for (long at = start; at + 24 <= start + size; at += 24) {
            long slot = file.bytes().i64(at);
            int type = file.bytes().i32(at + 8);
            long symbol = file.bytes().u32(at + 12);
            long addend = file.bytes().i64(at + 16);
            boolean x86 = file.machine() == Machine.X86_64;
            // elf.h: RELATIVE and IRELATIVE; then COPY; GLOB_DAT, JUMP_SLOT and 64 (ABS64).
            if (x86 ? type == 8 || type == 37 : type == 1027 || type == 1032) {
                put(slot, addend);
            } else if (symbol == 0 || symbol >= symbols.size()) {
                continue;
            } else if (type == (x86 ? 5 : 1024)) {
                Symbol copied = symbols.get((int) symbol);
                copies.put(slot, new Copy(slot + Math.max(copied.size(), 1), (int) symbol));
            } else if (x86
                    ? type == 1 || type == 6 || type == 7
                    : type == 257 || type == 1025 || type == 1026) {
                Symbol named = symbols.get((int) symbol);
                if (named.exported()) {
                    symbolic.put(slot, (int) symbol);
                } else {
                    // No other file can define it, and it may have no name.
                    put(slot, named.address() + addend);
                }
            }
        }
    }

    /** The packed form: an address, or a bitmap of the 63 words that follow. */
    private void readRelr(long table, long size) {
        if (table == 0) {
            return;
        }
        long start = file.offsetOf(table);
        file.bytes().checked(start, size);
        long next = 0;
        for (long at = start; at + 8 <= start + size; at += 8) {
            long entry = file.bytes().i64(at);
            if ((entry & 1) == 0) {
                put(entry, file.word(entry));
                next = entry + 8;
            } else {
                for (int bit = 1; bit < 64; bit++) {
                    long slot = next + 8L * (bit - 1);
                    if ((entry >>> bit & 1) != 0) {
                        put(slot, file.word(slot));
                    }
                }
                next += 8 * 63;
            }
        }
    }

    private void put(long slot, long target) {
        local.put(slot, target);
        if (local.size() > MOST) {
            throw new ElfException("too large: it has more than " + MOST + " relocations");
        }
    }

    /** The address of this file to which a slot points; 0 if there is none. */
    public long local(long slot) {
        Long target = local.get(slot);
        if (target != null) {
            return target;
        }
        // Where nothing is moved, pointers are in the file as they are.
        return file.hasFixedAddress() && !symbolic.containsKey(slot) ? file.word(slot) : 0;
    }

    /** All addresses of this file that the dynamic linker writes into slots. */
    public Collection<Long> relocated() {
        return local.values();
    }

    /** {@link #relocated}, and in a file with fixed addresses all words that look like one. */
    public Collection<Long> localTargets() {
        if (!file.hasFixedAddress()) {
            return local.values();
        }
        List<Long> targets = new ArrayList<>(local.values());
        for (Segment segment : file.segments()) {
            if (!segment.executable()) {
                long end = segment.address() + segment.fileSize() - 7;
                for (long slot = (segment.address() + 7) / 8 * 8; slot < end; slot += 8) {
                    long target = file.word(slot);
                    if (file.isCode(target) || file.isData(target)) {
                        targets.add(target);
                    }
                }
            }
        }
        return targets;
    }

    /** The symbol that a slot gets, or of which it is a copy from another file; -1 if none. */
    public int symbol(long slot) {
        Integer symbol = symbolic.get(slot);
        return symbol != null ? symbol : copied(slot);
    }

    /** The index of the symbol whose copy has an address; -1 if none has. */
    public int copied(long address) {
        Map.Entry<Long, Copy> copy = copies.floorEntry(address);
        return copy != null && address < copy.getValue().end() ? copy.getValue().symbol() : -1;
    }
}
