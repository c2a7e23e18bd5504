package io.sandbox.enforcer.format;

import io.sandbox.enforcer.policy.ShownValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of policy files. */
public enum PolicyFormat {
    /** {@code SECCOMP_SYSCALL_ALLOW="..."}, a line for a shell. */
    ENV(new EnvReader(), new EnvWriter(true)),
    /** The same without quotes, for docker --env-file and systemd. */
    ENVFILE(new EnvReader(), new EnvWriter(false)),
    /** One call on each line. */
    LIST(new ListReader(), new ListWriter()),
    /** Ours, which can say everything. */
    JSON(new JsonReader(), new JsonWriter()),
    /** Docker, Podman, containerd and the OCI runtimes. */
    OCI(new OciReader(), new OciWriter()),
    /** Kubernetes Security Profiles Operator. */
    SPO(new SpoReader(), new SpoWriter());

    private static final String ENV_PREFIX = "SECCOMP_";

    private final FormatReader reader;
    private final FormatWriter writer;

    PolicyFormat(FormatReader reader, FormatWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param bytes of a file of this format
     * @throws PolicyFormatException for anything else
     */
    public Reading read(byte[] bytes) {
        return reader.read(decode(bytes));
    }

    /**
     * Reads a file whose format shows by its content.
     *
     * @throws PolicyFormatException if it is of none that can be read, or malformed
     */
    public static Reading readAny(byte[] bytes) {
        String text = decode(bytes);
        return recognise(text).reader.read(text);
    }

    /**
     * @param here decides about rules that the format cannot make depend on it
     * @throws PolicyFormatException if the format cannot say anything like it
     */
    public Writing write(PolicyDocument document, Circumstances here) {
        return writer.write(document, here);
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw PolicyFormatException.ofWhole(
                    "not UTF-8 text (a compiled filter cannot be read back)");
        }
    }

    /**
     * The format of a text, by its first lines.
     *
     * @throws PolicyFormatException if it is none that we know
     */
    public static PolicyFormat recognise(String text) {
        List<String> lines =
                text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                        .limit(2)
                        .toList();
        if (lines.isEmpty()) {
            throw PolicyFormatException.ofWhole("empty: no policy");
        }
        String first = lines.get(0);
        if (first.startsWith(ENV_PREFIX)) {
            return first.indexOf('"') < 0 ? ENVFILE : ENV;
        }
        if (first.charAt(0) == '{') {
            return text.contains("\"" + JsonReader.MARK + "\"") ? JSON : OCI;
        }
        if (text.contains(SpoReader.KIND)) {
            return SPO;
        }
        if (first.matches("[a-z_0-9]+(\\(.*)?(\\s*#.*)?")) {
            return LIST;
        }
        throw PolicyFormatException.ofWhole(
                "of no known format: begins with " + ShownValue.of(first));
    }

    /** By the name that users write. */
    public static Optional<PolicyFormat> byName(String name) {
        return List.of(values()).stream().filter(f -> f.toString().equals(name)).findFirst();
    }
}
