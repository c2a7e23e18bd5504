// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import io.sandbox.reach.elf.ElfFile;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The instructions of aarch64. */
final class Arm64Instructions extends InstructionSet {
    private static final Pattern CONSTANT = Pattern.compile("#?-?(0x[0-9a-f]{1,16}|[0-9]{1,18})");

    private static final int NUMBER = 8;
    private static final int PAGE_BITS = 12;
    private static final int REGISTERS = 31;

    /** What the kernel and called functions leave alone: x19 to x29 (AAPCS64). */
    private static final int FIRST_KEPT = 19;

    /** The pages whose addresses registers hold (adrp); 0 if a register holds none. */
    private final long[] pages = new long[REGISTERS];

    @Override
    void begin() {
        Arrays.fill(pages, 0);
    }

    @Override
    void read(InstructionBlock block, References references, long lowestAddress) {
        for (int i = 0; i < block.count(); i++) {
            read(block.get(i), references);
        }
    }

    private void read(Instruction instruction, References references) {
        String name = instruction.mnemonic();
        long site = instruction.address();
        String[] operands = instruction.split();
        OptionalLong target = jumpTarget(instruction);
        if (name.equals("bl") && isConstant(operands[0])) {
            references.branch(site, constant(operands[0]), true);
        } else if (target.isPresent()) {
            references.branch(site, target.getAsLong(), false);
        } else if (name.equals("svc")) {
            references.systemCall(site);
        } else if (name.equals("adr") && isConstant(operands[1])) {
            references.address(site, constant(operands[1]));
        } else if (name.equals("adrp") && register(operands[0]) >= 0) {
            pages[register(operands[0])] = constant(operands[1]);
        } else if (name.equals("add") && operands.length == 3 && isConstant(operands[2])) {
            int base = register(operands[1]);
            if (base >= 0 && pages[base] != 0) {
                references.address(site, pages[base] + constant(operands[2]));
            }
        } else {
            readAccess(instruction, operands, references);
        }
    }

    private void readAccess(Instruction instruction, String[] operands, References references) {
        String name = instruction.mnemonic();
        if (operands.length == 0 || !name.startsWith("ld") && !name.startsWith("st")) {
            return;
        }
        String last = operands[operands.length - 1];
        if (isConstant(last) && operands.length == 2) {
            references.access(instruction.address(), constant(last));
        } else if (last.startsWith("[") && last.endsWith("]")) {
            String[] parts = last.substring(1, last.length() - 1).split(", ");
            int base = register(parts[0]);
            if (base >= 0 && pages[base] != 0 && (parts.length == 1 || isConstant(parts[1]))) {
                long distance = parts.length == 1 ? 0 : constant(parts[1]);
                references.access(instruction.address(), pages[base] + distance);
            }
        }
    }

    /**
     * Looks at the whole text, because operands of vector instructions can begin like a constant.
     */
    private static boolean isConstant(String text) {
        return CONSTANT.matcher(text).matches();
    }

    private static long constant(String text) {
        String number = text.startsWith("#") ? text.substring(1) : text;
        if (number.startsWith("-")) {
            return -constant(number.substring(1));
        }
        return number.startsWith("0x")
                ? Long.parseUnsignedLong(number, 2, number.length(), 16)
                : Long.parseLong(number);
    }

    /** The number of a register, of any width; -1 if it is none. */
    private static int register(String name) {
        if (name.length() < 2 || name.charAt(0) != 'x' && name.charAt(0) != 'w') {
            return name.equals("fp") ? 29 : name.equals("lr") ? 30 : -1;
        }
        for (int i = 1; i < name.length(); i++) {
            if (!Character.isDigit(name.charAt(i))) {
                return -1;
            }
        }
        return Integer.parseInt(name.substring(1));
    }

    @Override
    boolean ends(String mnemonic) {
        return switch (mnemonic) {
            case "b", "br", "braa", "brab", "ret", "retaa", "retab", "udf", "brk" -> true;
            default -> false;
        };
    }

    @Override
    boolean isPadding(Instruction instruction) {
        return switch (instruction.mnemonic()) {
            case "nop", "udf", ".byte" -> true;
            default -> false;
        };
    }

    @Override
    boolean isCall(String mnemonic) {
        return mnemonic.startsWith("bl") && !mnemonic.startsWith("bl.");
    }

    @Override
    OptionalLong jumpTarget(Instruction instruction) {
        String name = instruction.mnemonic();
        boolean jumps =
                name.equals("b")
                        || name.startsWith("b.")
                        || name.startsWith("cbz")
                        || name.startsWith("cbnz")
                        || name.startsWith("tbz")
                        || name.startsWith("tbnz");
        if (!jumps) {
            return OptionalLong.empty();
        }
        String[] operands = instruction.split();
        String last = operands[operands.length - 1];
        return isConstant(last) ? OptionalLong.of(constant(last)) : OptionalLong.empty();
    }

    @Override
    Source before(Instruction instruction, Location location) {
        return location.kind() == Location.Kind.REGISTER
                ? beforeRegister(instruction, (int) location.number(), location)
                : Source.COMPUTED;
    }

    private Source beforeRegister(Instruction instruction, int register, Location location) {
        String name = instruction.mnemonic();
        if (isCall(name)) {
            return register >= FIRST_KEPT ? new Source.Moved(location) : Source.CLOBBERED;
        }
        if (name.equals("svc")) {
            return register == 0 ? Source.COMPUTED : new Source.Moved(location);
        }
        String[] operands = instruction.split();
        if (operands.length == 0 || register(operands[0]) != register || readsFirst(name)) {
            boolean pair = name.startsWith("ldp") && register(operands[1]) == register;
            return pair ? Source.COMPUTED : new Source.Moved(location);
        }
        if (operands.length == 2 && (name.equals("mov") || name.equals("movz"))) {
            if (isConstant(operands[1])) {
                return new Source.Constant(constant(operands[1]));
            }
            if (operands[1].equals("wzr") || operands[1].equals("xzr")) {
                return new Source.Constant(0);
            }
            int from = register(operands[1]);
            return from >= 0 ? new Source.Moved(Location.register(from)) : Source.COMPUTED;
        }
        if (name.equals("sxtw") || name.equals("uxtw")) {
            return new Source.Moved(Location.register(register(operands[1])));
        }
        return Source.COMPUTED;
    }

    /** Instructions whose first operand is not their result. */
    private static boolean readsFirst(String name) {
        return name.startsWith("st")
                || name.startsWith("c")
                || name.startsWith("tb")
                || name.startsWith("tst")
                || name.startsWith("b")
                || name.startsWith("prfm");
    }

    @Override
    public Location systemCallNumber() {
        return Location.register(NUMBER);
    }

    @Override
    public Location firstArgument() {
        return Location.register(0);
    }

    @Override
    public Location atCaller(Location argument, boolean call) {
        return argument;
    }

    @Override
    boolean canBeArgument(Location location) {
        return location.kind() == Location.Kind.REGISTER;
    }

    /** {@code adrp x16, page; ldr x17, [x16, n]}, with {@code bti c} in front or not. */
    @Override
    public OptionalLong stubSlot(ElfFile file, long address) {
        long at = (int) file.word(address) == 0xd503245f ? address + 4 : address;
        int adrp = (int) file.word(at);
        int load = (int) file.word(at + 4);
        if ((adrp & 0x9f00001f) != 0x90000010 || (load & 0xffc003ff) != 0xf9400211) {
            return OptionalLong.empty();
        }
        long pages = (long) (adrp << 8 >> 13 & ~3 | adrp >>> 29 & 3);
        long slot = (at >> PAGE_BITS << PAGE_BITS) + (pages << PAGE_BITS);
        return OptionalLong.of(slot + (load >>> 10 & 0xfff) * 8L);
    }

    /** Stubs jump by a register, so they are not seen as jumps at all. */
    @Override
    public boolean isStub(ElfFile file, long jump) {
        return false;
    }
}
