// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import java.util.OptionalLong;

/**
 * A call that waits for an answer, as a sighting. One object is used for all calls, one after the
 * other.
 */
final class CallSighting extends SightingByCaller {
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
}
