// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the code of a program can do.
 *
 * @param arch the architecture, as the tables of system calls name it
 * @param interpreter if the file is a script: its interpreter, which was analysed instead
 * @param files all files whose code was read
 * @param calls by name
 * @param computed the places where a call number is computed, without those that every program has
 * @param floorComputed how many such places every program has
 * @param remarks what else the answer does not cover, a sentence each
 */
public record ReachResult(
        Path program,
        String arch,
        Optional<Path> interpreter,
        List<Path> files,
        List<ReachableCall> calls,
        List<Step> computed,
        int floorComputed,
        List<String> remarks) {
    public ReachResult {
        files = List.copyOf(files);
        calls = List.copyOf(calls);
        computed = List.copyOf(computed);
        remarks = List.copyOf(remarks);
    }
}
