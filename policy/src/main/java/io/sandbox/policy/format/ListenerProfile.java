// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.CallNames;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An OCI profile by which a container runtime hands over the listener of the container's filter
 * (listenerPath), which then asks about calls.
 *
 * @param listenerPath of the socket at which the listener is taken
 * @param asksByDefault whether the runtime takes a profile that asks about whatever no rule names.
 *     Otherwise each call that we know is named, and all others fail with ENOSYS, as they do in a
 *     kernel that lacks them: none is made unseen
 * @param unseen calls that must be allowed unasked
 * @param flags of the filter
 */
public record ListenerProfile(
        String listenerPath, boolean asksByDefault, List<String> unseen, List<String> flags) {
    private static final int ENOSYS = 38;
    private static final int NEW_LISTENER = 8; // SECCOMP_FILTER_FLAG_NEW_LISTENER
    private static final long LOWER_HALF = 0xffffffffL;
    private static final String NOTIFY = "SCMP_ACT_NOTIFY";
    private static final String ALLOW = "SCMP_ACT_ALLOW";

    public ListenerProfile {
        unseen = List.copyOf(unseen);
        flags = List.copyOf(flags);
    }

    /** The text of the file. Calls that the rules of {@code allowed} allow are not asked about. */
    public String write(PolicyDocument allowed, Circumstances here) {
        List<Arch> arches = arches(here);
        Map<String, Object> tree = head(asksByDefault ? NOTIFY : "SCMP_ACT_ERRNO", arches);
        if (!asksByDefault) {
            tree.put("defaultErrnoRet", ENOSYS);
        }
        List<Object> syscalls = new ArrayList<>();
        // A runtime obeys one of two actions for the same call, and not always the same one.
        PolicyDocument rules = asksByDefault ? allowed : withoutConditions(allowed);
        syscalls.addAll((List<?>) new OciTree(rules, here, true).build().get("syscalls"));
        if (!unseen.isEmpty()) {
            syscalls.add(rule(unseen, ALLOW));
        }
        if (!asksByDefault) {
            Set<String> asked = names(arches);
            unseen.forEach(asked::remove);
            rules.rules().forEach(rule -> name(rule, here).ifPresent(asked::remove));
            syscalls.add(rule(List.copyOf(asked), NOTIFY));
        }
        tree.put("syscalls", syscalls);
        return JsonText.pretty(tree);
    }

    /**
     * A profile that allows every call. It asks only about the load of another filter that asks,
     * which the kernel would refuse beside this one.
     *
     * @param mark a number of which the filter has both halves, since it compares with them
     */
    public String writeTelling(long mark, Circumstances here) {
        Map<String, Object> tree = head(ALLOW, arches(here));
        Map<String, Object> load = rule(List.of("seccomp"), NOTIFY);
        Map<String, Object> newListener =
                Map.of(
                        "index",
                        1,
                        "value",
                        NEW_LISTENER,
                        "valueTwo",
                        NEW_LISTENER,
                        "op",
                        "SCMP_CMP_MASKED_EQ");
        load.put("args", List.of(newListener));
        Map<String, Object> marked = rule(List.of("seccomp"), NOTIFY);
        marked.put("args", List.of(equal(4, mark & LOWER_HALF), equal(5, mark >>> Integer.SIZE)));
        tree.put("syscalls", List.of(load, marked));
        return JsonText.pretty(tree);
    }

    private static Map<String, Object> equal(int index, long value) {
        return Map.of("index", index, "value", value, "op", "SCMP_CMP_EQ");
    }

    private Map<String, Object> head(String action, List<Arch> arches) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("defaultAction", action);
        tree.put(
                "architectures",
                arches.stream().map(arch -> ArchNames.toLibseccomp(arch.name())).toList());
        if (!flags.isEmpty()) {
            tree.put("flags", flags);
        }
        tree.put("listenerPath", listenerPath);
        return tree;
    }

    private static Map<String, Object> rule(List<String> names, String action) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("names", names);
        rule.put("action", action);
        return rule;
    }

    private static PolicyDocument withoutConditions(PolicyDocument document) {
        return document.withRules(
                document.rules().stream()
                        .map(rule -> Rule.of(rule.call(), List.of(), rule.action()))
                        .distinct()
                        .toList());
    }

    private static Optional<String> name(Rule rule, Circumstances here) {
        return CallNames.on(here.arch()).nameOf(rule.call());
    }

    /** A helper of 32 bits is asked about too; without its architecture it would be killed. */
    private static List<Arch> arches(Circumstances here) {
        Arch machine = SyscallDb.get().arch(here.arch());
        List<Arch> arches = new ArrayList<>(List.of(machine));
        for (String name : machine.secondary()) {
            SyscallDb.get().archByName(name).ifPresent(arches::add);
        }
        return arches;
    }

    private static Set<String> names(List<Arch> arches) {
        return arches.stream()
                .flatMap(arch -> SyscallDb.get().table(arch).all().stream())
                .map(Syscall::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
