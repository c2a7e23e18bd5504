// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to find out that a server is ready for work. It serves for a series of runs. On this machine,
 * the kernel's tables say who listens: a connection that is closed again could be more than the
 * server bears, and would be in its recording.
 */
public abstract class Readiness {
    private static final Pattern PLACE =
            Pattern.compile("tcp:(?:(.+):)?([0-9]{1,5})|http://([^/:]+)(?::([0-9]{1,5}))?(?:/.*)?");
    private static final int HTTP = 80;

    /** How often is looked whether something has come. */
    static final int INTERVAL_MILLIS = 20;

    private static final int PROBE_MILLIS = 1000;

    /** What a daemon or a proxy of the run before may need to go away. */
    private static final int RELEASE_MILLIS = 15_000;

    private final String text;
    private boolean begunBefore;

    private Readiness(String text) {
        this.text = text;
    }

    /** Throws {@link IllegalArgumentException} for a text of another form. */
    public static Readiness parse(String text) {
        String rest = text.substring(text.indexOf(':') + 1);
        Matcher place = PLACE.matcher(text);
        if (text.equals("notify")) {
            return new Notice(text);
        } else if (text.startsWith("file:") && !rest.isEmpty()) {
            return new WrittenFile(text, Path.of(rest).toAbsolutePath());
        } else if (text.startsWith("unix:") && !rest.isEmpty()) {
            return new UnixSocket(text, Path.of(rest).toAbsolutePath());
        } else if (place.matches() && place.group(3) == null) {
            String host = place.group(1) == null ? "" : place.group(1);
            return new Port(text, host, port(place.group(2)));
        } else if (place.matches()) {
            return new Page(text, place.group(3), port(place.group(4)));
        }
        throw new IllegalArgumentException(
                text
                        + ": not tcp:PORT, tcp:HOST:PORT, unix:PATH, file:PATH, http://HOST:PORT/"
                        + " or notify");
    }

    private static int port(String digits) {
        int port = digits == null ? HTTP : Integer.parseInt(digits);
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException(digits + ": no port");
        }
        return port;
    }

    /**
     * Before the program starts: waits until nothing is left of the run before.
     *
     * @param root what a path begins with to lead to the program's files
     * @throws CommandFailure if something else is where the program would listen
     */
    void begin(String root) {
        if (!waitUntil(() -> !isTaken(), begunBefore ? RELEASE_MILLIS : 0)) {
            throw CommandFailure.ownFailure(text + ": something else listens there already");
        }
        begunBefore = true;
    }

    /** Whether something listens already where the program will. */
    boolean isTaken() {
        return false;
    }

    final boolean isOfFile() {
        return this instanceof WrittenFile || this instanceof UnixSocket;
    }

    /** Whether the program says it itself. */
    public final boolean isNotice() {
        return this instanceof Notice;
    }

    abstract boolean isReady();

    /** Whether old connections may be why it failed. Then each start waits for their end. */
    boolean wasHeld() {
        return false;
    }

    /** NAME=VALUE for the environment of the program; empty for none. */
    String variable() {
        return "";
    }

    @Override
    public final String toString() {
        return text;
    }

    /** Whether the condition came to hold within this time. */
    static boolean waitUntil(BooleanSupplier condition, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || !sleep(INTERVAL_MILLIS)) {
                return false;
            }
        }
        return true;
    }

    static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> lines(String table) {
        try {
            return Files.readAllLines(Path.of(table));
        } catch (IOException e) {
            // A kernel without IPv6 has one table only.
            return List.of();
        }
    }

    private static class Port extends Readiness {
        /** The kernel keeps the port of a closed connection for 60 s (TCP_TIMEWAIT_LEN). */
        private static final int TIME_WAIT_MILLIS = 65_000;

        // The states of tcp(7) in /proc/net/tcp.
        private static final String LISTEN = "0A";
        private static final String TIME_WAIT = "06";

        /** Null for this machine. */
        private final String host;

        private final int port;
        private boolean waitsForConnections;
        private boolean startsBesideOld;

        /** Whether it was seen to listen in spite of old connections. */
        private boolean bearsOld;

        Port(String text, String host, int port) {
            super(text);
            this.host = isHere(host) ? null : host;
            this.port = port;
        }

        private static boolean isHere(String host) {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(host + ": no such host", e);
            }
        }

        @Override
        void begin(String root) {
            super.begin(root);
            if (waitsForConnections) {
                waitUntil(() -> !has(TIME_WAIT), TIME_WAIT_MILLIS);
            }
            startsBesideOld = has(TIME_WAIT);
        }

        @Override
        final boolean isTaken() {
            return host == null ? has(LISTEN) : connects();
        }

        @Override
        final boolean isReady() {
            boolean ready = serves();
            bearsOld |= ready && startsBesideOld;
            return ready;
        }

        boolean serves() {
            return isTaken();
        }

        /** A server without SO_REUSEADDR cannot listen while old connections have its port. */
        @Override
        final boolean wasHeld() {
            boolean held = !bearsOld && !waitsForConnections && has(TIME_WAIT);
            waitsForConnections |= held;
            return held;
        }

        private boolean has(String state) {
            Predicate<String> here =
                    Pattern.compile(String.format("^ *[0-9]+: \\w+:%04X \\S+ %s ", port, state))
                            .asPredicate();
            return List.of("/proc/net/tcp", "/proc/net/tcp6").stream()
                    .anyMatch(table -> lines(table).stream().anyMatch(here));
        }

        private boolean connects() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), PROBE_MILLIS);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** A page that is answered without an error. */
    private static final class Page extends Port {
        Page(String text, String host, int port) {
            super(text, host, port);
        }

        @Override
        boolean serves() {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection)
                                URI.create(toString()).toURL().openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout(PROBE_MILLIS);
                connection.setReadTimeout(10 * PROBE_MILLIS);
                connection.setRequestProperty("Connection", "close");
                connection.setInstanceFollowRedirects(false);
                int status = connection.getResponseCode();
                connection.disconnect();
                return status >= 200 && status < 400;
            } catch (IOException e) {
                return false;
            }
        }
    }

    private static final class UnixSocket extends Readiness {
        /** A line of a socket that listens (__SO_ACCEPTCON) or takes SOCK_DGRAM. */
        private static final Pattern LISTENING =
                Pattern.compile("\\w+: \\w+ \\w+ (?:00010000 \\w+|\\w+ 0002) \\w+ +[0-9]+ (.+)");

        private final Path path;

        UnixSocket(String text, Path path) {
            super(text);
            this.path = path;
        }

        /** A server may have named the path from where it runs. */
        @Override
        boolean isTaken() {
            return lines("/proc/net/unix").stream()
                    .map(LISTENING::matcher)
                    .anyMatch(line -> line.matches() && path.endsWith(Path.of(line.group(1))));
        }

        @Override
        boolean isReady() {
            return isTaken();
        }
    }

    /** A file that is written after the start. */
    private static final class WrittenFile extends Readiness {
        private final Path file;
        private String root = "";
        private String before = "";

        WrittenFile(String text, Path file) {
            super(text);
            this.file = file;
        }

        @Override
        void begin(String newRoot) {
            root = newRoot;
            before = version();
        }

        @Override
        boolean isReady() {
            String now = version();
            return !now.isEmpty() && !now.equals(before);
        }

        /** Empty if there is no such file. */
        private String version() {
            try {
                BasicFileAttributes found =
                        Files.readAttributes(Path.of(root + file), BasicFileAttributes.class);
                return found.fileKey() + " " + found.lastModifiedTime();
            } catch (IOException e) {
                return "";
            }
        }
    }

    /** What the program says itself (sd_notify(3)). */
    private static final class Notice extends Readiness {
        private static final int LIMIT = 4096;

        /** In no folder, so that it can be reached after chroot(2) and by any user (unix(7)). */
        private final String name = "sandbox-" + HexFormat.of().formatHex(ProbeNumber.random(8));

        private final ByteBuffer message = ByteBuffer.allocateDirect(LIMIT);
        private int socket = -1;

        Notice(String text) {
            super(text);
        }

        @Override
        void begin(String root) {
            if (socket < 0) {
                socket = LibC.notifySocket(name.getBytes(StandardCharsets.US_ASCII));
            }
            if (socket < 0) {
                throw CommandFailure.ownFailure(this + ": " + LibC.strerror(-socket));
            }
            while (LibC.recv(socket, message) > 0) {
                // It is from the run before.
            }
        }

        @Override
        boolean isReady() {
            int length;
            while ((length = LibC.recv(socket, message)) > 0) {
                byte[] bytes = new byte[length];
                message.get(0, bytes);
                if (new String(bytes, StandardCharsets.UTF_8).lines().anyMatch("READY=1"::equals)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        String variable() {
            return "NOTIFY_SOCKET=@" + name;
        }
    }
}
