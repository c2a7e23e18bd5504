// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Region;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The settings beside SystemCallFilter= with which systemd refuses calls for some of their
 * arguments, each by a filter of its own. The rules are those of the filters that systemd 257 loads
 * (seen by {@code policy show --pid}); how settings add up is in its load-fragment.c. Since Linux
 * 6.3, systemd has the kernel itself refuse for MemoryDenyWriteExecute= (PR_SET_MDWE). The kernel
 * then still makes memory executable that was so before.
 */
final class SystemdDirectives {
    private static final String NAMESPACES = "RestrictNamespaces";
    private static final String FAMILIES = "RestrictAddressFamilies";
    private static final String WRITE_EXECUTE = "MemoryDenyWriteExecute";
    private static final String PERSONALITY = "LockPersonality";
    private static final String REALTIME = "RestrictRealtime";
    private static final String SET_ID = "RestrictSUIDSGID";
    private static final List<String> SWITCHES =
            List.of(WRITE_EXECUTE, PERSONALITY, REALTIME, SET_ID);

    static final String CLONE3 = "clone3";
    private static final String CLONE = "clone";
    private static final String UNSHARE = "unshare";
    private static final String SETNS = "setns";
    private static final String SOCKET = "socket";

    static final Map<String, Long> NAMESPACE_FLAGS =
            new TreeMap<>(
                    Map.of(
                            "cgroup", 0x0200_0000L,
                            "ipc", 0x0800_0000L,
                            "net", 0x4000_0000L,
                            "mnt", 0x0002_0000L,
                            "pid", 0x2000_0000L,
                            "user", 0x1000_0000L,
                            "uts", 0x0400_0000L,
                            "time", 0x80L));
    static final long ALL_NAMESPACES = 0x7e02_0080L;

    /** For clone, this bit is a part of the signal at the end of the child. */
    static final long TIME = 0x80;

    /** From 1 (linux/socket.h). */
    private static final List<String> FAMILY_NAMES =
            List.of(
                    """
                    AF_UNIX AF_INET AF_AX25 AF_IPX AF_APPLETALK AF_NETROM AF_BRIDGE AF_ATMPVC AF_X25
                    AF_INET6 AF_ROSE AF_DECnet AF_NETBEUI AF_SECURITY AF_KEY AF_NETLINK AF_PACKET
                    AF_ASH AF_ECONET AF_ATMSVC AF_RDS AF_SNA AF_IRDA AF_PPPOX AF_WANPIPE AF_LLC AF_IB
                    AF_MPLS AF_CAN AF_TIPC AF_BLUETOOTH AF_IUCV AF_RXRPC AF_ISDN AF_PHONET
                    AF_IEEE802154 AF_CAIF AF_ALG AF_NFC AF_VSOCK AF_KCM AF_QIPCRTR AF_SMC AF_XDP
                    AF_MCTP
                    """
                            .split("\\s"));

    private static final Map<String, String> FAMILY_ALIASES =
            Map.of("AF_LOCAL", "AF_UNIX", "AF_FILE", "AF_UNIX", "AF_ROUTE", "AF_NETLINK");

    private static final Action EPERM = Action.errno(1);
    private static final Action EAFNOSUPPORT = Action.errno(97);

    private OptionalLong retained = OptionalLong.empty();
    private boolean allowsFamilies;
    private final Set<Integer> families = new TreeSet<>();
    private final Set<String> on = new LinkedHashSet<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /** Takes a setting of a unit, if it is one of these. */
    void take(int line, String key, String value) {
        if (key.equals(NAMESPACES)) {
            takeNamespaces(line, value);
        } else if (key.equals(FAMILIES)) {
            takeFamilies(line, value);
        } else if (SWITCHES.contains(key)) {
            if (isYes(line, value)) {
                on.add(key);
            } else {
                on.remove(key);
            }
        } else {
            return;
        }
        lines.put(key, line);
    }

    private static boolean isBoolean(String value) {
        return value.toLowerCase(Locale.ROOT).matches("1|yes|y|true|t|on|0|no|n|false|f|off");
    }

    private static boolean isYes(int line, String value) {
        if (!isBoolean(value)) {
            throw PolicyFormatException.at(line, ShownValue.of(value) + ": neither yes nor no");
        }
        return value.toLowerCase(Locale.ROOT).matches("1|yes|y|true|t|on");
    }

    private void takeNamespaces(int line, String value) {
        if (value.isEmpty()) {
            retained = OptionalLong.empty();
        } else if (isBoolean(value)) {
            retained = OptionalLong.of(isYes(line, value) ? 0 : ALL_NAMESPACES);
        } else {
            boolean inverted = value.startsWith("~");
            long flags = 0;
            for (String word : words(value, inverted)) {
                if (!NAMESPACE_FLAGS.containsKey(word)) {
                    throw PolicyFormatException.at(
                            line, ShownValue.of(word) + ": no namespace that we know");
                }
                flags |= NAMESPACE_FLAGS.get(word);
            }
            long before = retained.orElse(inverted ? ALL_NAMESPACES : 0);
            retained = OptionalLong.of(inverted ? before & ~flags : before | flags);
        }
    }

    private void takeFamilies(int line, String value) {
        if (value.isEmpty() || value.equals("none")) {
            families.clear();
            allowsFamilies = !value.isEmpty();
            return;
        }
        boolean inverted = value.startsWith("~");
        if (families.isEmpty()) {
            allowsFamilies = !inverted;
        }
        for (String word : words(value, inverted)) {
            int family = FAMILY_NAMES.indexOf(FAMILY_ALIASES.getOrDefault(word, word)) + 1;
            if (family == 0) {
                throw PolicyFormatException.at(
                        line, ShownValue.of(word) + ": no address family that we know");
            }
            if (inverted == allowsFamilies) {
                families.remove(family);
            } else {
                families.add(family);
            }
        }
    }

    private static List<String> words(String value, boolean inverted) {
        return List.of(value.substring(inverted ? 1 : 0).strip().split("\\s+"));
    }

    /**
     * What the settings refuse, by call: rules of which the first that holds decides. If none
     * holds, the call is left to SystemCallFilter=.
     */
    Map<String, List<Rule>> rules(String arch) {
        List<Rule> all = new ArrayList<>();
        if (retained.isPresent()) {
            all.addAll(at(NAMESPACES, namespaces(retained.getAsLong(), arch)));
        }
        all.addAll(at(FAMILIES, families(allowsFamilies, families, arch)));
        on.forEach(key -> all.addAll(at(key, switched(key, arch))));
        return byCall(all);
    }

    private List<Rule> at(String key, List<Rule> rules) {
        Note note = Note.at(lines.getOrDefault(key, 0));
        return rules.stream().map(rule -> rule.withNote(note)).toList();
    }

    static Map<String, List<Rule>> byCall(List<Rule> rules) {
        Map<String, List<Rule>> byCall = new LinkedHashMap<>();
        rules.forEach(
                rule ->
                        byCall.computeIfAbsent(rule.call().toString(), key -> new ArrayList<>())
                                .add(rule));
        return byCall;
    }

    private static Rule rule(String call, Action action, Condition... conditions) {
        return Rule.of(new CallRef.Named(call), List.of(conditions), action);
    }

    private static List<Rule> namespaces(long retained, String arch) {
        long blocked = ALL_NAMESPACES & ~retained;
        if (blocked == 0) {
            return List.of();
        }
        int flags = arch.startsWith("s390") ? 1 : 0; // of clone
        List<Rule> rules = new ArrayList<>();
        rules.add(rule(CLONE, Action.ALLOW, Condition.masked(flags, blocked, 0)));
        rules.add(rule(CLONE, EPERM));
        rules.add(rule(UNSHARE, Action.ALLOW, Condition.masked(0, blocked, 0)));
        rules.add(rule(UNSHARE, EPERM));
        if (retained != 0) {
            rules.add(rule(SETNS, EPERM, Condition.of(1, Operator.EQ, 0)));
            rules.add(rule(SETNS, Action.ALLOW, Condition.masked(1, blocked, 0)));
        }
        rules.add(rule(SETNS, EPERM));
        rules.add(rule(CLONE3, UnknownCalls.REFUSAL));
        return rules;
    }

    /** Whether systemd has a filter for socket: it has none where socketcall is. */
    static boolean hasFamilies(String arch) {
        SyscallDb db = SyscallDb.get();
        return db.archByName(arch)
                .filter(found -> db.table(found).byName("socketcall").isEmpty())
                .isPresent();
    }

    /** Whether there are rules for address families. */
    boolean saysFamilies() {
        return allowsFamilies || !families.isEmpty();
    }

    private static List<Rule> families(boolean allowed, Set<Integer> families, String arch) {
        if (!hasFamilies(arch)) {
            return List.of();
        }
        List<Rule> rules = new ArrayList<>();
        for (int family : families) {
            Action action = allowed ? Action.ALLOW : EAFNOSUPPORT;
            rules.add(rule(SOCKET, action, Condition.of(0, Operator.EQ, family)));
        }
        if (allowed) {
            rules.add(rule(SOCKET, EAFNOSUPPORT));
        }
        return rules;
    }

    static List<Rule> switched(String key, String arch) {
        return switch (key) {
            case WRITE_EXECUTE -> writeExecute(arch);
            case PERSONALITY -> refusing("personality(arg0!=0)");
            case REALTIME ->
                    refusing(
                            "sched_setscheduler(arg1==1):sched_setscheduler(arg1==2)"
                                    + ":sched_setscheduler(arg1==4):sched_setscheduler(arg1>5)");
            default -> setId();
        };
    }

    private static List<Rule> refusing(String entries) {
        return PolicyText.parseEntries(entries).stream()
                .map(entry -> Rule.of(entry.call(), entry.conditions(), EPERM))
                .toList();
    }

    private static List<Rule> writeExecute(String arch) {
        boolean old = Set.of("i386", "s390").contains(arch); // the arguments of mmap are in memory
        return refusing(
                (old ? "mmap" : "mmap(arg2&6==6)")
                        + ":mmap2(arg2&6==6):mprotect(arg2&4==4):pkey_mprotect(arg2&4==4)"
                        + ":shmat(arg2&0x8000==0x8000)");
    }

    /** Of the calls with O_CREAT, only those that create a file. */
    private static List<Rule> setId() {
        String calls =
                """
                chmod(arg1&BIT) creat(arg1&BIT) fchmod(arg1&BIT) fchmodat(arg2&BIT)
                fchmodat2(arg2&BIT) mkdir(arg1&BIT) mkdirat(arg2&BIT) mknod(arg1&BIT)
                mknodat(arg2&BIT) open(arg1&0x40==0x40,arg2&BIT) openat(arg2&0x40==0x40,arg3&BIT)
                """;
        List<Rule> rules = new ArrayList<>();
        for (String bit : List.of("0x800", "0x400")) {
            for (String call : calls.replace("BIT", bit + "==" + bit).split("\\s")) {
                rules.addAll(refusing(call));
            }
        }
        rules.add(rule("openat2", UnknownCalls.REFUSAL));
        return rules;
    }

    /**
     * A setting that refuses nothing that a policy allows.
     *
     * @param refusals what the policy does with the calls that the setting refuses, by the action
     *     of the setting
     * @param narrowsClone whether it refuses what the policy allows: clone for an exit signal that
     *     does not exist, whose number has the bit of a namespace
     */
    record Carried(
            String key,
            String value,
            List<Rule> rules,
            Map<Action, Set<Action>> refusals,
            boolean narrowsClone) {
        boolean isAbout(String call) {
            return rules.stream().anyMatch(rule -> rule.call().toString().equals(call));
        }

        /** The lines of a unit. The first takes back what the unit says, if it would add up. */
        String text() {
            boolean addsUp = key.equals(FAMILIES) || key.equals(NAMESPACES) && !isBoolean(value);
            return (addsUp ? key + "=\n" : "") + key + "=" + value + "\n";
        }
    }

    /**
     * The settings of a policy that refuse something which a list of names lets through.
     *
     * @param letsThrough whether the list lets a call through, by name
     */
    static List<Carried> carriedBy(PolicyMeaning policy, Predicate<String> letsThrough) {
        String arch = policy.arch();
        List<Carried> found = new ArrayList<>();
        long retained = retained(policy);
        List<String> kept =
                NAMESPACE_FLAGS.entrySet().stream()
                        .filter(each -> (each.getValue() & retained) != 0)
                        .map(Map.Entry::getKey)
                        .toList();
        String namespaces = kept.isEmpty() ? "yes" : String.join(" ", kept);
        add(found, policy, letsThrough, NAMESPACES, namespaces, namespaces(retained, arch));
        addFamilies(found, policy, letsThrough);
        SWITCHES.forEach(key -> add(found, policy, letsThrough, key, "yes", switched(key, arch)));
        return found;
    }

    /** The flags of the namespaces that a policy lets a program make. */
    static long retained(PolicyMeaning policy) {
        int flags = policy.arch().startsWith("s390") ? 1 : 0;
        long retained = 0;
        for (long flag : NAMESPACE_FLAGS.values()) {
            boolean byClone = flag != TIME && passes(policy, CLONE, flags, flag);
            if (byClone || passes(policy, UNSHARE, 0, flag)) {
                retained |= flag;
            }
        }
        return retained;
    }

    private static boolean passes(PolicyMeaning policy, String call, int argument, long flag) {
        return policy.exists(new CallRef.Named(call))
                && outcomes(policy, call, List.of(Condition.masked(argument, flag, flag))).stream()
                        .anyMatch(Outcome::passes);
    }

    private static void addFamilies(
            List<Carried> found, PolicyMeaning policy, Predicate<String> letsThrough) {
        Set<Integer> allowed = new TreeSet<>();
        Set<Integer> refused = new TreeSet<>();
        for (int family = 1; family <= FAMILY_NAMES.size(); family++) {
            Condition one = Condition.of(0, Operator.EQ, family);
            boolean passes =
                    outcomes(policy, SOCKET, List.of(one)).stream().anyMatch(Outcome::passes);
            (passes ? allowed : refused).add(family);
        }
        Condition others = Condition.of(0, Operator.GT, FAMILY_NAMES.size());
        boolean allows =
                outcomes(policy, SOCKET, List.of(others)).stream().noneMatch(Outcome::passes);
        Set<Integer> listed = allows ? allowed : refused;
        if (listed.isEmpty()) {
            return;
        }
        List<String> names = listed.stream().map(family -> FAMILY_NAMES.get(family - 1)).toList();
        String value = (allows ? "" : "~") + String.join(" ", names);
        add(found, policy, letsThrough, FAMILIES, value, families(allows, listed, policy.arch()));
    }

    /** Adds a setting that refuses only what the policy does, and more than the list. */
    static void add(
            List<Carried> found,
            PolicyMeaning policy,
            Predicate<String> letsThrough,
            String key,
            String value,
            List<Rule> rules) {
        Map<Action, Set<Action>> refusals = new LinkedHashMap<>();
        boolean needed = false;
        boolean narrowsClone = false;
        for (Map.Entry<String, List<Rule>> each : byCall(rules).entrySet()) {
            CallRef call = new CallRef.Named(each.getKey());
            if (!policy.exists(call)) {
                continue;
            }
            List<Rule> all = new ArrayList<>();
            each.getValue().forEach(rule -> all.add(ofNumbers(rule)));
            all.add(Rule.of(call, List.of(), Action.ALLOW));
            Action given =
                    all.stream()
                            .map(Rule::action)
                            .filter(action -> action != Action.ALLOW)
                            .findFirst()
                            .orElseThrow();
            Optional<List<List<Condition>>> regions =
                    Region.where(all, action -> action != Action.ALLOW);
            if (regions.isEmpty()) {
                return;
            }
            boolean listed = letsThrough.test(each.getKey());
            for (List<Condition> where : regions.get()) {
                List<Outcome> outcomes = outcomes(policy, each.getKey(), where);
                if (each.getKey().equals(CLONE) && where.get(0).mask() == TIME) {
                    narrowsClone |= listed && outcomes.stream().anyMatch(Outcome::passes);
                    continue; // no signal has such a number
                }
                needed |= listed;
                for (Outcome outcome : outcomes) {
                    if (outcome.passes()) {
                        return;
                    }
                    if (listed) {
                        refusals.computeIfAbsent(given, action -> new LinkedHashSet<>())
                                .add(outcome.action());
                    }
                }
            }
        }
        if (needed) {
            found.add(new Carried(key, value, rules, refusals, narrowsClone));
        }
    }

    /**
     * A test of the whole lower half of an argument becomes a test for equality, of which the
     * negation is one condition. For arguments that are numbers of 32 bits.
     */
    private static Rule ofNumbers(Rule rule) {
        List<Condition> conditions = rule.conditions().stream().map(Condition::asNumber).toList();
        return Rule.of(rule.call(), conditions, rule.action());
    }

    /** What happens to a call whose arguments are numbers of 32 bits. */
    private static List<Outcome> outcomes(
            PolicyMeaning policy, String call, List<Condition> where) {
        List<Condition> all = new ArrayList<>(where);
        where.stream()
                .map(Condition::argument)
                .distinct()
                .forEach(argument -> all.add(Condition.masked(argument, ~LowHalf.MASK, 0)));
        return policy.outcomes(new CallRef.Named(call), all);
    }
}
