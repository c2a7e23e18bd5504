// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Our end of the conversation with {@code sandbox-exec}, the process that the user started. It runs
 * the target, or becomes it, as we ask. {@code preload/src/supervise/supervisor.h} describes the
 * messages. For one thread.
 */
public final class SandboxExec {
    /** Sent in place of the word of a {@link FilterStart}. */
    static final String START_HERE = "here";

    /** The reason for which each request is refused after a signal before the program's start. */
    private static final String INTERRUPTED = "interrupted";

    /** Text that certainly fits into one message. */
    private static final int TEXT_PART = 32768;

    private final Conversation socket;

    /** Leaves the signals by which a user asks for the end to sandbox-exec, at this descriptor. */
    private final IntConsumer leaveSignals;

    private List<String> usual = List.of();

    private final Queue<Event> events = new ArrayDeque<>();

    /** What {@code sandbox-exec} reports without a request. */
    public sealed interface Event {
        /** The program itself has ended, with this status of waitpid(2). */
        record Ended(int waitStatus) implements Event {}

        /** The program has ended, and its descendant {@code pid} still runs. */
        record Left(int pid) implements Event {}

        /** No process of the target's session is left, or none that is counted. */
        record Empty() implements Event {}

        /** The target is about to run. Its filter asks through this listener, which we own now. */
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
         * A process waits until its next program is counted ({@link CallTrace#join}) or not ({@link
         * #leaveUncounted}).
         *
         * @param state what it says of itself, which nobody has looked at yet
         */
        record Joining(int peer, String state) implements Event {}

        /** A hand-over was refused, or did not become whole, so nobody records its calls. */
        record Unrecorded() implements Event {}

        /**
         * The user asked for the end with this signal when the program had already ended. With
         * SIGKILL: sandbox-exec has killed the program; a watched one's descendants are ours.
         */
        record Signal(int number) implements Event {}
    }

    /** The target's first process and the audit session that it shares with all its descendants. */
    public record Session(int pid, long id) {}

    /**
     * A copy of all file systems.
     *
     * @param root a path to its root folder from outside
     * @param mounts a path to its namespace
     * @param ipc a path to the namespace of System V
     */
    public record FileCopy(String root, String mounts, String ipc) {}

    /** Forbids tracing, since a target of the same user could otherwise change our evidence. */
    public SandboxExec() {
        this(new ControlSocket(), LibC::tellEndSignals);
        LibC.forbidTracing();
    }

    public SandboxExec(Conversation socket) {
        this(socket, descriptor -> {});
    }

    private SandboxExec(Conversation socket, IntConsumer leaveSignals) {
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
     * @throws CommandFailure if it cannot, with the reason and the status for the user
     */
    public Arch inspect(int count, FilterStart from) {
        String name = ask("inspect " + count + " " + from).substring("target ".length());
        return SyscallDb.get()
                .archByName(name)
                .orElseThrow(
                        () -> CommandFailure.ownFailure("programs for " + name + ": no table"));
    }

    /** Makes a child of {@code sandbox-exec} make the call under a logging filter. */
    public void canary(int number) {
        ask("canary " + number);
    }

    /** Throws {@link SourceException} unless the target can have its own audit session. */
    public void requireSession() {
        askWhatMayBeMissing("session");
    }

    /** Asks for what this machine may lack. Throws {@link SourceException} if it does. */
    String askWhatMayBeMissing(String request) {
        try {
            return ask(request);
        } catch (CommandFailure e) {
            // A signal, which is about to end us too, says nothing about the machine.
            if (e.getMessage().equals(INTERRUPTED)) {
                throw e;
            }
            throw new SourceException(e.getMessage());
        }
    }

    /**
     * Changes what the targets from now on are started in.
     *
     * @param steps as {@code preload/src/states} describes them; none for nothing unusual
     */
    public void surround(List<String> steps) {
        StringBuilder texts = new StringBuilder();
        (steps.isEmpty() ? usual : steps).forEach(step -> texts.append(step).append('\0'));
        ask("surround", texts.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The targets from now on lack these capabilities, a bit for each; 0 for none. */
    public void lack(long capabilities) {
        surround(capabilities == 0 ? List.of() : List.of("lack " + Long.toHexString(capabilities)));
    }

    /**
     * The targets from now on are driven by us. So a signal of the user is for us, as in a state: a
     * server that catches it would only be started again.
     */
    public void keepSignals() {
        usual = List.of("driven");
        surround(List.of());
    }

    /**
     * Has targets from now on see a new copy of all file systems, so that nothing they write stays.
     *
     * @param full whether it has no space left
     * @throws SourceException if there can be none
     */
    public FileCopy copyFiles(boolean full) {
        String[] words = askWhatMayBeMissing(full ? "copy full" : "copy").split(" ");
        return new FileCopy(words[1], words[2], words[3]);
    }

    /** Has the targets from now on see the file systems themselves. */
    public void dropCopy() {
        ask("drop");
    }

    /**
     * Creates the target's process in its own audit session, under the filter of the request. It
     * waits for {@link #go}. The target before it, if any, must have ended.
     *
     * @param entryMark the number of a call whose record marks that the program has reached its
     *     entry point; 0 for none
     */
    public Session prepare(LaunchRequest request, int entryMark) {
        return session(ask("run " + request.words(entryMark), request.filter()));
    }

    /** Like {@link #prepare}, for a filter that asks; first comes {@link Event.Listening}. */
    public Session prepareGuarded(LaunchRequest request, int entryMark) {
        return session(ask("guard " + request.words(entryMark), request.filter()));
    }

    private static Session session(String answer) {
        String[] words = answer.split(" ");
        return new Session(Integer.parseInt(words[1]), Long.parseLong(words[2]));
    }

    /**
     * Creates the target's process, to run under a filter that asks through a listener. It waits
     * for {@link #go}. {@link Event.Listening} comes before its first call.
     *
     * @return the process
     */
    public int prepareWatched(LaunchRequest request) {
        return process(ask("watch " + request.words(0), request.filter()));
    }

    /**
     * Creates the target's process, to run without a filter of ours; it waits for {@link #go}.
     *
     * @param count how many of our last arguments are the program and its own
     * @param variable of its environment, as NAME=VALUE; empty for none
     * @param at after how many of its words the others are put
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

    /** For targets of others: {@code sandbox-exec} takes the user's signals and tells us. */
    public void leaveSignals() {
        leaveSignals.accept(descriptor());
    }

    /**
     * Makes a socket and listens at it. Whatever comes is an {@link Event.HandedOver}. From here
     * on, a user's request to end is an event too.
     *
     * @throws CommandFailure when it cannot be made, or others could get at it
     */
    public void listen(Path socket) {
        listen("listen", socket);
    }

    /**
     * Does what {@link #listen} does, and the processes of that unit of systemd can come too,
     * whoever's they are.
     *
     * @param counted whether they can also join those that are counted
     */
    public void listenToUnit(Path socket, String unit, boolean counted) {
        listen("listen " + unit + (counted ? " counted" : ""), socket);
    }

    /**
     * Does what {@link #listen} does, and what is handed over goes on if we end, however that
     * happens. The next who listens at this socket gets it, and sees its processes from then on.
     *
     * @param cgroups where cgroups of version 2 are mounted
     */
    public void listenAndKeep(Path socket, Path cgroups) {
        listen("listen - kept " + cgroups, socket);
    }

    private void listen(String request, Path socket) {
        leaveSignals.accept(descriptor());
        try {
            ask(request, socket.toString().getBytes(StandardCharsets.UTF_8));
        } catch (CommandFailure e) {
            throw CommandFailure.ownFailure(e.getMessage());
        }
    }

    /** Forgets who was handed over: it has ended, or its calls are to fail. */
    public void dismiss(int number) {
        ask("dismiss " + number);
    }

    /** Lets a process that waits for the answer execute its program uncounted. */
    public void leaveUncounted(int peer) {
        ask("unjoined " + peer);
    }

    /** Leaves it to {@code sandbox-exec} to let the calls through. */
    public void letThrough(int number) {
        ask("answer " + number);
    }

    /** Sends text for standard error if, after {@link #confine}, the execution fails. */
    public void say(String text) {
        askInParts("say", text.getBytes(StandardCharsets.US_ASCII));
    }

    private void askInParts(String request, byte[] bytes) {
        for (int from = 0; from < bytes.length; from += TEXT_PART) {
            ask(request, Arrays.copyOfRange(bytes, from, Math.min(from + TEXT_PART, bytes.length)));
        }
    }

    /**
     * Has the filter of {@link #confine} kept for the next run with the same words and policy,
     * which then starts without us ({@code preload/src/exec/kept.h}).
     *
     * @param policy the bytes that the filter was made from; none if there was no file
     * @param library the file of libseccomp
     */
    public void keep(byte[] policy, String library) {
        askInParts("seen", policy);
        ask("keep", library.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Has the program run with no other capabilities than these.
     *
     * @param capabilities a bit for each
     * @throws CommandFailure if the others cannot be given up
     */
    public void holdTo(long capabilities) {
        ask("hold " + Long.toHexString(capabilities));
    }

    /**
     * Has the program submit an operation of io_uring only if this code returns 1.
     *
     * @param argumentBytes how many bytes of the operation's arguments the code reads
     * @param last whether all operations without code are refused now
     * @throws CommandFailure if the kernel cannot do this, as before Linux 7.0
     */
    public void limitRing(int operation, int argumentBytes, boolean last, byte[] code) {
        ask("ring " + operation + " " + argumentBytes + " " + (last ? 1 : 0), code);
    }

    /**
     * Hands over the filter. {@code sandbox-exec} becomes the program under it when this process
     * has ended with status 0.
     *
     * @param start not {@link FilterStart#PRELOAD}
     * @param filter BPF
     */
    public void confine(int count, FilterStart start, boolean logDenials, byte[] filter) {
        confine(count, start.toString(), logDenials, filter);
    }

    /** Like {@link #confine}, with the filter loaded before execve, which it must allow. */
    public void loadThenExecute(int count, boolean logDenials, byte[] filter) {
        confine(count, START_HERE, logDenials, filter);
    }

    private void confine(int count, String start, boolean logDenials, byte[] filter) {
        ask("filter " + count + " " + start + " " + (logDenials ? 1 : 0), filter);
    }

    /**
     * Lets the target run. From here on we ignore requests to end, since there is evidence to keep:
     * a SIGTERM to all our processes, as systemd sends it, ends the target, and its end ends us.
     */
    public void go() {
        leaveSignals.accept(descriptor());
        ask("go");
    }

    /**
     * Stops this process from {@link #go} on until the target has ended, but for some milliseconds
     * when it asks something, and in each second. So the target has the processors for itself.
     */
    public void napDuringRun() {
        ask("nap");
    }

    /** Reports that a process of the target has moved to this audit session. */
    public void follow(long session) {
        ask("follow " + session);
    }

    /** Asks to look again for the target's processes. The answer is an event. */
    public void look() {
        ask("look");
    }

    /**
     * Shows the kept output of the last run.
     *
     * @return whether it differs from the output of the run before; false for the first run
     */
    public boolean showChangedOutput(boolean onStderr) {
        return ask("output " + (onStderr ? "stderr" : "stdout")).equals("output different");
    }

    /** Sends a signal to all processes that are left of the session. */
    public void endSession(int signal) {
        ask("end " + signal);
    }

    /**
     * Waits for {@link #descriptor}, and what else the waiter knows: not at all if an event has
     * come with an answer, since then nothing may be left to read.
     */
    public void await(Waiter waiter, int millis) {
        waiter.await(events.isEmpty() ? millis : 0);
    }

    /** Hands over the events since the last time, without waiting. */
    public void pollEvents(Consumer<Event> handler) {
        Optional<String> message;
        do {
            // First, since what follows fails if sandbox-exec is gone.
            while (!events.isEmpty()) {
                handler.accept(events.remove());
            }
            message = socket.poll();
            if (message.isPresent() && !keepEvent(message.get())) {
                throw CommandFailure.ownFailure("sandbox-exec said: " + check(message.get()));
            }
        } while (message.isPresent());
    }

    String ask(String request) {
        socket.send(request);
        return receive();
    }

    String ask(String line, byte[] rest) {
        socket.send(line + "\n", rest);
        return receive();
    }

    /** Waits for the answer. Events that come before it are kept for later. */
    private String receive() {
        String message = socket.receive();
        while (keepEvent(message)) {
            message = socket.receive();
        }
        return check(message);
    }

    private static Event joining(String message) {
        int end = message.indexOf('\n');
        return new Event.Joining(
                Integer.parseInt(message.substring("joining ".length(), end)),
                message.substring(end + 1));
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

    /** Returns false for an answer. */
    private boolean keepEvent(String message) {
        String[] words = message.split(" ", 2);
        Event event =
                switch (words[0]) {
                    case "ended" -> new Event.Ended(Integer.parseInt(words[1]));
                    case "left" -> new Event.Left(Integer.parseInt(words[1]));
                    case "empty" -> new Event.Empty();
                    case "unrecorded" -> new Event.Unrecorded();
                    case "handed" -> handedOver(message);
                    case "joining" -> joining(message);
                    case "listener" -> new Event.Listening(socket.takeListener());
                    case "signal" -> new Event.Signal(Integer.parseInt(words[1]));
                    default -> null;
                };
        return event != null && events.add(event);
    }

    /**
     * Returns an answer of sandbox-exec, unless it is a refusal.
     *
     * @throws CommandFailure for {@code refused STATUS TEXT}
     */
    private static String check(String answer) {
        if (answer.startsWith("refused ")) {
            String[] words = answer.split(" ", 3);
            throw new CommandFailure(Integer.parseInt(words[1]), words[2]);
        }
        return answer;
    }
}
