// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessMemory;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.Sighting;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the calls that failed because the filter asked about them. When a signal comes before we
 * have read the question, the kernel takes the question back, and the call is not made. This leaves
 * a gap in the numbers of the questions. In most cases the program sees a signal that came just
 * before the call: the thread is killed, or the signal's handler jumps elsewhere, or the call is
 * made again. The exception is a handler without SA_RESTART that returns: then the program goes on
 * after a call that has failed with EINTR.
 *
 * <p>So we look at each return of a handler (rt_sigreturn) after the first gap. If the thread goes
 * on after a call that failed with EINTR, the call's number is taken from the code ({@link
 * CallSite}), and the call becomes evidence. It may be a call that we did answer and that was
 * interrupted later; to count it again does no harm. A call counts as missing if its number cannot
 * be proven and we did not answer it. For one thread.
 *
 * <p>Nothing can prevent this: once we have read a question, only a deadly signal can interrupt the
 * call (WAIT_KILLABLE_RECV, Linux 5.19), but a signal can come in the microsecond before that. The
 * log action never interrupts a call.
 *
 * <p>The number cannot be proven at an instruction that can make any call, such as that of
 * syscall(2); in 32-bit programs; on machines other than x86_64; and at any gap in a run that
 * allows calls without asking (rt_sigreturn may be one of them) and refused nothing. Two kinds of
 * programs escape the look without a message: those whose handler continues elsewhere by its own
 * context (setcontext(3), changed registers), and hand-written code that jumps, by a computed
 * address, past the instruction that sets the number.
 */
final class InterruptedCalls {
    private static final String X86_64 = "x86_64";
    private static final int MANY_THREADS = 1024;

    private final boolean seesReturns;
    private final int nativeArch;
    private final boolean knowsFrames;
    private final DirectJumps jumps = new DirectJumps();
    private final SavedRegisters registers = new SavedRegisters();

    /** The last question of each thread. {@code last} belongs to {@code lastThread}. */
    private final Map<Integer, LastQuestion> lastQuestions = new HashMap<>();

    private int nextPruning = MANY_THREADS;

    private int sigreturnsArch;
    private Set<Integer> sigreturns = Set.of();
    private int lastThread;
    private LastQuestion last = new LastQuestion();
    private long lastId;

    /** The number of the question after the last gap. */
    private long gapEnd;

    private long gaps;

    /** True until the first handler returns, if we did not see the start. */
    private boolean mayHaveGap;

    private long interrupted;
    private long missing;

    /** What a thread asked about last. */
    private static final class LastQuestion {
        private static final int ARGUMENTS = 6;

        private long id;
        private long instruction;
        private final long[] arguments = new long[ARGUMENTS];

        void set(CallListener call) {
            id = call.id();
            instruction = call.instruction();
            for (int i = 0; i < ARGUMENTS; i++) {
                arguments[i] = call.argument(i);
            }
        }

        boolean isOf(SavedRegisters registers) {
            boolean same = registers.instruction() == instruction;
            for (int i = 0; same && i < ARGUMENTS; i++) {
                same = registers.argument(i) == arguments[i];
            }
            return same;
        }
    }

    /**
     * @param seesReturns whether we are asked whenever a handler returns
     * @param seesStart whether we are asked from the first instruction on; otherwise there may be
     *     handlers already, and a gap before our first question
     */
    InterruptedCalls(boolean seesReturns, boolean seesStart) {
        this.seesReturns = seesReturns;
        mayHaveGap = !seesStart;
        Arch arch = SyscallDb.get().nativeArch();
        nativeArch = arch.auditArch();
        knowsFrames = arch.name().equals(X86_64);
    }

    /**
     * To be called for each call that we are asked about, before it is answered.
     *
     * @return the call after which the thread goes on; valid until the next call of this method
     */
    Optional<Sighting> note(CallListener call, Callers.Known caller) {
        long id = call.id();
        if (lastId == 0) {
            gapEnd = id;
        } else if (id != lastId + 1) {
            gaps += id - lastId - 1;
            gapEnd = id;
        }
        lastId = id;
        int thread = call.thread();
        if (thread != lastThread) {
            lastThread = thread;
            if (lastQuestions.size() == nextPruning) {
                prune();
            }
            last = lastQuestions.computeIfAbsent(thread, number -> new LastQuestion());
        }
        Optional<Sighting> found = Optional.empty();
        if ((gaps != 0 || mayHaveGap) && isSigreturn(call)) {
            mayHaveGap = false;
            found = lookBehind(call, caller);
        }
        last.set(call);
        return found;
    }

    /** Forgets threads that have ended. */
    private void prune() {
        lastQuestions.keySet().removeIf(thread -> !Files.exists(ProcessStatus.directory(thread)));
        nextPruning = Math.max(MANY_THREADS, 2 * lastQuestions.size());
    }

    private boolean isSigreturn(CallListener call) {
        if (call.auditArch() != sigreturnsArch) {
            sigreturnsArch = call.auditArch();
            sigreturns = new HashSet<>();
            SyscallDb db = SyscallDb.get();
            for (String name : new String[] {"rt_sigreturn", "sigreturn"}) {
                db.archByAuditValue(sigreturnsArch)
                        .flatMap(arch -> db.table(arch).byName(name))
                        .map(Syscall::number)
                        .ifPresent(sigreturns::add);
            }
        }
        return sigreturns.contains(call.number());
    }

    /** A call that cannot be found out counts as missing. */
    private Optional<Sighting> lookBehind(CallListener call, Callers.Known caller) {
        if (!knowsFrames || call.auditArch() != nativeArch) {
            noteUnknown(call);
            return Optional.empty();
        }
        int thread = call.thread();
        if (!registers.readOfReturningHandler(thread)) {
            noteUnknown(call);
            return Optional.empty();
        }
        if (!registers.sayInterrupted()) {
            return Optional.empty();
        }
        try (ProcessMemory memory = ProcessMemory.of(thread)) {
            CallSite site = CallSite.of(registers, memory);
            if (!site.isCall()) {
                return Optional.empty();
            }
            // It is the thread's last question, and no question has been taken back since.
            boolean asked = gapEnd - last.id <= 0 && last.isOf(registers);
            OptionalInt number = number(thread, site, memory);
            if (number.isPresent()) {
                interrupted += asked ? 0 : 1;
                return Optional.of(
                        new InterruptedSighting(caller, nativeArch, number.getAsInt(), registers));
            }
            if (asked) {
                return Optional.empty();
            }
        } catch (IOException e) {
            // The call counts as unknown.
        }
        noteUnknown(call);
        return Optional.empty();
    }

    private void noteUnknown(CallListener call) {
        // A thread that waits no more has been killed, so its next call does not matter.
        if (call.isWaiting()) {
            interrupted++;
            missing++;
        }
    }

    private OptionalInt number(int thread, CallSite site, ProcessMemory memory) throws IOException {
        OptionalInt number = site.number();
        if (number.isEmpty()) {
            return number;
        }
        String maps =
                Files.readString(
                        ProcessStatus.directory(thread).resolve("maps"),
                        StandardCharsets.ISO_8859_1);
        for (long address : site.behindNumber()) {
            if (jumps.mayLeadTo(address, maps, memory)) {
                return OptionalInt.empty();
            }
        }
        return number;
    }

    /** Of how many threads a question is kept. */
    int threadCount() {
        return lastQuestions.size();
    }

    /** How many calls failed with EINTR because of us, or may have. */
    long count() {
        return interrupted;
    }

    /** How many of the interrupted calls may be missing from the evidence. */
    long missingCount() {
        return seesReturns ? missing : gaps;
    }

    /** A call that was not made, because a signal came first. */
    private static final class InterruptedSighting extends SightingByCaller {
        private final int arch;
        private final int number;
        private final SavedRegisters registers;

        InterruptedSighting(Callers.Known caller, int arch, int number, SavedRegisters registers) {
            this.arch = arch;
            this.number = number;
            this.registers = registers;
            setCaller(caller);
        }

        @Override
        public int arch() {
            return arch;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public long instructionPointer() {
            return registers.instruction();
        }

        @Override
        public OptionalLong argument(int index) {
            return OptionalLong.of(registers.argument(index));
        }
    }
}
