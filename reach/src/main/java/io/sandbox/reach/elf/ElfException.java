// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

/** Thrown for a file that is no ELF file, or damaged, or of a kind that we do not read. */
public final class ElfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ElfException(String message) {
        super(message);
    }
}
