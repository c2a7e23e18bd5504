// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A place on the path to a call.
 *
 * @param file the file whose code it is
 * @param symbol the function, as people write it; empty if it has no name
 * @param table whether it is a table of pointers instead of code
 * @param start the first address of the function or table
 * @param offset the address of the instruction, or a table's slot, that leads to the next step
 * @param imported the name by which it leads to another file; empty if it stays in the file
 */
public record Step(
        Path file,
        Optional<String> symbol,
        boolean table,
        long start,
        long offset,
        Optional<String> imported) {}
