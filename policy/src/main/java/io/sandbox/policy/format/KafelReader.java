// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a policy in the language kafel, for nsjail. The first rule that matches a call decides.
 *
 * <pre>
 * FILE   := ("#define" NAME NUMBER | "POLICY" NAME "{" [PARTS] "}" | PARTS | "DEFAULT" ACTION)*
 * PARTS  := PART ("," PART)*
 * PART   := "USE" NAME | ACTION "{" [RULE ("," RULE)*] "}"
 * ACTION := "ALLOW" | "LOG" | "KILL" | "KILL_THREAD" | "DENY" | "KILL_PROCESS" | "USER_NOTIF"
 *         | "ERRNO(" NUMBER ")" | "TRAP(" NUMBER ")" | "TRACE(" NUMBER ")"
 * RULE   := CALL ["(" [NAME ("," NAME)*] ")"] ["{" [EXPRESSION] "}"]
 * CALL   := NAME | "SYSCALL[" NUMBER "]"
 * </pre>
 *
 * {@code #include "FILE"} is replaced by the content of that file. A rule can declare names for the
 * arguments, which then have 64 bits. Otherwise, the names and sizes of the kernel count, see
 * {@link KafelArguments}. Rules for some architectures (ON) are refused, and comments are left out.
 *
 * <p>The policy may also stand in a configuration of nsjail, see {@link NsjailConfig}.
 *
 * <p>From kafel's README.md, parser.y, lexer.l, policy.c and codegen.c (2016 to 2025).
 */
final class KafelReader implements FormatReader {
    /** The calls that kafel names by the kernel's entry points. */
    static final Map<String, String> NAMES_OF_KAFEL =
            Map.of(
                    "stat", "newstat",
                    "fstat", "newfstat",
                    "lstat", "newlstat",
                    "uname", "newuname",
                    "sendfile", "sendfile64",
                    "umount2", "umount",
                    "_sysctl", "sysctl",
                    "_llseek", "llseek");

    /** How deep files may include others (lexer.l). */
    private static final int MAX_DEPTH = 16;

    /** Policies that use each other can be short and have very many rules. */
    private static final int MAX_RULES = 1 << 20;

    private static final Pattern SIGN =
            Pattern.compile(
                    "(?m)(^|\\*/)[ \t]*(POLICY\\s+\\w+\\s*\\{|USE\\s+\\w|DEFAULT\\s+[A-Z]"
                        + "|(ALLOW|LOG|DENY|KILL(_[A-Z]+)?|USER_NOTIF|(ERRNO|TRAP|TRACE)\\(\\w+\\))\\s*\\{)");

    private static final Map<String, String> NAMES_OF_KERNEL = new HashMap<>();

    static {
        NAMES_OF_KAFEL.forEach((kernel, kafel) -> NAMES_OF_KERNEL.put(kafel, kernel));
    }

    private final Map<String, Long> constants = new HashMap<>();
    private final Map<String, List<Rule>> policies = new HashMap<>();
    private final List<Loss> losses = new ArrayList<>();
    private KafelTokens tokens;
    private int count;

    @Override
    public Fit fit(UnknownText text) {
        if (!NsjailConfig.isMeant(text.text()) && !text.has(SIGN)) {
            return Fit.NONE;
        }
        try {
            return KafelTokens.areAll(policy(text.text())) ? Fit.WHOLE : Fit.nearly(1);
        } catch (PolicyFormatException e) {
            return Fit.nearly(1);
        }
    }

    @Override
    public Reading read(String text, Surroundings around) {
        return new KafelReader().readAll(policy(text), around.files());
    }

    private static String policy(String text) {
        return NsjailConfig.isMeant(text) ? NsjailConfig.policy(text) : text;
    }

    private Reading readAll(String text, IncludedFiles files) {
        Inclusions inclusions = new Inclusions(files, "#include", MAX_DEPTH);
        tokens = new KafelTokens(text, inclusions);
        losses.addAll(inclusions.losses());
        List<Rule> rules = new ArrayList<>();
        Action otherwise = null;
        boolean used = false;
        while (!tokens.atEnd()) {
            if (tokens.take("#")) {
                define();
            } else if (tokens.take("POLICY")) {
                policy();
            } else if (tokens.take("DEFAULT")) {
                if (otherwise != null) {
                    throw tokens.wrong("DEFAULT is there for the second time");
                }
                otherwise = action();
            } else {
                parts(rules);
                used = true;
            }
        }
        if (!used) {
            throw tokens.wrong("no policy is used (USE NAME)");
        }
        if (tokens.hasComments()) {
            losses.add(new Loss("comments", "are left out"));
        }
        Action others = otherwise == null ? Action.KILL_THREAD : otherwise;
        PolicyDocument document =
                new PolicyDocument(others, rules, Coverage.NATIVE, false, false, List.of());
        return new Reading(document, losses);
    }

    private void define() {
        if (tokens.take("include")) {
            throw tokens.wrong("#include: expected \"FILE\" and the end of the line");
        }
        tokens.require("define");
        String name = tokens.word();
        long value = tokens.number();
        Long before = constants.put(name, value);
        if (before != null && before != value) {
            throw tokens.wrong(ShownValue.of(name) + ": is defined with two values");
        }
    }

    private void policy() {
        String name = tokens.word();
        List<Rule> rules = new ArrayList<>();
        tokens.require("{");
        if (!tokens.take("}")) {
            parts(rules);
            tokens.require("}");
        }
        if (policies.put(name, rules) != null) {
            throw tokens.wrong(ShownValue.of(name) + ": is there for the second time");
        }
    }

    private void parts(List<Rule> rules) {
        do {
            if (tokens.take("USE")) {
                String name = tokens.word();
                List<Rule> used = policies.get(name);
                if (used == null) {
                    throw tokens.wrong(ShownValue.of(name) + ": no policy before this line");
                }
                count(used.size());
                rules.addAll(used);
            } else {
                block(rules);
            }
        } while (tokens.take(","));
    }

    private void count(int more) {
        count += more;
        if (count > MAX_RULES) {
            throw tokens.wrong("more than " + MAX_RULES + " rules");
        }
    }

    private void block(List<Rule> rules) {
        Action action = action();
        tokens.require("{");
        if (tokens.take("}")) {
            return;
        }
        do {
            rules.addAll(rules(action));
        } while (tokens.take(","));
        tokens.require("}");
    }

    /** Reads a rule, and makes one for each of its alternatives. */
    private List<Rule> rules(Action action) {
        Note note = Note.at(tokens.line());
        CallRef call = call();
        Optional<Map<String, KafelArguments.Argument>> declared =
                tokens.take("(") ? Optional.of(declared()) : Optional.empty();
        if (tokens.peek().equals("ON")) {
            throw tokens.wrong("ON: rules for some architectures are not supported");
        }
        List<List<Condition>> alternatives = List.of(List.of());
        if (tokens.take("{") && !tokens.take("}")) {
            Map<String, KafelArguments.Argument> arguments = declared.orElseGet(() -> known(call));
            alternatives = new KafelExpression(tokens, constants, arguments).read();
            tokens.require("}");
        }
        count(alternatives.size());
        return alternatives.stream()
                .map(conditions -> Rule.of(call, conditions, action).withNote(note))
                .toList();
    }

    private CallRef call() {
        if (tokens.take("SYSCALL")) {
            tokens.require("[");
            CallRef call = numbered(number());
            tokens.require("]");
            return call;
        }
        String name = tokens.word();
        if (constants.containsKey(name)) {
            return numbered(constants.get(name));
        }
        try {
            return new CallRef.Named(NAMES_OF_KERNEL.getOrDefault(name, name));
        } catch (IllegalArgumentException e) {
            throw tokens.wrong(e.getMessage());
        }
    }

    private CallRef numbered(long number) {
        if (number < 0 || number > CallRef.MAX_NUMBER) {
            throw tokens.wrong(
                    number
                            + ": not a number of a system call, which are from 0 to "
                            + CallRef.MAX_NUMBER);
        }
        return new CallRef.Numbered((int) number);
    }

    private long number() {
        if (tokens.isNumber()) {
            return tokens.number();
        }
        String name = tokens.word();
        if (!constants.containsKey(name)) {
            throw tokens.wrong(ShownValue.of(name) + ": not a constant");
        }
        return constants.get(name);
    }

    private Map<String, KafelArguments.Argument> declared() {
        Map<String, KafelArguments.Argument> arguments = new HashMap<>();
        if (tokens.take(")")) {
            return arguments;
        }
        do {
            int position = arguments.size();
            String name = tokens.word();
            if (position == Condition.ARGUMENTS) {
                throw tokens.wrong("more than " + Condition.ARGUMENTS + " arguments");
            }
            if (arguments.put(name, new KafelArguments.Argument(position, false)) != null) {
                throw tokens.wrong(ShownValue.of(name) + ": is there for the second time");
            }
        } while (tokens.take(","));
        tokens.require(")");
        return arguments;
    }

    private Map<String, KafelArguments.Argument> known(CallRef call) {
        return KafelArguments.of(call.toString())
                .orElseThrow(
                        () ->
                                tokens.wrong(
                                        ShownValue.of(call.toString())
                                                + ": the sizes of its arguments are not known"));
    }

    private Action action() {
        String word = tokens.word();
        return switch (word) {
            case "ALLOW" -> Action.ALLOW;
            case "LOG" -> Action.LOG;
            case "KILL", "KILL_THREAD", "DENY" -> Action.KILL_THREAD;
            case "KILL_PROCESS" -> Action.KILL;
            case "ERRNO" -> Action.errno(data());
            case "TRAP" -> trap();
            case "TRACE" -> new Action.Trace(data());
            case "USER_NOTIF" -> Action.NOTIFY;
            default -> throw tokens.wrong(ShownValue.of(word) + ": expected an action");
        };
    }

    private int data() {
        tokens.require("(");
        long number = number();
        tokens.require(")");
        if (number < 0 || number > Action.MAX_DATA) {
            throw tokens.wrong(number + ": is not in 0 to " + Action.MAX_DATA);
        }
        return (int) number;
    }

    private Action trap() {
        int line = tokens.line();
        if (data() != 0) {
            losses.add(new Loss("line " + line, "the number of TRAP is left out"));
        }
        return Action.TRAP;
    }
}
