// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a system call beside its numbers; the same on every arch that has the call,
 * unless it says otherwise. Names of calls are canonical throughout. Where each fact comes from is
 * at the top of its file, in the folder facts.
 *
 * @param name the canonical name
 * @param groups names of systemd's sets that hold the call, such as {@code @file-system}, in
 *     systemd's order, sets of sets included; {@code @known} is among them if systemd knows the
 *     call at all. May be empty.
 * @param firstKernel the first release that has the call on any arch; 1.0 means 1.0 or earlier
 * @param implemented whether the kernel of the source package has code for it on any of our arches;
 *     if not, nothing is known of its arguments
 * @param arguments the kernel's names of the arguments, in the order in which a filter counts them;
 *     at most 7 ({@code syscall} of MIPS). May be empty.
 * @param argumentsDifferOn names of arches where a filter sees other positions: another order or
 *     number, or a 64-bit value in two. A condition must not be carried over to or from these.
 * @param noCodeOn names of arches that have a number for the call but no code behind it, so that it
 *     fails with ENOSYS; empty if {@code implemented} is false, for that goes for all of them
 * @param risk what an attacker gains
 * @param riskReason why, in one line
 * @param riskBasis who else counts the call among the risky or obsolete: {@code docker}, {@code
 *     systemd}; empty if it is a judgement of ours alone
 * @param siblings calls that other C libraries, or those of other arches, use in its place; best
 *     first. May be empty.
 * @param vdsoArches names of arches where the vDSO answers the call, as a rule without the kernel,
 *     so that a run may not show it
 * @param chance when a program with threads makes the call that made none of it in other runs;
 *     empty if that is not known of any runtime
 * @param passesNoFilter whether operations are submitted through the call that no filter sees:
 *     io_uring
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
        boolean passesNoFilter,
        List<String> ioUringOperations) {
    public SyscallFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(firstKernel, "firstKernel");
        Objects.requireNonNull(risk, "risk");
        Objects.requireNonNull(riskReason, "riskReason");
        Objects.requireNonNull(chance, "chance");
        groups = List.copyOf(groups);
        arguments = List.copyOf(arguments);
        argumentsDifferOn = List.copyOf(argumentsDifferOn);
        noCodeOn = List.copyOf(noCodeOn);
        riskBasis = List.copyOf(riskBasis);
        siblings = List.copyOf(siblings);
        vdsoArches = List.copyOf(vdsoArches);
        ioUringOperations = List.copyOf(ioUringOperations);
    }
}
