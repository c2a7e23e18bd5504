// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.document.Scope;
import io.sandbox.policy.meaning.Region;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.regex.Pattern;

/**
 * Reads a policy of {@code minijail0 -S}, see minijail0(5), and the additions of minijail's
 * compile_seccomp_policy (braces, {@code @default}, metadata, and calls that occur again):
 *
 * <pre>
 * LINE   := CALL ":" FILTER | "{" CALL ("," CALL)* "}" ":" FILTER
 *         | "@include" PATH | "@frequency" PATH | "@default" ACTION | "@denylist"
 * CALL   := NAME ["[" "arch" "=" ARCH ("," ARCH)* "]"]
 * FILTER := ONE | "{" ONE ("," ONE)* "}"
 * ONE    := ACTION | ANY [";" ACTION]
 * ACTION := "1" | "allow" | "kill" | "kill-process" | "kill-thread" | "trap" | "log" | "trace"
 *         | "user-notify" | "return" ERRNO
 * ANY    := ALL ("||" ALL)*
 * ALL    := TEST ("&amp;&amp;" TEST)*
 * TEST   := "arg"DIGIT ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "&amp;" | "in") VALUE
 * </pre>
 *
 * An expression without an action says when the call is allowed. An action after an expression has
 * two meanings: minijail0 takes it if the expression is false, and compile_seccomp_policy if it is
 * true. We read it as minijail0 does, and report a loss. Braces, and calls that occur again, are
 * known to compile_seccomp_policy only. So we read them as it does: of the filters of a call, the
 * first whose expression is true decides (parser.py of 2024).
 */
final class MinijailReader implements FormatReader {
    private static final String CALL = "(ARM_)?[a-z_0-9]+\\s*(\\[[^]:]*\\]\\s*)?";

    /** A whole statement; what is wrong within one is found when it is read. */
    private static final Pattern STATEMENT =
            Pattern.compile(
                    "@(include|frequency)\\s+\\S.*|@default\\s+[a-z0-9].*|@denylist|("
                            + CALL
                            + "|\\{\\s*"
                            + CALL
                            + "(,\\s*"
                            + CALL
                            + ")*\\})\\s*:\\s*((1|allow|kill(-process|-thread)?|trap|log|trace"
                            + "|user-notify)(\\W.*)?|(return\\W|arg[0-9]|\\{).*)");

    /** How deep files may include others, as in compile_seccomp_policy. */
    private static final int MAX_DEPTH = 10;

    /** ARM_set_tls is __ARM_NR_set_tls of asm/unistd.h, which our tables have as set_tls. */
    private static final String OF_ARM = "ARM_";

    /** What minijail calls an architecture that has another name for us. */
    private static final Map<String, String> ARCHES = Map.of("arm64", "aarch64", "x86", "i386");

    /**
     * A filter of a call.
     *
     * @param action what happens if it holds, or for minijail0, if it does not hold
     */
    private record Filter(
            List<List<Condition>> alternatives, Optional<Action> action, boolean inBraces) {}

    /** What a line says about a call. */
    private record Statement(
            CallRef call, Scope scope, List<Filter> filters, Note note, String place) {}

    private final List<Statement> statements = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private Surroundings around;
    private Inclusions inclusions;
    private Action otherwise = Action.KILL;
    private boolean hasDefault;

    @Override
    public Fit fit(UnknownText text) {
        Fit[] fit = {new Fit(0, 0, 0)};
        forEachStatement(
                text.text(),
                new NoteLines('#'),
                (statement, line) -> {
                    String content = statement.substring(0, contentEnd(statement)).trim();
                    fit[0] = fit[0].plus(STATEMENT.matcher(content).matches(), line);
                });
        return fit[0];
    }

    @Override
    public Reading read(String text, Surroundings surroundings) {
        MinijailReader reader = new MinijailReader();
        reader.around = surroundings;
        reader.inclusions = new Inclusions(surroundings.files(), "@include", MAX_DEPTH);
        NoteLines notes = new NoteLines('#');
        reader.takeAll(text, "", notes, 1);
        reader.losses.addAll(reader.inclusions.losses());
        List<Rule> rules = reader.rules();
        PolicyDocument document =
                new PolicyDocument(
                        reader.otherwise, rules, Coverage.NATIVE, false, false, notes.ofFile());
        return new Reading(document, reader.losses);
    }

    /** {@code file}: its name; empty for the first. */
    private void takeAll(String text, String file, NoteLines notes, int depth) {
        forEachStatement(
                text, notes, (statement, line) -> take(statement, line, file, notes, depth));
    }

    /** {@code taker} takes a statement, which may be several lines, and its first line. */
    private static void forEachStatement(
            String text, NoteLines notes, ObjIntConsumer<String> taker) {
        StringBuilder statement = new StringBuilder();
        int start = 0;
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (statement.isEmpty()) {
                if (notes.take(line)) {
                    continue;
                }
                start = i + 1;
            }
            // A comment ends with its line: it hides no part of a statement in the next.
            boolean goesOn = line.endsWith("\\") && !line.contains("#") && i < lines.size() - 1;
            statement.append(goesOn ? line.substring(0, line.length() - 1) : line).append(' ');
            if (!goesOn) {
                taker.accept(statement.toString(), start);
                statement.setLength(0);
            }
        }
    }

    private void take(String statement, int line, String file, NoteLines notes, int depth) {
        int end = contentEnd(statement);
        String reason =
                end == statement.length() ? "" : NoteLines.content(statement.substring(end));
        MinijailTokens tokens = new MinijailTokens(statement.substring(0, end), line);
        if (tokens.peek().startsWith("@")) {
            takeDirective(tokens, file, depth);
            return;
        }
        Map<CallRef, Scope> named = new HashMap<>();
        List<CallRef> order = new ArrayList<>();
        boolean several = tokens.take("{");
        do {
            CallRef call = call(tokens);
            order.add(call);
            named.put(call, scope(tokens));
        } while (several && tokens.take(","));
        if (several) {
            tokens.require("}");
        }
        tokens.require(":");
        Note note = notes.noteAt(line, reason);
        List<Filter> filters = tokens.take("{") ? filters(tokens) : List.of(filter(tokens, false));
        tokens.requireEnd();
        String place = (file.isEmpty() ? "" : ShownValue.of(file) + ": ") + "line " + line;
        for (CallRef call : order) {
            statements.add(new Statement(call, named.get(call), filters, note, place));
        }
    }

    private static int contentEnd(String statement) {
        int hash = statement.indexOf('#');
        return hash == -1 ? statement.length() : hash;
    }

    private void takeDirective(MinijailTokens tokens, String file, int depth) {
        String directive = tokens.next();
        switch (directive) {
            case "@default" -> takeDefault(tokens, action(tokens));
            case "@denylist" -> takeDefault(tokens, Action.ALLOW);
            case "@frequency" ->
                    losses.add(
                            new Loss(
                                    "line " + tokens.line() + ": " + directive,
                                    "is not read: it says only which calls to look at first"));
            case "@include" ->
                    inclusions.take(
                            tokens.next(),
                            file,
                            tokens.line(),
                            depth,
                            (text, name) -> takeAll(text, name, new NoteLines('#'), depth + 1));
            default -> throw tokens.wrong(ShownValue.of(directive) + ": unknown directive");
        }
    }

    private void takeDefault(MinijailTokens tokens, Action action) {
        tokens.requireEnd();
        if (hasDefault) {
            throw tokens.wrong("the default is there for the second time");
        }
        otherwise = action;
        hasDefault = true;
    }

    private static CallRef call(MinijailTokens tokens) {
        String word = tokens.next();
        try {
            return word.matches("[0-9]{1,9}")
                    ? new CallRef.Numbered(Integer.parseInt(word))
                    : new CallRef.Named(word.startsWith(OF_ARM) ? word.substring(4) : word);
        } catch (IllegalArgumentException e) {
            throw tokens.wrong(e.getMessage());
        }
    }

    /** Reads the metadata of a call: the architectures for which the line is meant. */
    private static Scope scope(MinijailTokens tokens) {
        if (!tokens.take("[")) {
            return Scope.ANYWHERE;
        }
        tokens.require("arch");
        tokens.require("=");
        Set<String> arches = new HashSet<>();
        do {
            String word = tokens.next();
            String name = ARCHES.getOrDefault(word, word);
            if (SyscallDb.get().archByName(name).isEmpty()) {
                throw tokens.wrong(ShownValue.of(word) + ": unknown architecture");
            }
            arches.add(name);
        } while (tokens.take(","));
        tokens.require("]");
        return Scope.onArches(arches);
    }

    private Filter filter(MinijailTokens tokens, boolean inBraces) {
        if (!tokens.isArgument()) {
            return new Filter(List.of(List.of()), Optional.of(action(tokens)), inBraces);
        }
        List<List<Condition>> alternatives = expression(tokens);
        Optional<Action> action = tokens.take(";") ? Optional.of(action(tokens)) : Optional.empty();
        return new Filter(alternatives, action, inBraces);
    }

    private List<Filter> filters(MinijailTokens tokens) {
        List<Filter> filters = new ArrayList<>();
        do {
            filters.add(filter(tokens, true));
        } while (tokens.take(","));
        tokens.require("}");
        return filters;
    }

    private List<Rule> rules() {
        Map<CallRef, Integer> counts = new HashMap<>();
        statements.forEach(statement -> counts.merge(statement.call(), 1, Integer::sum));
        Set<CallRef> decided = new HashSet<>();
        List<Rule> rules = new ArrayList<>();
        for (Statement statement : statements) {
            if (decided.contains(statement.call())) {
                losses.add(
                        new Loss(
                                statement.place() + ": " + statement.call(),
                                "never counts: an earlier line decides about all such calls"
                                        + " (minijail refuses this)"));
            }
            boolean chained = counts.get(statement.call()) > 1;
            List<Rule> own = new ArrayList<>(); // none, if an expression is never true
            for (Filter filter : statement.filters()) {
                own.addAll(
                        filter.inBraces() || chained
                                ? chained(statement, filter)
                                : alone(statement, filter));
            }
            if (statement.scope().isAnywhere()
                    && own.stream().anyMatch(rule -> !rule.isConditional())) {
                decided.add(statement.call());
            }
            rules.addAll(own);
        }
        return rules;
    }

    /** Reads a filter as compile_seccomp_policy does. */
    private static List<Rule> chained(Statement statement, Filter filter) {
        return rules(statement, filter, filter.action().orElse(Action.ALLOW));
    }

    /** Reads a filter as minijail0 does. */
    private List<Rule> alone(Statement statement, Filter filter) {
        if (filter.alternatives().contains(List.<Condition>of())) {
            return chained(statement, filter);
        }
        List<Rule> rules = rules(statement, filter, Action.ALLOW);
        if (filter.action().isPresent()) {
            rules.add(rule(statement, List.of(), filter.action().get()));
            losses.add(
                    new Loss(
                            statement.place(),
                            "minijail0 does what is behind the ; if the expression is false, as"
                                    + " here; compile_seccomp_policy does it if it is true"));
        } else if (otherwise == Action.ALLOW) {
            rules.add(rule(statement, List.of(), Action.KILL));
        }
        return rules;
    }

    private static List<Rule> rules(Statement statement, Filter filter, Action action) {
        List<Rule> rules = new ArrayList<>();
        filter.alternatives().forEach(each -> rules.add(rule(statement, each, action)));
        return rules;
    }

    private static Rule rule(Statement statement, List<Condition> conditions, Action action) {
        return new Rule(statement.call(), conditions, action, statement.scope(), statement.note());
    }

    private Action action(MinijailTokens tokens) {
        String word = tokens.next();
        return switch (word) {
            case "1", "allow" -> Action.ALLOW;
            case "kill", "kill-process" -> Action.KILL;
            case "kill-thread" -> Action.KILL_THREAD;
            case "trap" -> Action.TRAP;
            case "log" -> Action.LOG;
            case "return" -> errno(tokens);
            case "trace" -> new Action.Trace(0); // SECCOMP_RET_TRACE, without data (bpf.py)
            case "user-notify" -> Action.NOTIFY;
            default -> throw tokens.wrong(ShownValue.of(word) + ": unknown action");
        };
    }

    private Action errno(MinijailTokens tokens) {
        String word = tokens.peek();
        long number = MinijailValue.read(tokens, around);
        if (number < 0 || number > Action.MAX_DATA) {
            throw tokens.wrong(ShownValue.of(word) + ": errno is not in 0 to " + Action.MAX_DATA);
        }
        return Action.errno((int) number);
    }

    private List<List<Condition>> expression(MinijailTokens tokens) {
        List<List<Condition>> alternatives = new ArrayList<>();
        do {
            List<List<Condition>> all = List.of(List.of());
            do {
                all = Region.product(all, test(tokens)).orElseThrow(() -> tooMany(tokens));
            } while (tokens.take("&&"));
            alternatives.addAll(all);
            if (alternatives.size() > Region.LIMIT) {
                throw tooMany(tokens);
            }
        } while (tokens.take("||"));
        return alternatives;
    }

    private static PolicyFormatException tooMany(MinijailTokens tokens) {
        return tokens.wrong("more than " + Region.LIMIT + " alternatives");
    }

    /** Reads a test, as alternatives: a test of bits holds if any of them is set. */
    private List<List<Condition>> test(MinijailTokens tokens) {
        int argument = tokens.argument();
        String operator = tokens.next();
        long value = MinijailValue.read(tokens, around);
        if (operator.equals("&")) {
            return Region.negation(Condition.masked(argument, value, 0));
        }
        Condition condition =
                operator.equals("in")
                        ? Condition.masked(argument, ~value, 0)
                        : Condition.of(argument, tokens.operator(operator, " & in"), value);
        return List.of(List.of(condition));
    }
}
