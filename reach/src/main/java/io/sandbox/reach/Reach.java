// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.code.DisassemblerException;
import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.elf.ElfHeader;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.link.GraphStore;
import io.sandbox.reach.link.LoadedFile;
import io.sandbox.reach.link.LoadedProgram;
import io.sandbox.reach.link.Root;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Answers which system calls a program can make. The answer is for tests and reviews: it may have
 * more calls than the program ever makes, so it must not become a list.
 */
public final class Reach {
    /** Calls that the kernel restarts by restart_syscall (signal(7)). */
    private static final Set<String> RESTARTED =
            Set.of("clock_nanosleep", "futex", "nanosleep", "poll");

    private static final Set<String> HANDLING = Set.of("rt_sigaction");

    /** Functions of C libraries that start programs. */
    private static final List<String> STARTERS =
            List.of(
                    ("system popen wordexp posix_spawn posix_spawnp pidfd_spawn pidfd_spawnp execve"
                                    + " execv execvp execvpe execl execlp execle fexecve execveat")
                            .split(" "));

    private final GraphStore store;
    private final Optional<String> libraryPath;
    private final List<Path> more;
    private final Root root;

    /**
     * @param cache the folder that keeps results for libraries; empty: nowhere
     * @param libraryPath the value of LD_LIBRARY_PATH
     * @param more libraries that the program loads by itself (dlopen)
     * @param root where the dynamic linker and the libraries are
     */
    public Reach(Optional<Path> cache, Optional<String> libraryPath, List<Path> more, Root root) {
        this.store = new GraphStore(cache);
        this.libraryPath = libraryPath;
        this.more = List.copyOf(more);
        this.root = root;
    }

    /**
     * @param program an executable file
     * @throws ReachException if the program cannot be analysed
     */
    public ReachResult of(Path program) {
        try {
            List<Path> chain = Script.chain(program, root);
            return answer(chain, LoadedProgram.load(last(chain), libraryPath, more, root, store));
        } catch (ElfException | DisassemblerException | IOException e) {
            throw refusal(e);
        }
    }

    /**
     * The architecture of a program, as the tables of system calls name it.
     *
     * @param root where the interpreter of a script is
     * @throws ReachException if the program cannot be analysed
     */
    public static String arch(Path program, Root root) {
        try {
            return LoadedProgram.machine(code(program, root)).word();
        } catch (ElfException | IOException e) {
            throw refusal(e);
        }
    }

    /**
     * The file whose code runs: the program, or the interpreter of a script.
     *
     * @throws ReachException if the program cannot be analysed
     */
    public static Path code(Path program, Root root) {
        try {
            return last(Script.chain(program, root));
        } catch (ElfException | IOException e) {
            throw refusal(e);
        }
    }

    /** Whether a file holds code of an architecture that a program can load. */
    public static boolean isCode(Path file, String arch) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(ElfHeader.SIZE);
            return Stream.of(Machine.values())
                    .anyMatch(each -> each.word().equals(arch) && Machine.isOf(start, each));
        } catch (IOException e) {
            return false;
        }
    }

    private static ReachException refusal(Exception e) {
        String start = e instanceof IOException ? "cannot read " : "";
        return new ReachException(start + e.getMessage(), e);
    }

    private static Path last(List<Path> chain) {
        return chain.get(chain.size() - 1);
    }

    private static ReachResult answer(List<Path> chain, LoadedProgram loaded) {
        Roots roots = new Roots(loaded);
        Search all = new Search(loaded, loaded.scope(), roots.ofProgram(), -1);
        Search floor = new Search(loaded, roots.floorScope(), roots.ofFloor(), roots.main());
        String arch = loaded.program().graph().traits().machine().word();
        SyscallTable table = SyscallDb.get().table(SyscallDb.get().arch(arch));
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
        addFollowing(calls, table, "restart_syscall", RESTARTED);
        if (loaded.program().graph().traits().machine() == Machine.AARCH64) {
            addFollowing(calls, table, "rt_sigreturn", HANDLING);
        }
        calls.sort(Comparator.comparing(ReachableCall::name));
        Remarks remarks = new Remarks(loaded, all, chain);
        return new ReachResult(
                chain.get(0),
                arch,
                chain.size() > 1 ? Optional.of(last(chain)) : Optional.empty(),
                loaded.files().stream().map(LoadedFile::path).toList(),
                calls,
                starts(loaded, all, floor, table.byName("execve").orElseThrow()),
                computed,
                ofFloor,
                remarks.language(),
                remarks.sentences());
    }

    /**
     * The ways to execve by functions that start programs, one for each import that leads there.
     * The dynamic linker of glibc has an execve of its own, in every program and on a shorter path.
     */
    private static List<ReachableCall> starts(
            LoadedProgram loaded, Search all, Search floor, Syscall execve) {
        LoadedProgram.Scope scope = loaded.scope();
        Map<String, ReachableCall> byImport = new LinkedHashMap<>();
        for (String name : STARTERS) {
            if (all.reaches(name) && !floor.reaches(name)) {
                int node = scope.bind(name);
                Search after = new Search(loaded, scope, List.of(node), -1);
                Search.Place made = after.numbers().get(execve.number());
                if (made != null) {
                    List<Step> path = all.pathTo(node);
                    path.addAll(after.path(made));
                    ReachableCall call =
                            new ReachableCall(execve.name(), execve.number(), false, path);
                    call.imported().ifPresent(origin -> byImport.putIfAbsent(origin, call));
                }
            }
        }
        return byImport.values().stream()
                .sorted(Comparator.comparing(call -> call.path().size()))
                .toList();
    }

    /**
     * Adds a call whose number is in no file, since the kernel has the program make it as a
     * consequence of others: to go on waiting after a signal (restart_syscall), and to return from
     * a handler where the vDSO has the code for it (arch/arm64/kernel/vdso/sigreturn.S).
     */
    private static void addFollowing(
            List<ReachableCall> calls, SyscallTable table, String name, Set<String> others) {
        Optional<ReachableCall> cause =
                calls.stream()
                        .filter(call -> others.contains(call.name()))
                        .min(Comparator.comparing(call -> !call.floor()));
        Optional<Syscall> added = table.byName(name);
        boolean known = calls.stream().anyMatch(call -> call.name().equals(name));
        if (cause.isPresent() && added.isPresent() && !known) {
            boolean floor = cause.get().floor();
            calls.add(new ReachableCall(name, added.get().number(), floor, cause.get().path()));
        }
    }
}
