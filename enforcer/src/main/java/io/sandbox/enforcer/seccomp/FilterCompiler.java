package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.Policy;
import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.syscalldb.Arch;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * From a policy to the program that the kernel runs, by libseccomp and, where it would say
 * something else than the policy, by {@link AlternativesCode}. The same meaning as libsandbox.so
 * gives it. Nothing is loaded here. Stateless, safe for use by several threads.
 */
public final class FilterCompiler {
    // SECCOMP_RET_* of linux/seccomp.h, which are also the values of SCMP_ACT_*
    static final int KILL_PROCESS = 0x8000_0000;
    static final int KILL_THREAD = 0;
    static final int TRAP = 0x0003_0000;
    static final int ERRNO = 0x0005_0000;
    static final int LOG = 0x7ffc_0000;
    static final int ALLOW = 0x7fff_0000;

    /** libseccomp takes errno values up to this one, the kernel one more. */
    private static final int LIBSECCOMP_ERRNO_MAX = Action.Errno.MAX - 1;

    /** Above it a search tree by number loads faster than a chain of compares. */
    private static final int TREE_RULES = 32;

    private final LibSeccomp library;

    public FilterCompiler() {
        this(LibSeccomp.INSTANCE);
    }

    FilterCompiler(LibSeccomp library) {
        this.library = library;
    }

    /**
     * @param target whose calls the entries are about; calls of others are foreign
     * @throws FilterException if the policy cannot be said as a filter for this arch
     * @throws SeccompException if libseccomp is missing or fails
     */
    public BpfProgram compile(Policy policy, Arch target) {
        requireSupported(target);
        RuleSet rules = new RuleSet();
        CallResolver calls = new CallResolver(library, target);
        for (PolicyEntry entry : policy.entries()) {
            calls.addRules(entry, rules);
        }
        if (rules.size() > BpfProgram.MAX_INSTRUCTIONS) {
            // Each takes an instruction at least, and libseccomp would take its time.
            throw FilterException.tooLong();
        }
        return new BpfProgram(target, compile(policy, rules, target));
    }

    private static void requireSupported(Arch target) {
        OptionalInt token = target.seccompToken();
        boolean littleEndian = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        if (token.isEmpty() || target.littleEndian() != littleEndian) {
            throw new FilterException(target.name(), "no filters for this architecture here");
        }
        if (token.getAsInt() != target.auditArch()) {
            // x32, which the kernel tells from x86_64 by the number alone.
            throw new FilterException(target.name(), "no filters for this ABI");
        }
    }

    private byte[] compile(Policy policy, RuleSet rules, Arch target) {
        int action = returnValue(policy.action());
        boolean allow = policy.mode() == Policy.Mode.ALLOW;
        int listed = allow ? ALLOW : action;
        int otherwise = allow ? action : ALLOW;

        CodeBuffer code = new CodeBuffer();
        AlternativesCode own = new AlternativesCode(code, target.auditArch(), listed, otherwise);
        LibseccompNumbers numbers = new LibseccompNumbers(library, target);
        try (SeccompFilter filter = new SeccompFilter(library, forLibseccomp(otherwise))) {
            filter.setBadArchAction(policy.action() == Action.LOG ? LOG : KILL_PROCESS);
            if (!numbers.targetIsNative()) {
                filter.setOnlyArch(target.seccompToken().getAsInt());
            }
            if (rules.size() > TREE_RULES) {
                filter.useSearchTree();
            }
            addRules(rules, numbers, filter, forLibseccomp(listed), own);
            own.end();
            int start = code.length();
            code.addAll(filter.export(code.bytesLeft()));
            restoreAction(code, start, action);
        }
        return code.toBytes();
    }

    /** Each system call to one of the two, with all its rules. */
    private static void addRules(
            RuleSet rules,
            LibseccompNumbers numbers,
            SeccompFilter filter,
            int listed,
            AlternativesCode own) {
        for (Map.Entry<Integer, Set<List<Condition>>> call : rules.byNumber().entrySet()) {
            OptionalInt number = numbers.numberFor(call.getKey(), call.getValue());
            if (number.isPresent()) {
                List<Condition> only = call.getValue().iterator().next();
                filter.addRule(listed, number.getAsInt(), only);
            } else {
                own.add(call.getKey(), call.getValue());
            }
        }
    }

    private static int returnValue(Action action) {
        if (action instanceof Action.Errno errno) {
            return ERRNO | errno.number();
        }
        return switch ((Action.Plain) action) {
            case KILL -> KILL_PROCESS;
            case KILL_THREAD -> KILL_THREAD;
            case TRAP -> TRAP;
            case LOG -> LOG;
        };
    }

    /** The value itself, or one that stands in for it until {@link #restoreAction}. */
    private static int forLibseccomp(int value) {
        return value == (ERRNO | Action.Errno.MAX) ? ERRNO | LIBSECCOMP_ERRNO_MAX : value;
    }

    private static void restoreAction(CodeBuffer code, int start, int action) {
        if (forLibseccomp(action) == action) {
            return;
        }
        for (int i = start; i < code.length(); i++) {
            if (code.opcode(i) == AlternativesCode.RETURN && code.k(i) == forLibseccomp(action)) {
                code.setK(i, action);
            }
        }
    }
}
