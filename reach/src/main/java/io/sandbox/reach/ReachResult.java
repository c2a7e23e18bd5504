// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the code of a program can do.
 *
 * @param arch the architecture, as the tables of system calls name it
 * @param interpreter if the file is a script: its interpreter, which was analysed instead
 * @param files all files whose code was read
 * @param calls by name
 * @param starts execve, once for each import that leads to a function that starts programs
 * @param computed the places where a call number is computed, without those that every program has
 * @param floorComputed how many such places every program has
 * @param language what the program interprets, such as Python; empty if it is no known interpreter
 * @param remarks what else the answer does not cover, a sentence each
 */
public record ReachResult(
        Path program,
        String arch,
        Optional<Path> interpreter,
        List<Path> files,
        List<ReachableCall> calls,
        List<ReachableCall> starts,
        List<Step> computed,
        int floorComputed,
        Optional<String> language,
        List<String> remarks) {
    public ReachResult {
        files = List.copyOf(files);
        calls = List.copyOf(calls);
        starts = List.copyOf(starts);
        computed = List.copyOf(computed);
        remarks = List.copyOf(remarks);
    }

    /**
     * The same, with all calls that recorded runs show. What was seen is reachable, whatever was
     * found in the code; a remark says that the answer had a mistake.
     *
     * @param seen the numbers of calls that the program made
     */
    public ReachResult with(Set<Integer> seen) {
        SyscallTable table = SyscallDb.get().table(SyscallDb.get().arch(arch));
        Set<Integer> added = new TreeSet<>(seen);
        calls.forEach(call -> added.remove(call.number()));
        List<ReachableCall> all = new ArrayList<>(calls);
        for (int number : added) {
            Optional<Syscall> call = table.byNumber(number);
            if (call.isPresent()) {
                all.add(new ReachableCall(call.get().name(), number, false, List.of()));
            }
        }
        if (all.size() == calls.size()) {
            return this;
        }
        String names =
                all.subList(calls.size(), all.size()).stream()
                        .map(ReachableCall::name)
                        .collect(Collectors.joining(" "));
        List<String> said = new ArrayList<>(remarks);
        said.add(
                0,
                "recorded runs made calls to which no code leads that was read: "
                        + names
                        + ". This is a fault of the analysis, or code is missing that the other"
                        + " notes name; other calls may be missing too");
        all.sort(Comparator.comparing(ReachableCall::name));
        return new ReachResult(
                program,
                arch,
                interpreter,
                files,
                all,
                starts,
                computed,
                floorComputed,
                language,
                said);
    }

    /** A call with a path; not that of every program if there is another. */
    public Optional<ReachableCall> explained(int number) {
        return Stream.of(
                        calls.stream().filter(call -> !call.floor()),
                        starts.stream(),
                        calls.stream())
                .flatMap(each -> each)
                .filter(call -> call.number() == number && !call.path().isEmpty())
                .findFirst();
    }
}
