// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import java.io.Serializable;

/** A run that can be sent to another machine: as a recording. */
record KeptRun(Run run) implements Serializable {
    private record Sent(byte[] recording) implements Serializable {
        private Object readResolve() {
            return new KeptRun(RecordingReader.read(recording).runs().get(0));
        }
    }

    private Object writeReplace() {
        return new Sent(RecordingWriter.write(Recording.of(run)));
    }
}
