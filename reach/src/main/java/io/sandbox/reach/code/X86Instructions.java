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

    // Opcodes
    private static final int LEA = 0x8d;
    private static final int NOP = 0x90;
    private static final int INT3 = 0xcc;
    private static final int INT = 0xcd;
    private static final int CALL = 0xe8;
    private static final int JMP = 0xe9;
    private static final int JMP_SHORT = 0xeb;
    private static final int HLT = 0xf4;
    private static final int INDIRECT = 0xff;
    private static final int SYSCALL = X86Decoder.TWO_BYTES | 0x05;
    private static final int UD2 = X86Decoder.TWO_BYTES | 0x0b;
    private static final int LONG_NOP = X86Decoder.TWO_BYTES | 0x1f;
    private static final int SYSENTER = X86Decoder.TWO_BYTES | 0x34;

    /** With it, the opcode of nop is pause. */
    private static final byte REP = (byte) 0xf3;

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
    boolean read(Capstone code, long start, long end, References references, long lowest) {
        ElfFile file = code.file();
        int at = (int) file.offset(start);
        int last = (int) (at + (end - start));
        long toAddress = start - at;
        X86Decoder decoder = new X86Decoder(file.content());
        boolean flowsOn = false;
        while (at < last) {
            int next = decoder.decode(at, last);
            if (next == 0) {
                at++;
                continue;
            }
            long site = at + toAddress;
            if (isIndirectBranch(decoder) && decoder.memory() == X86Decoder.Memory.RELATIVE) {
                long slot = next + toAddress + decoder.displacement();
                references.branchThrough(site, slot, decoder.extension() <= 3, flowsOn);
                flowsOn = false;
            } else if (!isPadding(file.content(), at, decoder)) {
                boolean isMark = next - at == 4 && (int) file.word(site) == ENDBR64;
                flowsOn = isMark ? flowsOn : !ends(decoder);
                refer(decoder, site, next + toAddress, references, lowest);
            }
            at = next;
        }
        return flowsOn;
    }

    private static boolean isPadding(byte[] bytes, int at, X86Decoder decoder) {
        int opcode = decoder.opcode();
        return opcode == INT3 || opcode == NOP && bytes[at] != REP || opcode == LONG_NOP;
    }

    /** Whether nothing is executed after it: a call at the end does not return. */
    private static boolean ends(X86Decoder decoder) {
        return switch (decoder.opcode()) {
            case CALL, JMP, JMP_SHORT, 0xc2, 0xc3, 0xca, 0xcb, HLT, UD2 -> true;
            case INDIRECT -> isIndirectBranch(decoder);
            default -> false;
        };
    }

    private static boolean isIndirectBranch(X86Decoder decoder) {
        return decoder.opcode() == INDIRECT && decoder.extension() >= 2 && decoder.extension() <= 5;
    }

    private static void refer(
            X86Decoder decoder, long site, long next, References references, long lowest) {
        int opcode = decoder.opcode();
        if (isDirectBranch(opcode)) {
            references.branch(site, next + decoder.constant(), opcode == CALL);
        } else if (opcode == SYSCALL) {
            references.systemCall(site);
        } else if (opcode == INT && (decoder.constant() & 0xff) == 0x80 || opcode == SYSENTER) {
            references.foreignCall(site);
        } else if (decoder.memory() == X86Decoder.Memory.RELATIVE) {
            long address = next + decoder.displacement();
            if (opcode == LEA) {
                references.address(site, address);
            } else if (opcode != LONG_NOP) {
                references.access(site, address);
            }
            referToConstant(decoder, site, references, lowest);
        } else if (lowest > 0) {
            long address = decoder.displacement();
            if (Long.compareUnsigned(address, lowest) >= 0) {
                if (decoder.memory() == X86Decoder.Memory.ABSOLUTE && opcode != LEA) {
                    references.access(site, address);
                } else {
                    // A table, indexed by a register.
                    references.address(site, address);
                }
            }
            referToConstant(decoder, site, references, lowest);
        }
    }

    /** Programs with fixed addresses name them as constants. */
    private static void referToConstant(
            X86Decoder decoder, long site, References references, long lowest) {
        if (lowest > 0 && Long.compareUnsigned(decoder.constant(), lowest) >= 0) {
            references.address(site, decoder.constant());
        }
    }

    private static boolean isDirectBranch(int opcode) {
        return opcode == CALL
                || opcode == JMP
                || opcode == JMP_SHORT
                || opcode >= 0x70 && opcode <= 0x7f
                || opcode >= 0xe0 && opcode <= 0xe3
                || opcode >= (X86Decoder.TWO_BYTES | 0x80)
                        && opcode <= (X86Decoder.TWO_BYTES | 0x8f);
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

    /** Memory changes by a mov to the same place; nothing else is expected. */
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
            return instruction.mnemonic().equals("lea") && sum.matches()
                    ? moved(Location.stack(location.number() + slot(sum).number()))
                    : Source.COMPUTED;
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

    /** {@code endbr64} or nothing, then {@code jmp [rip + n]}, perhaps with a prefix. */
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

    /** Stubs are aligned; a function's last jump has other instructions before it. */
    @Override
    public boolean isStub(ElfFile file, long jump) {
        boolean aligned = jump % 16 == 0 || (int) file.word(jump - 4) == ENDBR64;
        return aligned && stubSlot(file, jump).isPresent();
    }
}
