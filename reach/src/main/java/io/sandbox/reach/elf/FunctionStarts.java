// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where functions begin and end, by the table that finds the unwind information of an address
 * (.eh_frame_hdr, LSB core specification). Compilers write it for all, and strip(1) keeps it.
 */
public final class FunctionStarts {
    /** DW_EH_PE_datarel with DW_EH_PE_sdata4, the only form in which linkers write the table. */
    private static final int TABLE_FORM = 0x3b;

    private static final int PCREL_SDATA4 = 0x1b;
    private static final int UDATA4 = 0x03;

    private FunctionStarts() {}

    /** Each function's first address, with the one after it; empty without such a table. */
    public static TreeMap<Long, Long> of(ElfFile file) {
        TreeMap<Long, Long> ends = new TreeMap<>();
        long table = file.unwindTable();
        if (table == 0) {
            file.section(".eh_frame").ifPresent(frames -> readFrames(file, frames, ends));
            cutOverlaps(ends);
            return ends;
        }
        FileBytes bytes = file.bytes();
        long at = file.offsetOf(table);
        boolean known =
                bytes.u8(at) == 1
                        && bytes.u8(at + 1) == PCREL_SDATA4
                        && bytes.u8(at + 2) == UDATA4
                        && bytes.u8(at + 3) == TABLE_FORM;
        if (!known) {
            return ends;
        }
        long count = bytes.u32(at + 8);
        bytes.checked(at + 12, count * 8);
        for (long i = 0; i < count; i++) {
            long start = table + bytes.i32(at + 12 + i * 8);
            long entry = table + bytes.i32(at + 16 + i * 8);
            if (file.isCode(start)) {
                long end = start + length(file, start, entry);
                ends.put(isSignalFrame(file, entry) ? start + 1 : start, end);
            }
        }
        cutOverlaps(ends);
        return ends;
    }

    /** Static programs may lack the table, and have only the entries. */
    private static void readFrames(ElfFile file, Segment frames, TreeMap<Long, Long> ends) {
        FileBytes bytes = file.bytes();
        long end = frames.offset() + frames.fileSize();
        long at = frames.offset();
        while (at + 16 <= end) {
            long length = bytes.u32(at);
            if (length == 0 || length == 0xffffffffL) {
                return;
            }
            if (bytes.i32(at + 4) != 0) {
                long entry = frames.address() + (at - frames.offset());
                long start = entry + 8 + bytes.i32(at + 8);
                if (file.isCode(start)) {
                    ends.put(
                            isSignalFrame(file, entry) ? start + 1 : start,
                            start + bytes.u32(at + 12));
                }
            }
            at += 4 + length;
        }
    }

    /** The length that an entry (FDE) states; 0 if the entry is not of the usual form. */
    private static long length(ElfFile file, long start, long entry) {
        long at = file.offset(entry);
        if (at < 0 || at + 16 > file.bytes().size()) {
            return 0;
        }
        long begins = entry + 8 + file.bytes().i32(at + 8);
        return begins == start ? file.bytes().u32(at + 12) : 0;
    }

    /**
     * Whether an entry is for the code to which signal handlers return. It then begins a byte
     * early, because unwinders subtract one from a return address before they look it up.
     */
    private static boolean isSignalFrame(ElfFile file, long entry) {
        long at = file.offset(entry);
        if (at < 0 || at + 8 > file.bytes().size()) {
            return false;
        }
        long common = at + 4 - file.bytes().u32(at + 4);
        return common >= 0
                && common + 16 <= file.bytes().size()
                && file.bytes().text(common + 9).contains("S");
    }

    private static void cutOverlaps(TreeMap<Long, Long> ends) {
        long next = Long.MAX_VALUE;
        for (Map.Entry<Long, Long> each : ends.descendingMap().entrySet()) {
            each.setValue(Math.min(each.getValue(), next));
            next = each.getKey();
        }
    }
}
