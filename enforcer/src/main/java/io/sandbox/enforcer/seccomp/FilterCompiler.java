// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Compiles a policy to the program that the kernel runs, with libseccomp, and with {@link
 * AlternativesCode} for rules that libseccomp gets wrong. libsandbox.so gives a policy the same
 * meaning. Nothing is loaded here. Stateless, safe for use by several threads.
 */
public final class FilterCompiler {
    /** With more rules, a search tree by number is faster than a chain of compares. */
    private static final int TREE_RULES = 32;

    private final LibSeccomp library = LibSeccomp.INSTANCE;

    /** The file of libseccomp, which with us decides what a filter looks like. */
    public String libraryFile() {
        return library.file();
    }

    /** The rules that count here, see {@link #compile(PolicyDocument, String, Arch)}. */
    public BpfProgram compile(PolicyDocument policy, Circumstances here, Arch target) {
        return compile(policy.under(here), here.arch(), target);
    }

    /**
     * Makes a filter for calls of the target's architecture. If the policy covers this
     * architecture, the filter also decides calls of the others that it covers and we can filter.
     *
     * @param policy a policy whose rules do not depend on circumstances
     * @param machine the machine's architecture, on which the policy's coverage may depend
     * @throws FilterException if no filter for this arch can express the policy; also for a name
     *     that the arch does not have, unless the policy ignores such names
     * @throws SeccompException if libseccomp is missing or fails
     */
    public BpfProgram compile(PolicyDocument policy, String machine, Arch target) {
        requireSupported(target);
        PolicyDocument whole = policy.withNewerValues(machine);
        CodeBuffer code = new CodeBuffer();
        for (Arch other : otherArches(policy.coverage(), machine, target)) {
            byte[] program = compileFor(whole, other);
            code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
            code.add(BpfNumbers.IF_EQUAL, other.auditArch(), 1, 0);
            code.add(BpfNumbers.JUMP, program.length / BpfNumbers.INSTRUCTION_BYTES, 0, 0);
            code.addAll(program);
        }
        code.addAll(compileFor(whole, target));
        byte[] program = code.toBytes();
        return new BpfProgram(target, isOfThisOrder(target) ? program : swapped(program));
    }

    private List<Arch> otherArches(Coverage coverage, String machine, Arch target) {
        List<Arch> others = new ArrayList<>();
        if (coverage.includes(target.name(), machine)) {
            for (String name : coverage.archesOn(machine)) {
                Optional<Arch> other = SyscallDb.get().archByName(name);
                if (!name.equals(target.name())
                        && other.isPresent()
                        && supports(other.get(), target)) {
                    others.add(other.get());
                }
            }
        }
        return others;
    }

    private byte[] compileFor(PolicyDocument policy, Arch target) {
        RuleSet rules = new RuleSet(returnValue(policy.otherwise()));
        CallResolver calls = new CallResolver(library, target, policy.ignoresMissing());
        for (Rule rule : policy.rules()) {
            if (!policy.ignoresMissing() || calls.exists(rule.call())) {
                calls.addRules(rule.call(), rule.conditions(), returnValue(rule.action()), rules);
            }
        }
        if (rules.size() > BpfNumbers.MAX_INSTRUCTIONS) {
            // Each rule needs at least one instruction, which libseccomp is slow to find out.
            throw FilterException.tooLong();
        }
        return assemble(rules, policy, target);
    }

    /**
     * Whether a filter for a target can also decide about calls of this architecture: never about
     * those of x32, nor of one that no such machine runs.
     */
    public boolean supports(Arch arch, Arch target) {
        try {
            requireSupported(arch);
            return arch.littleEndian() == target.littleEndian();
        } catch (FilterException e) {
            return false;
        }
    }

    private static void requireSupported(Arch target) {
        OptionalInt token = target.seccompToken();
        if (token.isEmpty()) {
            throw new FilterException(
                    target.name(), "no filters for this architecture: libseccomp does not know it");
        }
        if (token.getAsInt() != target.auditArch()) {
            throw new FilterException(
                    target.name(),
                    "no filters for this ABI: its calls are those of x86_64 with other numbers, and"
                            + " filters for x86_64 kill them");
        }
    }

    private static boolean isOfThisOrder(Arch target) {
        return target.littleEndian() == (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    /** The instructions in the other byte order. */
    private static byte[] swapped(byte[] program) {
        ByteBuffer from = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(program.length).order(ByteOrder.BIG_ENDIAN);
        while (from.hasRemaining()) {
            to.putShort(from.getShort()).put(from.get()).put(from.get()).putInt(from.getInt());
        }
        return to.array();
    }

    private byte[] assemble(RuleSet rules, PolicyDocument policy, Arch target) {
        CodeBuffer code = new CodeBuffer();
        AlternativesCode own =
                new AlternativesCode(
                        code, target.auditArch(), target.littleEndian(), rules.otherwise());
        if (!isOfThisOrder(target)) {
            return assembleAlone(rules, policy, target, code, own);
        }
        LibseccompNumbers numbers = new LibseccompNumbers(library, target);
        // In place of return values that libseccomp refuses.
        StandIns standIns = StandIns.notAmong(rules);
        try (SeccompFilter filter = new SeccompFilter(library, standIns.hide(rules.otherwise()))) {
            filter.setBadArchAction(
                    policy.logsForeign() ? BpfNumbers.LOG : BpfNumbers.KILL_PROCESS);
            if (!numbers.targetIsNative()) {
                filter.setOnlyArch(target.seccompToken().getAsInt());
            }
            if (rules.size() > TREE_RULES) {
                filter.useSearchTree();
            }
            addRules(rules, numbers, filter, standIns, own);
            own.end();
            if (policy.unknown().refused()) {
                UnknownCode.add(code, target, rules.numbers(), policy.unknown());
            }
            int start = code.length();
            code.addAll(filter.export(code.bytesLeft()));
            standIns.restore(code, start);
        }
        return code.toBytes();
    }

    /**
     * Makes all of the filter by our own code: libseccomp makes none for machines of the other byte
     * order beside those for this one. The result is in the byte order of this machine.
     */
    private static byte[] assembleAlone(
            RuleSet rules,
            PolicyDocument policy,
            Arch target,
            CodeBuffer code,
            AlternativesCode own) {
        code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
        code.add(BpfNumbers.IF_EQUAL, target.auditArch(), 1, 0);
        int foreign = policy.logsForeign() ? BpfNumbers.LOG : BpfNumbers.KILL_PROCESS;
        code.add(BpfNumbers.RETURN, foreign, 0, 0);
        rules.byNumber().forEach(own::add);
        own.end();
        if (policy.unknown().refused()) {
            UnknownCode.add(code, target, rules.numbers(), policy.unknown());
        }
        code.add(BpfNumbers.RETURN, rules.otherwise(), 0, 0);
        return code.toBytes();
    }

    /** Gives each system call, with all its rules, either to libseccomp or to our own code. */
    private static void addRules(
            RuleSet rules,
            LibseccompNumbers numbers,
            SeccompFilter filter,
            StandIns standIns,
            AlternativesCode own) {
        for (Map.Entry<Integer, Map<List<Condition>, Integer>> call : rules.byNumber().entrySet()) {
            OptionalInt number = numbers.numberFor(call.getKey(), call.getValue().keySet());
            if (number.isPresent()) {
                Map.Entry<List<Condition>, Integer> only =
                        call.getValue().entrySet().iterator().next();
                filter.addRule(standIns.hide(only.getValue()), number.getAsInt(), only.getKey());
            } else {
                own.add(call.getKey(), call.getValue());
            }
        }
    }

    private static int returnValue(Action action) {
        if (action instanceof Action.Errno errno) {
            return BpfNumbers.ERRNO | Math.min(errno.number(), Action.Errno.MAX);
        }
        if (action instanceof Action.Trace trace) {
            return BpfNumbers.TRACE | trace.number();
        }
        return switch ((Action.Plain) action) {
            case ALLOW -> BpfNumbers.ALLOW;
            case KILL -> BpfNumbers.KILL_PROCESS;
            case KILL_THREAD -> BpfNumbers.KILL_THREAD;
            case TRAP -> BpfNumbers.TRAP;
            case LOG -> BpfNumbers.LOG;
            case NOTIFY -> BpfNumbers.USER_NOTIF;
        };
    }
}
