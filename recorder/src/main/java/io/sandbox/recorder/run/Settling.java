// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.process.ProcessStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Finds out when a server has done what a signal asks of it: its processes work, and then wait
 * again. Only those are seen that sandbox-exec has started, and not the services and containers of
 * others: these get a fixed time.
 */
final class Settling {
    /** After some work; a server may work a little at any time. */
    private static final int STILL_MILLIS = 200;

    /** Without any work that can be seen. */
    private static final int UNSEEN_MILLIS = 1000;

    /** Without the time that its threads wait for a processor, which others may keep busy. */
    private static final long MOST_NANOS = 20_000_000_000L;

    private static final long LONGEST_NANOS = 3 * MOST_NANOS;
    private static final long LITTLE_NANOS = 1_000_000;

    private long nanos;
    private long waited;
    private boolean works;

    /** Waits for it, or until {@code over}. Returns false if it was interrupted. */
    static boolean await(BooleanSupplier over) {
        Settling now = new Settling();
        boolean worked = false;
        int still = 0;
        long begin = System.nanoTime(); // a look can take long
        long passed = 0;
        long waited = 0;
        while (passed - waited < MOST_NANOS && passed < LONGEST_NANOS && !over.getAsBoolean()) {
            Settling before = now;
            if (!Readiness.sleep(Readiness.INTERVAL_MILLIS)) {
                return false;
            }
            now = new Settling();
            passed = System.nanoTime() - begin;
            waited += Math.max(0, now.waited - before.waited);
            worked |= now.nanos != before.nanos;
            boolean little = Math.abs(now.nanos - before.nanos) < LITTLE_NANOS;
            still = little && !now.works ? still + Readiness.INTERVAL_MILLIS : 0;
            if (still >= (worked ? STILL_MILLIS : UNSEEN_MILLIS)) {
                return true;
            }
        }
        return true;
    }

    private Settling() {
        queryProcesses()
                .map(process -> ProcessStatus.directory(process).resolve("task"))
                .forEach(this::addThreads);
    }

    /** The descendants of sandbox-exec but ourselves. */
    static Stream<Integer> queryProcesses() {
        ProcessHandle self = ProcessHandle.current();
        Optional<ProcessHandle> starter = self.parent();
        return starter.stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> child.pid() != self.pid())
                // Those that keep the processors busy, in a state, run our own program.
                .filter(child -> !child.info().command().equals(starter.get().info().command()))
                .flatMap(child -> Stream.concat(Stream.of(child), child.descendants()))
                .map(process -> (int) process.pid());
    }

    private void addThreads(Path process) {
        try (Stream<Path> threads = Files.list(process)) {
            for (Path thread : threads.toList()) {
                // proc(5): first the times on a processor and before it; behind the name, the
                // state, which is D of what waits for a place for its audit record.
                String[] times = text(thread, "schedstat").split(" ");
                nanos += Long.parseLong(times[0]);
                waited += Long.parseLong(times[1]);
                String stat = text(thread, "stat");
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                works |= state == 'R' || state == 'D';
            }
        } catch (IOException | NumberFormatException e) {
            // It has ended meanwhile.
        }
    }

    private static String text(Path thread, String file) throws IOException {
        return Files.readString(thread.resolve(file), StandardCharsets.ISO_8859_1);
    }
}
