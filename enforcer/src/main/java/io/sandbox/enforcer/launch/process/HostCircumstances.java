// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.KernelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The circumstances of this machine and process, for rules that depend on them. */
public final class HostCircumstances {
    private static final String BOUNDING_SET = "CapBnd:";

    private static final Pattern NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+){1,2}");

    private HostCircumstances() {}

    /** The circumstances here. The capabilities are our bounding set, which a program inherits. */
    public static Circumstances query(String arch) {
        return new Circumstances(arch, parseBoundingSet(read("/proc/self/status")), queryKernel());
    }

    /** On this kernel, for a program without capabilities, whatever we have. */
    public static Circumstances queryUsual(String arch) {
        return new Circumstances(arch, Set.of(), queryKernel());
    }

    /** The kernel's version, as uname(2) has it but without additions of distributions. */
    public static KernelVersion queryKernel() {
        // Java takes it from uname(2). A mount with subset=pid lacks /proc/sys.
        return parseRelease(System.getProperty("os.version"));
    }

    static KernelVersion parseRelease(String release) {
        Matcher numbers = NUMBERS.matcher(release);
        return (numbers.lookingAt()
                        ? KernelVersion.parse(numbers.group())
                        : Optional.<KernelVersion>empty())
                .orElseThrow(() -> new IllegalStateException("kernel release " + release));
    }

    /** {@code status}: the text of /proc/PID/status. */
    static Set<String> parseBoundingSet(String status) {
        String line =
                status.lines()
                        .filter(text -> text.startsWith(BOUNDING_SET))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no " + BOUNDING_SET));
        long bits = Long.parseUnsignedLong(line.substring(BOUNDING_SET.length()).strip(), 16);
        return Set.copyOf(Capability.unitNames(bits));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
