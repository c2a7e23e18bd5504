// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import io.sandbox.reach.elf.ElfFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of x86_64, in Intel's notation. */
final class X86Instructions extends InstructionSet {
    private static final int ENDBR64 = 0xfa1e0ff3;

    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RBX = 3;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int R11 = 11;

    /** The names of registers of 32 and 64 bits, with their numbers in instructions. */
    private static final Map<String, Integer> FULL = new HashMap<>();

    /** The names of all registers, also of parts of them, with their numbers. */
    private static final Map<String, Integer> ANY = new HashMap<>();

    static {
        String[] names = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
        for (int i = 0; i < 16; i++) {
            String name = i < 8 ? names[i] : "r" + i;
            FULL.put(i < 8 ? "r" + name : name, i);
            FULL.put(i < 8 ? "e" + name : name + "d", i);
            ANY.put(i < 8 ? name : name + "w", i);
            ANY.put(i < 8 ? name.replace("x", "") + "l" : name + "b", i);
            if (i < 4) {
                ANY.put(name.charAt(0) + "h", i);
            }
        }
        ANY.putAll(FULL);
    }

    /** System V ABI: what a called function keeps. */
    private static final Set<Integer> KEPT_BY_CALLS = Set.of(RBX, 4, 5, 12, 13, 14, 15);

    private static final Set<String> NO_RESULT =
            Set.of("cmp", "test", "bt", "nop", "ret", "endbr64", "push", "ud2", "hlt");

    private static final Pattern STACK_SLOT =
            Pattern.compile("[dq]word ptr \\[(r[sb]p)(?: ([+-]) (0x[0-9a-f]+|[0-9]))?\\]");

    private static final Pattern SUM = Pattern.compile("\\[(r[sb]p) ([+-]) (0x[0-9a-f]+|[0-9])\\]");

    @Override
    void read(InstructionBlock block, References references, long lowestAddress) {
        for (int i = 0; i < block.count(); i++) {
            long site = block.address(i);
            if (isBranch(block, i)) {
                readBranch(block, i, references);
            } else if (block.mnemonicStartsWith(i, "syscall")) {
                references.systemCall(site);
            } else if (block.mnemonicStartsWith(i, "int\0") && block.operands(i).equals("0x80")
                    || block.mnemonicStartsWith(i, "sysenter")) {
                references.foreignCall(site);
            } else if (block.findInOperands(i, "[rip") >= 0) {
                long address = relative(block, i);
                if (block.mnemonicStartsWith(i, "lea")) {
                    references.address(site, address);
                } else {
                    references.access(site, address);
                }
            } else if (lowestAddress > 0 && block.findInOperands(i, "0x") >= 0) {
                readConstant(block, i, references, lowestAddress);
            }
        }
    }

    private static boolean isBranch(InstructionBlock block, int i) {
        return block.mnemonicStartsWith(i, "j")
                || block.mnemonicStartsWith(i, "call")
                || block.mnemonicStartsWith(i, "bnd ")
                || block.mnemonicStartsWith(i, "notrack ")
                || block.mnemonicStartsWith(i, "loop");
    }

    private void readBranch(InstructionBlock block, int i, References references) {
        boolean call = isCall(block.mnemonic(i));
        String operands = block.operands(i);
        if (operands.startsWith("0x")) {
            references.branch(block.address(i), hex(operands), call);
        } else if (operands.contains("[rip")) {
            references.branchThrough(block.address(i), relative(block, i), call);
        } else if (operands.contains("0x")) {
            // A table of code addresses, indexed by a register.
            references.address(block.address(i), lastHex(operands));
        }
    }

    /** Programs with fixed addresses name them as constants. */
    private static void readConstant(
            InstructionBlock block, int i, References references, long lowestAddress) {
        String operands = block.operands(i);
        for (int at = operands.indexOf("0x"); at >= 0; at = operands.indexOf("0x", at + 2)) {
            long value = hexAt(operands, at);
            if (Long.compareUnsigned(value, lowestAddress) < 0) {
                continue;
            }
            boolean alone = at > 0 && operands.charAt(at - 1) == '[';
            if (alone && !block.mnemonicStartsWith(i, "lea")) {
                references.access(block.address(i), value);
            } else {
                references.address(block.address(i), value);
            }
        }
    }

    private static long relative(InstructionBlock block, int i) {
        String operands = block.operands(i);
        int at = operands.indexOf("[rip");
        long next = block.address(i) + block.size(i);
        int digits = at + "[rip + ".length();
        if (operands.length() <= digits) {
            return next;
        }
        long distance =
                operands.startsWith("0x", digits)
                        ? hexAt(operands, digits)
                        : Character.digit(operands.charAt(digits), 10);
        return operands.charAt(at + "[rip ".length()) == '-' ? next - distance : next + distance;
    }

    private static long lastHex(String text) {
        return hexAt(text, text.lastIndexOf("0x"));
    }

    private static long hexAt(String text, int at) {
        int end = at + 2;
        while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
        }
        return hex(text.substring(at, end));
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }

    @Override
    boolean ends(String mnemonic) {
        return mnemonic.endsWith("jmp")
                || mnemonic.endsWith("ret")
                || mnemonic.equals("ud2")
                || mnemonic.equals("hlt");
    }

    @Override
    boolean isPadding(Instruction instruction) {
        return switch (instruction.mnemonic()) {
            case "nop", "int3", ".byte" -> true;
            case "xchg" -> instruction.operands().equals("ax, ax");
            default -> false;
        };
    }

    @Override
    boolean isCall(String mnemonic) {
        return mnemonic.endsWith("call") && !mnemonic.equals("syscall");
    }

    @Override
    OptionalLong jumpTarget(Instruction instruction) {
        boolean jump =
                instruction.mnemonic().startsWith("j")
                        || instruction.mnemonic().endsWith("jmp")
                        || instruction.mnemonic().startsWith("loop");
        return jump && instruction.operands().startsWith("0x")
                ? OptionalLong.of(hex(instruction.operands()))
                : OptionalLong.empty();
    }

    @Override
    Source before(Instruction instruction, Location location) {
        return switch (location.kind()) {
            case REGISTER -> beforeRegister(instruction, (int) location.number(), location);
            case STACK -> beforeStack(instruction, location);
            case FRAME -> beforeFrame(instruction, location);
        };
    }

    private Source beforeRegister(Instruction instruction, int register, Location location) {
        String name = instruction.mnemonic();
        if (isCall(name)) {
            return KEPT_BY_CALLS.contains(register) ? new Source.Moved(location) : Source.CLOBBERED;
        }
        if (changesUnseen(name, register)) {
            return Source.COMPUTED;
        }
        String[] operands = instruction.split();
        if (operands.length == 0 || NO_RESULT.contains(name) || name.startsWith("j")) {
            return new Source.Moved(location);
        }
        boolean first = ANY.getOrDefault(operands[0], -1) == register;
        if (name.equals("xchg") && operands.length == 2) {
            boolean second = ANY.getOrDefault(operands[1], -1) == register;
            return first ? source(operands[1]) : second ? source(operands[0]) : moved(location);
        }
        if (!first) {
            boolean multiplies = operands.length == 1 && (register == RAX || register == RDX);
            return multiplies && (name.endsWith("mul") || name.endsWith("div"))
                    ? Source.COMPUTED
                    : moved(location);
        }
        if (!FULL.containsKey(operands[0])) {
            return Source.COMPUTED;
        }
        if (name.equals("pop")) {
            return moved(Location.stack(0));
        }
        if (operands.length == 2) {
            if (name.equals("mov") || name.equals("movabs") || name.equals("movsxd")) {
                return source(operands[1]);
            }
            if (name.startsWith("cmov") && FULL.containsKey(operands[1])) {
                return new Source.Moved(
                        List.of(location, Location.register(FULL.get(operands[1]))));
            }
            if ((name.equals("xor") || name.equals("sub")) && operands[0].equals(operands[1])) {
                return new Source.Constant(0);
            }
        }
        return Source.COMPUTED;
    }

    private static Source moved(Location location) {
        return new Source.Moved(location);
    }

    /** Instructions that change registers which they do not name. */
    private static boolean changesUnseen(String name, int register) {
        return switch (name) {
            case "syscall" -> register == RAX || register == RCX || register == R11;
            case "cpuid" -> register <= RBX;
            case "rdtsc", "rdtscp", "xgetbv", "cdq", "cqo" -> register == RDX || register == RAX;
            default ->
                    name.contains("cmpxchg") && register == RAX
                            || name.startsWith("rep")
                                    && (register == RSI || register == RDI || register == RCX);
        };
    }

    /** Where the value of an operand comes from, if the instruction reads it. */
    private static Source source(String operand) {
        Integer register = FULL.get(operand);
        if (register != null) {
            return moved(Location.register(register));
        }
        if (isConstant(operand)) {
            return new Source.Constant(constant(operand));
        }
        Matcher slot = STACK_SLOT.matcher(operand);
        return slot.matches() ? moved(slot(slot)) : Source.COMPUTED;
    }

    private static boolean isConstant(String operand) {
        return Character.isDigit(operand.charAt(0)) || operand.charAt(0) == '-';
    }

    private static long constant(String operand) {
        if (operand.startsWith("-")) {
            return -constant(operand.substring(1));
        }
        return operand.startsWith("0x") ? hex(operand) : Long.parseLong(operand);
    }

    private static Location slot(Matcher match) {
        long distance = match.group(3) == null ? 0 : constant(match.group(3));
        long signed = "-".equals(match.group(2)) ? -distance : distance;
        return match.group(1).equals("rsp") ? Location.stack(signed) : Location.frame(signed);
    }

    private Source beforeStack(Instruction instruction, Location location) {
        long distance = location.number();
        String[] operands = instruction.split();
        switch (instruction.mnemonic()) {
            case "push":
                return distance < 8
                        ? distance == 0 ? source(operands[0]) : Source.COMPUTED
                        : moved(Location.stack(distance - 8));
            case "pop":
                return operands[0].equals("rsp")
                        ? Source.COMPUTED
                        : moved(Location.stack(distance + 8));
            case "leave":
                return Source.COMPUTED;
            default:
                break;
        }
        if (operands.length == 2 && operands[0].equals("rsp")) {
            long change = isConstant(operands[1]) ? constant(operands[1]) : -1;
            return switch (instruction.mnemonic()) {
                case "sub" ->
                        change >= 0 && distance >= change
                                ? moved(Location.stack(distance - change))
                                : Source.COMPUTED;
                case "add" ->
                        change >= 0 ? moved(Location.stack(distance + change)) : Source.COMPUTED;
                case "cmp", "test" -> moved(location);
                default -> Source.COMPUTED;
            };
        }
        return beforeStore(instruction, operands, location);
    }

    /**
     * A value in memory changes by a mov to the same place; other instructions are not expected.
     */
    private static Source beforeStore(
            Instruction instruction, String[] operands, Location location) {
        if (operands.length == 2 && instruction.mnemonic().equals("mov")) {
            Matcher slot = STACK_SLOT.matcher(operands[0]);
            if (slot.matches() && slot(slot).equals(location)) {
                return source(operands[1]);
            }
        }
        return moved(location);
    }

    private Source beforeFrame(Instruction instruction, Location location) {
        String[] operands = instruction.split();
        if (operands.length == 2 && operands[0].equals("rbp")) {
            Matcher sum = SUM.matcher(operands[1]);
            if (instruction.mnemonic().equals("mov") && operands[1].equals("rsp")) {
                return moved(Location.stack(location.number()));
            }
            if (instruction.mnemonic().equals("lea") && sum.matches()) {
                return moved(Location.stack(location.number() + slot(sum).number()));
            }
            return Source.COMPUTED;
        }
        return beforeStore(instruction, operands, location);
    }

    @Override
    public Location systemCallNumber() {
        return Location.register(RAX);
    }

    @Override
    public Location firstArgument() {
        return Location.register(RDI);
    }

    /** A call puts the address of its return on the stack. */
    @Override
    public Location atCaller(Location argument, boolean call) {
        return argument.kind() == Location.Kind.STACK && call
                ? Location.stack(argument.number() - 8)
                : argument;
    }

    @Override
    boolean canBeArgument(Location location) {
        return switch (location.kind()) {
            case REGISTER -> true;
            case STACK -> location.number() >= 8;
            case FRAME -> false;
        };
    }

    /**
     * A stub is {@code endbr64} or nothing, then {@code jmp [rip + n]}, which may have a prefix.
     */
    @Override
    public OptionalLong stubSlot(ElfFile file, long address) {
        long at = address;
        long first = file.word(at);
        if ((int) first == ENDBR64) {
            at += 4;
            first = file.word(at);
        }
        if ((first & 0xff) == 0xf2) {
            at += 1;
            first = file.word(at);
        }
        return (first & 0xffff) == 0x25ff
                ? OptionalLong.of(at + 6 + (int) (first >>> 16))
                : OptionalLong.empty();
    }

    /**
     * Stubs are aligned. A function that ends with such a jump has other instructions before it.
     */
    @Override
    public boolean isStub(ElfFile file, long jump) {
        boolean aligned = jump % 16 == 0 || (int) file.word(jump - 4) == ENDBR64;
        return aligned && stubSlot(file, jump).isPresent();
    }
}
