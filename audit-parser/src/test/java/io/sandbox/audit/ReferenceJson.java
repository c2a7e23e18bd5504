// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A simple implementation of the rules for lines of JSON, as an oracle. Strings hold one char per
 * byte.
 */
final class ReferenceJson {

    /** The line is not JSON, or of an unknown kind. */
    private static final class Other extends RuntimeException {
        private static final long serialVersionUID = 1;

        Other() {
            super(null, null, false, false);
        }
    }

    private static final String BLANKS = "[ \t\r\n]*";
    private static final Pattern LOOSE_STRING =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.DOTALL);
    private static final Pattern STRING =
            Pattern.compile("(?:[^\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+");
    private static final Pattern ESCAPE =
            Pattern.compile(
                    "\\\\u([dD][89abAB][0-9a-fA-F]{2})\\\\u([dD][c-fC-F][0-9a-fA-F]{2})"
                            + "|\\\\u([0-9a-fA-F]{4})|\\\\(.)");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_+.-]+");
    private static final Pattern BYTES =
            Pattern.compile("\\[B(?:[0-9]{1,3}B(?:,B[0-9]{1,3}B)*+)?]".replace("B", BLANKS));
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Set<String> JOURNAL =
            Set.of(
                    "MESSAGE",
                    "_TRANSPORT",
                    "SYSLOG_FACILITY",
                    "_COMM",
                    "_UID",
                    "_AUDIT_TYPE",
                    "_AUDIT_ID",
                    "_SOURCE_REALTIME_TIMESTAMP",
                    "_SYSTEMD_UNIT",
                    "OBJECT_SYSTEMD_UNIT",
                    "_HOSTNAME");

    private final ReferenceParser parser;
    private final Map<String, String> values = new TreeMap<>();
    private boolean streamOrTime;
    private String text = "";
    private int pos;

    ReferenceJson(ReferenceParser parser) {
        this.parser = parser;
    }

    RecordText parse(String line) {
        text = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
        try {
            object();
        } catch (Other e) {
            return parser.parseText(line);
        }
        String log = values.get("log");
        String message = values.get("MESSAGE");
        boolean container = log != null && streamOrTime;
        if (container == (message != null)) {
            return parser.parseText(line);
        }
        return container ? parser.parseText(log).in(Carrier.CONTAINER) : entry(message);
    }

    private RecordText entry(String message) {
        RecordText none = new RecordText(ParseOutcome.NOT_OURS, Map.of());
        boolean ours = parser.parseText(message).outcome() != ParseOutcome.NOT_OURS;
        RecordText unknown = ours ? new RecordText(ParseOutcome.MALFORMED, Map.of()) : none;
        return switch (values.getOrDefault("_TRANSPORT", "")) {
            case "" -> values.containsKey("_TRANSPORT") ? none : unknown;
            case "audit" -> {
                String type = values.get("_AUDIT_TYPE");
                yield type == null ? unknown : type.equals("1326") ? audit(message) : none;
            }
            case "kernel" -> {
                String facility = values.get("SYSLOG_FACILITY");
                yield facility == null ? unknown : facility.equals("0") ? line(message) : none;
            }
            case "syslog" -> {
                boolean dispatcher =
                        "0".equals(values.get("_UID"))
                                && "audisp-syslog".equals(values.get("_COMM"));
                yield dispatcher ? line(message) : none;
            }
            default -> none;
        };
    }

    private RecordText line(String message) {
        return withUnit(parser.parseText(message));
    }

    private RecordText audit(String message) {
        Map<String, String> stamp = new TreeMap<>();
        String micros = values.getOrDefault("_SOURCE_REALTIME_TIMESTAMP", "");
        String serial = values.getOrDefault("_AUDIT_ID", "");
        if (micros.matches("0|[1-9][0-9]{0,16}")
                && serial.matches("0|[1-9][0-9]{0,9}")
                && Long.parseLong(serial) <= 0xffff_ffffL) {
            stamp.put("time", Long.toString(Long.parseLong(micros) / 1000));
            stamp.put("serial", serial);
        }
        return withUnit(parser.parseAuditMessage(message, stamp));
    }

    private RecordText withUnit(RecordText result) {
        RecordText inJournal = result.in(Carrier.JOURNAL);
        String unit = values.getOrDefault("OBJECT_SYSTEMD_UNIT", values.get("_SYSTEMD_UNIT"));
        if (unit != null && result.outcome() == ParseOutcome.RECORD) {
            inJournal
                    .fields()
                    .put(
                            "unit",
                            new String(
                                    unit.getBytes(StandardCharsets.ISO_8859_1),
                                    StandardCharsets.UTF_8));
        }
        return inJournal;
    }

    private void object() {
        expect('{');
        do {
            member();
        } while (take(','));
        expect('}');
        blanks();
        if (pos < text.length()) {
            throw new Other();
        }
    }

    private void member() {
        String name = looseString();
        expect(':');
        blanks();
        boolean isText = text.startsWith("\"", pos);
        streamOrTime |= isText && List.of("stream", "time").contains(name);
        if (name.equals("log") && isText) {
            put(name, decode(looseString()).orElseThrow(Other::new));
        } else if (JOURNAL.contains(name)) {
            journalField(name);
        } else {
            skip(0);
        }
    }

    /** Reads a text or an array of bytes. Fields of the kernel have no other values. */
    private void journalField(String name) {
        int start = pos;
        Matcher bytes = BYTES.matcher(text).region(pos, text.length());
        Optional<String> value = Optional.empty();
        if (text.startsWith("\"", pos)) {
            value = decode(looseString());
        } else if (bytes.lookingAt()) {
            List<Integer> numbers =
                    NUMBER.matcher(bytes.group())
                            .results()
                            .map(n -> Integer.valueOf(n.group()))
                            .toList();
            StringBuilder chars = new StringBuilder();
            numbers.forEach(n -> chars.append((char) n.intValue()));
            pos = bytes.end();
            value = numbers.stream().allMatch(n -> n < 256) ? Optional.of(chars.toString()) : value;
        }
        if (value.isPresent()) {
            put(name, value.get());
        } else {
            pos = start;
            skip(0);
        }
    }

    private void put(String name, String value) {
        if (values.put(name, value) != null) {
            throw new Other();
        }
    }

    private void skip(int depth) {
        blanks();
        if (depth > 32) {
            throw new Other();
        }
        if (text.startsWith("\"", pos)) {
            looseString();
        } else if (take('[')) {
            list(']', depth, false);
        } else if (take('{')) {
            list('}', depth, true);
        } else {
            pos += match(WORD).length();
        }
    }

    private void list(char close, int depth, boolean named) {
        if (take(close)) {
            return;
        }
        do {
            if (named) {
                looseString();
                expect(':');
            }
            skip(depth + 1);
        } while (take(','));
        expect(close);
    }

    private String looseString() {
        blanks();
        String all = match(LOOSE_STRING);
        pos += all.length();
        return all.substring(1, all.length() - 1);
    }

    private static Optional<String> decode(String raw) {
        return STRING.matcher(raw).matches()
                ? Optional.of(
                        ESCAPE.matcher(raw).replaceAll(m -> Matcher.quoteReplacement(decoded(m))))
                : Optional.empty();
    }

    private static String decoded(MatchResult escape) {
        if (escape.group(4) != null) {
            int index = "bfnrt".indexOf(escape.group(4));
            return index < 0 ? escape.group(4) : "\b\f\n\r\t".substring(index, index + 1);
        }
        String chars =
                escape.group(3) != null
                        ? "" + (char) Integer.parseInt(escape.group(3), 16)
                        : ""
                                + (char) Integer.parseInt(escape.group(1), 16)
                                + (char) Integer.parseInt(escape.group(2), 16);
        boolean lone = chars.length() == 1 && Character.isSurrogate(chars.charAt(0));
        byte[] utf8 = (lone ? "\ufffd" : chars).getBytes(StandardCharsets.UTF_8);
        return new String(utf8, StandardCharsets.ISO_8859_1);
    }

    private String match(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(pos, text.length());
        if (!matcher.lookingAt()) {
            throw new Other();
        }
        return matcher.group();
    }

    private void blanks() {
        pos += match(Pattern.compile(BLANKS)).length();
    }

    private boolean take(char c) {
        blanks();
        boolean there = text.startsWith(String.valueOf(c), pos);
        pos += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!take(c)) {
            throw new Other();
        }
    }
}
