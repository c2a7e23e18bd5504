// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterCode;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.bpf.FilterReader;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.UnknownNames;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.ShownValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The formats of policy files. Everything that is special for one format is here: its name, its
 * reader, which also recognises it, its writer, and its places for changes. The order of the
 * constants is that of the help texts.
 *
 * <p>Readers and writers are created only when they are asked for, so that a command loads only the
 * classes of the formats that it needs.
 */
public enum PolicyFormat {
    ENV("a learned list, as a line for a shell"),
    ENVFILE("a learned list without quotes, for docker --env-file"),
    LIST("a call on each line, comments after #"),
    JSON("our own format, for review: a rule on each line; the first that matches decides"),
    SECCOMPILER("Firecracker and other users of rust-vmm"),
    OCI("Docker, Podman, containerd, crun, runc"),
    SPO("Kubernetes Security Profiles Operator"),
    SYSTEMD("a drop-in for a service"),
    FIREJAIL("seccomp.keep and seccomp.drop for a profile"),
    MINIJAIL("minijail0 -S"),
    KAFEL("nsjail");

    private final String about;

    PolicyFormat(String about) {
        this.about = about;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A short description; the tables of the documents have the same words. */
    public String about() {
        return about;
    }

    FormatReader reader() {
        return switch (this) {
            case ENV -> new EnvReader(true);
            case ENVFILE -> new EnvReader(false);
            case LIST -> new ListReader();
            case JSON -> new JsonReader();
            case SECCOMPILER -> new SeccompilerReader();
            case OCI -> new OciReader();
            case SPO -> new SpoReader();
            case SYSTEMD -> new SystemdReader();
            case FIREJAIL -> new FirejailReader();
            case MINIJAIL -> new MinijailReader();
            case KAFEL -> new KafelReader();
        };
    }

    FormatWriter writer() {
        return switch (this) {
            case ENV -> new EnvWriter(true);
            case ENVFILE -> new EnvWriter(false);
            case LIST -> new ListWriter();
            case JSON -> new JsonWriter();
            case SECCOMPILER -> new SeccompilerWriter();
            case OCI -> new OciWriter();
            case SPO -> new SpoWriter();
            case SYSTEMD -> new SystemdWriter();
            case FIREJAIL -> new FirejailWriter();
            case MINIJAIL -> new MinijailWriter();
            case KAFEL -> new KafelWriter();
        };
    }

    /** Empty if files of the format cannot be changed in place. */
    Optional<CallPlaces> places() {
        return switch (this) {
            case ENV, ENVFILE -> Optional.of(WordPlaces.env());
            case LIST -> Optional.of(new ListPlaces());
            case JSON -> Optional.of(TreePlaces.JSON);
            case OCI -> Optional.of(TreePlaces.OCI);
            case SPO -> Optional.of(TreePlaces.SPO);
            case SYSTEMD -> Optional.of(WordPlaces.systemd());
            case FIREJAIL -> Optional.of(WordPlaces.firejail());
            case MINIJAIL -> Optional.of(new MinijailPlaces());
            case SECCOMPILER, KAFEL -> Optional.empty();
        };
    }

    /**
     * @param bytes the content of a file of this format
     * @throws PolicyFormatException if it is not of this format
     */
    public Reading read(byte[] bytes) {
        return read(bytes, hereAlone());
    }

    /**
     * @param bytes the content of a file of this format
     * @throws PolicyFormatException if it is not of this format
     */
    public Reading read(byte[] bytes, Surroundings around) {
        return read(FileText.decode(bytes), around);
    }

    private Reading read(String text, Surroundings around) {
        Reading reading = reader().read(text, around);
        UnknownNames.refuseUseless(reading.document());
        List<Loss> losses = new ArrayList<>(reading.losses());
        if (this != SECCOMPILER && this != SPO) {
            around.part()
                    .map(part -> new Loss("part " + part, "not used: the file has no parts"))
                    .ifPresent(losses::add);
        }
        losses.addAll(UnknownNames.in(reading.document()));
        return new Reading(reading.document(), losses);
    }

    private static Surroundings hereAlone() {
        return Surroundings.on(SyscallDb.get().nativeArch().name());
    }

    /**
     * Reads a file whose format is recognised from its content.
     *
     * @throws PolicyFormatException if it is of no known format, or malformed
     */
    public static Reading readAny(byte[] bytes) {
        return readAny(bytes, hereAlone());
    }

    public static Reading readAny(byte[] bytes, Surroundings around) {
        if (FilterCode.isLikely(bytes)) {
            return readFilter(bytes);
        }
        String text = FileText.decode(bytes);
        return recognise(text, around).read(text, around);
    }

    /**
     * Reads a compiled filter: no text, and so none of the constants.
     *
     * @throws PolicyFormatException if it is no filter
     */
    public static Reading readFilter(byte[] bytes) {
        List<FilterCode> filter = List.of(FilterReader.parse(bytes));
        FilterMeaning meaning = FilterMeaning.of(filter, FilterMeaning.machineOf(filter));
        DecodedPolicy decoded = DecodedPolicy.of(meaning, false);
        return new Reading(decoded.document(), decoded.losses());
    }

    /**
     * @param here the circumstances for rules that depend on them, if the format has no such rules
     * @throws PolicyFormatException if the format cannot express a policy of this kind
     */
    public Writing write(PolicyDocument document, Circumstances here) {
        FormatWriter writer = writer();
        List<Loss> losses = new ArrayList<>();
        Writing writing = writer.write(sayable(document, writer, losses), here);
        if (!writer.features().contains(FormatWriter.Feature.CIRCUMSTANCES)) {
            losses.addAll(Loss.ofCircumstances(document, here));
        }
        losses.addAll(writing.losses());
        if (!writer.features().contains(FormatWriter.Feature.UNKNOWN)) {
            losses.addAll(Loss.ofUnknown(document));
        }
        if (!writer.features().contains(FormatWriter.Feature.FOREIGN)
                && !document.treatsForeignAsUsual()) {
            losses.add(Loss.ofForeignCalls(document));
        }
        if (UnknownText.isEmpty(writing.text())) {
            throw PolicyFormatException.ofWhole(
                    "the file would be empty, and could not be read back (the policy allows no call"
                            + " that the format can express)");
        }
        return new Writing(writing.text(), losses);
    }

    /** The document with only such actions as the format has words for. */
    private static PolicyDocument sayable(
            PolicyDocument document, FormatWriter writer, List<Loss> losses) {
        if (!writer.features().contains(FormatWriter.Feature.LISTENER)
                && document.listener().isPresent()) {
            losses.add(Loss.ofListener(document.listener().get()));
        }
        if (!writer.says(document.otherwise())) {
            losses.add(
                    Loss.ofAction(
                            "other calls",
                            document.otherwise(),
                            replacement(document.otherwise())));
        }
        for (Rule rule : document.rules()) {
            if (!writer.says(rule.action())) {
                losses.add(
                        Loss.ofAction(rule.subject(), rule.action(), replacement(rule.action())));
            }
        }
        return document.withActions(action -> writer.says(action) ? action : replacement(action));
    }

    /** What never allows more: what the kernel does if nobody decides, and for 0 an error. */
    private static Action replacement(Action action) {
        if (action instanceof Action.Errno errno) {
            return Action.errno(errno.number() == 0 ? 1 : Action.Errno.MAX);
        }
        return UnknownCalls.REFUSAL;
    }

    /**
     * The format of which each line of a text is.
     *
     * @throws PolicyFormatException if there is no such format, or more than one
     */
    static PolicyFormat recognise(String text, Surroundings around) {
        UnsupportedKind.refuse(text);
        UnknownText unknown = new UnknownText(text);
        List<PolicyFormat> whole = new ArrayList<>();
        PolicyFormat nearest = LIST;
        Fit best = Fit.NONE;
        for (PolicyFormat format : values()) {
            Fit fit = format.reader().fit(unknown);
            if (fit.isWhole()) {
                whole.add(format);
            } else if (fit.isNear() && fit.fitting() > best.fitting()) {
                nearest = format;
                best = fit;
            }
        }
        if (whole.size() == 1) {
            return whole.get(0);
        }
        if (whole.size() > 1) {
            throw PolicyFormatException.ofWhole(
                    "may be of the formats "
                            + String.join(" and ", whole.stream().map(Object::toString).toList()),
                    PolicyFormatException.Advice.NAME_FORMAT);
        }
        if (best.isNear()) {
            throw nearest.mistake(text, best, around);
        }
        throw PolicyFormatException.ofWhole(
                "of no known format: begins with " + ShownValue.of(unknown.firstLine()));
    }

    /** What is wrong with a text of which the other lines are of this format. */
    private PolicyFormatException mistake(String text, Fit fit, Surroundings around) {
        String hint = " (taken for the format " + this + ")";
        PolicyFormatException.Advice advice = PolicyFormatException.Advice.NAME_OTHER_FORMAT;
        try {
            reader().read(text, around);
            return PolicyFormatException.at(
                            Math.max(fit.firstOther(), 1),
                            "does not belong to the other lines" + hint)
                    .with(Optional.of(advice));
        } catch (PolicyFormatException e) {
            return PolicyFormatException.ofWhole(e.getMessage() + hint, advice);
        }
    }

    /** The format with this name on the command line. */
    public static Optional<PolicyFormat> byName(String name) {
        return Stream.of(values()).filter(format -> format.toString().equals(name)).findFirst();
    }
}
