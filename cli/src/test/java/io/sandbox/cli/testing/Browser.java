// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Chromium without a window, with a profile of its own, that obeys by the protocol of W3C
 * WebDriver. It is spoken here by hand, since the tests need a few of its commands only. Closing it
 * ends its processes.
 */
public final class Browser implements AutoCloseable {
    /** Only detects a hang: a busy machine takes long to start a browser. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Pattern PORT = Pattern.compile("successfully on port (\\d+)");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Process driver;
    private String base;

    private Browser(Path folder, Process driver) {
        this.folder = folder;
        this.driver = driver;
    }

    public static Browser start() throws Exception {
        Path chromium = LiveKernel.requireProgram("chromium");
        Path program = LiveKernel.requireProgram("chromedriver");
        Path folder = Files.createTempDirectory("sandbox-browser");
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(program.toString(), "--port=0")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
        Browser browser = new Browser(folder, builder.start());
        try {
            browser.openSession(chromium, log);
            return browser;
        } catch (Exception | AssertionError e) {
            browser.close();
            throw e;
        }
    }

    private void openSession(Path chromium, Path log) throws Exception {
        Matcher port = PORT.matcher("");
        Until.holds("chromedriver listens", () -> port.reset(Files.readString(log)).find());
        base = "http://127.0.0.1:" + port.group(1) + "/session";
        List<String> arguments =
                List.of(
                        "--headless=new",
                        "--no-sandbox", // root needs it
                        "--disable-dev-shm-usage",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"));
        Map<String, Object> capabilities =
                Map.of(
                        "goog:chromeOptions",
                        Map.of("binary", chromium.toString(), "args", arguments),
                        "goog:loggingPrefs",
                        Map.of("browser", "ALL"));
        Object session = post("", Map.of("capabilities", Map.of("alwaysMatch", capabilities)));
        base += "/" + ((Map<?, ?>) session).get("sessionId");
    }

    private Object post(String command, Map<String, ?> body)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(base + command))
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(body))));
    }

    private Object send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(
                        request.timeout(PATIENCE)
                                .header("Content-Type", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(request.build().uri() + ": " + response.body());
        }
        return JSON.std.mapFrom(response.body()).get("value");
    }

    public void open(Path file) throws IOException, InterruptedException {
        post("/url", Map.of("url", file.toUri().toString()));
    }

    /** What a function's body returns in the page. */
    public Object run(String script, Object... arguments) throws IOException, InterruptedException {
        return post("/execute/sync", Map.of("script", script, "args", Arrays.asList(arguments)));
    }

    /** Presses keys one after the other; W3C WebDriver has the code points of special ones. */
    public void type(String keys) throws IOException, InterruptedException {
        List<Map<String, String>> actions =
                keys.codePoints()
                        .mapToObj(Character::toString)
                        .flatMap(
                                key ->
                                        Stream.of(
                                                Map.of("type", "keyDown", "value", key),
                                                Map.of("type", "keyUp", "value", key)))
                        .toList();
        post(
                "/actions",
                Map.of(
                        "actions",
                        List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    /** The width of the page, and whether people prefer it dark. */
    public void show(int width, boolean dark) throws IOException, InterruptedException {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        Map<String, String> feature =
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        devtools("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    private Object devtools(String command, Map<String, ?> parameters)
            throws IOException, InterruptedException {
        return post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** What the console of the browser has got since the last time: errors, warnings. */
    public List<?> console() throws IOException, InterruptedException {
        return (List<?>) post("/se/log", Map.of("type", "browser"));
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> processes = driver.descendants().toList();
        try {
            if (base != null && !base.endsWith("/session")) {
                send(HttpRequest.newBuilder(URI.create(base)).DELETE());
            }
        } catch (IOException | InterruptedException | AssertionError e) {
            // It is killed below.
        }
        processes.forEach(ProcessHandle::destroyForcibly);
        driver.destroyForcibly();
        for (ProcessHandle each : processes) {
            each.onExit().join();
        }
        driver.onExit().join();
        // A process that is about to end may still write.
        for (int i = 0; !remove() && i < 600; i++) {
            LockSupport.parkNanos(100_000_000);
        }
    }

    private boolean remove() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
