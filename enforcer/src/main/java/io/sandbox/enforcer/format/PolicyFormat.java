package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.Loss;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.PolicyFormatException;
import io.sandbox.enforcer.policy.ShownValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

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
    SPO(new SpoReader(), new SpoWriter()),
    /** A drop-in for a service of systemd. */
    SYSTEMD(new SystemdReader(Groups.SYSTEMD), new SystemdWriter(Groups.SYSTEMD)),
    /** Lines for a profile of firejail. */
    FIREJAIL(new FirejailReader(Groups.FIREJAIL), new FirejailWriter()),
    /** A policy of minijail0. */
    MINIJAIL(new MinijailReader(), new MinijailWriter());

    private static final String ENV_PREFIX = "SECCOMP_";
    private static final Predicate<String> HAS_MEANING =
            line -> !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';';
    private static final Predicate<String> LIST_LINE =
            Pattern.compile("[a-z_0-9]+(\\([^:]*\\))?(\\s*#.*)?").asMatchPredicate();
    private static final Pattern SPO_LINE =
            Pattern.compile("(?m)^kind:\\s*[\"']?" + SpoReader.KIND);
    private static final Pattern SYSTEMD_LINE =
            Pattern.compile("(?m)^\\s*" + SystemdReader.FILTER + "\\s*=");
    private static final Pattern FIREJAIL_LINE =
            Pattern.compile("(?m)^\\s*seccomp(\\.(keep|drop)\\b|[ \\t]+[@!$a-z]|[ \\t]*$)");

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
        Writing writing = writer.write(document, here);
        if (this == JSON || this == OCI) {
            return writing; // which keep the circumstances
        }
        List<Loss> losses = new ArrayList<>(Loss.ofCircumstances(document, here));
        losses.addAll(writing.losses());
        return new Writing(writing.text(), losses);
    }

    public static String decode(byte[] bytes) {
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
     * The format of a text, by what only that format has.
     *
     * @throws PolicyFormatException if it is none that we know
     */
    public static PolicyFormat recognise(String text) {
        Optional<String> meaningful =
                text.lines().map(String::strip).filter(HAS_MEANING).findFirst();
        if (meaningful.isEmpty()) {
            throw PolicyFormatException.ofWhole("empty: no policy");
        }
        String first = meaningful.get();
        if (first.startsWith(ENV_PREFIX)) {
            return first.indexOf('"') < 0 ? ENVFILE : ENV;
        }
        if (first.matches("\\{\\s*([\"}].*)?")) {
            return text.contains("\"" + JsonReader.MARK + "\"") ? JSON : OCI;
        }
        if (text.lines().map(String::strip).filter(HAS_MEANING).allMatch(LIST_LINE)) {
            return LIST;
        }
        if (first.matches("(@[a-z]|\\{\\s*[a-z_]).*|[a-z_0-9]+(\\[.*])?\\s*:.*")
                && !SPO_LINE.matcher(text).find()) {
            return MINIJAIL;
        }
        for (PolicyFormat format : List.of(SPO, SYSTEMD, FIREJAIL)) {
            if (format.sign().matcher(text).find()) {
                return format;
            }
        }
        if (LIST_LINE.test(first)) {
            return LIST; // with a mistake further on
        }
        throw PolicyFormatException.ofWhole(
                "of no known format: begins with " + ShownValue.of(first));
    }

    private Pattern sign() {
        return this == SPO ? SPO_LINE : this == SYSTEMD ? SYSTEMD_LINE : FIREJAIL_LINE;
    }

    /** By the name that users write. */
    public static Optional<PolicyFormat> byName(String name) {
        return List.of(values()).stream().filter(f -> f.toString().equals(name)).findFirst();
    }
}
