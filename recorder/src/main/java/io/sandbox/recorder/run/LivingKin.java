// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.process.ProcessAge;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Kinship as far as living ancestors show it (proc(5)). A process whose parent has ended gets
 * another, always the same one for all that descend from sandbox-exec: a service manager, or
 * process 1.
 */
final class LivingKin implements Kinship {
    private final Set<Integer> forebears = new HashSet<>();
    private final int parent;
    private final OptionalLong begin;

    /** Who adopts; 0 if it is not known. Null if nobody asked yet, since it takes a moment. */
    private Integer adopter;

    /** {@code target}: the target's first process. */
    LivingKin(int target) {
        parent = parentOf(target);
        for (int each = parent; each > 0 && forebears.add(each); ) {
            each = parentOf(each);
        }
        begin = ProcessAge.queryStartTicks(target);
    }

    @Override
    public Kin of(int process, IntPredicate isOurs) {
        int current = process;
        while (current > 0 && !forebears.contains(current)) {
            if (isOurs.test(current)) {
                return Kin.OURS;
            }
            OptionalLong start = ProcessAge.queryStartTicks(current);
            if (start.isEmpty()) {
                return Kin.UNKNOWN;
            }
            if (begin.isPresent() && start.getAsLong() < begin.getAsLong()) {
                return Kin.STRANGER;
            }
            current = parentOf(current);
        }
        return isRealParent(current) ? Kin.STRANGER : Kin.UNKNOWN;
    }

    /**
     * Whether the children of this forebear are its own. With CLONE_PARENT, the target has some.
     */
    private boolean isRealParent(int forebear) {
        if (forebear <= 0 || forebear == parent) {
            return false;
        }
        if (adopter == null) {
            adopter = tryAdoption().orElse(0);
        }
        return adopter > 0 && forebear != adopter;
    }

    private static int parentOf(int process) {
        return ProcessStatus.query(process).parent().orElse(0);
    }

    /** We are a child of sandbox-exec, as the target is. */
    private static OptionalInt tryAdoption() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "sleep 9 >&- & echo $!").start();
            byte[] number = shell.getInputStream().readAllBytes();
            shell.waitFor();
            int orphan = Integer.parseInt(new String(number, StandardCharsets.US_ASCII).strip());
            OptionalInt adopter = ProcessStatus.query(orphan).parent();
            ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroy);
            return adopter;
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }
}
