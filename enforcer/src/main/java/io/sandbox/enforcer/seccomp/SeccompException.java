package io.sandbox.enforcer.seccomp;

/** libseccomp could not do what it was asked. The message is {@code FUNCTION: reason (hint)}. */
public final class SeccompException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SeccompException(String function, String reason, String hint, Throwable cause) {
    super(function + ": " + reason + " (" + hint + ")", cause);
  }
}
