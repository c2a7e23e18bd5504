// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Translates entries into rules by number. A number means exactly that number. A name means the
 * call in all its forms: if it can also be made through socketcall or ipc, that form is included,
 * since otherwise a deny list would leave a way open.
 */
final class CallResolver {
    private final LibSeccomp library;
    private final SyscallTable table;
    private final int archToken;
    private final boolean lenient;

    /**
     * @param lenient how to treat conditions on a call that can also be made through socketcall or
     *     ipc, which hide its arguments: true to ignore them for that form, as libseccomp does,
     *     false to refuse them
     */
    CallResolver(LibSeccomp library, Arch arch, boolean lenient) {
        this.library = library;
        this.lenient = lenient;
        table = SyscallDb.get().table(arch);
        archToken = arch.seccompToken().getAsInt();
    }

    /**
     * @throws FilterException for a name that is unknown or only exists on other architectures, and
     *     for conditions on arguments that socketcall or ipc would hide
     */
    void addRules(CallRef call, List<Condition> conditions, int returned, RuleSet rules) {
        if (call instanceof CallRef.Numbered numbered) {
            rules.add(numbered.number(), conditions, returned);
        } else {
            addNamed(((CallRef.Named) call).name(), conditions, returned, rules);
        }
    }

    /** Whether the arch has the call in any form. A number always exists. */
    boolean exists(CallRef call) {
        if (call instanceof CallRef.Numbered || table.byName(call.toString()).isPresent()) {
            return true;
        }
        int answer = library.seccomp_syscall_resolve_name_arch(archToken, call.toString());
        return answer >= 0 || isPart(answer);
    }

    private boolean isPart(int answer) {
        return Stream.of(Multiplexer.values())
                .anyMatch(each -> each.in(table).isPresent() && each.has(answer));
    }

    private void addNamed(String name, List<Condition> conditions, int returned, RuleSet rules) {
        Optional<Syscall> call = table.byName(name);
        if (call.isPresent()) {
            rules.add(call.get().number(), conditions, returned);
            if (call.get().inLibseccomp()) {
                return; // not multiplexed
            }
        }
        String canonical = call.isPresent() ? call.get().name() : name;
        int answer = library.seccomp_syscall_resolve_name_arch(archToken, canonical);
        boolean multiplexed = addParts(name, conditions, answer, returned, rules);
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
        rules.add(answer, conditions, returned); // newer than our tables
    }

    private boolean addParts(
            String name, List<Condition> conditions, int answer, int returned, RuleSet rules) {
        for (Multiplexer multiplexer : Multiplexer.values()) {
            Optional<Syscall> call = multiplexer.in(table);
            if (call.isPresent() && multiplexer.has(answer)) {
                List<Condition> ofPart = new ArrayList<>();
                ofPart.add(multiplexer.condition(answer));
                if (lenient) {
                    conditions.stream().filter(c -> c.argument() != 0).forEach(ofPart::add);
                } else {
                    requireNoConditions(name, conditions, multiplexer);
                }
                rules.add(call.get().number(), ofPart, returned);
                return true;
            }
        }
        return false;
    }

    private void requireNoConditions(
            String name, List<Condition> conditions, Multiplexer multiplexer) {
        if (!conditions.isEmpty()) {
            throw new FilterException(
                    PolicyText.format(new CallRef.Named(name), conditions),
                    String.format(
                            "on %s it is also a part of %s, which hides the arguments (list it by"
                                    + " number, or without conditions)",
                            table.arch().name(), multiplexer.callName()));
        }
    }
}
