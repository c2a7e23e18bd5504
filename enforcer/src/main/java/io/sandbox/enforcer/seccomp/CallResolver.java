package io.sandbox.enforcer.seccomp;

import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.List;
import java.util.Optional;

/**
 * From entries to rules by number. A number means exactly that number. A name means the call, by
 * all ways to it: where it is also a part of socketcall or ipc, that part belongs to it, or a deny
 * list would leave a way open.
 */
final class CallResolver {
    private final LibSeccomp library;
    private final SyscallTable table;
    private final int archToken;

    CallResolver(LibSeccomp library, Arch arch) {
        this.library = library;
        table = SyscallDb.get().table(arch);
        archToken = arch.seccompToken().getAsInt();
    }

    /**
     * @throws FilterException for a name that is unknown or of other architectures only, and for
     *     conditions that a multiplexed call would hide from
     */
    void addRules(PolicyEntry entry, RuleSet rules) {
        if (entry.call() instanceof CallRef.Numbered call) {
            rules.add(call.number(), entry.conditions());
        } else {
            addNamed(entry, ((CallRef.Named) entry.call()).name(), rules);
        }
    }

    private void addNamed(PolicyEntry entry, String name, RuleSet rules) {
        Optional<Syscall> call = table.byName(name);
        if (call.isPresent()) {
            rules.add(call.get().number(), entry.conditions());
            if (call.get().inLibseccomp()) {
                return; // not multiplexed
            }
        }
        String canonical = call.isPresent() ? call.get().name() : name;
        int answer = library.seccomp_syscall_resolve_name_arch(archToken, canonical);
        boolean multiplexed = addParts(entry, answer, rules);
        if (call.isPresent() || multiplexed) {
            return;
        }
        if (answer < 0) {
            String reason =
                    answer == LibSeccomp.NR_SCMP_ERROR
                            ? "unknown system call on "
                            : "does not exist on ";
            throw new FilterException(name, reason + table.arch().name());
        }
        rules.add(answer, entry.conditions()); // newer than our tables
    }

    private boolean addParts(PolicyEntry entry, int answer, RuleSet rules) {
        for (Multiplexer multiplexer : Multiplexer.values()) {
            Optional<Syscall> call = multiplexer.in(table);
            if (call.isPresent() && multiplexer.has(answer)) {
                requireNoConditions(entry, multiplexer);
                rules.add(call.get().number(), List.of(multiplexer.condition(answer)));
                return true;
            }
        }
        return false;
    }

    private void requireNoConditions(PolicyEntry entry, Multiplexer multiplexer) {
        if (!entry.conditions().isEmpty()) {
            throw new FilterException(
                    entry.toString(),
                    "on "
                            + table.arch().name()
                            + " it is also a part of "
                            + multiplexer.callName()
                            + ", which hides the arguments (list it by number, or without"
                            + " conditions)");
        }
    }
}
