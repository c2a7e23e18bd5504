package io.sandbox.recorder.source;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The kernel's word on writes to one file, from the opening on (inotify(7)). */
final class InotifyEvents implements WriteEvents {
    private static final int IN_MODIFY = 2; // inotify(7)

    /** Room for some events without a name. */
    private static final int BUFFER_BYTES = 256;

    private static final int O_RDONLY_CLOEXEC = 0x80000;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Held open, so that the kernel keeps what the watch is on. */
    private final int file;

    /** Or the negative errno. */
    private final int events;

    InotifyEvents(String path) {
        file = LibC.open(path, O_RDONLY_CLOEXEC);
        events = LibC.inotifyOpen(path, IN_MODIFY);
    }

    @Override
    public Optional<String> trouble() {
        return events < 0 ? Optional.of(LibC.strerror(-events)) : Optional.empty();
    }

    @Override
    public boolean poll() {
        return events >= 0 && LibC.read(events, buffer, BUFFER_BYTES) > 0;
    }

    @Override
    public void close() {
        if (events >= 0) {
            LibC.close(events);
        }
        if (file >= 0) {
            LibC.close(file);
        }
    }
}
