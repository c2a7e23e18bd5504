// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Coverage;
import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.document.Note;
import io.sandbox.enforcer.document.NoteLines;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.meaning.Region;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.Condition;
import io.sandbox.enforcer.policy.ShownValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a policy of {@code minijail0 -S}, see minijail0(5), and the additions of minijail's
 * compile_seccomp_policy (braces and {@code @default}):
 *
 * <pre> CALL ":" FILTER, or "{" CALL ("," CALL)* "}" ":" FILTER FILTER := ACTION | EXPRESSION [";"
 * ACTION] | "{" ONE ("," ONE)* "}" ACTION := "1" | "allow" | "kill" | "kill-process" |
 * "kill-thread" | "trap" | "log" | "return" ERRNO EXPRESSION := AND ("||" AND)* ; AND := TEST
 * ("&amp;&amp;" TEST)* TEST := "arg"DIGIT ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" |
 * "&amp;" | "in") VALUE
 * </pre>
 *
 * An expression alone says when the call is allowed. As in minijail0, an action behind it is for
 * the case that the expression is false. compile_seccomp_policy takes it for the case that it is
 * true, so we report a loss. Braces exist only there, so in braces we read it in this second way.
 */
final class MinijailReader implements FormatReader {
    private static final String SIGN = "(@[a-z]|\\{\\s*[a-z_]).*|[a-z_0-9]+(\\[.*])?\\s*:.*";

    /** Stands in a rule until its calls are known. */
    private static final CallRef SOME_CALL = new CallRef.Named("x");

    private final List<Rule> rules = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final Set<CallRef> calls = new HashSet<>();
    private Action otherwise = Action.KILL;

    @Override
    public boolean recognises(UnknownText text) {
        return text.firstLine().matches(SIGN);
    }

    @Override
    public Reading read(String text) {
        MinijailReader reader = new MinijailReader();
        NoteLines notes = new NoteLines('#');
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
            boolean goesOn = line.endsWith("\\") && i < lines.size() - 1;
            statement.append(goesOn ? line.substring(0, line.length() - 1) : line).append(' ');
            if (!goesOn) {
                reader.take(statement.toString(), start, notes);
                statement.setLength(0);
            }
        }
        PolicyDocument document =
                new PolicyDocument(
                        reader.otherwise,
                        reader.rules,
                        Coverage.NATIVE,
                        false,
                        false,
                        notes.ofFile());
        return new Reading(document, reader.losses);
    }

    private void take(String statement, int line, NoteLines notes) {
        int hash = statement.indexOf('#');
        String reason = hash < 0 ? "" : NoteLines.content(statement.substring(hash));
        MinijailTokens tokens =
                new MinijailTokens(hash < 0 ? statement : statement.substring(0, hash), line);
        if (tokens.peek().startsWith("@")) {
            takeDirective(tokens);
            return;
        }
        List<CallRef> named = tokens.take("{") ? list(tokens) : List.of(call(tokens));
        tokens.require(":");
        Note note = notes.noteAt(line, reason);
        List<Rule> ofFilter = tokens.take("{") ? filters(tokens) : filter(tokens, line);
        tokens.requireEnd();
        for (CallRef call : named) {
            if (!calls.add(call)) {
                throw PolicyFormatException.at(line, call + ": is there for the second time");
            }
            ofFilter.forEach(rule -> rules.add(rule.withCall(call).withNote(note)));
        }
    }

    private void takeDirective(MinijailTokens tokens) {
        String directive = tokens.next();
        switch (directive) {
            case "@default" -> {
                otherwise = action(tokens);
                tokens.requireEnd();
            }
            case "@denylist" -> {
                otherwise = Action.ALLOW;
                tokens.requireEnd();
            }
            case "@frequency" -> {} // changes only the speed
            case "@include" ->
                    throw tokens.wrong("@include is not followed (put the files into one)");
            default -> throw tokens.wrong(ShownValue.of(directive) + ": unknown directive");
        }
    }

    private static List<CallRef> list(MinijailTokens tokens) {
        List<CallRef> named = new ArrayList<>();
        do {
            named.add(call(tokens));
        } while (tokens.take(","));
        tokens.require("}");
        return named;
    }

    private static CallRef call(MinijailTokens tokens) {
        String word = tokens.next();
        try {
            return word.matches("[0-9]{1,9}")
                    ? new CallRef.Numbered(Integer.parseInt(word))
                    : new CallRef.Named(word);
        } catch (IllegalArgumentException e) {
            throw tokens.wrong(e.getMessage());
        }
    }

    private static Rule rule(List<Condition> conditions, Action action) {
        return Rule.of(SOME_CALL, conditions, action);
    }

    /** Reads a filter in the way of minijail0. */
    private List<Rule> filter(MinijailTokens tokens, int line) {
        if (!tokens.isArgument()) {
            return List.of(rule(List.of(), action(tokens)));
        }
        List<Rule> ofFilter = new ArrayList<>();
        for (List<Condition> conditions : expression(tokens)) {
            ofFilter.add(rule(conditions, Action.ALLOW));
        }
        if (tokens.take(";")) {
            ofFilter.add(rule(List.of(), action(tokens)));
            losses.add(
                    new Loss(
                            "line " + line,
                            "minijail0 does what is behind the ; if the expression is false, as"
                                    + " here; compile_seccomp_policy does it if it is true"));
        } else if (otherwise == Action.ALLOW) {
            ofFilter.add(rule(List.of(), Action.KILL));
        }
        return ofFilter;
    }

    /** Reads filters in braces in the way of compile_seccomp_policy. */
    private List<Rule> filters(MinijailTokens tokens) {
        List<Rule> ofFilter = new ArrayList<>();
        do {
            List<List<Condition>> alternatives =
                    tokens.isArgument() ? expression(tokens) : List.of(List.of());
            boolean bare = !alternatives.contains(List.<Condition>of()) && !tokens.take(";");
            Action action = bare ? Action.ALLOW : action(tokens);
            alternatives.forEach(conditions -> ofFilter.add(rule(conditions, action)));
        } while (tokens.take(","));
        tokens.require("}");
        return ofFilter;
    }

    private static Action action(MinijailTokens tokens) {
        String word = tokens.next();
        return switch (word) {
            case "1", "allow" -> Action.ALLOW;
            case "kill", "kill-process" -> Action.KILL;
            case "kill-thread" -> Action.KILL_THREAD;
            case "trap" -> Action.TRAP;
            case "log" -> Action.LOG;
            case "return" -> errno(tokens);
            case "trace", "user-notify" ->
                    throw tokens.wrong(
                            word + ": leaves the decision to another process (unsupported)");
            default -> throw tokens.wrong(ShownValue.of(word) + ": unknown action");
        };
    }

    private static Action errno(MinijailTokens tokens) {
        String word = tokens.peek();
        long number = MinijailValue.read(tokens);
        if (number < 1 || number > Action.Errno.MAX) {
            throw tokens.wrong(ShownValue.of(word) + ": errno is not in 1 to 4095");
        }
        return Action.errno((int) number);
    }

    private static List<List<Condition>> expression(MinijailTokens tokens) {
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

    /**
     * Reads a test. The result is alternatives, since a test of bits holds if any of them is set.
     */
    private static List<List<Condition>> test(MinijailTokens tokens) {
        int argument = tokens.argument();
        String operator = tokens.next();
        long value = MinijailValue.read(tokens);
        if (operator.equals("&")) {
            return Region.negation(Condition.masked(argument, value, 0));
        }
        return List.of(List.of(condition(tokens, argument, operator, value)));
    }

    private static Condition condition(
            MinijailTokens tokens, int argument, String operator, long value) {
        if (operator.equals("in")) {
            return Condition.masked(argument, ~value, 0);
        }
        return Condition.of(argument, tokens.operator(operator), value);
    }
}
