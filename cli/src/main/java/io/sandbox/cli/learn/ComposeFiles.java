// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.evidence.IndentedJson.object;

import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.machine.ComposeService;
import io.sandbox.recorder.machine.RunningContainer;
import io.sandbox.recorder.run.CommandAddition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a command of docker compose. One more file gives each service a profile: compose
 * merges the files that are named, and appends to lists such as {@code security_opt}.
 */
final class ComposeFiles {
    private static final Set<String> DOCKER_OPTIONS_WITH_VALUE =
            Set.of(
                    """
                    --config --context -c --host -H --log-level -l --tlscacert --tlscert --tlskey
                    """
                            .split("\\s"));
    private static final Set<String> OPTIONS_WITH_VALUE =
            Set.of(
                    """
                    --ansi --env-file --file -f --parallel --profile --progress --project-directory
                    --project-name -p
                    """
                            .split("\\s"));

    /** The files that compose looks for. It takes the first that is there. */
    private static final List<String> DEFAULTS =
            List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");

    /** What it then merges, of which it also takes the first. */
    private static final List<String> OVERRIDES =
            List.of(
                    "compose.override.yml",
                    "compose.override.yaml",
                    "docker-compose.override.yml",
                    "docker-compose.override.yaml");

    /** A larger file is none of compose's. */
    private static final int ENV_LIMIT = 1 << 20;

    private static final String NAMES_FILES = "COMPOSE_FILE";
    private static final Pattern ENV_NAMES_FILES =
            Pattern.compile("(?m)^\\s*(export\\s+)?" + NAMES_FILES + "\\s*[=:]");

    private final List<String> words;

    /** The place of the word {@code up} or another such word, and of our files. */
    private final int subcommand;

    /** Options that name the files which compose reads without options. */
    private final List<String> named;

    /** Null before compose was asked, which takes a process. */
    private List<ComposeService> services;

    private ComposeFiles(List<String> words, int subcommand, List<String> named) {
        this.words = words;
        this.subcommand = subcommand;
        this.named = named;
    }

    /**
     * The files of a command, if it is one of docker compose.
     *
     * @param folder where it runs
     * @throws CommandFailure if it is not certain which files it reads
     */
    static Optional<ComposeFiles> of(
            List<String> words, String engine, Map<String, String> environment, Path folder) {
        int first = 1;
        if (engine.equals("docker")) {
            int compose = skipOptions(words, 1, DOCKER_OPTIONS_WITH_VALUE);
            if (compose == words.size() || !words.get(compose).equals("compose")) {
                return Optional.empty();
            }
            first = compose + 1;
        } else if (!engine.equals("docker-compose")) {
            return Optional.empty();
        }
        int subcommand = skipOptions(words, first, OPTIONS_WITH_VALUE);
        List<String> options = words.subList(first, subcommand);
        List<String> named = new ArrayList<>();
        if (options.stream().noneMatch(word -> word.matches("(-f|--file(=|$)).*"))) {
            for (String file : findFiles(options, environment, folder)) {
                named.addAll(List.of("-f", file));
            }
        }
        return Optional.of(new ComposeFiles(words, subcommand, named));
    }

    private static int skipOptions(List<String> words, int from, Set<String> withValue) {
        int i = from;
        while (i < words.size() && words.get(i).startsWith("-")) {
            i += withValue.contains(words.get(i)) ? 2 : 1;
        }
        return Math.min(i, words.size());
    }

    /** What compose reads if no option names a file. */
    private static List<String> findFiles(
            List<String> options, Map<String, String> environment, Path folder) {
        String files = environment.getOrDefault(NAMES_FILES, "");
        if (!files.isEmpty()) {
            String separator = environment.getOrDefault("COMPOSE_PATH_SEPARATOR", ":");
            return List.of(files.split(Pattern.quote(separator)));
        }
        Optional<String> file = first(DEFAULTS, folder);
        boolean elsewhere =
                options.stream().anyMatch(word -> word.matches("--(env-file|project-dir).*"));
        if (file.isEmpty() || elsewhere || envNamesFiles(folder)) {
            throw CommandFailure.ownFailure(
                    "name the compose files in the command (docker compose -f FILE"
                            + " ...), because one more is added to them");
        }
        return Stream.concat(file.stream(), first(OVERRIDES, folder).stream()).toList();
    }

    private static Optional<String> first(List<String> names, Path folder) {
        return names.stream().filter(name -> Files.exists(folder.resolve(name))).findFirst();
    }

    private static boolean envNamesFiles(Path folder) {
        Path file = folder.resolve(".env");
        if (!Files.exists(file)) {
            return false;
        }
        String text =
                FileHead.read(file, ENV_LIMIT)
                        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                        .orElse("");
        boolean whole = !text.isEmpty() && text.length() < ENV_LIMIT;
        return !whole || ENV_NAMES_FILES.matcher(text).find();
    }

    /**
     * Makes the containers of all services load a profile.
     *
     * @param folder where a file can be made
     * @throws CommandFailure if a service would not load it
     */
    CommandAddition loading(Path profile, Path folder) {
        Path file = folder.resolve("compose.json");
        String text = override(services(), profile);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(file + ": " + e.getMessage());
        }
        return adding(file);
    }

    /** Whether containers may start again after their end. */
    boolean restarts() {
        return services().stream().anyMatch(ComposeService::restarts);
    }

    CommandAddition adding(Path file) {
        List<String> files = new ArrayList<>(named);
        files.addAll(List.of("-f", file.toString()));
        return new CommandAddition("", subcommand, files);
    }

    private List<ComposeService> services() {
        if (services == null) {
            services = queryServices();
        }
        return services;
    }

    /** Also those that only run with a compose profile, since the command may name them. */
    private List<ComposeService> queryServices() {
        List<String> question = new ArrayList<>(words.subList(0, subcommand));
        question.addAll(named);
        question.addAll(List.of("--profile", "*", "config", "--format", "json"));
        try {
            return ComposeService.parse(
                    RunningContainer.answer(
                            question, "compose does not say which services it has"));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure("what compose says of its services: " + e.getMessage());
        }
    }

    static String override(List<ComposeService> services, Path profile) {
        for (ComposeService service : services) {
            if (service.privileged() || service.ownProfile()) {
                String why =
                        service.privileged()
                                ? " is privileged, so it has no profile"
                                : " has a seccomp profile of its own";
                throw CommandFailure.ownFailure(
                        "the service " + service.name() + why + " (leave that out)");
            }
        }
        Map<String, Object> options = object("security_opt", List.of("seccomp:" + profile));
        Map<String, Object> byName = new LinkedHashMap<>();
        services.forEach(service -> byName.put(service.name(), options));
        return IndentedJson.write(object("services", byName));
    }
}
