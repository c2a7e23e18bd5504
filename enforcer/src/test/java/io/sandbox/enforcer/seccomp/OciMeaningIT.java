// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.Arch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Compares our filters for runtimes' profiles with crun's, built like in its seccomp.c. */
@ExtendWith(Filters.class)
class OciMeaningIT {
    /** A factor for the number of profiles, for scripts/fuzz. */
    private static final int TIMES = Integer.getInteger("sandbox.fuzz.times", 1);

    private static final int X86_64 = 0xc000003e;
    private static final Arch TARGET = Filters.arch("x86_64");
    private static final Circumstances HERE = Policies.here("x86_64", "6.1");
    private static final Arch I386 = Filters.arch("i386");
    private static final List<String> NAMES =
            List.of("read", "write", "socket", "clone", "nonsense", "fstatat64", "mmap");

    /**
     * Without parts that i386 has no other way to: where rules for these come first, libseccomp 2.6
     * does not load the number before it compares it.
     */
    private static final List<String> MULTIPLEXED =
            List.of("socketcall", "socket", "bind", "listen", "ipc", "shmat", "semget", "read");

    private static final List<String> ACTIONS =
            List.of(
                    "\"SCMP_ACT_ALLOW\"",
                    "\"SCMP_ACT_ERRNO\"",
                    "\"SCMP_ACT_ERRNO\", \"errnoRet\": 38",
                    "\"SCMP_ACT_ERRNO\", \"errnoRet\": 0",
                    "\"SCMP_ACT_TRACE\", \"errnoRet\": 7",
                    "\"SCMP_ACT_LOG\"",
                    "\"SCMP_ACT_TRAP\"",
                    "\"SCMP_ACT_KILL\"",
                    "\"SCMP_ACT_KILL_PROCESS\"");
    private static final long[] VALUES = {0, 1, 2, 3, 0xffffffffL, 0x100000000L, -1};

    private static final List<List<Operator>> COMPARABLE =
            List.of(
                    List.of(Operator.EQ),
                    List.of(Operator.EQ, Operator.LT, Operator.LE),
                    List.of(Operator.MASKED_EQ, Operator.LT, Operator.LE));

    private final Random random = new Random(Long.getLong("sandbox.seed", 11));

    private static Reading read(String profile) {
        return Policies.reading(PolicyFormat.OCI, profile);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private long value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    /** At most one rule with arguments for each call: libseccomp mixes several up. */
    private String profile(List<String> names, List<String> withArguments) {
        List<String> rules = new ArrayList<>();
        Set<String> conditional = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            String name = pick(names);
            boolean arguments =
                    withArguments.contains(name) && random.nextInt(2) == 0 && conditional.add(name);
            rules.add(
                    String.format(
                            "{\"names\": [\"%s%s\"], \"action\": %s%s}",
                            name,
                            arguments ? "" : "\", \"" + pick(names),
                            pick(ACTIONS),
                            arguments ? ", \"args\": [" + arguments() + "]" : ""));
        }
        String otherwise = pick(ACTIONS).replace("errnoRet", "defaultErrnoRet");
        return String.format(
                "{\"defaultAction\": %s, \"syscalls\": [%s]}", otherwise, String.join(", ", rules));
    }

    private String arguments() {
        List<String> arguments = new ArrayList<>();
        for (int i = random.nextInt(2); i >= 0; i--) {
            Operator operator = pick(List.of(Operator.values()));
            // each once: the same twice makes two rules
            arguments.add(argument(i, value(), Long.toUnsignedString(value()), operator));
        }
        return String.join(", ", arguments);
    }

    private static String argument(int index, long value, String other, Operator operator) {
        String form = "{\"index\": %d, \"value\": %s, \"valueTwo\": %s, \"op\": \"SCMP_CMP_%s\"}";
        return form.formatted(index, Long.toUnsignedString(value), other, operator);
    }

    private static int action(Map<?, ?> node, String key, String errnoKey) {
        Object errno = node.get(errnoKey);
        return switch ((String) node.get(key)) {
            case "SCMP_ACT_ALLOW" -> BpfNumbers.ALLOW;
            case "SCMP_ACT_ERRNO" ->
                    BpfNumbers.ERRNO | (errno == null ? 1 : ((Number) errno).intValue());
            case "SCMP_ACT_TRACE" -> BpfNumbers.TRACE | ((Number) errno).intValue();
            case "SCMP_ACT_LOG" -> BpfNumbers.LOG;
            case "SCMP_ACT_TRAP" -> BpfNumbers.TRAP;
            case "SCMP_ACT_KILL" -> BpfNumbers.KILL_THREAD;
            default -> BpfNumbers.KILL_PROCESS;
        };
    }

    /** {@code target}: another architecture than the native one is added, as crun does. */
    private static byte[] asCrun(String profile, Arch target) throws IOException {
        Map<String, Object> root = JSON.std.mapFrom(profile);
        int otherwise = action(root, "defaultAction", "defaultErrnoRet");
        try (RuntimeFilter filter = new RuntimeFilter(otherwise, target)) {
            for (Object rule : (List<?>) root.get("syscalls")) {
                Map<?, ?> call = (Map<?, ?>) rule;
                int action = action(call, "action", "errnoRet");
                if (action != otherwise) {
                    addRules(filter, call, action);
                }
            }
            return filter.export();
        }
    }

    private static void addRules(RuntimeFilter filter, Map<?, ?> call, int action) {
        List<Condition> conditions = new ArrayList<>();
        if (call.get("args") instanceof List<?> args) {
            args.forEach(arg -> conditions.add(condition((Map<?, ?>) arg)));
        }
        for (Object name : (List<?>) call.get("names")) {
            filter.addRule(action, (String) name, conditions);
        }
    }

    private static Condition condition(Map<?, ?> arg) {
        int index = ((Number) arg.get("index")).intValue();
        long value = ((Number) arg.get("value")).longValue();
        long second = ((Number) arg.get("valueTwo")).longValue();
        String operator = ((String) arg.get("op")).substring("SCMP_CMP_".length());
        return operator.equals("MASKED_EQ")
                ? Condition.masked(index, value, second & value)
                : Condition.of(index, Operator.valueOf(operator), value);
    }

    @Test
    void compile_profile_decidesAsCrunDoes() throws IOException {
        int refused = 0;
        for (int i = 0; i < 3000 * TIMES; i++) {
            String profile = profile(NAMES, NAMES);
            PolicyDocument document;
            try {
                document = read(profile).document();
            } catch (PolicyFormatException e) {
                // We refuse a name of no call where it would have refused something.
                assertTrue(e.getMessage().contains("nonsense: "), e.getMessage());
                refused++;
                continue;
            }
            FilterInterpreter ours = Filters.of(document, HERE, TARGET);
            FilterInterpreter theirs = FilterInterpreter.of(asCrun(profile, TARGET));
            for (int j = 0; j < 40; j++) {
                int number = List.of(0, 1, 9, 41, 56, 60).get(j % 6);
                CallData call =
                        CallData.of(number, X86_64, value(), value(), random.nextInt(3) - 1);
                Filters.assertReturns(theirs.run(call), ours, call, profile);
            }
        }
        assertTrue(refused < 1000 * TIMES, refused + " of them are refused");
    }

    /**
     * Rules that overlap: libseccomp has an order of its own. Where it has none that we know, we
     * say so; it is not asked then, since for some rules of that kind it never ends.
     */
    @Test
    void compile_overlappingRules_decidesAsCrunDoesOrIsTold() throws IOException {
        int compared = 0;
        int reordered = 0;
        int told = 0;
        for (int i = 0; i < 4000 * TIMES; i++) {
            List<String> rules = new ArrayList<>();
            List<Operator> operators = pick(COMPARABLE);
            int arguments = operators.equals(List.of(Operator.EQ)) ? 1 + random.nextInt(3) : 1;
            for (int j = 2 + random.nextInt(3); j > 0; j--) {
                rules.add(
                        String.format(
                                "{\"names\": [\"read\"], \"action\": %s, \"args\": [%s]}",
                                pick(ACTIONS), arguments(operators, arguments)));
            }
            String profile =
                    "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": ["
                            + String.join(", ", rules)
                            + "]}";
            Reading reading = read(profile);
            if (reading.losses().toString().contains("refuses them")) {
                told++;
                continue;
            }
            reordered += reading.losses().toString().contains("another order") ? 1 : 0;
            compared++;
            FilterInterpreter theirs = FilterInterpreter.of(asCrun(profile, TARGET));
            FilterInterpreter ours = Filters.of(reading.document(), HERE, TARGET);
            for (int j = 0; j < 60; j++) {
                CallData call =
                        CallData.of(0, X86_64, near(value()), near(lowValue()), near(lowValue()));
                Filters.assertReturns(theirs.run(call), ours, call, profile);
            }
        }
        assertTrue(compared > 2000 * TIMES, "compared: " + compared);
        assertTrue(reordered > 500 * TIMES, "in another order: " + reordered);
        assertTrue(told > 100 * TIMES, "told: " + told);
    }

    private long near(long value) {
        return value + random.nextInt(3) - 1;
    }

    private long lowValue() {
        return random.nextInt(4);
    }

    /** Conditions on some of the first arguments, each at most once. */
    private String arguments(List<Operator> operators, int arguments) {
        List<String> conditions = new ArrayList<>();
        boolean equal = operators.equals(List.of(Operator.EQ));
        int only = random.nextInt(arguments);
        for (int i = 0; i < arguments; i++) {
            if (i == only || random.nextBoolean()) {
                long value = equal && random.nextBoolean() ? value() : 1 + random.nextInt(8);
                conditions.add(argument(i, value, "" + random.nextInt(8), pick(operators)));
            }
        }
        return String.join(", ", conditions);
    }

    /**
     * On i386 a call may also be a part of socketcall or ipc, and a rule without arguments for
     * these wins over those for the parts, whichever comes first.
     */
    @Test
    void compile_multiplexedCalls_decidesAsCrunDoes() throws IOException {
        int refused = 0;
        for (int i = 0; i < 1500 * TIMES; i++) {
            String profile = profile(MULTIPLEXED, List.of());
            FilterInterpreter ours = Filters.of(read(profile).document(), HERE, I386);
            FilterInterpreter theirs;
            try {
                theirs = FilterInterpreter.of(asCrun(profile, I386));
            } catch (SeccompException e) {
                // Two actions for the same part: no container would start with it.
                assertTrue(e.getMessage().contains("EEXIST"), e::getMessage);
                refused++;
                continue;
            }
            for (int number : List.of(3, 102, 117, 359, 361, 363, 393, 397)) {
                for (int part = 0; part < 6; part++) {
                    CallData call = CallData.of(number, I386.auditArch(), part, 0xffffffffL, 2);
                    Filters.assertReturns(theirs.run(call), ours, call, profile);
                }
            }
        }
        assertTrue(refused < 500 * TIMES, "refused: " + refused);
    }

    /** The rules count for each architecture by its own numbers. */
    @Test
    void compile_severalArchitectures_filtersThemAll() {
        String profile =
                """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "archMap": [{"architecture": "SCMP_ARCH_X86_64",
                              "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}],
                 "syscalls": [{"names": ["getpid"], "action": "SCMP_ACT_ERRNO"},
                   {"names": ["socketcall"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
                """;
        PolicyDocument document = read(profile).document();
        for (Arch target : List.of(TARGET, I386)) {
            FilterInterpreter filter = Filters.of(document, HERE, target);
            assertEquals(0x50001, filter.run(CallData.of(39, X86_64)), target.name());
            assertEquals(0x7fff0000, filter.run(CallData.of(20, X86_64)));
            assertEquals(0x50001, filter.run(CallData.of(20, 0x40000003)));
            assertEquals(0x50026, filter.run(CallData.of(102, 0x40000003, 1)));
            assertEquals(0x7fff0000, filter.run(CallData.of(39, 0x40000003)));
            assertEquals(0x80000000, filter.run(CallData.of(39, 0xc00000b7)));
        }
    }
}
