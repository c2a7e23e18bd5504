// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.List;
import java.util.Optional;

/**
 * Facts about a system call other than its numbers. A fact holds on every arch that has the call,
 * unless it says otherwise. All names of calls are canonical. The files in the folder facts name
 * the source of each fact at their top.
 *
 * @param name the canonical name
 * @param groups names of the groups of systemd that hold the call, such as {@code @file-system}, in
 *     systemd's order, directly or through other groups. {@code @known} is among them if systemd
 *     knows the call. May be empty.
 * @param firstKernel the first release that has the call on any arch; 1.0 means 1.0 or earlier
 * @param implemented whether the kernel in the source package has code for it on any of our arches;
 *     if not, its arguments are unknown
 * @param arguments the kernel's names of the arguments, in the order of a filter; at most 7 ({@code
 *     syscall} of MIPS). May be empty.
 * @param argumentsDifferOn names of arches where a filter sees the arguments at other positions:
 *     another order or number, or a 64-bit value in two halves. A condition must not be copied to
 *     or from these.
 * @param noCodeOn names of arches that have a number for the call but no code, so that it fails
 *     with ENOSYS; empty if {@code implemented} is false, which means all arches
 * @param risk what an attacker gains
 * @param riskReason the reason, in one line
 * @param riskBasis who else calls it risky or obsolete: {@code docker}, {@code systemd}; empty if
 *     only we do
 * @param siblings calls that other C libraries or other arches use in its place, the closest first.
 *     May be empty.
 * @param vdsoArches names of arches where the vDSO answers the call, usually without the kernel, so
 *     that a run may not show it
 * @param chance when a program with threads makes the call in some runs only; empty if no runtime
 *     is known to do so
 * @param exercise what a test can do so that the program makes the call, such as {@code a path that
 *     replaces a file}; empty if a tester can do nothing particular
 * @param passesNoFilter whether programs submit operations through the call that no filter sees, as
 *     with io_uring
 * @param ioUringOperations operations of io_uring that do the work of the call, such as {@code
 *     IORING_OP_OPENAT}; a filter that refuses the call does not refuse these. May be empty.
 */
public record SyscallFacts(
        String name,
        List<String> groups,
        KernelVersion firstKernel,
        boolean implemented,
        List<String> arguments,
        List<String> argumentsDifferOn,
        List<String> noCodeOn,
        Risk risk,
        String riskReason,
        List<String> riskBasis,
        List<String> siblings,
        List<String> vdsoArches,
        Optional<String> chance,
        Optional<String> exercise,
        boolean passesNoFilter,
        List<String> ioUringOperations) {
    /** How risky a call is; one of which nothing is known counts as the worst. */
    public static Risk.Level level(Optional<SyscallFacts> facts) {
        return facts.map(each -> each.risk.level()).orElse(Risk.Level.HIGH);
    }

    public SyscallFacts {
        groups = List.copyOf(groups);
        arguments = List.copyOf(arguments);
        argumentsDifferOn = List.copyOf(argumentsDifferOn);
        noCodeOn = List.copyOf(noCodeOn);
        riskBasis = List.copyOf(riskBasis);
        siblings = List.copyOf(siblings);
        vdsoArches = List.copyOf(vdsoArches);
        ioUringOperations = List.copyOf(ioUringOperations);
    }

    /** Such as {@code privileged: changes the root directory}; empty without a risk. */
    public Optional<String> warning() {
        return risk == Risk.NONE ? Optional.empty() : Optional.of(risk.word() + ": " + riskReason);
    }
}
