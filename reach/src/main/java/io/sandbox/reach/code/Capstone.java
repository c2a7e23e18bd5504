// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.elf.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The code of one file, disassembled by the system's libcapstone (capstone.h). Capstone does not
 * deliver details of instructions: that would take six times as long, and the text of the operands
 * says as much. For one thread.
 */
public final class Capstone implements AutoCloseable {
    // enum cs_arch, cs_mode
    private static final int CS_ARCH_ARM64 = 1;
    private static final int CS_ARCH_X86 = 3;
    private static final int CS_MODE_64 = 1 << 3;

    /** Bytes that are no instruction become ".byte", so that disassembly goes on. */
    private static final int CS_OPT_SKIPDATA = 5;

    private static final long CS_OPT_ON = 3;

    /** How much code is disassembled at once. */
    private static final int PORTION = 1 << 16;

    private final ElfFile file;
    private final Library library;
    private final long handle;
    private final List<Part> parts = new ArrayList<>();

    /** The code of a segment in memory where capstone can read it. */
    private record Part(Segment segment, Memory code) {}

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
    }

    /**
     * @throws DisassemblerException if capstone is not installed
     */
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
                    "libcapstone refuses code of "
                            + file.machine().word()
                            + " (error "
                            + error
                            + ")",
                    null);
        }
        handle = Pointer.nativeValue(opened.getValue());
        library.function("cs_option").invokeInt(new Object[] {handle, CS_OPT_SKIPDATA, CS_OPT_ON});
        for (Segment segment : file.segments()) {
            if (segment.executable() && segment.fileSize() > 0) {
                Memory code = new Memory(segment.fileSize());
                code.write(0, file.content(), (int) segment.offset(), (int) segment.fileSize());
                parts.add(new Part(segment, code));
            }
        }
    }

    /** Hands over the instructions from one address to another, in blocks. */
    void read(long start, long end, Consumer<InstructionBlock> receiver) {
        long at = start;
        while (at < end) {
            Part part = partOf(at);
            long limit = part.segment().address() + part.segment().fileSize();
            long length = Math.min(PORTION, Math.min(end, limit) - at);
            InstructionBlock block =
                    disassemble(part.code().share(at - part.segment().address()), length, at);
            if (block.count() == 0) {
                return;
            }
            receiver.accept(block);
            int last = block.count() - 1;
            at = block.address(last) + block.size(last);
        }
    }

    private Part partOf(long address) {
        for (Part each : parts) {
            if (address >= each.segment().address()
                    && address - each.segment().address() < each.segment().fileSize()) {
                return each;
            }
        }
        throw new IllegalArgumentException("no code at " + Long.toHexString(address));
    }

    private InstructionBlock disassemble(Pointer code, long length, long address) {
        PointerByReference array = new PointerByReference();
        long count =
                library.function("cs_disasm")
                        .invokeLong(new Object[] {handle, code, length, address, 0L, array});
        if (count == 0) {
            return new InstructionBlock(new byte[0], library.insnSize(), library.mnemonicAt());
        }
        byte[] raw = array.getValue().getByteArray(0, (int) count * library.insnSize());
        library.function("cs_free").invokeVoid(new Object[] {array.getValue(), count});
        return new InstructionBlock(raw, library.insnSize(), library.mnemonicAt());
    }

    List<Instruction> instructions(long start, long end) {
        List<Instruction> all = new ArrayList<>();
        read(
                start,
                end,
                block -> {
                    for (int i = 0; i < block.count(); i++) {
                        all.add(block.get(i));
                    }
                });
        return all;
    }

    ElfFile file() {
        return file;
    }

    @Override
    public void close() {
        PointerByReference closed = new PointerByReference(new Pointer(handle));
        library.function("cs_close").invokeInt(new Object[] {closed});
        parts.forEach(part -> part.code().close());
    }
}
