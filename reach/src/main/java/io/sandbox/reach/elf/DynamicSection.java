// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the dynamic linker reads of a file (PT_DYNAMIC). Empty for a static program. */
public final class DynamicSection {
    private static final int DT_NEEDED = 1;
    private static final int DT_PLTRELSZ = 2;
    private static final int DT_HASH = 4;
    private static final int DT_STRTAB = 5;
    private static final int DT_SYMTAB = 6;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int DT_INIT = 12;
    private static final int DT_FINI = 13;
    private static final int DT_SONAME = 14;
    private static final int DT_RPATH = 15;
    private static final int DT_JMPREL = 23;
    private static final int DT_INIT_ARRAY = 25;
    private static final int DT_FINI_ARRAY = 26;
    private static final int DT_INIT_ARRAYSZ = 27;
    private static final int DT_FINI_ARRAYSZ = 28;
    private static final int DT_RUNPATH = 29;
    private static final int DT_PREINIT_ARRAY = 32;
    private static final int DT_PREINIT_ARRAYSZ = 33;
    private static final int DT_GNU_HASH = 0x6ffffef5;

    private final ElfFile file;
    private final Map<Long, Long> values = new HashMap<>();
    private final List<String> needed = new ArrayList<>();

    private DynamicSection(ElfFile file) {
        this.file = file;
    }

    /** Throws {@link ElfException} if the file is damaged. */
    public static DynamicSection of(ElfFile file) {
        DynamicSection section = new DynamicSection(file);
        List<Long> names = new ArrayList<>();
        long end = file.dynamicOffset() + file.dynamicSize();
        for (long at = file.dynamicOffset(); at + 16 <= end; at += 16) {
            long tag = file.bytes().i64(at);
            long value = file.bytes().i64(at + 8);
            if (tag == 0) {
                break;
            }
            if (tag == DT_NEEDED) {
                names.add(value);
            } else {
                section.values.put(tag, value);
            }
        }
        names.forEach(name -> section.needed.add(section.string(name)));
        return section;
    }

    private String string(long name) {
        return file.bytes().text(file.offsetOf(value(DT_STRTAB)) + name);
    }

    /** The value of an entry; 0 if there is none. */
    long value(long tag) {
        return values.getOrDefault(tag, 0L);
    }

    private Optional<String> text(long tag) {
        return Optional.ofNullable(values.get(tag)).map(this::string);
    }

    /** The names of the libraries that must be there. */
    public List<String> needed() {
        return List.copyOf(needed);
    }

    public Optional<String> soname() {
        return text(DT_SONAME);
    }

    /** Folders to search, separated by colons, before LD_LIBRARY_PATH. */
    public Optional<String> rpath() {
        return text(DT_RPATH);
    }

    /** Folders to search, separated by colons, after LD_LIBRARY_PATH. */
    public Optional<String> runpath() {
        return text(DT_RUNPATH);
    }

    /** Its symbols, one for each entry of the table; none if there is no table. */
    public List<Symbol> symbols() {
        if (value(DT_SYMTAB) == 0 || value(DT_STRTAB) == 0) {
            return List.of();
        }
        return SymbolTable.read(
                file.bytes(),
                file.offsetOf(value(DT_SYMTAB)),
                symbolCount(),
                file.offsetOf(value(DT_STRTAB)));
    }

    /**
     * How many symbols there are. Only the hash tables tell it. The GNU form of the table leaves
     * out undefined symbols, so relocations are asked too.
     */
    private long symbolCount() {
        long count = hashedCount();
        count = Math.max(count, highestSymbol(value(DT_RELA), value(DT_RELASZ)) + 1);
        return Math.max(count, highestSymbol(value(DT_JMPREL), value(DT_PLTRELSZ)) + 1);
    }

    private long highestSymbol(long table, long size) {
        long highest = 0;
        if (table != 0 && size > 0) {
            long start = file.offsetOf(table);
            file.bytes().checked(start, size);
            for (long at = start; at + 24 <= start + size; at += 24) {
                highest = Math.max(highest, file.bytes().u32(at + 12));
            }
        }
        return highest;
    }

    private long hashedCount() {
        FileBytes bytes = file.bytes();
        if (value(DT_HASH) != 0) {
            return bytes.u32(file.offsetOf(value(DT_HASH)) + 4);
        }
        if (value(DT_GNU_HASH) == 0) {
            return 0;
        }
        long table = file.offsetOf(value(DT_GNU_HASH));
        long buckets = bytes.u32(table);
        long first = bytes.u32(table + 4);
        long bucketsAt = table + 16 + bytes.u32(table + 8) * 8;
        long chainsAt = bucketsAt + buckets * 4;
        long last = 0;
        for (long i = 0; i < buckets; i++) {
            last = Math.max(last, bytes.u32(bucketsAt + i * 4));
        }
        if (last < first || last == 0) {
            return first;
        }
        // The last symbol of a bucket has the lowest bit of its hash set.
        while ((bytes.i32(chainsAt + (last - first) * 4) & 1) == 0) {
            last++;
        }
        return last + 1;
    }

    /** The addresses of the functions for the start and the end (DT_INIT, DT_FINI). */
    public List<Long> initAndFini() {
        return Stream.of(value(DT_INIT), value(DT_FINI)).filter(address -> address != 0).toList();
    }

    /** The addresses of the slots that hold pointers to further such functions. */
    public List<Long> initAndFiniSlots() {
        List<Long> slots = new ArrayList<>();
        addSlots(slots, DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ);
        addSlots(slots, DT_INIT_ARRAY, DT_INIT_ARRAYSZ);
        addSlots(slots, DT_FINI_ARRAY, DT_FINI_ARRAYSZ);
        return slots;
    }

    private void addSlots(List<Long> slots, long array, long size) {
        file.bytes().checked(0, value(size));
        for (long at = 0; at + 8 <= value(size); at += 8) {
            slots.add(value(array) + at);
        }
    }
}
