// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.Sighting;
import java.util.Arrays;
import java.util.Optional;

/** A call whose caller was looked up when the call was made. */
abstract class SightingByCaller implements Sighting {
    private Callers.Known caller;

    final void setCaller(Callers.Known newCaller) {
        caller = newCaller;
    }

    @Override
    public final int pid() {
        return caller.process();
    }

    @Override
    public final long timeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public final boolean isOfExecutable(byte[] key) {
        return key == caller.executableKey() || Arrays.equals(key, caller.executableKey());
    }

    @Override
    public final byte[] executableKey() {
        return caller.executableKey();
    }

    @Override
    public final Optional<String> executable() {
        return caller.executable().isEmpty() ? Optional.empty() : Optional.of(caller.executable());
    }
}
