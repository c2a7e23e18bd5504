// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Our end of the conversation with {@code sandbox-exec}, the process that the user started: it runs
 * the target, or becomes it, and we think. The messages are described in {@code
 * preload/src/exec/supervisor.h}. For one thread.
 */
public final class SandboxExec {
    /** In place of the word of a {@link FilterStart}. */
    static final String START_HERE = "here";

    /** What fits into one message for certain. */
    private static final int TEXT_PART = 32768;

    private final Conversation socket;

    /** Leaves to sandbox-exec the signals by which a user asks for the end. */
    private final Runnable leaveSignals;

    private final Queue<Event> events = new ArrayDeque<>();

    /** What happens to the target while nobody asks. */
    public sealed interface Event {
        /** The program itself has ended, with this status of waitpid(2). */
        record Ended(int waitStatus) implements Event {}

        /** The program has ended, and its descendant {@code pid} still runs. */
        record Left(int pid) implements Event {}

        /** No process of the target's session is left. */
        record Empty() implements Event {}

        /** The target is about to run, and its filter asks through this listener, now ours. */
        record Listening(CallListener listener) implements Event {}

        /**
         * A container or service has handed over the listener of its filter, now ours.
         *
         * @param number by which {@code sandbox-exec} knows it
         * @param peer the process that sent it
         * @param state what came with it, which nobody has looked at yet
         */
        record HandedOver(int number, int peer, String state, CallListener listener)
                implements Event {}

        /**
         * The user asked for the end with this signal, and there is no program to take it; or, with
         * SIGKILL, the program is watched and has been killed, and its descendants are to be.
         */
        record Signal(int number) implements Event {}
    }

    /** The target's first process and the audit session that it shares with all its descendants. */
    public record Session(int pid, long id) {}

    /** The target may be of the same user, and is not to change what we know of it. */
    public SandboxExec() {
        this(new ControlSocket(), LibC::ignoreEndSignals);
        LibC.forbidTracing();
    }

    public SandboxExec(Conversation socket) {
        this(socket, () -> {});
    }

    private SandboxExec(Conversation socket, Runnable leaveSignals) {
        this.socket = socket;
        this.leaveSignals = leaveSignals;
    }

    /** For poll(2): readable when {@link #pollEvents} may find something. */
    public int descriptor() {
        return socket.descriptor();
    }

    /**
     * Checks, before anything is started, that the program named by the last {@code count}
     * arguments can be run and recorded.
     *
     * @throws CommandFailure with the reason and the status for the user when it cannot
     */
    public Arch inspect(int count, FilterStart from) {
        return TargetArch.parse(ask("inspect " + count + " " + from));
    }

    /**
     * Has a child of {@code sandbox-exec} make the system call {@code number} under a logging
     * filter.
     */
    public void canary(int number) {
        ask("canary " + number);
    }

    /**
     * Asks whether the target can have an audit session of its own.
     *
     * @throws SourceException if not
     */
    public void requireSession() {
        try {
            ask("session");
        } catch (CommandFailure e) {
            throw new SourceException(e.getMessage());
        }
    }

    /**
     * Creates the target's process in a session of its own, under the filter of the request; it
     * waits for {@link #go}. The target before it, if any, must have ended.
     *
     * @param entryMark the number of a call that marks, in the stream of records, that the program
     *     has come to its entry point; 0 for none
     */
    public Session prepare(LaunchRequest request, int entryMark) {
        return session(ask("run " + request.words() + " " + entryMark, request.filter()));
    }

    /**
     * As prepare, for a filter that asks about some calls; {@link Event.Listening} comes before the
     * program's first call.
     */
    public Session prepareGuarded(LaunchRequest request, int entryMark) {
        return session(ask("guard " + request.programWords() + " " + entryMark, request.filter()));
    }

    private static Session session(String answer) {
        String[] words = answer.split(" ");
        return new Session(Integer.parseInt(words[1]), Long.parseLong(words[2]));
    }

    /**
     * Creates the target's process, to run under a filter that asks through a listener; it waits
     * for {@link #go}, and {@link Event.Listening} comes before its first call.
     *
     * @return the process
     */
    public int prepareWatched(LaunchRequest request) {
        return process(ask("watch " + request.words(), request.filter()));
    }

    /**
     * Creates the target's process, to run without a filter of ours; it waits for {@link #go}.
     *
     * @param count how many of our last arguments are the program and its own
     * @param variable of its environment, as NAME=VALUE; empty for none
     * @param at behind how many of its words the others are put
     * @param words more words for it
     * @return the process
     */
    public int prepareUnfiltered(
            int count, LaunchRequest.Output output, String variable, int at, List<String> words) {
        StringBuilder texts = new StringBuilder(variable).append('\0');
        words.forEach(word -> texts.append(word).append('\0'));
        String line = "start " + count + " " + output.word() + " " + at;
        return process(ask(line, texts.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static int process(String answer) {
        return Integer.parseInt(answer.substring("process ".length()));
    }

    /**
     * Listens at a socket that it makes; whatever comes is an {@link Event.HandedOver}. From here
     * on the user's wish for an end is an event too.
     *
     * @throws CommandFailure when it cannot be made, or others could get at it
     */
    public void listen(Path socket) {
        leaveSignals.run();
        try {
            ask("listen", socket.toString().getBytes(StandardCharsets.UTF_8));
        } catch (CommandFailure e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    /** Forgets who was handed over: it has ended, or its calls are to fail. */
    public void dismiss(int number) {
        ask("dismiss " + number);
    }

    /** Leaves it to {@code sandbox-exec} to let the calls through. */
    public void letThrough(int number) {
        ask("answer " + number);
    }

    /**
     * Has text written to standard error after {@link #confine}, when nothing can fail any more but
     * the program's execution.
     */
    public void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int from = 0; from < bytes.length; from += TEXT_PART) {
            ask("say", Arrays.copyOfRange(bytes, from, Math.min(from + TEXT_PART, bytes.length)));
        }
    }

    /**
     * Hands over the filter under which {@code sandbox-exec} becomes the program, when this process
     * has ended with status 0.
     *
     * @param start not by the library
     * @param filter BPF
     */
    public void confine(int count, FilterStart start, boolean logDenials, byte[] filter) {
        confine(count, start.toString(), logDenials, filter);
    }

    /**
     * As confine, but {@code sandbox-exec} loads the filter into itself and then executes the
     * program, which the filter must allow.
     */
    public void loadThenExecute(int count, boolean logDenials, byte[] filter) {
        confine(count, START_HERE, logDenials, filter);
    }

    private void confine(int count, String start, boolean logDenials, byte[] filter) {
        ask("filter " + count + " " + start + " " + (logDenials ? 1 : 0), filter);
    }

    /**
     * Lets the target run. From here on there is evidence to be kept: whoever sends SIGTERM to all
     * processes of ours, as systemd does, ends the target by it, and we hear of that.
     */
    public void go() {
        leaveSignals.run();
        ask("go");
    }

    /** Says that a process of the target has moved to this audit session. */
    public void follow(long session) {
        ask("follow " + session);
    }

    /** Has the target's processes looked for once more; the answer is an event. */
    public void look() {
        ask("look");
    }

    /**
     * Shows the output that was kept of the last run.
     *
     * @return whether it is not that of the run before; false if there was none before
     */
    public boolean showChangedOutput(boolean onStderr) {
        return ask("output " + (onStderr ? "stderr" : "stdout")).equals("output different");
    }

    /** Sends a signal to whatever is left of the session. */
    public void endSession(int signal) {
        ask("end " + signal);
    }

    /** Hands over what has happened since the last time, without waiting. */
    public void pollEvents(Consumer<Event> handler) {
        Optional<String> message;
        while ((message = socket.poll()).isPresent()) {
            keepEvent(message.get());
        }
        while (!events.isEmpty()) {
            handler.accept(events.remove());
        }
    }

    private String ask(String request) {
        socket.send(request);
        return receive();
    }

    private String ask(String line, byte[] rest) {
        socket.send(line + "\n", rest);
        return receive();
    }

    /** Waits for the answer; events that come in between are kept for later. */
    private String receive() {
        while (true) {
            String message = socket.receive();
            if (isEvent(message)) {
                keepEvent(message);
            } else {
                return CommandFailure.check(message);
            }
        }
    }

    private static boolean isEvent(String message) {
        return message.startsWith("ended ")
                || message.startsWith("left ")
                || message.equals("empty")
                || message.equals("listener")
                || message.startsWith("handed ")
                || message.startsWith("signal ");
    }

    private Event handedOver(String message) {
        int end = message.indexOf('\n');
        String[] words = message.substring(0, end).split(" ");
        return new Event.HandedOver(
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                message.substring(end + 1),
                socket.takeListener());
    }

    private void keepEvent(String message) {
        String[] words = message.split(" ");
        events.add(
                switch (words[0]) {
                    case "ended" -> new Event.Ended(Integer.parseInt(words[1]));
                    case "left" -> new Event.Left(Integer.parseInt(words[1]));
                    case "empty" -> new Event.Empty();
                    case "handed" -> handedOver(message);
                    case "listener" -> new Event.Listening(socket.takeListener());
                    case "signal" -> new Event.Signal(Integer.parseInt(words[1]));
                    default ->
                            throw CommandFailure.ownFailure(
                                    "sandbox-exec said: " + CommandFailure.check(message));
                });
    }
}
