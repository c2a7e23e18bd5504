// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.cli.output.Console;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.edit.PolicyEdit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The conversation of a review: lines in, decisions out. It writes no file. For one thread. */
final class ReviewSession {
    // The answer has a line of its own, so that a reason fits in.
    private static final String KEYS =
            "[r]efuse [n]ot now [b]ack [w]hy [l]ist [d]iff [q]uit [?]\n> ";
    private static final String END_KEYS = "[y]es [n]o [b]ack [l]ist [d]iff [q]uit [?]\n> ";

    /** How a review ends. */
    enum End {
        /** The user has seen the change and wants it. */
        WRITE,
        /** The decisions are to be kept for the next time. */
        KEEP,
        /** The decisions are to be forgotten. */
        DROP
    }

    /**
     * An answer that can be taken back.
     *
     * @param before what was decided about the call until then
     */
    private record Answer(int position, Optional<Decision> before) {}

    private final ReviewPlace place;
    private final String file;
    private final String date;
    private final List<Finding> findings;
    private final ReviewText text;
    private final Map<Integer, Decision> decided = new TreeMap<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private int position;
    private int shown = -1;
    private Optional<End> end = Optional.empty();

    /**
     * @param file the policy file, as the user named it
     * @param date today's, for comments
     */
    ReviewSession(
            ReviewPlace place, String file, String date, List<Finding> findings, ReviewText text) {
        this.place = place;
        this.file = file;
        this.date = date;
        this.findings = List.copyOf(findings);
        this.text = text;
    }

    /** Takes up a decision of an earlier session; false if that is not possible any more. */
    boolean resume(Finding finding, Decision decision) {
        int number = findings.indexOf(finding);
        boolean possible = hindrance(number, decision).isEmpty();
        if (possible) {
            decided.put(number, decision);
        }
        return possible;
    }

    Map<Finding, Decision> decisions() {
        Map<Finding, Decision> decisions = new LinkedHashMap<>();
        decided.forEach((number, decision) -> decisions.put(findings.get(number), decision));
        return decisions;
    }

    /** What is to become of how many calls, in words. */
    String sum() {
        return ReviewText.sum(decided, findings.size());
    }

    boolean isWhole() {
        return decided.size() == findings.size();
    }

    /** The policy's new text. */
    String changed() {
        return place.changed(edit(decided));
    }

    private PolicyEdit edit(Map<Integer, Decision> all) {
        List<PolicyEdit.Addition> additions = new ArrayList<>();
        all.forEach(
                (number, decision) -> additions.add(findings.get(number).addition(decision, date)));
        additions.sort(Comparator.comparing(addition -> addition.call().toString()));
        return new PolicyEdit(additions, List.of());
    }

    /** Asks until the user leaves or has confirmed the change. */
    End run() {
        skipDecided();
        while (end.isEmpty()) {
            boolean atEnd = position == findings.size();
            if (position != shown) {
                shown = position;
                place.print(atEnd ? atEnd() : here());
            }
            if (end.isEmpty()) {
                answer(atEnd);
            }
        }
        return end.get();
    }

    private void skipDecided() {
        while (position < findings.size() && decided.containsKey(position)) {
            position++;
        }
    }

    private String here() {
        String finding = text.finding(findings.get(position), position + 1, findings.size());
        return decided.containsKey(position)
                ? finding + ReviewText.decided(decided.get(position))
                : finding;
    }

    private String atEnd() {
        if (decided.isEmpty()) {
            end = Optional.of(End.DROP);
            return "\nNothing is decided, so there is nothing to write.\n";
        }
        return "\nThis is the end: " + sum() + ".\n" + diff();
    }

    private String diff() {
        String diff = UnifiedDiff.of(file, place.text(), changed());
        return diff.isEmpty() ? "No line of the policy changes.\n" : diff;
    }

    private String prompt(boolean atEnd) {
        if (atEnd) {
            return ReviewText.paragraph("Write this to " + Console.printable(file) + "?")
                    + END_KEYS;
        }
        return "[a]llow " + (findings.get(position).arguments().isEmpty() ? "" : "[s]een ") + KEYS;
    }

    private void answer(boolean atEnd) {
        Optional<String> line = place.ask(prompt(atEnd));
        if (line.isEmpty()) {
            end = Optional.of(decided.isEmpty() ? End.DROP : End.KEEP);
            return;
        }
        String[] words = line.get().strip().split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "l", "list" -> place.print(text.list(findings, decided, position));
            case "d", "diff" -> place.print(diff());
            case "b", "back" -> back();
            case "q", "quit" -> quit();
            case "?", "h", "help" -> place.print(ReviewText.HELP);
            default -> {
                if (words[0].matches("[1-9][0-9]{0,5}")) {
                    go(Integer.parseInt(words[0]));
                } else if (atEnd) {
                    answerAtEnd(words[0]);
                } else {
                    answerHere(words[0], rest);
                }
            }
        }
    }

    private void answerAtEnd(String key) {
        switch (key) {
            case "y", "yes" -> end = Optional.of(End.WRITE);
            case "n", "no" -> quit();
            default ->
                    place.print("Type y to write the change, or n to leave without writing it.\n");
        }
    }

    private void answerHere(String key, String rest) {
        switch (key) {
            case "a", "allow" -> decide(new Decision(Action.ALLOW, false, rest));
            case "s", "seen" -> allowSeen(rest);
            case "r", "refuse" -> refuse(rest);
            case "n", "not" -> settle(Optional.empty());
            case "w", "why" -> place.print(place.way(findings.get(position)));
            case "y", "yes" -> goToEnd();
            default -> place.print("Type one of the letters, then Enter. ? explains them.\n");
        }
    }

    private void goToEnd() {
        if (decided.isEmpty()) {
            place.print("Nothing is decided yet, so there is nothing to write.\n");
            return;
        }
        position = findings.size();
    }

    private void allowSeen(String reason) {
        Finding finding = findings.get(position);
        if (finding.arguments().isEmpty()) {
            place.print(
                    WatchedArgument.of(finding.call().call(), ArgumentDetail.MANY_VALUES).isEmpty()
                            ? "The arguments of this call are never recorded, so they are not"
                                    + " known.\n"
                            : "The evidence does not tell the arguments, or they were too many. To"
                                    + " see them:\n"
                                    + "sandbox learn --args --recording FILE --"
                                    + " PROGRAM\n");
            return;
        }
        decide(new Decision(Action.ALLOW, true, reason));
    }

    /** {@code rest}: an errno and perhaps a reason; the errno is asked for if it is missing. */
    private void refuse(String rest) {
        if (!isPossible(new Decision(Action.errno(1), false, ""))) {
            return;
        }
        String answer = rest;
        if (answer.isEmpty()) {
            Optional<String> line =
                    place.ask("With which error should the call fail (b: back)? [EPERM] ");
            if (line.isEmpty()) {
                end = Optional.of(decided.isEmpty() ? End.DROP : End.KEEP);
                return;
            }
            answer = line.get().isBlank() ? "EPERM" : line.get().strip();
            if (answer.equals("b") || answer.equals("back")) {
                shown = -1;
                return;
            }
        }
        String[] words = answer.split("\\s+", 2);
        Action action;
        try {
            action = PolicyText.parseAction("errno:" + words[0]);
        } catch (PolicySyntaxException e) {
            place.print(
                    Console.printable(words[0])
                            + ": not an error of errno(3). Examples: EPERM (not permitted), ENOSYS"
                            + " (no\n"
                            + "such call), EACCES. With a reason: \"r EPERM not needed\".\n");
            return;
        }
        decide(new Decision(action, false, words.length > 1 ? words[1] : ""));
    }

    /** Says so if it is not. */
    private boolean isPossible(Decision decision) {
        Optional<String> hindrance = hindrance(position, decision);
        if (hindrance.isPresent()) {
            Finding finding = findings.get(position);
            boolean isOfFormat = decision.isRefusal() && finding.hindrance().isEmpty();
            place.print(
                    ReviewText.paragraph("That is not possible: " + hindrance.get())
                            + (isOfFormat
                                    ? ReviewText.otherFormat(finding, file)
                                    : "Give another answer, or type n to leave the call"
                                            + " undecided.\n"));
        }
        return hindrance.isEmpty();
    }

    private void decide(Decision typed) {
        Optional<Decision> before = Optional.ofNullable(decided.get(position));
        Decision decision =
                typed.reason().isEmpty() && before.isPresent()
                        ? new Decision(typed.action(), typed.onlySeen(), before.get().reason())
                        : typed;
        if (isPossible(decision)) {
            settle(Optional.of(decision));
        }
    }

    /** Takes an answer, and goes on to the next call without one. */
    private void settle(Optional<Decision> decision) {
        answers.push(new Answer(position, Optional.ofNullable(decided.get(position))));
        set(position, decision);
        String what = decision.map(Decision::toString).orElse("left undecided");
        Finding finding = findings.get(position);
        place.print(ReviewText.paragraph(finding.name() + ": " + Console.printable(what)));
        if (decision.filter(Decision::isRefusal).isPresent()) {
            place.print(
                    "The program made this call "
                            + finding.times()
                            + ": test the program under the policy.\n");
        }
        position++;
        skipDecided();
    }

    private void set(int number, Optional<Decision> decision) {
        Optional<Decision> before = Optional.ofNullable(decided.remove(number));
        decision.ifPresent(value -> decided.put(number, value));
        if (!decision.equals(before)) {
            place.keep(decisions());
        }
    }

    /** Why the file cannot say so, beside what is decided about other calls. */
    private Optional<String> hindrance(int number, Decision decision) {
        Optional<String> ofCall = findings.get(number).hindrance();
        if (ofCall.isPresent()) {
            return ofCall;
        }
        if (decision.onlySeen() && findings.get(number).arguments().isEmpty()) {
            return Optional.of("the evidence does not tell the arguments");
        }
        Map<Integer, Decision> all = new TreeMap<>(decided);
        all.put(number, decision);
        try {
            place.changed(edit(all));
            return Optional.empty();
        } catch (CommandFailure e) {
            return Optional.of(Console.printable(e.getMessage()));
        }
    }

    private void back() {
        if (answers.isEmpty()) {
            place.print("There is no answer to take back.\n");
            if (!decided.isEmpty()) {
                place.print(
                        "To change an earlier decision, type its number; n leaves it"
                                + " undecided.\n");
            }
            return;
        }
        Answer last = answers.pop();
        position = last.position();
        shown = -1;
        set(position, last.before());
        place.print("Taken back: " + findings.get(position).name() + ".\n");
    }

    private void go(int number) {
        if (number > findings.size()) {
            place.print("There are only " + Wording.count(findings.size(), "call") + ".\n");
            return;
        }
        position = number - 1;
        shown = -1;
    }

    private void quit() {
        if (decided.isEmpty()) {
            end = Optional.of(End.DROP);
            return;
        }
        String question =
                "Keep " + Wording.count(decided.size(), "decision") + " for the next time? [Y/n] ";
        String answer = place.ask(question).orElse("").strip();
        while (!answer.matches("(?i)(y|yes|n|no)?")) {
            place.print("Type y to keep them, or n to forget them.\n");
            answer = place.ask(question).orElse("").strip();
        }
        end = Optional.of(answer.matches("(?i)no?") ? End.DROP : End.KEEP);
    }
}
