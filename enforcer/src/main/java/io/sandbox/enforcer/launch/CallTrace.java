// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.outcome.CommandFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Programs in the kernel ({@code preload/bpf}) that count calls of chosen processes where the calls
 * are made. They go when this is closed, or {@code sandbox-exec} ends. For one thread.
 */
public final class CallTrace implements AutoCloseable {
    private final SandboxExec sandboxExec;
    private final Map<Integer, String> paths = new HashMap<>();

    /** What the kernel has counted besides calls: every counter. */
    public record Tally(Map<TraceCounter, Long> values) {
        public Tally {
            values = Map.copyOf(values);
            if (values.size() != TraceCounter.values().length) {
                throw new IllegalArgumentException("not every counter: " + values.keySet());
            }
        }

        public long get(TraceCounter counter) {
            return values.get(counter);
        }
    }

    /**
     * One call of one program.
     *
     * @param before how many of them came before the target's program reached its entry point
     * @param firstMillis when the first was made, in ms since the epoch
     * @param process that made it
     * @param path the number of the path of the code that made it
     * @param offset in that file, or an address where no file is known
     */
    public record Call(
            int number,
            long count,
            long before,
            long firstMillis,
            int process,
            int path,
            long offset) {}

    /**
     * Values with which a program made a watched call.
     *
     * @param program the index of the program among those of {@link #queryCalls}
     * @param all whether the call was made with no others than those that are told
     */
    public record Values(int program, int number, boolean compat, boolean all, List<Long> values) {
        public Values {
            values = List.copyOf(values);
        }
    }

    /**
     * A file or an address that a program used.
     *
     * @param program the index of the program among those of {@link #queryCalls}
     * @param how bits, as {@code preload/src/bpf/shared.h} describes them
     * @param path the number of the file's path
     * @param address as {@code struct sockaddr} has it, in hexadecimal; empty for a file
     */
    public record Use(int program, int how, int path, String address) {}

    /**
     * A call whose arguments are recorded.
     *
     * @param indexes of the arguments, as {@code preload/src/bpf/shared.h} describes them; for
     *     clone3 none, but its flags are recorded
     * @param masks the bits of each that count; for clone3 those of the flags
     */
    public record Watched(int number, boolean compat, List<Integer> indexes, List<Long> masks) {
        public Watched {
            indexes = List.copyOf(indexes);
            masks = List.copyOf(masks);
        }

        private String line(int slot) {
            StringBuilder line = new StringBuilder();
            line.append(place(number, compat)).append(' ').append(slot);
            line.append(' ').append(indexes.size());
            for (int i = 0; i < masks.size(); i++) {
                line.append(' ').append(indexes.isEmpty() ? 0 : indexes.get(i));
                line.append(' ').append(Long.toUnsignedString(masks.get(i)));
            }
            return line.append('\n').toString();
        }
    }

    /** What {@code preload/src/bpf/shared.h} calls NUMBERS, MAX_WATCHED and ARGUMENTS. */
    private static final int NUMBERS = 512;

    private static final int MAX_WATCHED = 64;
    private static final int ARGUMENTS = 3;

    private static int place(int number, boolean compat) {
        return number + (compat ? NUMBERS : 0);
    }

    /**
     * The calls of an executable.
     *
     * @param program the index of the program
     * @param path the number of its path
     * @param exec whether an exec into a container has brought it
     * @param group the number of its cgroup's path, if those of each cgroup are kept apart
     * @param runtime whether the calls were made before a program of the container was executed
     * @param compat whether they are 32-bit calls on a 64-bit machine
     * @param capabilities the sets of {@code struct capabilities}; empty for other calls than those
     *     in the kernel's table
     */
    public record Calls(
            int program,
            int path,
            boolean exec,
            int group,
            boolean runtime,
            boolean compat,
            List<Call> calls,
            List<Long> capabilities) {
        public Calls {
            calls = List.copyOf(calls);
            capabilities = List.copyOf(capabilities);
        }
    }

    private CallTrace(SandboxExec sandboxExec) {
        this.sandboxExec = sandboxExec;
    }

    /** Whose calls can be counted. */
    public enum Whose {
        /**
         * The target's, and those of who joins; refused calls as soon as a process loads a filter.
         */
        STARTED("started"),
        /** The target's, and those of who joins; refused calls from the beginning. */
        REFUSED("refusals"),
        /** Those of who is started or joins, runs already, or loads a filter with a mark. */
        FOUND("found"),
        /**
         * Those of the containers of this machine: the programs of each cgroup are kept apart. If
         * another such trace is open, the requests to both go to the new one, until {@link #swap}
         * changes that. When one of both is closed, the other is left.
         */
        NODE("node");

        private final String word;

        Whose(String word) {
            this.word = word;
        }
    }

    /**
     * Loads the programs into the kernel. No process is counted yet. Only one trace can exist.
     *
     * @param files whether it is told too which files and addresses are used
     * @throws SourceException if that is not possible here
     */
    public static CallTrace open(SandboxExec sandboxExec, Whose whose, boolean files) {
        sandboxExec.askWhatMayBeMissing("trace " + whose.word + (files ? " files" : ""));
        return new CallTrace(sandboxExec);
    }

    /**
     * Creates the target's process, which waits for {@link SandboxExec#go}. Its calls are counted
     * from the moment when it is under the filter.
     *
     * @param request if its filter refuses calls, only these are counted
     * @param entryMark as for {@link SandboxExec#prepare}
     * @return the process
     */
    public int prepare(LaunchRequest request, int entryMark) {
        return number(sandboxExec.ask("count " + request.words(entryMark), request.filter()));
    }

    /** Of two traces, has the requests go to the other. */
    public void swap() {
        sandboxExec.ask("swap");
    }

    /** Has the arguments of these calls recorded. To be called before anything is counted. */
    public void watch(List<Watched> calls) {
        if (calls.size() > MAX_WATCHED) {
            throw new IllegalArgumentException("too many watched calls: " + calls.size());
        }
        StringBuilder lines = new StringBuilder("arguments\n");
        for (int i = 0; i < calls.size(); i++) {
            lines.append(calls.get(i).line(i + 1));
        }
        sandboxExec.ask(lines.toString());
    }

    /** The values with which watched calls were made. */
    public List<Values> queryValues() {
        List<Values> result = new ArrayList<>();
        for (String[] words : queryParts("values")) {
            int place = Integer.parseInt(words[1]);
            List<Long> values = new ArrayList<>();
            for (int value = 0; value < ARGUMENTS; value++) {
                values.add(Long.parseUnsignedLong(words[3 + value]));
            }
            result.add(
                    new Values(
                            Integer.parseInt(words[0]),
                            place % NUMBERS,
                            place >= NUMBERS,
                            words[2].equals("1"),
                            values));
        }
        return result;
    }

    /** Which files and addresses were used. */
    public List<Use> queryUses() {
        return queryParts("uses").stream()
                .map(
                        words ->
                                new Use(
                                        Integer.parseInt(words[0]),
                                        Integer.parseInt(words[1]),
                                        Integer.parseInt(words[2]),
                                        words.length > 3 ? words[3] : ""))
                .toList();
    }

    /** The words of all lines of an answer that may not fit into one message. */
    private List<String[]> queryParts(String request) {
        List<String[]> result = new ArrayList<>();
        boolean again = true;
        while (again) {
            String[] lines = sandboxExec.ask(request).split("\n");
            again = lines[0].equals("again");
            for (int i = 1; i < lines.length; i++) {
                result.add(lines[i].split(" "));
            }
        }
        return result;
    }

    /** Counts the calls of what a waiting process executes next, and of its descendants. */
    public void join(SandboxExec.Event.Joining joining) {
        sandboxExec.ask("join " + joining.peer());
    }

    /** Counts, with its descendants, whoever loads a listener that compares with this mark. */
    public void countMarked(long mark) {
        sandboxExec.ask("marked " + (mark >>> Integer.SIZE) + " " + (mark & 0xffffffffL));
    }

    /** Counts the calls of a running process and of its descendants. */
    public void attachProcess(int process) {
        sandboxExec.ask("attach process " + process);
    }

    /** Counts the calls of the processes of a cgroup, also of those that join it later. */
    public void attachCgroup(String path) {
        sandboxExec.ask("attach cgroup " + path);
    }

    /** Ends the counting, so that calls of processes that go on can be read. */
    public void stop() {
        sandboxExec.ask("close");
    }

    private static int number(String answer) {
        return Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
    }

    /**
     * @throws CommandFailure if {@code sandbox-exec} tells of other counters than we know: one of
     *     them may be a sign of loss
     */
    public Tally queryTally() {
        Map<TraceCounter, Long> values = new EnumMap<>(TraceCounter.class);
        for (String word : words(sandboxExec.ask("tally"))) {
            int equals = word.indexOf('=');
            TraceCounter counter = counter(word.substring(0, equals));
            values.put(counter, Long.parseLong(word.substring(equals + 1)));
        }
        for (TraceCounter counter : TraceCounter.values()) {
            if (!values.containsKey(counter)) {
                throw otherBuild("does not tell " + counter.word());
            }
        }
        return new Tally(values);
    }

    private static TraceCounter counter(String word) {
        for (TraceCounter counter : TraceCounter.values()) {
            if (counter.word().equals(word)) {
                return counter;
            }
        }
        throw otherBuild("tells " + word + ", which is not known here");
    }

    private static CommandFailure otherBuild(String what) {
        return CommandFailure.ownFailure(
                ("bpf: sandbox-exec %s, so losses could be overlooked (it is of another version:"
                                + " install both again)")
                        .formatted(what));
    }

    /** The processes that are counted and have not ended. */
    public List<Integer> queryMembers() {
        return words(sandboxExec.ask("members")).stream().map(Integer::valueOf).toList();
    }

    /** Those that ended with an error, named by the executables that {@link #queryCalls} told. */
    public List<FailedEnd> queryFailedEnds(List<Calls> programs) {
        List<String> words = words(sandboxExec.ask("failed"));
        List<FailedEnd> ends = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 4) {
            int program = Integer.parseInt(words.get(i + 1));
            ends.add(
                    new FailedEnd(
                            Integer.parseInt(words.get(i)),
                            programs.stream()
                                    .filter(calls -> calls.program() == program)
                                    .findFirst()
                                    .map(calls -> queryPath(calls.path()))
                                    .orElse(""),
                            Integer.parseInt(words.get(i + 2)),
                            words.get(i + 3).equals("1")));
        }
        return ends;
    }

    /** All calls, by executable. An executable may be there several times. */
    public List<Calls> queryCalls() {
        List<Calls> result = new ArrayList<>();
        // The first element is for executables that are not known.
        long programs = queryTally().get(TraceCounter.PROGRAMS) + 1;
        for (int i = 0; i < programs; i++) {
            Optional<Calls> program = queryProgram(i);
            if (program.isEmpty()) {
                break;
            }
            result.add(program.get());
        }
        addOthers(result);
        return result;
    }

    /** The calls that one program made by the machine's own ABI; empty if there are not so many. */
    public Optional<Calls> queryProgram(int index) {
        String[] lines = sandboxExec.ask("program " + index).split("\n");
        if (lines.length < 2) {
            return Optional.empty();
        }
        List<Call> calls = new ArrayList<>();
        for (int line = 2; line < lines.length; line++) {
            calls.add(call(lines[line].split(" "), 0));
        }
        String[] head = lines[1].split(" ");
        List<Long> capabilities = new ArrayList<>();
        for (int word = 4; word < head.length; word++) {
            capabilities.add(Long.parseUnsignedLong(head[word], 16));
        }
        return Optional.of(
                new Calls(
                        index,
                        Integer.parseInt(head[0]),
                        head[1].equals("1"),
                        Integer.parseInt(head[2]),
                        head[3].equals("1"),
                        false,
                        calls,
                        capabilities));
    }

    /** Adds all other calls of these programs. */
    public void addOthers(List<Calls> result) {
        Map<Integer, Calls> programs = new HashMap<>();
        result.forEach(calls -> programs.put(calls.program(), calls));
        for (String[] words : queryParts("others")) {
            Calls same = programs.get(Integer.parseInt(words[0]));
            if (same == null) {
                continue;
            }
            result.add(
                    new Calls(
                            same.program(),
                            same.path(),
                            same.exec(),
                            same.group(),
                            same.runtime(),
                            words[1].equals("1"),
                            List.of(call(words, 2)),
                            List.of()));
        }
    }

    private static Call call(String[] words, int from) {
        return new Call(
                Integer.parseInt(words[from]),
                Long.parseLong(words[from + 1]),
                Long.parseLong(words[from + 2]),
                Long.parseLong(words[from + 3]),
                Integer.parseInt(words[from + 4]),
                Integer.parseInt(words[from + 5]),
                Long.parseUnsignedLong(words[from + 6]));
    }

    /** The path of that number; empty if it is not known. */
    public String queryPath(int number) {
        return paths.computeIfAbsent(
                number, key -> sandboxExec.ask("path " + key).substring("path ".length()));
    }

    private static List<String> words(String answer) {
        List<String> words = List.of(answer.split(" "));
        return words.subList(1, words.size());
    }

    @Override
    public void close() {
        sandboxExec.ask("untrace");
    }
}
