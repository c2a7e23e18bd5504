// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A place on the path to a call.
 *
 * @param file the file whose code it is
 * @param symbol the function; empty if it has no name
 * @param table whether it is not code but a table of pointers
 * @param start the first address of the function or table
 * @param offset of the instruction that leads on, or of the slot, as an address of the file
 * @param imported the name by which it leads to another file; empty if it stays in the file
 */
public record Step(
        Path file,
        Optional<String> symbol,
        boolean table,
        long start,
        long offset,
        Optional<String> imported) {}
