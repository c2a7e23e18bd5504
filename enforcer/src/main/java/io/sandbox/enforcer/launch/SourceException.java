package io.sandbox.enforcer.launch;

/** A source of records that cannot be used here; the message says what is missing, on one line. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SourceException(String message) {
        super(message);
    }

    public static SourceException of(String what, int negativeErrno, String hint) {
        return new SourceException(what + ": " + LibC.strerror(-negativeErrno) + " (" + hint + ")");
    }
}
