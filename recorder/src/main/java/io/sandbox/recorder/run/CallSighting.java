// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessMemory;
import io.sandbox.evidence.WatchedArgument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A waiting call as a sighting. One object serves all calls, one after the other. */
final class CallSighting extends SightingByCaller {
    private static final int SET_TID_SIZE = 72; // in struct clone_args, linux/sched.h
    private static final int WHOLE = SET_TID_SIZE + Long.BYTES;

    /** CLONE_CLEAR_SIGHAND, _VM and _VFORK: posix_spawn of glibc, which else takes clone. */
    private static final long SPAWN = 0x1_0000_4100L;

    private final CallListener call;

    CallSighting(CallListener call) {
        this.call = call;
    }

    /** The call that the listener holds now. */
    CallSighting by(Callers.Known caller) {
        setCaller(caller);
        return this;
    }

    @Override
    public int arch() {
        return call.auditArch();
    }

    @Override
    public int number() {
        return call.number();
    }

    @Override
    public long instructionPointer() {
        return call.instruction();
    }

    @Override
    public OptionalLong argument(int index) {
        return OptionalLong.of(call.argument(index));
    }

    @Override
    public OptionalLong word(int index, int word) {
        try {
            long address = call.argument(index) + (long) word * Long.BYTES;
            return OptionalLong.of(
                    ProcessMemory.read(call.thread(), address, Long.BYTES).getLong());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public OptionalLong clone3Flags() {
        try {
            boolean whole = call.argument(1) >= WHOLE;
            ByteBuffer arguments =
                    ProcessMemory.read(call.thread(), call.argument(0), whole ? WHOLE : Long.BYTES);
            long flags = arguments.getLong(0);
            if ((flags & SPAWN) == SPAWN) {
                flags &= ~SPAWN;
            }
            boolean alone =
                    flags >>> Integer.SIZE != 0 || whole && arguments.getLong(SET_TID_SIZE) != 0;
            return OptionalLong.of(
                    flags & 0xffffffffL | (alone ? WatchedArgument.CLONE3_ALONE : 0));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
