// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.Machine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The code of one file, disassembled by the system's libcapstone (capstone.h). Capstone does not
 * deliver details of instructions: that would take six times as long, and the text of the operands
 * says as much. For one thread.
 *
 * <p>That text is the same in the versions 4 and 5, while the structure of the details is not.
 */
public final class Capstone implements AutoCloseable {
    // enum cs_arch, cs_mode
    private static final int CS_ARCH_ARM64 = 1;
    private static final int CS_ARCH_X86 = 3;
    private static final int CS_MODE_64 = 1 << 3;

    /** Bytes that are no instruction become ".byte", so that disassembly goes on. */
    private static final int CS_OPT_SKIPDATA = 5;

    private static final long CS_OPT_ON = 3;

    // cs_insn
    private static final int ADDRESS = 8;
    private static final int SIZE = 16;
    private static final int MNEMONIC_LENGTH = 32;
    private static final int OPERANDS_LENGTH = 160;

    /** How much code is disassembled at once. */
    private static final int PORTION = 1 << 16;

    private final ElfFile file;
    private final Library library;
    private final long handle;

    /** A version of libcapstone; the two differ in the length of {@code cs_insn.bytes}. */
    private record Library(NativeLibrary functions, int insnSize, int mnemonicAt) {
        private static final Library INSTANCE = load();

        private static Library load() {
            try {
                return new Library(NativeLibrary.getInstance("libcapstone.so.5"), 248, 42);
            } catch (LinkageError e) {
                try {
                    return new Library(NativeLibrary.getInstance("libcapstone.so.4"), 240, 34);
                } catch (LinkageError older) {
                    return null;
                }
            }
        }

        Function function(String name) {
            return functions.getFunction(name);
        }

        /** The instruction in the {@code cs_insn} at a place. */
        Instruction instruction(byte[] raw, int at) {
            ByteBuffer fields = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
            return new Instruction(
                    fields.getLong(at + ADDRESS),
                    fields.getShort(at + SIZE) & 0xffff,
                    text(raw, at + mnemonicAt, MNEMONIC_LENGTH),
                    text(raw, at + mnemonicAt + MNEMONIC_LENGTH, OPERANDS_LENGTH));
        }

        private static String text(byte[] raw, int at, int limit) {
            int end = at;
            while (end < at + limit && raw[end] != 0) {
                end++;
            }
            return new String(raw, at, end - at, StandardCharsets.US_ASCII);
        }
    }

    /** Throws {@link DisassemblerException} if capstone is not installed. */
    public Capstone(ElfFile file) {
        this.file = file;
        library = Library.INSTANCE;
        if (library == null) {
            throw new DisassemblerException(
                    "code cannot be read without libcapstone: install the package libcapstone5"
                            + " (on Ubuntu 24.04: libcapstone4)",
                    null);
        }
        boolean x86 = file.machine() == Machine.X86_64;
        PointerByReference opened = new PointerByReference();
        int error =
                library.function("cs_open")
                        .invokeInt(
                                new Object[] {
                                    x86 ? CS_ARCH_X86 : CS_ARCH_ARM64, x86 ? CS_MODE_64 : 0, opened
                                });
        if (error != 0) {
            throw new DisassemblerException(
                    String.format(
                            "libcapstone refuses code of %s (error %s)",
                            file.machine().word(), error),
                    null);
        }
        handle = Pointer.nativeValue(opened.getValue());
        library.function("cs_option").invokeInt(new Object[] {handle, CS_OPT_SKIPDATA, CS_OPT_ON});
    }

    /** The instructions from one address to another. */
    List<Instruction> instructions(long start, long end) {
        List<Instruction> all = new ArrayList<>();
        long at = start;
        while (at < end) {
            List<Instruction> some = disassemble(at, Math.min(PORTION, end - at));
            if (some.isEmpty()) {
                break;
            }
            all.addAll(some);
            at = some.get(some.size() - 1).end();
        }
        return all;
    }

    private List<Instruction> disassemble(long address, long length) {
        PointerByReference array = new PointerByReference();
        List<Instruction> instructions = new ArrayList<>();
        try (Memory code = new Memory(length)) {
            code.write(0, file.content(), (int) file.offset(address), (int) length);
            long count =
                    library.function("cs_disasm")
                            .invokeLong(new Object[] {handle, code, length, address, 0L, array});
            if (count > 0) {
                byte[] raw = array.getValue().getByteArray(0, (int) count * library.insnSize());
                library.function("cs_free").invokeVoid(new Object[] {array.getValue(), count});
                for (int at = 0; at < raw.length; at += library.insnSize()) {
                    instructions.add(library.instruction(raw, at));
                }
            }
        }
        return instructions;
    }

    ElfFile file() {
        return file;
    }

    @Override
    public void close() {
        PointerByReference closed = new PointerByReference(new Pointer(handle));
        library.function("cs_close").invokeInt(new Object[] {closed});
    }
}
