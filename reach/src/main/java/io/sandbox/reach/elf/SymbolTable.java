// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.ArrayList;
import java.util.List;

/** Reads a table of symbols (Elf64_Sym, elf.h). */
final class SymbolTable {
    static final int ENTRY_SIZE = 24;

    private static final int STT_NOTYPE = 0;
    private static final int STT_OBJECT = 1;
    private static final int STT_FUNC = 2;
    private static final int STT_GNU_IFUNC = 10;
    private static final int STB_LOCAL = 0;
    private static final int SHN_ABS = 0xfff1;

    /**
     * @param strings where the names begin
     * @return one for each entry of the table, so that indexes stay
     */
    static List<Symbol> read(FileBytes bytes, long table, long count, long strings) {
        bytes.checked(table, count * ENTRY_SIZE);
        List<Symbol> symbols = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            long at = table + i * ENTRY_SIZE;
            int type = bytes.u8(at + 4) & 0xf;
            int section = bytes.u16(at + 6);
            boolean code = type == STT_FUNC || type == STT_GNU_IFUNC;
            boolean exported = bytes.u8(at + 4) >> 4 != STB_LOCAL;
            // Functions in assembly may have no type; local symbols without one are marks in code.
            boolean named =
                    code || type == STT_OBJECT || type == STT_NOTYPE && exported || section == 0;
            symbols.add(
                    new Symbol(
                            named ? bytes.text(strings + bytes.u32(at)) : "",
                            bytes.i64(at + 8),
                            bytes.i64(at + 16),
                            named && section != 0 && section != SHN_ABS,
                            code,
                            exported));
        }
        return symbols;
    }
}
