// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessMemory;
import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunAccess.Use;
import io.sandbox.syscalldb.ObservedCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Which files and addresses the waiting calls of a target are about. Whether a call will succeed is
 * not known before it is made: so a file counts if it is there or is to be created. For one thread.
 */
final class AskedAccess implements AutoCloseable {
    // asm-generic/fcntl.h, which x86 and arm64 have in this part.
    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;
    private static final int READ_WRITE = 2;
    private static final int CREATE = 0x40;
    private static final int PATH_ONLY = 0x20_0000;
    private static final int CREAT_FLAGS = WRITE_ONLY | CREATE;

    private static final int AT_FDCWD = -100;

    /** {@code preload/src/bpf/shared.h} has the same limit. */
    static final int MAX_USES = 8192;

    /** The calls that are about what has a name. */
    private static final Set<String> CALLS =
            Set.of("open", "creat", "openat", "openat2", "execve", "execveat", "bind", "connect");

    /**
     * The target may itself serve the file system or the memory that is looked at: such a look ends
     * only after our answer.
     */
    private static final long LONGEST_LOOK_MILLIS = 100;

    private record Asked(String name, int thread, int process, List<Long> arguments) {}

    private record Named(Use use, String name) {}

    /** What one program did with one file or address. */
    private record Done(String executable, Named what) {}

    private final Set<Done> done = new LinkedHashSet<>();
    private final ExecutorService looks =
            Executors.newSingleThreadExecutor(
                    work -> {
                        Thread thread = new Thread(work, "files");
                        thread.setDaemon(true);
                        return thread;
                    });
    private Future<List<Named>> look = CompletableFuture.completedFuture(List.of());
    private long leftOut;

    /** Takes in the call that the listener holds, before it is answered. */
    void note(CallListener call, Callers.Known caller) {
        String name = ObservedCall.of(call.auditArch(), call.number()).displayName();
        if (!CALLS.contains(name)) {
            return;
        }
        if (!look.isDone()) {
            leftOut++;
            return;
        }
        List<Long> arguments = IntStream.range(0, 3).mapToObj(call::argument).toList();
        look =
                looks.submit(
                        () -> named(new Asked(name, call.thread(), caller.process(), arguments)));
        try {
            for (Named each : look.get(LONGEST_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                add(new Done(caller.executable(), each));
            }
        } catch (ExecutionException | TimeoutException e) {
            leftOut++;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            leftOut++;
        }
    }

    private static List<Named> named(Asked call) throws IOException {
        int folder = call.arguments().get(0).intValue();
        int second = call.arguments().get(1).intValue();
        int third = call.arguments().get(2).intValue();
        return switch (call.name()) {
            case "open" -> file(call, AT_FDCWD, 0, opened(second));
            case "creat" -> file(call, AT_FDCWD, 0, opened(CREAT_FLAGS));
            case "openat" -> file(call, folder, 1, opened(third));
            case "openat2" -> {
                long how = call.arguments().get(2);
                int flags = (int) ProcessMemory.read(call.thread(), how, Long.BYTES).getLong();
                yield file(call, folder, 1, opened(flags));
            }
            case "execve" -> file(call, AT_FDCWD, 0, EnumSet.of(Use.EXECUTE));
            case "execveat" -> file(call, folder, 1, EnumSet.of(Use.EXECUTE));
            case "bind" -> List.of(new Named(Use.BIND, address(call)));
            default -> List.of(new Named(Use.CONNECT, address(call)));
        };
    }

    private static Set<Use> opened(int flags) {
        Set<Use> uses = EnumSet.noneOf(Use.class);
        int mode = flags & ACCESS_MODE;
        if ((flags & PATH_ONLY) != 0 || mode == ACCESS_MODE) {
            uses.add(Use.LOOK_UP);
        } else {
            if (mode != WRITE_ONLY) {
                uses.add(Use.READ);
            }
            if (mode == WRITE_ONLY || mode == READ_WRITE) {
                uses.add(Use.WRITE);
            }
            if ((flags & CREATE) != 0) {
                uses.add(Use.CREATE);
            }
        }
        return uses;
    }

    /** {@code path}: the index of the argument that points to it. */
    private static List<Named> file(Asked call, int folder, int path, Set<Use> wanted)
            throws IOException {
        String text = ProcessMemory.readPath(call.thread(), call.arguments().get(path));
        if (text.isEmpty() && !wanted.contains(Use.EXECUTE)) {
            return List.of();
        }
        String base = folder == AT_FDCWD ? "cwd" : "fd/" + folder;
        Optional<TargetPath.Found> found =
                TargetPath.find(call.process(), call.thread(), base, text);
        if (found.isEmpty()) {
            return List.of();
        }
        if (found.get().exists()) {
            wanted.remove(Use.CREATE);
        } else if (!wanted.contains(Use.CREATE)) {
            return List.of();
        }
        return wanted.stream().map(use -> new Named(use, found.get().name())).toList();
    }

    private void add(Done one) {
        if (done.size() < MAX_USES) {
            done.add(one);
        } else if (!done.contains(one)) {
            leftOut++;
        }
    }

    private static String address(Asked call) throws IOException {
        long asked = call.arguments().get(2) & 0xffffffffL;
        int length = (int) Math.min(asked, SocketAddress.MAX_BYTES);
        return SocketAddress.text(
                ProcessMemory.read(call.thread(), call.arguments().get(1), length).array());
    }

    RunAccess access() {
        List<NamesOfProgram<Use>> programs = new ArrayList<>();
        for (Done each : done) {
            programs.add(
                    new NamesOfProgram<>(
                            each.executable(),
                            Map.of(each.what().use(), List.of(each.what().name()))));
        }
        return new RunAccess(leftOut, programs);
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
