// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An ELF file of a 64-bit, little-endian machine: its segments, its dynamic section, its symbols.
 * Section headers are used only for the symbol table that strip(1) removes, and to tell code from
 * other data in one segment.
 */
public final class ElfFile {
    private static final int SECTION_HEADER_SIZE = 64;
    private static final int LONGEST_IDENTIFIER = 64;

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final int PT_GNU_EH_FRAME = 0x6474e550;
    private static final int PF_X = 1;
    private static final int SHT_SYMTAB = 2;
    private static final int SHF_EXECINSTR = 4;

    private final FileBytes bytes;
    private final Machine machine;
    private final boolean fixedAddress;
    private final long entry;
    private final List<Segment> segments = new ArrayList<>();
    private final long dynamicOffset;
    private final long dynamicSize;
    private final Optional<String> interpreter;
    private final long unwindTable;

    /** Throws {@link ElfException} if it is damaged, or of another kind. */
    public ElfFile(byte[] content) {
        bytes = new FileBytes(content);
        ElfHeader header = new ElfHeader(bytes);
        machine = header.machine();
        fixedAddress = header.hasFixedAddress();
        entry = header.entry();
        long foundOffset = 0;
        long foundSize = 0;
        long unwindAt = 0;
        Optional<String> foundInterpreter = Optional.empty();
        for (ElfHeader.Part part : header.parts()) {
            switch (part.type()) {
                case PT_LOAD -> addSegment(part);
                case PT_DYNAMIC -> {
                    foundOffset = part.offset();
                    foundSize = part.fileSize();
                }
                case PT_INTERP -> foundInterpreter = Optional.of(bytes.text(part.offset()));
                case PT_GNU_EH_FRAME -> unwindAt = part.address();
                default -> {}
            }
        }
        splitByCode();
        interpreter = foundInterpreter;
        unwindTable = unwindAt;
        dynamicOffset = foundOffset;
        dynamicSize = foundSize;
    }

    private void addSegment(ElfHeader.Part part) {
        bytes.checked(part.offset(), part.fileSize());
        if (part.memorySize() < part.fileSize() || part.address() < 0) {
            throw new ElfException("damaged: a segment has an impossible size");
        }
        segments.add(
                new Segment(
                        part.address(),
                        part.memorySize(),
                        part.offset(),
                        part.fileSize(),
                        (part.flags() & PF_X) != 0));
    }

    /**
     * Cuts executable segments into code and other data, which linkers put into one segment if they
     * save memory (all of aarch64 do). Sections tell; without them, all of the segment is code.
     */
    private void splitByCode() {
        List<Segment> code = new ArrayList<>();
        for (long header : sections()) {
            long size = bytes.i64(header + 32);
            if ((bytes.i64(header + 8) & SHF_EXECINSTR) != 0 && size > 0) {
                code.add(new Segment(bytes.i64(header + 16), size, 0, size, true));
            }
        }
        code.sort(Comparator.comparing(Segment::address));
        List<Segment> whole = List.copyOf(segments);
        if (code.stream().noneMatch(each -> entry == 0 || each.contains(entry))) {
            return;
        }
        segments.clear();
        for (Segment segment : whole) {
            if (!segment.executable()) {
                segments.add(segment);
                continue;
            }
            long at = segment.address();
            for (Segment each : code) {
                if (each.address() >= at
                        && segment.hasBytesAt(each.address() + each.fileSize() - 1)) {
                    addPart(segment, at, each.address(), false);
                    at = each.address() + each.fileSize();
                    addPart(segment, each.address(), at, true);
                }
            }
            addPart(segment, at, segment.address() + segment.fileSize(), false);
        }
    }

    private void addPart(Segment segment, long start, long end, boolean isCode) {
        if (start < end) {
            long offset = segment.offset() + (start - segment.address());
            segments.add(new Segment(start, end - start, offset, end - start, isCode));
        }
    }

    public Machine machine() {
        return machine;
    }

    /** Whether it can run only at the addresses that it names (ET_EXEC). */
    public boolean hasFixedAddress() {
        return fixedAddress;
    }

    /** The first instruction, for programs and dynamic linkers; 0 if there is none. */
    public long entry() {
        return entry;
    }

    public List<Segment> segments() {
        return List.copyOf(segments);
    }

    public Optional<String> interpreter() {
        return interpreter;
    }

    /** Where the dynamic section is in the file. */
    long dynamicOffset() {
        return dynamicOffset;
    }

    /** The size of the dynamic section; 0 for a static program. */
    long dynamicSize() {
        return dynamicSize;
    }

    /** The bytes of the whole file, which must not be changed. */
    public byte[] content() {
        return bytes.array();
    }

    public boolean isCode(long address) {
        for (Segment each : segments) {
            if (each.executable() && each.hasBytesAt(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is an address in memory that holds no code. */
    public boolean isData(long address) {
        for (Segment each : segments) {
            if (!each.executable() && each.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The place in the file, or -1 if the file has no byte for this address. */
    public long offset(long address) {
        for (Segment each : segments) {
            if (each.hasBytesAt(address)) {
                return each.offset() + (address - each.address());
            }
        }
        return -1;
    }

    /** The eight bytes at an address; 0 if the file has none there. */
    public long word(long address) {
        long at = offset(address);
        return at < 0 || at + 8 > bytes.size() ? 0 : bytes.i64(at);
    }

    /** The word at an address, if it can be the name of a C function, and ends with NUL. */
    public Optional<String> identifier(long address) {
        long start = offset(address);
        long end = start;
        while (end >= 0
                && end < bytes.size()
                && end - start <= LONGEST_IDENTIFIER
                && isNamePart(bytes.u8(end))) {
            end++;
        }
        boolean isName =
                end > start
                        && end - start <= LONGEST_IDENTIFIER
                        && end < bytes.size()
                        && bytes.u8(end) == 0
                        && !Character.isDigit(bytes.u8(start));
        return isName ? Optional.of(bytes.text(start)) : Optional.empty();
    }

    private static boolean isNamePart(int letter) {
        return letter == '_'
                || letter >= '0' && letter <= '9'
                || letter >= 'A' && letter <= 'Z'
                || letter >= 'a' && letter <= 'z';
    }

    /** Where the segment with the first instruction begins. */
    long entrySegmentAddress() {
        return segments.stream()
                .filter(each -> each.hasBytesAt(entry))
                .mapToLong(Segment::address)
                .findFirst()
                .orElse(0);
    }

    FileBytes bytes() {
        return bytes;
    }

    /** The place of an address in the file, which must have it. */
    long offsetOf(long address) {
        long at = offset(address);
        if (at < 0) {
            throw new ElfException("damaged: it refers to an address outside of its segments");
        }
        return at;
    }

    /** The address of the table of unwind information (.eh_frame_hdr); 0 if there is none. */
    long unwindTable() {
        return unwindTable;
    }

    /** The symbols that strip(1) removes; none if it did. */
    public List<Symbol> localSymbols() {
        for (long header : sections()) {
            if (bytes.i32(header + 4) == SHT_SYMTAB) {
                List<Long> all = sections();
                int strings = (int) Math.min(bytes.u32(header + 40), all.size() - 1);
                return SymbolTable.read(
                        bytes,
                        bytes.i64(header + 24),
                        bytes.i64(header + 32) / SymbolTable.ENTRY_SIZE,
                        bytes.i64(all.get(strings) + 24));
            }
        }
        return List.of();
    }

    /** The section of a name, as a part of memory. */
    Optional<Segment> section(String name) {
        List<Long> all = sections();
        int names = bytes.u16(62);
        if (names >= all.size()) {
            return Optional.empty();
        }
        long texts = bytes.i64(all.get(names) + 24);
        for (long header : all) {
            if (bytes.text(texts + bytes.u32(header)).equals(name)) {
                long size = bytes.i64(header + 32);
                long offset = bytes.i64(header + 24);
                bytes.checked(offset, size);
                return Optional.of(new Segment(bytes.i64(header + 16), size, offset, size, false));
            }
        }
        return Optional.empty();
    }

    /** Where section headers are: none if wrong, since files may run without them. */
    private List<Long> sections() {
        long headers = bytes.i64(40);
        int count = bytes.u16(60);
        boolean usable =
                bytes.u16(58) == SECTION_HEADER_SIZE
                        && headers > 0
                        && headers <= bytes.size() - (long) SECTION_HEADER_SIZE * count;
        List<Long> all = new ArrayList<>();
        for (int i = 0; usable && i < count; i++) {
            all.add(headers + (long) SECTION_HEADER_SIZE * i);
        }
        return all;
    }
}
