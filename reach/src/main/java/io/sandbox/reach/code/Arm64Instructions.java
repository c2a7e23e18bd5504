// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import io.sandbox.reach.elf.ElfFile;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of aarch64. */
final class Arm64Instructions extends InstructionSet {
    private static final Pattern CONSTANT = Pattern.compile("#?-?(0x[0-9a-f]{1,16}|[0-9]{1,18})");

    /** A place in memory that a load or a store names by the stack pointer. */
    private static final Pattern STACK_SLOT =
            Pattern.compile("\\[sp(?:, #(-?(?:0x[0-9a-f]{1,8}|[0-9]{1,8})))?\\](!)?");

    /** Instructions whose first operand is not their result; stx and stlx say how they went. */
    private static final Pattern READS_FIRST =
            Pattern.compile("(st(?!l?x)|cm[np]|ccm|cb|tb|tst|b\\.|br|prfm).*|b|ret|msr");

    private static final String STACK_POINTER = "sp";
    private static final int NUMBER = 8;
    private static final int PAGE_BITS = 12;
    private static final int REGISTERS = 31;

    /** The linker writes all stubs with the same registers: {@code ldr x17, [x16, n]}. */
    private static final int STUB_BASE = 16;

    /** What the kernel and called functions leave alone: x19 to x29 (AAPCS64). */
    private static final int FIRST_KEPT = 19;

    /** The pages whose addresses registers hold (adrp); 0 if a register holds none. */
    private final long[] pages = new long[REGISTERS];

    /**
     * The addresses that registers hold (adrp and add). They are kept beside the pages, since one
     * page can serve several such instructions, on different ways through the function.
     */
    private final long[] addresses = new long[REGISTERS];

    @Override
    boolean read(Capstone code, long start, long end, References references, long lowest) {
        Arrays.fill(pages, 0);
        Arrays.fill(addresses, 0);
        Instruction last = null;
        for (Instruction each : code.instructions(start, end)) {
            read(each, references);
            last = isPadding(each) ? last : each;
        }
        // A call at the end of a function does not return.
        return last != null && !ends(last.mnemonic()) && !isCall(last.mnemonic());
    }

    private void read(Instruction instruction, References references) {
        String name = instruction.mnemonic();
        long site = instruction.address();
        String[] operands = instruction.split();
        OptionalLong target = jumpTarget(instruction);
        if (name.equals("bl") && isConstant(operands[0])) {
            references.branch(site, constant(operands[0]), true);
            Arrays.fill(addresses, 0, FIRST_KEPT, 0);
        } else if (target.isPresent()) {
            references.branch(site, target.getAsLong(), false);
        } else if (name.equals("svc")) {
            references.systemCall(site);
        } else if (name.equals("adr") && isConstant(operands[1])) {
            references.address(site, constant(operands[1]));
        } else if (name.equals("adrp") && register(operands[0]) >= 0) {
            pages[register(operands[0])] = constant(operands[1]);
            addresses[register(operands[0])] = 0;
        } else if (name.equals("add") && operands.length == 3 && isConstant(operands[2])) {
            int base = register(operands[1]);
            if (base >= 0 && pages[base] != 0) {
                long address = pages[base] + constant(operands[2]);
                references.address(site, address);
                if (register(operands[0]) >= 0) {
                    addresses[register(operands[0])] = address;
                }
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
            boolean known = base >= 0 && (pages[base] != 0 || addresses[base] != 0);
            if (known && (parts.length == 1 || isConstant(parts[1]))) {
                long distance = parts.length == 1 ? 0 : constant(parts[1]);
                long start = addresses[base] != 0 ? addresses[base] : pages[base];
                boolean stub = base == STUB_BASE && register(operands[0]) == STUB_BASE + 1;
                if (stub && name.equals("ldr")) {
                    references.branchThrough(instruction.address(), start + distance, false, false);
                } else {
                    references.access(instruction.address(), start + distance);
                }
            }
        }
    }

    /** Looks at the whole text: a vector's operands can begin like a constant. */
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

    private static boolean isPadding(Instruction instruction) {
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
        return switch (location.kind()) {
            case REGISTER -> beforeRegister(instruction, (int) location.number(), location);
            case STACK -> beforeStack(instruction, location.number(), location);
            case FRAME -> Source.COMPUTED;
        };
    }

    private static Source beforeStack(Instruction instruction, long place, Location location) {
        String name = instruction.mnemonic();
        String[] operands = instruction.split();
        if (operands.length > 1
                && operands[0].equals(STACK_POINTER)
                && !READS_FIRST.matcher(name).matches()) {
            boolean moves =
                    operands.length == 3
                            && operands[1].equals(STACK_POINTER)
                            && isConstant(operands[2])
                            && (name.equals("sub") || name.equals("add"));
            return moves
                    ? moved(place + (name.equals("sub") ? -1 : 1) * constant(operands[2]))
                    : Source.COMPUTED;
        }
        if (!name.startsWith("st") && !name.startsWith("ld") || operands.length < 2) {
            return new Source.Moved(location);
        }
        boolean after = isConstant(operands[operands.length - 1]);
        int last = operands.length - (after ? 2 : 1);
        Matcher slot = STACK_SLOT.matcher(operands[last]);
        if (!slot.matches()) {
            return new Source.Moved(location);
        }
        long distance = slot.group(1) == null ? 0 : constant(slot.group(1));
        long change = after ? constant(operands[last + 1]) : slot.group(2) != null ? distance : 0;
        // Counted from the stack pointer as it is before the instruction.
        long before = place + change;
        for (int i = 0; i < last && name.startsWith("st"); i++) {
            int width = operands[0].startsWith("w") ? 4 : 8;
            if (before == distance + (long) i * width) {
                return source(operands[i]);
            }
        }
        return moved(before);
    }

    /** Nothing is kept below the stack pointer. */
    private static Source moved(long place) {
        return place < 0 ? Source.COMPUTED : new Source.Moved(Location.stack(place));
    }

    /** Where the value of an operand comes from, if the instruction reads it. */
    private static Source source(String operand) {
        if (isConstant(operand)) {
            return new Source.Constant(constant(operand));
        }
        if (operand.equals("wzr") || operand.equals("xzr")) {
            return new Source.Constant(0);
        }
        int from = register(operand);
        return from >= 0 ? new Source.Moved(Location.register(from)) : Source.COMPUTED;
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
        int result =
                operands.length == 0
                        ? -1
                        : READS_FIRST.matcher(name).matches() ? -1 : register(operands[0]);
        if (result != register) {
            boolean second =
                    operands.length > 2
                            && register(operands[1]) == register
                            && (name.startsWith("ld") || name.startsWith("swp"));
            return !second
                    ? new Source.Moved(location)
                    : name.startsWith("ldp") ? loaded(operands, 1) : Source.COMPUTED;
        }
        return switch (name) {
            case "mov", "movz", "sxtw", "uxtw" ->
                    operands.length == 2 ? source(operands[1]) : Source.COMPUTED;
            case "ldr", "ldur", "ldp", "ldrsw" -> loaded(operands, 0);
            case "csel" -> {
                int one = register(operands[1]);
                int other = register(operands[2]);
                yield one < 0 || other < 0
                        ? Source.COMPUTED
                        : new Source.Moved(
                                List.of(Location.register(one), Location.register(other)));
            }
            default -> Source.COMPUTED;
        };
    }

    /** Where the value comes from that a load puts into its first or second register. */
    private static Source loaded(String[] operands, int index) {
        boolean after = isConstant(operands[operands.length - 1]);
        Matcher slot = STACK_SLOT.matcher(operands[operands.length - (after ? 2 : 1)]);
        if (!slot.matches()) {
            return Source.COMPUTED;
        }
        long distance = slot.group(1) == null ? 0 : constant(slot.group(1));
        return moved(distance + (long) index * (operands[0].startsWith("w") ? 4 : 8));
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
        return location.kind() != Location.Kind.FRAME;
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
        long pages = (long) (adrp << 8 >> 11 & ~3 | adrp >>> 29 & 3);
        long slot = (at >> PAGE_BITS << PAGE_BITS) + (pages << PAGE_BITS);
        return OptionalLong.of(slot + (load >>> 10 & 0xfff) * 8L);
    }

    /** A stub jumps by a register that it loads: this load counts as its jump. */
    @Override
    public boolean isStub(ElfFile file, long jump) {
        return stubSlot(file, jump - 4).isPresent();
    }
}
