// SPDX-License-Identifier: Apache-2.0
/**
 * Reads ELF files for 64-bit machines: segments, symbols, relocations and where functions begin.
 * Every read is checked against the size of the file, and every count against a limit, since the
 * file may be hostile. Bytes come from the caller: this package opens nothing.
 */
package io.sandbox.reach.elf;
