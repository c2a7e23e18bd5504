package io.sandbox.recorder;

import io.sandbox.recorder.source.CallListener;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the calls that failed because we were to be asked about them. When a signal comes before
 * we are, the kernel takes the question back: the call fails with EINTR if the signal's handler
 * lacks SA_RESTART, and is made again, with another question, in all other cases.
 *
 * <p>A question that was taken back shows as a gap in the numbers of the questions. Whose it was
 * shows when a handler returns (rt_sigreturn): the program goes on behind a call that has failed
 * with EINTR, and that is not the one which the thread was let through to before. For one thread.
 */
final class InterruptedCalls {
    private static final String X86_64 = "x86_64";

    // struct rt_sigframe of x86_64, from where the stack pointer is at rt_sigreturn: struct
    // ucontext (asm/ucontext.h), in it struct sigcontext with ax and ip.
    private static final int CONTEXT = 176;
    private static final int AX = 144;
    private static final int IP = 168;

    private static final long EINTR = -4;

    /** /proc/PID/syscall (proc(5)): number, six arguments, stack pointer, instruction pointer. */
    private static final int STACK_POINTER = 7;

    private final int nativeArch;
    private final int sigreturn;
    private final boolean knowsFrames;

    /** Behind which call each thread is. */
    private final Map<Integer, Long> lastInstruction = new HashMap<>();

    private int lastThread;
    private long lastThreadsInstruction;
    private long lastId;
    private long open;
    private long failed;

    InterruptedCalls() {
        SyscallDb db = SyscallDb.get();
        Arch arch = db.nativeArch();
        nativeArch = arch.auditArch();
        sigreturn = db.table(arch).byName("rt_sigreturn").map(Syscall::number).orElse(-1);
        knowsFrames = arch.name().equals(X86_64);
    }

    /** To be called for each call that we are asked about, before it is answered. */
    void note(CallListener call) {
        long id = call.id();
        if (lastId != 0) {
            open += id - lastId - 1;
        }
        lastId = id;
        int thread = call.thread();
        if (thread != lastThread) {
            lastInstruction.put(lastThread, lastThreadsInstruction);
            lastThread = thread;
            lastThreadsInstruction = lastInstruction.getOrDefault(thread, 0L);
        }
        if (call.auditArch() == nativeArch && call.number() == sigreturn) {
            if (open > 0 && returnsToFailedCall(thread)) {
                open--;
                failed++;
            }
        } else {
            lastThreadsInstruction = call.instruction();
        }
    }

    /** What cannot be told is taken for the worse. */
    private boolean returnsToFailedCall(int thread) {
        if (!knowsFrames) {
            return true;
        }
        byte[] bytes = new byte[CONTEXT];
        try {
            String[] state =
                    Files.readString(ProcessStatus.directory(thread).resolve("syscall"))
                            .strip()
                            .split(" ");
            if (state.length <= STACK_POINTER) {
                return true;
            }
            try (RandomAccessFile memory = new RandomAccessFile("/proc/" + thread + "/mem", "r")) {
                memory.seek(Long.decode(state[state.length - 2]));
                memory.readFully(bytes);
            }
        } catch (IOException e) {
            return true;
        }
        ByteBuffer context = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return context.getLong(AX) == EINTR && context.getLong(IP) != lastThreadsInstruction;
    }

    /** How many calls failed with EINTR, unseen, or may have. */
    long count() {
        return failed;
    }
}
