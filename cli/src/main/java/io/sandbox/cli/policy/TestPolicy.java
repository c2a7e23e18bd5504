// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.AnswerFormat;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.AskedCall;
import io.sandbox.policy.worth.Worth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

final class TestPolicy implements Callable<Integer> {
    final Options options = new Options("test", this);

    /** The file, unless {@code --pid} is given, and what is asked. */
    private final Value<List<String>> words = options.words("FILE");

    private final FilterSource process = new FilterSource(options);

    private final Value<Boolean> exploits = options.named("--exploits").flag();

    private final Value<Boolean> refused = options.named("--refused").flag();

    private final Value<AnswerFormat> format =
            options.named("--format").choice(AnswerFormat.class, "FORMAT").or(AnswerFormat.TEXT);

    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);

    /**
     * The answer to one word.
     *
     * @param refused whether it can never happen
     * @param text the answer in words
     */
    private record Answer(String word, boolean refused, String text) {}

    /**
     * The last lines of what shows a policy: how many exploits are left, and why.
     *
     * @param source the file, quoted for a shell, or the option for a process
     */
    static String summary(PolicyDocument document, Circumstances here, String source) {
        Worth worth = Worth.of(PolicyMeaning.of(document, here));
        StringBuilder lines = new StringBuilder();
        String hint =
                "; sandbox policy test " + Console.printable(source) + " --exploits lists them";
        lines.append(worth.sentence(hint)).append('\n');
        worth.causes()
                .forEach(
                        (cause, count) ->
                                lines.append("%4d  ".formatted(count))
                                        .append(Console.printable(cause) + "\n"));
        return lines.toString();
    }

    @Override
    public Integer call() {
        List<String> asked = new ArrayList<>(words.get());
        options.mistakeIf(!process.isGiven() && asked.isEmpty(), "give FILE or --pid");
        String file = process.isGiven() ? "" : asked.remove(0);
        options.mistakeIf(asked.isEmpty() && !exploits.get(), "give a WORD or --exploits");
        PolicyInput input = new PolicyInput(new Console("sandbox policy"), parts);
        PolicyDocument document =
                process.isGiven()
                        ? input.readProcess(process.get(), place)
                        : input.readPolicyOrRecording(file, place.arch());
        PolicyMeaning meaning = PolicyMeaning.of(document, place.circumstances());
        Worth worth = Worth.of(meaning);
        List<String> mistakes = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (String word : asked) {
            try {
                answers.add(answer(meaning, worth, word));
            } catch (IllegalArgumentException e) {
                mistakes.add(word + ": " + e.getMessage());
            }
        }
        new StandardOutput()
                .print(
                        format.get() == AnswerFormat.JSON
                                ? IndentedJson.write(object(answers, worth))
                                : text(answers, worth));
        options.mistakeIf(!mistakes.isEmpty(), String.join("; ", mistakes));
        boolean allRefused =
                answers.stream().allMatch(Answer::refused)
                        && !(exploits.get() && !worth.reachable().isEmpty());
        return refused.get() && !allRefused ? ExitCodes.NOTHING_FOUND : ExitCodes.OK;
    }

    private Answer answer(PolicyMeaning meaning, Worth worth, String word) {
        Optional<Worth.Stand> exploit = worth.about(word);
        if (exploit.isPresent()) {
            return new Answer(word, !exploit.get().isReachable(), exploit.get().text());
        }
        AskedCall asked = AskedCall.parse(word, meaning.arch());
        List<Outcome> outcomes = meaning.outcomes(asked.call(), asked.where());
        boolean never = outcomes.stream().allMatch(outcome -> outcome.action().refuses());
        String text = ActionText.format(outcomes.get(0).action());
        if (outcomes.size() > 1) {
            String all = meaning.about(meaning.arch(), asked.call()).text();
            text = ValueNames.in(asked.call().toString(), meaning.arch(), all);
        }
        if (never && Worth.overlooksUpperHalf(meaning, asked.call(), asked.where())) {
            text += Worth.OVERLOOKED;
        }
        return new Answer(word, never, text);
    }

    private String text(List<Answer> answers, Worth worth) {
        StringBuilder lines = new StringBuilder();
        for (Answer answer : answers) {
            lines.append(Console.printable(answer.word() + ": " + answer.text())).append('\n');
        }
        if (exploits.get()) {
            append(lines, worth.reachable(), worth.sentence(""));
            append(lines, worth.reachableOf2026(), worth.sentenceOf2026());
        }
        return lines.toString();
    }

    private static void append(StringBuilder lines, List<Worth.Stand> stands, String sentence) {
        for (Worth.Stand stand : stands) {
            String line = stand.exploit().id() + ": " + stand.text();
            lines.append(Console.printable(line)).append('\n');
        }
        lines.append(sentence).append('\n');
    }

    private Map<String, Object> object(List<Answer> answers, Worth worth) {
        List<Map<String, Object>> told = new ArrayList<>();
        for (Answer answer : answers) {
            told.add(
                    IndentedJson.object(
                            "word", answer.word(),
                            "refused", answer.refused(),
                            "answer", answer.text()));
        }
        return IndentedJson.object(
                "answers", told,
                "exploits_known", Worth.all(),
                "exploits_reachable", worth.reachable().size(),
                "exploits", exploits(worth.reachable()),
                "records_of_2026", exploits(worth.reachableOf2026()));
    }

    private Optional<List<Map<String, Object>>> exploits(List<Worth.Stand> stands) {
        return Optional.of(stands.stream().map(TestPolicy::object).toList())
                .filter(list -> exploits.get());
    }

    private static Map<String, Object> object(Worth.Stand stand) {
        return IndentedJson.object(
                "id", stand.exploit().id(),
                "needs", stand.exploit().needs(),
                "open", stand.open().stream().map(Worth.Way::text).toList());
    }
}
