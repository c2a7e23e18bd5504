// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.bpf.BpfNumbers;
import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.Coverage;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.Condition;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
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

    private final LibSeccomp library;

    public FilterCompiler() {
        this(LibSeccomp.INSTANCE);
    }

    FilterCompiler(LibSeccomp library) {
        this.library = library;
    }

    /**
     * Compiles the rules that count under the circumstances, see {@link #compile(PolicyDocument,
     * String, Arch)}.
     */
    public BpfProgram compile(PolicyDocument policy, Circumstances here, Arch target) {
        return compile(policy.under(here), here.arch(), target);
    }

    /**
     * Makes a filter for calls of the target's architecture. If the policy covers this
     * architecture, the filter also decides calls of the others that it covers and for which we can
     * make filters.
     *
     * @param policy a policy whose rules do not depend on circumstances
     * @param machine the name of the machine's architecture, which the policy's coverage may depend
     *     on
     * @throws FilterException if no filter for this arch can express the policy; also for a name
     *     that the arch does not have, unless the policy ignores such names
     * @throws SeccompException if libseccomp is missing or fails
     */
    public BpfProgram compile(PolicyDocument policy, String machine, Arch target) {
        requireSupported(target);
        CodeBuffer code = new CodeBuffer();
        for (Arch other : otherArches(policy.coverage(), machine, target)) {
            byte[] program = compileFor(policy, other);
            code.add(BpfNumbers.LOAD, BpfNumbers.ARCH_OFFSET, 0, 0);
            code.add(BpfNumbers.IF_EQUAL, other.auditArch(), 1, 0);
            code.add(BpfNumbers.JUMP, program.length / BpfNumbers.INSTRUCTION_BYTES, 0, 0);
            code.addAll(program);
        }
        code.addAll(compileFor(policy, target));
        return new BpfProgram(target, code.toBytes());
    }

    private List<Arch> otherArches(Coverage coverage, String machine, Arch target) {
        List<Arch> others = new ArrayList<>();
        if (coverage.includes(target.name(), machine)) {
            for (String name : coverage.archesOn(machine)) {
                Optional<Arch> other = SyscallDb.get().archByName(name);
                if (!name.equals(target.name()) && other.isPresent() && supports(other.get())) {
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
            // Each rule needs at least one instruction, and libseccomp would be slow to find that
            // out.
            throw FilterException.tooLong();
        }
        return assemble(rules, policy, target);
    }

    /** Whether we can make filters for this architecture; false for x32. */
    public boolean supports(Arch arch) {
        try {
            requireSupported(arch);
            return true;
        } catch (FilterException e) {
            return false;
        }
    }

    private static void requireSupported(Arch target) {
        OptionalInt token = target.seccompToken();
        boolean littleEndian = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        if (token.isEmpty() || target.littleEndian() != littleEndian) {
            throw new FilterException(target.name(), "no filters for this architecture here");
        }
        if (token.getAsInt() != target.auditArch()) {
            // x32: the kernel tells its calls from those of x86_64 only by their numbers.
            throw new FilterException(target.name(), "no filters for this ABI");
        }
    }

    private byte[] assemble(RuleSet rules, PolicyDocument policy, Arch target) {
        CodeBuffer code = new CodeBuffer();
        AlternativesCode own = new AlternativesCode(code, target.auditArch(), rules.otherwise());
        LibseccompNumbers numbers = new LibseccompNumbers(library, target);
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
