// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

/** Receives what the instructions of a function refer to. A site is an instruction's address. */
public interface References {
    /** A call of, or a jump to, a fixed address. */
    default void branch(long site, long target, boolean call) {}

    /**
     * A call or jump through the pointer that is at an address.
     *
     * @param continued whether execution comes there from the instruction before
     */
    default void branchThrough(long site, long slot, boolean call, boolean continued) {}

    /** The value at an address is read or written. */
    default void access(long site, long address) {}

    /** The code makes the address of a function, of an object, or of a table. */
    default void address(long site, long address) {}

    /** The instruction that makes a system call. */
    default void systemCall(long site) {}

    /** A system call by another architecture's numbers. */
    default void foreignCall(long site) {}
}
