// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.format.Writing;
import io.sandbox.syscalldb.KernelVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** Policies of tests, as texts. */
public final class Policies {
    /** Such as {@code kill errno:1}. */
    public static List<Action> actions(String words) {
        return Stream.of(words.split(" ")).map(ActionText::parse).toList();
    }

    /** A machine and what a process can get there. */
    public static Circumstances here(String arch, String kernel, String... capabilities) {
        return new Circumstances(
                arch, Set.of(capabilities), KernelVersion.parse(kernel).orElseThrow());
    }

    /** Reads a text of any format. */
    public static Reading reading(String text) {
        return PolicyFormat.readAny(text.getBytes(UTF_8));
    }

    public static PolicyDocument read(String text) {
        return reading(text).document();
    }

    public static Reading reading(PolicyFormat format, String text) {
        return format.read(text.getBytes(UTF_8));
    }

    /**
     * A policy in our own format, with ' for ".
     *
     * @param rest what follows {@code "default":}, such as {@code 'kill', 'rules': []}
     */
    public static PolicyDocument json(String rest) {
        return read(("{'sandboxPolicy': 1, 'default': " + rest + "}").replace('\'', '"'));
    }

    public static Writing write(PolicyFormat format, PolicyDocument document) {
        return format.write(document, RandomDocuments.HERE);
    }

    /** Each rule with its action: {@code read(arg0==1) allow; write kill}. */
    public static String rules(PolicyDocument document) {
        return document.rules().stream()
                .map(rule -> rule.subject() + " " + ActionText.format(rule.action()))
                .collect(Collectors.joining("; "));
    }

    public static String text(List<Loss> losses) {
        return losses.stream().map(Loss::toString).collect(Collectors.joining("; "));
    }

    public static String refusal(Executable reading) {
        return assertThrows(PolicyFormatException.class, reading).getMessage();
    }

    public static String refusal(String text) {
        return refusal(() -> reading(text));
    }

    /** What something says, or why it is refused. */
    public static String said(Supplier<String> answer) {
        try {
            return answer.get();
        } catch (IllegalArgumentException e) {
            return "refused: " + e.getMessage();
        }
    }

    /** {@code i386,x32} on each machine, or {@code x86_64:i386,x32 aarch64:} by machine. */
    public static Coverage coverage(String text) {
        Map<String, List<String>> byMachine = new TreeMap<>();
        for (String machine : text.contains(":") ? text.split(" ") : new String[0]) {
            int colon = machine.indexOf(':');
            byMachine.put(machine.substring(0, colon), words(machine.substring(colon + 1)));
        }
        return new Coverage(byMachine.isEmpty() ? words(text) : List.of(), byMachine);
    }

    private static List<String> words(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(","));
    }
}
