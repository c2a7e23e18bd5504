// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.code.DisassemblerException;
import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.link.GraphStore;
import io.sandbox.reach.link.LoadedFile;
import io.sandbox.reach.link.LoadedProgram;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answers which system calls a program can make. The answer is for tests and reviews: it may have
 * more calls than the program ever makes, so it must not become a list.
 */
public final class Reach {
    /** Calls that the kernel restarts by restart_syscall (signal(7)). */
    private static final Set<String> RESTARTED =
            Set.of("clock_nanosleep", "futex", "nanosleep", "poll");

    private final GraphStore store;
    private final Optional<String> libraryPath;
    private final List<Path> more;

    /**
     * @param cache the folder that keeps results for libraries; empty: nowhere
     * @param libraryPath the value of LD_LIBRARY_PATH
     * @param more libraries that the program loads by itself (dlopen)
     */
    public Reach(Optional<Path> cache, Optional<String> libraryPath, List<Path> more) {
        this.store = new GraphStore(cache);
        this.libraryPath = libraryPath;
        this.more = List.copyOf(more);
    }

    /**
     * @param program an executable file
     * @throws ReachException if the program cannot be analysed
     */
    public ReachResult of(Path program) {
        try {
            Optional<Path> interpreter = Script.interpreter(program);
            LoadedProgram loaded =
                    LoadedProgram.load(interpreter.orElse(program), libraryPath, more, store);
            return answer(program, interpreter, loaded);
        } catch (ElfException | DisassemblerException e) {
            throw new ReachException(e.getMessage(), e);
        } catch (IOException e) {
            throw new ReachException("cannot read " + e.getMessage(), e);
        }
    }

    private static ReachResult answer(
            Path program, Optional<Path> interpreter, LoadedProgram loaded) {
        Roots roots = new Roots(loaded);
        Search all = new Search(loaded, loaded.scope(), roots.ofProgram(), -1);
        Search floor = new Search(loaded, roots.floorScope(), roots.ofFloor(), roots.main());
        String arch = loaded.program().graph().traits().machine().word();
        SyscallTable table =
                SyscallDb.get().archByName(arch).map(SyscallDb.get()::table).orElseThrow();
        List<ReachableCall> calls = new ArrayList<>();
        List<Step> computed = new ArrayList<>();
        Set<Integer> floorNumbers = floor.numbers().keySet();
        all.numbers()
                .forEach(
                        (number, at) -> {
                            Optional<Syscall> call = table.byNumber(number);
                            if (call.isPresent()) {
                                boolean isFloor = floorNumbers.contains(number);
                                calls.add(
                                        new ReachableCall(
                                                call.get().name(), number, isFloor, all.path(at)));
                            } else {
                                computed.add(all.place(at));
                            }
                        });
        Set<Long> floorPlaces = new TreeSet<>();
        floor.computed().forEach(each -> floorPlaces.add(each.key()));
        int ofFloor = 0;
        for (Search.Place each : all.computed()) {
            if (floorPlaces.contains(each.key())) {
                ofFloor++;
            } else {
                computed.add(all.place(each));
            }
        }
        addRestart(calls, table);
        calls.sort(Comparator.comparing(ReachableCall::name));
        return new ReachResult(
                program,
                arch,
                interpreter,
                loaded.files().stream().map(LoadedFile::path).toList(),
                calls,
                computed,
                ofFloor,
                new Remarks(loaded, all, interpreter).sentences());
    }

    /**
     * After a signal, the kernel itself lets a program go on waiting by restart_syscall(2). The
     * number of this call is in no code, so it is added here.
     */
    private static void addRestart(List<ReachableCall> calls, SyscallTable table) {
        Optional<ReachableCall> waiting =
                calls.stream()
                        .filter(call -> RESTARTED.contains(call.name()))
                        .min(Comparator.comparing(call -> !call.floor()));
        Optional<Syscall> restart = table.byName("restart_syscall");
        if (waiting.isPresent() && restart.isPresent()) {
            ReachableCall call = waiting.get();
            calls.add(
                    new ReachableCall(
                            restart.get().name(),
                            restart.get().number(),
                            call.floor(),
                            call.path()));
        }
    }
}
