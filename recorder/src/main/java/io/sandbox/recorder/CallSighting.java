package io.sandbox.recorder;

import io.sandbox.recorder.evidence.Sighting;
import io.sandbox.recorder.source.CallListener;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** A call that waits for an answer, as a sighting; one object serves all, one after the other. */
final class CallSighting implements Sighting {
    private final CallListener call;
    private Callers.Known caller;

    CallSighting(CallListener call) {
        this.call = call;
    }

    /** Of the call that the listener is about now. */
    CallSighting by(Callers.Known newCaller) {
        caller = newCaller;
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
    public int pid() {
        return caller.process();
    }

    @Override
    public long timeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long instructionPointer() {
        return call.instruction();
    }

    @Override
    public boolean isOfExecutable(byte[] key) {
        return key == caller.executableKey() || Arrays.equals(key, caller.executableKey());
    }

    @Override
    public byte[] executableKey() {
        return caller.executableKey();
    }

    @Override
    public Optional<String> executable() {
        return caller.executable().isEmpty() ? Optional.empty() : Optional.of(caller.executable());
    }

    @Override
    public OptionalLong argument(int index) {
        return OptionalLong.of(call.argument(index));
    }
}
