package io.sandbox.enforcer.launch;

/** A recording that cannot be made or cannot be trusted; the message is one line for the user. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public CommandFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** With the status that the command has for it: 125, or 2 of those that run no program. */
    public static CommandFailure ownFailure(String message) {
        return new CommandFailure(ExitCodes.OWN_FAILURE, message);
    }

    /**
     * An answer of sandbox-exec as it is, unless it is a refusal.
     *
     * @throws CommandFailure for {@code refused STATUS TEXT} and {@code failed TEXT}
     */
    static String check(String answer) {
        if (answer.startsWith("refused ")) {
            String[] words = answer.split(" ", 3);
            throw new CommandFailure(Integer.parseInt(words[1]), words[2]);
        }
        if (answer.startsWith("failed ")) {
            throw ownFailure(answer.substring("failed ".length()));
        }
        return answer;
    }

    /** The exit status for the user: 125 our own failure, 126 not executable, 127 not found. */
    public int status() {
        return status;
    }
}
