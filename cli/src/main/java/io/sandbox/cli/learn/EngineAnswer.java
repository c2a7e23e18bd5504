// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.ShellQuote;
import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What a container engine says of itself and of what it would start. */
final class EngineAnswer {
    private EngineAnswer() {}

    /**
     * What a command prints.
     *
     * @param lacking what is wrong if it fails or prints nothing
     */
    static String of(List<String> question, String lacking) {
        try {
            Process process =
                    new ProcessBuilder(question)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            String answer =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0 && !answer.isBlank()) {
                return answer;
            }
        } catch (IOException e) {
            // This counts as a failure of the command.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String shown = question.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
        throw CommandFailure.ownFailure(lacking + " (try: " + shown + ")");
    }
}
