// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.ShellQuote;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.recorder.machine.ContainerRuntime;
import io.sandbox.recorder.machine.RunningContainer;
import io.sandbox.recorder.machine.Systemd;
import io.sandbox.recorder.run.CommandAddition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command that starts containers, and how a profile is added to it. Docker and nerdctl take one
 * as an option of {@code run} and {@code create}, docker compose in a file ({@link ComposeFiles}).
 * Podman takes it from its configuration too. So the profile also reaches a podman that is started
 * by a script or by podman-compose, and a container that is made now and started later.
 */
final class ContainerCommand {
    /** A file that podman reads after all others (containers.conf(5)). */
    static final String PODMAN_CONFIGURATION = "CONTAINERS_CONF_OVERRIDE";

    private static final Set<String> WITH_OPTION = Set.of("docker", "nerdctl");
    private static final Set<String> WITH_RUN = Set.of("docker", "nerdctl", "podman");
    private static final Set<String> MAKERS = Set.of("run", "create");

    /** Its steps get a profile by an option only. */
    private static final String BUILD = "build";

    /** It starts a unit, whose commands start the containers. */
    private static final String SYSTEMCTL = "systemctl";

    private static final String SECURITY_OPTION = "--security-opt";
    private static final String RUNTIME_OPTION = "--runtime";

    private final List<String> words;
    private final Optional<ComposeFiles> compose;

    /** {@code folder}: where the command runs. */
    ContainerCommand(List<String> words, Map<String, String> environment, Path folder) {
        this.words = words;
        compose = ComposeFiles.of(words, engine(), environment, folder);
        for (int i = 0; i < words.size(); i++) {
            checkWord(words.get(i), i + 1 < words.size() ? words.get(i + 1) : "");
        }
        if (takesOption() && (maker() < 0 || composes())) {
            throw CommandFailure.ownFailure(
                    engine()
                            + " takes a profile with run and create only (for others, see sandbox"
                            + " listen --write-profile)");
        }
        if (isPodman() && environment.containsKey(PODMAN_CONFIGURATION)) {
            throw CommandFailure.ownFailure(
                    PODMAN_CONFIGURATION
                            + " is set, and podman reads one such file only (put its content into"
                            + " containers.conf)");
        }
    }

    private static void checkWord(String word, String next) {
        boolean own =
                word.startsWith(SECURITY_OPTION + "=seccomp=")
                        || word.equals(SECURITY_OPTION) && next.startsWith("seccomp=");
        if (own || word.equals("--privileged")) {
            throw CommandFailure.ownFailure(
                    word
                            + (own ? " " + next : "")
                            + ": the profile would not be the one that records (leave it out)");
        }
    }

    /** The name of the program that makes the containers, or of the program that starts it. */
    String engine() {
        String first = words.get(0);
        return first.substring(first.lastIndexOf('/') + 1);
    }

    /** The unit whose containers are meant, if the command starts one. */
    Optional<String> unit() {
        boolean starts =
                engine().equals(SYSTEMCTL)
                        && (words.contains("start") || words.contains("restart"));
        return starts
                ? words.stream().filter(word -> !word.startsWith("-")).reduce((a, b) -> b)
                : Optional.empty();
    }

    /** Whether its containers may start again after their end. */
    boolean restarts() {
        return compose.map(ComposeFiles::restarts)
                .orElseGet(
                        () ->
                                words.stream()
                                        .anyMatch(word -> word.matches("--restart(=(?!no).*)?")));
    }

    /** What has a second run of the command fail; empty if nothing is known. */
    Optional<String> again() {
        boolean stays =
                WITH_RUN.contains(engine())
                        && maker() > 0
                        && words.stream().anyMatch(word -> word.matches("--name(=.*)?"))
                        && words.stream().noneMatch(word -> word.matches("--(rm|replace)(=.*)?"));
        return Optional.of(
                        "--name: the next run fails if the container of this name is still there"
                                + " (add --rm"
                                + (isPodman() ? " or --replace)" : ")"))
                .filter(each -> stays);
    }

    Systemd manager() {
        return words.contains("--user") ? Systemd.USER : Systemd.SYSTEM;
    }

    private boolean takesOption() {
        return WITH_OPTION.contains(engine()) && compose.isEmpty();
    }

    /** Podman itself, or a program that is taken to start it. */
    private boolean isPodman() {
        return !takesOption() && compose.isEmpty();
    }

    /** What the containers of the command get without a profile. */
    DefaultProfile defaultProfile() {
        return isPodman() ? DefaultProfile.PODMAN : DefaultProfile.DOCKER;
    }

    /** The place of the word that the options of a new container follow; -1 if there is none. */
    private int maker() {
        for (int i = 1; i < words.size(); i++) {
            if (MAKERS.contains(words.get(i)) || isBuild(words.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private boolean isBuild(String word) {
        return word.equals(BUILD) && engine().equals("podman");
    }

    private boolean composes() {
        int compose = words.indexOf("compose");
        return engine().equals("podman-compose")
                || compose > 0 && (maker() < 0 || compose < maker());
    }

    /** Has the command's containers load a profile. {@code folder}: where a file can be made. */
    CommandAddition loading(Path profile, Path folder) {
        if (compose.isPresent()) {
            return compose.get().loading(profile, folder);
        }
        if (takesOption() || !composes() && maker() > 0 && isBuild(words.get(maker()))) {
            return new CommandAddition("", maker() + 1, option(profile));
        }
        Path configuration = folder.resolve("containers.conf");
        String text = "[containers]\nseccomp_profile = \"" + profile + "\"\n";
        try {
            Files.write(configuration, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw CommandFailure.ownFailure(configuration + ": " + e.getMessage());
        }
        // Containers that are there already would keep the profile that they were made with.
        int up = composes() ? words.lastIndexOf("up") : -1;
        return new CommandAddition(
                PODMAN_CONFIGURATION + "=" + configuration,
                Math.max(up, 0) + 1,
                up < 0 ? List.of() : List.of("--force-recreate"));
    }

    private static List<String> option(Path profile) {
        return List.of(SECURITY_OPTION, "seccomp=" + profile);
    }

    /** How a user has the containers load a profile. */
    String enforcing(Path profile) {
        if (unit().isPresent()) {
            return "add a line to [Container] of its .container file: SeccompProfile=" + profile;
        }
        List<String> option = option(profile);
        int maker = maker();
        if (maker < 0 || !WITH_RUN.contains(engine()) || composes()) {
            return String.format(
                    "start each container with %s (in a compose file: security_opt:"
                            + " [\"seccomp:%s\"])",
                    ShellQuote.quote(option), profile);
        }
        List<String> all = new ArrayList<>(words);
        all.addAll(maker + 1, option);
        return ShellQuote.quote(all);
    }

    /** The runtime that will load the profile. */
    ContainerRuntime runtime() {
        return ContainerRuntime.query(
                chosenRuntime().orElseGet(() -> isPodman() ? queryPodman() : "runc"));
    }

    /** What stands behind "run". Podman itself says what its options before that choose. */
    private Optional<String> chosenRuntime() {
        // A word of podman-compose (--podman-args) can hold several of podman.
        List<String> options =
                composes()
                        ? List.of(String.join(" ", words).split(" |(?<=--podman-args)="))
                        : words.subList(maker() < 0 ? words.size() : maker(), words.size());
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).startsWith(RUNTIME_OPTION + "=")) {
                return Optional.of(options.get(i).substring(RUNTIME_OPTION.length() + 1));
            }
            if (options.get(i).equals(RUNTIME_OPTION) && i + 1 < options.size()) {
                return Optional.of(options.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** What asks the engine. The options before "run" may choose another folder or runtime. */
    List<String> client() {
        if (!WITH_RUN.contains(engine())) {
            return List.of(compose.isPresent() ? "docker" : "podman");
        }
        int end = 1;
        while (end < words.size() && !isSubcommand(words.get(end))) {
            end++;
        }
        return List.copyOf(words.subList(0, end));
    }

    /** What podman says of itself. */
    private String queryPodman() {
        List<String> question = new ArrayList<>(client());
        question.addAll(List.of("info", "--format", "{{.Host.OCIRuntime.Path}}"));
        return RunningContainer.answer(question, "podman does not say which runtime it takes")
                .strip();
    }

    private static boolean isSubcommand(String word) {
        return MAKERS.contains(word)
                || Set.of("build", "compose", "container", "image", "kube", "play", "pod", "start")
                        .contains(word);
    }
}
