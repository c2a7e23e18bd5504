// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunAccess.Use;
import io.sandbox.syscalldb.ObservedCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which files and addresses the waiting calls of a target are about. Whether a call will succeed is
 * not known before it is made: so a file counts if it is there or is to be created. A link that
 * leads to it is followed if the target sees the same files as we. For one thread.
 */
final class AskedAccess {
    // asm-generic/fcntl.h, which x86 and arm64 have in this part.
    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;
    private static final int READ_WRITE = 2;
    private static final int CREATE = 0x40;
    private static final int PATH_ONLY = 0x20_0000;
    private static final int CREAT_FLAGS = WRITE_ONLY | CREATE;

    private static final int AT_FDCWD = -100;
    private static final int PAGE = 4096;
    private static final int MAX_PATH = 4096;

    /** {@code preload/src/bpf/shared.h} has the same limit. */
    static final int MAX_USES = 8192;

    /** What one program did with one file or address. */
    private record Done(String executable, Use use, String name) {}

    private final Set<Done> done = new LinkedHashSet<>();
    private long leftOut;

    /** Takes in the call that the listener holds, before it is answered. */
    void note(CallListener call, Callers.Known caller) {
        String name = ObservedCall.of(call.auditArch(), call.number()).displayName();
        try {
            switch (name) {
                case "open" -> opened(call, caller, AT_FDCWD, 0, (int) call.argument(1));
                case "creat" -> opened(call, caller, AT_FDCWD, 0, CREAT_FLAGS);
                case "openat" ->
                        opened(call, caller, (int) call.argument(0), 1, (int) call.argument(2));
                case "openat2" -> {
                    long how =
                            ProcessMemory.read(call.thread(), call.argument(2), Long.BYTES)
                                    .getLong();
                    int flags = (int) how;
                    opened(call, caller, (int) call.argument(0), 1, flags);
                }
                case "execve" -> file(call, caller, AT_FDCWD, 0, EnumSet.of(Use.EXECUTE));
                case "execveat" ->
                        file(call, caller, (int) call.argument(0), 1, EnumSet.of(Use.EXECUTE));
                case "bind" -> add(caller, Use.BIND, address(call));
                case "connect" -> add(caller, Use.CONNECT, address(call));
                default -> {
                    // It is about nothing that has a name.
                }
            }
        } catch (IOException | InvalidPathException e) {
            leftOut++;
        }
    }

    private void opened(CallListener call, Callers.Known caller, int folder, int path, int flags)
            throws IOException {
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
        file(call, caller, folder, path, uses);
    }

    /** {@code path}: the index of the argument that points to it. */
    private void file(
            CallListener call, Callers.Known caller, int folder, int path, Set<Use> wanted)
            throws IOException {
        Path asked = path(call, folder, call.argument(path));
        Optional<Path> found = found(call, asked);
        if (found.isPresent()) {
            wanted.remove(Use.CREATE);
        } else if (!wanted.contains(Use.CREATE)) {
            return;
        }
        String name = found.orElse(asked).toString();
        wanted.forEach(use -> add(caller, use, name));
    }

    private void add(Callers.Known caller, Use use, String name) {
        Done one = new Done(caller.executable(), use, name);
        if (done.size() < MAX_USES) {
            done.add(one);
        } else if (!done.contains(one)) {
            leftOut++;
        }
    }

    /** Where the path leads; empty if there is nothing. */
    private static Optional<Path> found(CallListener call, Path asked) throws IOException {
        Path process = Path.of("/proc/" + call.thread());
        boolean same =
                Files.readSymbolicLink(process.resolve("root")).equals(Path.of("/"))
                        && Files.readSymbolicLink(process.resolve("ns/mnt"))
                                .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")));
        if (!same) {
            Path there = process.resolve("root").resolve(asked.toString().substring(1));
            // Of links from its root, we would see where they lead from ours.
            return Optional.of(asked)
                    .filter(path -> Files.exists(there, LinkOption.NOFOLLOW_LINKS));
        }
        return Files.exists(asked) ? Optional.of(asked.toRealPath()) : Optional.empty();
    }

    /** As the target asks for it, from the root. */
    private static Path path(CallListener call, int folder, long address) throws IOException {
        Path process = Path.of("/proc/" + call.thread());
        String text = text(call, address);
        Path asked = Path.of(text);
        if (asked.isAbsolute()) {
            Path self = Path.of("/proc/self");
            return asked.startsWith(self) && !asked.equals(self)
                    ? process.resolve(self.relativize(asked))
                    : asked;
        }
        String base = folder == AT_FDCWD ? "cwd" : "fd/" + folder;
        return Files.readSymbolicLink(process.resolve(base)).resolve(asked).normalize();
    }

    private static String text(CallListener call, long address) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (ProcessMemory memory = ProcessMemory.of(call.thread())) {
            while (text.size() <= MAX_PATH) {
                long at = address + text.size();
                // The next page may not be there.
                for (byte each : memory.read(at, PAGE - (int) (at & PAGE - 1))) {
                    if (each == 0) {
                        return text.toString(StandardCharsets.UTF_8);
                    }
                    text.write(each);
                }
            }
        }
        throw new IOException("too long");
    }

    private static String address(CallListener call) throws IOException {
        int length = (int) Math.min(call.argument(2) & 0xffffffffL, SocketAddress.MAX_BYTES);
        return SocketAddress.text(
                ProcessMemory.read(call.thread(), call.argument(1), length).array());
    }

    RunAccess access() {
        List<NamesOfProgram<Use>> programs = new ArrayList<>();
        for (Done each : done) {
            programs.add(
                    new NamesOfProgram<>(
                            each.executable(), Map.of(each.use(), List.of(each.name()))));
        }
        return new RunAccess(leftOut, programs);
    }
}
