// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A simple and slow implementation of the rules of {@link SeccompRecordParser}, with strings and
 * regular expressions, as its oracle. Strings hold one char per byte.
 */
final class ReferenceParser {

    /** Ends the reading of a record, with the outcome. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final ParseOutcome outcome;

        Stop(ParseOutcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }

    private static final String U32 = "0|[1-9][0-9]{0,9}";
    private static final String INT = "-?(?:" + U32 + ")";
    private static final String HEX32 = "0|[1-9a-f][0-9a-f]{0,7}";
    private static final String STRING = "\"[!#-~]*\"|(?:[0-9A-F]{2})+|\\(null\\)";

    private static final Map<RecordField, Pattern> WHOLE = new TreeMap<>();

    /** The forms of a truncated value. */
    private static final Map<RecordField, Pattern> CUT = new TreeMap<>();

    static {
        for (RecordField field : RecordField.values()) {
            String[] form =
                    switch (field) {
                        case AUID, UID, GID, SES -> new String[] {U32, ""};
                        case PID, SIG, SYSCALL -> new String[] {INT, "-?"};
                        case ARCH -> new String[] {HEX32, ""};
                        case COMPAT -> new String[] {"[01]", ""};
                        case IP -> new String[] {"0x(?:0|[1-9a-f][0-9a-f]{0,15})", "0?|0x"};
                        case COMM, EXE, REASON ->
                                new String[] {STRING, "\"[!#-~]*|(?:[0-9A-F]{2})*.?|\\(n?u?l?l?"};
                        case SUBJ, CODE -> new String[] {"", ""};
                    };
            WHOLE.put(field, Pattern.compile(form[0], Pattern.DOTALL));
            CUT.put(field, Pattern.compile(form[0] + "|" + form[1], Pattern.DOTALL));
        }
    }

    private static final String TYPE_WORD = "([^ =]{0,63})";
    private static final Pattern FIRST_HEAD =
            Pattern.compile(
                    "(?:node=[^ ]* )?type=([^ ]{0,64})( msg=audit\\(| audit\\()", Pattern.DOTALL);
    private static final Pattern FIRST_CUT =
            Pattern.compile(
                    "(?:node=[^ ]* )?type=(?:SECCOMP|1326|UNKNOWN\\[1326\\])( .*)?",
                    Pattern.DOTALL);
    private static final Pattern HEAD_BEFORE =
            Pattern.compile("(?<![A-Za-z0-9_])type=" + TYPE_WORD + " (?:msg=)?\\z", Pattern.DOTALL);
    private static final Pattern COLON_TYPE =
            Pattern.compile(
                    "audit: type=(SECCOMP|1326|UNKNOWN\\[1326\\])( .*)?\\z", Pattern.DOTALL);
    private static final Pattern STAMP =
            Pattern.compile("(0|[1-9][0-9]{0,10})\\.([0-9]{3}):(" + U32 + ")\\): ");
    private static final Pattern ANDROID_STAMP = Pattern.compile("0\\.0:(" + U32 + ")\\): ");
    private static final Pattern WORD_STAMP =
            Pattern.compile("(?=[^)]* )([^)(\\[=]{0,48}):([0-9]{1,10})\\) ?: ", Pattern.DOTALL);
    private static final Pattern HEAD_WORD =
            Pattern.compile("(?:auid|uid|gid|ses|pid)=[^ ]* |subj=.*? (?=pid=)", Pattern.DOTALL);
    private static final Pattern TAIL_WORD =
            Pattern.compile(
                    "(?:auid|uid|gid|ses|pid|comm|exe|reason|sig|arch|syscall|compat|ip|code)=[^ ]*"
                            + " ",
                    Pattern.DOTALL);
    private static final Pattern HEADLESS = Pattern.compile("(?<![^ \\t])ip=0x[0-9a-f]+ code=");
    private static final Pattern TASK = Pattern.compile(" pid=[0-9]+ comm=");
    private static final Pattern PID_TAG =
            Pattern.compile("([A-Za-z0-9_.)/-]+)\\[([0-9]{1,10})\\]: \\z");
    private static final Pattern NAME_TAG = Pattern.compile("([A-Za-z0-9_.)/-]+): \\z");
    private static final Pattern FIRST_TAG =
            Pattern.compile("([A-Za-z0-9_.)/-]{1,64})\\[[0-9]{1,10}\\]: ");
    private static final Pattern MESSAGE_TAG =
            Pattern.compile("^<[^>]{0,3}>1 [^ ]* [^ ]* ([^ ]*) [0-9]+ ");
    private static final Pattern SPEAKER =
            Pattern.compile(
                    "([A-Za-z0-9_.)/-]+)\\[[^\\[]{0,62}\\]:?(?: |audit:|\\[[^\\[]{0,62}\\]:?)*\\z",
                    Pattern.DOTALL);
    private static final Pattern LOSS =
            Pattern.compile(
                    "(?<![^ \\t;>#\\]:])(?:audit: (?:backlog limit exceeded|rate limit exceeded|out"
                        + " of memory in audit_|kauditd (?:hold|retry) queue"
                        + " overflow)|audit_lost=([0-9]+)( ?)|audit_backlog=(?<backlog>[0-9]+) >"
                        + " audit_backlog_limit=|(?<name>\\w*audit\\w*): (?<shown>[0-9]+) callbacks"
                        + " suppressed)");

    private static final Pattern CRI =
            Pattern.compile(
                    "(?=.{40})[0-9][^ ]{9}T[^ ]{0,29} (stdout|stderr) [FP][ :]", Pattern.DOTALL);

    private final Map<String, String> fields = new TreeMap<>();
    private String text = "";
    private boolean whole;
    private boolean endDelimits;

    RecordText parseLine(byte[] line) {
        String all = new String(line, StandardCharsets.ISO_8859_1);
        if (all.startsWith("{")) {
            return new ReferenceJson(this).parse(all);
        }
        Matcher cri = CRI.matcher(all);
        if (cri.lookingAt()) {
            return parseText(all.substring(cri.end())).in(Carrier.CONTAINER);
        }
        RecordText result = parseText(all);
        boolean ours =
                result.outcome() == ParseOutcome.RECORD || result.outcome() == ParseOutcome.LOSS;
        return ours && all.startsWith("MESSAGE=")
                ? new RecordText(ParseOutcome.MALFORMED, Map.of())
                : result;
    }

    /** {@code SECCOMP auid=...} from the audit socket, after its type. */
    RecordText parseAuditMessage(String message, Map<String, String> stamp) {
        return run(
                () -> {
                    fields.putAll(stamp);
                    whole = true;
                    endDelimits = true;
                    int blank = message.indexOf(' ');
                    body(blank < 0 ? "" : message.substring(blank + 1));
                });
    }

    RecordText parseText(String line) {
        String all = line;
        boolean terminated = all.endsWith("\n");
        all = terminated ? all.substring(0, all.length() - 1) : all;
        all = all.endsWith("\r") ? all.substring(0, all.length() - 1) : all;
        String input = all;
        boolean complete = terminated;
        return run(() -> line(input, complete));
    }

    RecordText parsePayload(byte[] payload) {
        String input =
                new String(payload, StandardCharsets.ISO_8859_1).replaceAll("[\0\n]+\\z", "");
        return run(
                () -> {
                    whole = true;
                    endDelimits = true;
                    if (!input.startsWith("audit(")) {
                        throw new Stop(ParseOutcome.MALFORMED);
                    }
                    afterStamp(input.substring(6), false);
                });
    }

    private RecordText run(Runnable reading) {
        fields.clear();
        whole = false;
        endDelimits = false;
        try {
            reading.run();
            return new RecordText(ParseOutcome.RECORD, new TreeMap<>(fields));
        } catch (Stop stop) {
            boolean loss = stop.outcome == ParseOutcome.LOSS;
            return new RecordText(stop.outcome, loss ? new TreeMap<>(fields) : Map.of());
        }
    }

    private void line(String line, boolean terminated) {
        Matcher first = FIRST_HEAD.matcher(line);
        if (first.lookingAt()) {
            head(first.group(1), line.substring(first.end()), terminated);
            return;
        }
        Matcher cut = FIRST_CUT.matcher(line);
        if (cut.matches() && isCutOrElided(cut.group(1))) {
            cutHead(cut.group(1), terminated);
            return;
        }
        for (int hit = line.indexOf("audit"); hit >= 0; hit = line.indexOf("audit", hit + 5)) {
            String before = line.substring(0, hit);
            String from = line.substring(hit);
            Matcher head = HEAD_BEFORE.matcher(before);
            Matcher colon = COLON_TYPE.matcher(from);
            if (from.startsWith("audit(") && head.find()) {
                boolean isHead = isSeccomp(head.group(1)) || isLegacy(head.group(1));
                checkBefore(
                        isHead && (from.length() == 6 || Character.isDigit(from.charAt(6))),
                        line.substring(0, head.start()));
                head(head.group(1), from.substring(6), terminated);
                return;
            } else if (colon.matches() && isCutOrElided(colon.group(2))) {
                checkBefore(true, line.substring(0, hit + 7));
                cutHead(colon.group(2), terminated);
                return;
            }
            loss(line, hit);
        }
        message(line);
    }

    private static boolean isCutOrElided(String rest) {
        String cut = rest == null ? "" : rest;
        return isProperBeginning(cut, " msg=audit(")
                || isProperBeginning(cut, " audit(")
                || cut.startsWith(" ...")
                || cut.startsWith(" \u00e2\u0080\u00a6");
    }

    private static boolean isProperBeginning(String part, String all) {
        return part.length() < all.length() && all.startsWith(part);
    }

    private static boolean isSeccomp(String type) {
        return type.equals("SECCOMP") || type.equals("1326") || type.equals("UNKNOWN[1326]");
    }

    private static boolean isLegacy(String type) {
        return type.equals("1701") || type.equals("ANOM_ABEND");
    }

    private void checkBefore(boolean isHead, String before) {
        if (isHead && isForeign(before)) {
            throw new Stop(ParseOutcome.NOT_OURS);
        }
        if (isHead && isQuoted(before)) {
            throw new Stop(ParseOutcome.MALFORMED);
        }
    }

    private static boolean isForeign(String before) {
        Matcher speaker = SPEAKER.matcher(before);
        Matcher tag = FIRST_TAG.matcher(before);
        Matcher message = MESSAGE_TAG.matcher(before);
        return tag.find() && !isTrusted(tag.group(1))
                || message.find() && !isTrusted(message.group(1))
                || speaker.find() && !isTrusted(speaker.group(1));
    }

    private static boolean isTrusted(String tag) {
        return tag.equals("kernel") || tag.startsWith("audi");
    }

    private static boolean isQuoted(String before) {
        return before.chars().filter(c -> c == '"').count() % 2 == 1;
    }

    private void cutHead(String rest, boolean terminated) {
        if (!isCutOrElided(rest)) {
            throw new Stop(ParseOutcome.NOT_OURS);
        }
        if (rest == null
                || isProperBeginning(rest, " msg=audit(")
                || isProperBeginning(rest, " audit(")) {
            throw new Stop(ParseOutcome.MALFORMED);
        }
        endDelimits = terminated;
        body(rest.substring(1));
    }

    private void head(String type, String afterParenthesis, boolean terminated) {
        if (!isSeccomp(type) && !isLegacy(type)
                || !afterParenthesis.isEmpty() && !afterParenthesis.matches("(?s)[0-9].*")) {
            throw new Stop(ParseOutcome.NOT_OURS);
        }
        if (isSeccomp(type)) {
            afterStamp(afterParenthesis, terminated);
            return;
        }
        ParseOutcome result = ParseOutcome.RECORD;
        try {
            afterStamp(afterParenthesis, false);
        } catch (Stop stop) {
            result = stop.outcome;
        }
        if (!"\"seccomp\"".equals(fields.get("REASON"))) {
            result = ParseOutcome.NOT_OURS;
        }
        if (result != ParseOutcome.RECORD) {
            throw new Stop(result);
        }
    }

    private void afterStamp(String input, boolean terminated) {
        Matcher stamp = STAMP.matcher(input);
        if (stamp.lookingAt() && fitsU32(stamp.group(3))) {
            fields.put("time", Long.toString(Long.parseLong(stamp.group(1) + stamp.group(2))));
            fields.put("serial", stamp.group(3));
            body(input.substring(stamp.end()));
            return;
        }
        Matcher android = ANDROID_STAMP.matcher(input);
        if (!whole && android.lookingAt() && fitsU32(android.group(1))) {
            fields.put("serial", android.group(1));
            body(input.substring(android.end()));
            return;
        }
        Matcher words = WORD_STAMP.matcher(input);
        if (!whole && !stamp.lookingAt() && words.lookingAt() && fitsU32(words.group(2))) {
            fields.put(
                    "timeText",
                    new String(
                            words.group(1).getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8));
            fields.put("serial", words.group(2).replaceFirst("^0+(?=.)", ""));
            interpreted(input.substring(words.end()), terminated);
            return;
        }
        throw new Stop(ParseOutcome.MALFORMED);
    }

    private static boolean fitsU32(String digits) {
        return Long.parseLong(digits) <= 0xffff_ffffL;
    }

    // ---- kernel form

    private void body(String input) {
        text = input;
        Map<String, String> stamp = new TreeMap<>(fields);
        ParseOutcome result = ParseOutcome.RECORD;
        try {
            tokens(0, 0);
        } catch (Stop stop) {
            result = stop.outcome;
        }
        int last = lastTask();
        if (subjStart >= 0 && last > pidStart) {
            if (!whole && text.substring(subjStart, last).contains("audit(")) {
                throw new Stop(ParseOutcome.MALFORMED);
            }
            fields.keySet()
                    .removeIf(
                            key ->
                                    !stamp.containsKey(key)
                                            && RecordField.valueOf(key).compareTo(RecordField.SUBJ)
                                                    > 0);
            fields.put("SUBJ", text.substring(subjStart, last - 1));
            tokens(last, RecordField.PID.ordinal());
        } else if (result != ParseOutcome.RECORD) {
            throw new Stop(result);
        }
    }

    private int subjStart;
    private int pidStart;

    private int lastTask() {
        int last = -1;
        Matcher task = TASK.matcher(text);
        for (int from = Math.max(subjStart, 0);
                from < text.length() && task.find(from);
                from = task.start() + 1) {
            last = task.start() + 1;
        }
        return last;
    }

    private void tokens(int from, int firstField) {
        int pos = from;
        int next = firstField;
        if (firstField == 0) {
            subjStart = -1;
            pidStart = -1;
        }
        while (pos < text.length()) {
            if (text.charAt(pos) == ' ') {
                pos++;
                continue;
            }
            pos += text.startsWith("**", pos) ? 2 : 0;
            Optional<RecordField> field = fieldAt(pos);
            if (field.isEmpty()) {
                pos = unknown(pos);
                if (pos < 0) {
                    break;
                }
                continue;
            }
            if (field.get().ordinal() < next) {
                throw new Stop(ParseOutcome.MALFORMED);
            }
            next = field.get().ordinal() + 1;
            pos = known(field.get(), pos);
            if (pos < 0 || field.get() == RecordField.CODE) {
                break;
            }
        }
        if (!fields.containsKey("SYSCALL") || whole && !fields.containsKey("CODE")) {
            throw new Stop(ParseOutcome.MALFORMED);
        }
    }

    private Optional<RecordField> fieldAt(int pos) {
        for (RecordField field : RecordField.values()) {
            if (text.startsWith(key(field), pos)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    private static String key(RecordField field) {
        return field.name().toLowerCase(Locale.ROOT) + "=";
    }

    /** The position after the token, or -1 if it is truncated. */
    private int unknown(int pos) {
        int blank = text.indexOf(' ', pos);
        int end = blank < 0 ? text.length() : blank;
        int quote = text.indexOf("=\"", pos);
        if (quote < 0 || quote + 1 >= end) {
            return end;
        }
        int close = text.indexOf('"', quote + 2);
        return close < 0 ? cut() : delimiter(close + 1);
    }

    /** The value reaches the end of the line: it is no field. */
    private int cut() {
        if (whole) {
            throw new Stop(ParseOutcome.MALFORMED);
        }
        return -1;
    }

    private int delimiter(int end) {
        if (end == text.length()) {
            return endDelimits ? end : cut();
        }
        if (text.charAt(end) == ' ' || text.startsWith("** ", end)) {
            return text.indexOf(' ', end) + 1;
        }
        throw new Stop(ParseOutcome.MALFORMED);
    }

    private int known(RecordField field, int pos) {
        int from = pos + key(field).length();
        if (field == RecordField.CODE) {
            return code(from);
        }
        if (field == RecordField.SUBJ) {
            subjStart = from;
            int end = text.indexOf(" pid=", from);
            if (end < 0) {
                return cut();
            }
            fields.put("SUBJ", text.substring(from, end));
            return end + 1;
        }
        if (field == RecordField.PID) {
            pidStart = pos;
        }
        int blank = text.indexOf(' ', from);
        int tokenEnd = blank < 0 ? text.length() : blank;
        String value = text.substring(from, tokenEnd);
        if (blank >= 0 && value.endsWith("**")) {
            value = value.substring(0, value.length() - 2);
        }
        boolean isWhole = WHOLE.get(field).matcher(value).matches() && inRange(field, value);
        boolean ended = blank >= 0 || endDelimits && isWhole;
        if (!ended) {
            boolean cut = CUT.get(field).matcher(value).matches() && inRange(field, value);
            if (!cut) {
                throw new Stop(ParseOutcome.MALFORMED);
            }
            return cut();
        }
        if (!isWhole) {
            throw new Stop(ParseOutcome.MALFORMED);
        }
        if (!value.equals("(null)")) {
            String shown =
                    field == RecordField.IP ? value.substring(2) : value.equals("-0") ? "0" : value;
            fields.put(field.name(), shown);
        }
        return blank < 0 ? tokenEnd : tokenEnd + 1;
    }

    private static boolean inRange(RecordField field, String value) {
        return switch (field) {
            case AUID, UID, GID, SES -> value.isEmpty() || fitsU32(value);
            case PID, SIG, SYSCALL ->
                    value.isEmpty()
                            || value.equals("-")
                            || Long.parseLong(value) == (int) Long.parseLong(value);
            default -> true;
        };
    }

    private int code(int from) {
        Matcher code =
                Pattern.compile("0x(0|[1-9a-f][0-9a-f]*)")
                        .matcher(text)
                        .region(from, text.length());
        if (!code.lookingAt()) {
            if (text.substring(from).matches("0?x?")) {
                return text.substring(from).equals("x") ? malformed() : cut();
            }
            return malformed();
        }
        int end = code.end();
        String rest = text.substring(end);
        boolean tooLong = code.group(1).length() > 8;
        boolean leadingZero = code.group(1).equals("0") && rest.matches("(?s)[0-9a-f].*");
        if (tooLong
                || leadingZero
                || rest.matches("(?s)\\w.*")
                        && !rest.startsWith("AUID=")
                        && !isProperBeginning(rest, "AUID=")) {
            return malformed();
        }
        String value = code.group(1);
        boolean known =
                value.equals("0") || value.matches("(?:8000|3|5|7fc0|7ff0|7ffc|7fff)[0-9a-f]{4}");
        if (rest.isEmpty() && !endDelimits && !known) {
            return cut();
        }
        fields.put("CODE", value);
        return end;
    }

    private static int malformed() {
        throw new Stop(ParseOutcome.MALFORMED);
    }

    // ---- other forms

    private void message(String line) {
        int at = line.indexOf("SECCOMP auid=");
        String before = line.substring(0, Math.max(0, at));
        boolean bracketed = before.endsWith("]: ");
        Matcher pid = PID_TAG.matcher(before);
        Matcher name = NAME_TAG.matcher(before);
        if (at < 0
                || before.matches("(?s).*\\w")
                || before.replaceFirst("]: \\z", "").contains("]: ")
                || bracketed && !pid.find()) {
            headless(line);
            throw new Stop(ParseOutcome.NOT_OURS);
        }
        boolean trusted =
                bracketed
                        ? isTrusted(pid.group(1))
                        : before.matches("[ \t>`*]*")
                                || name.find()
                                        && isTrusted(name.group(1))
                                        && isFirstTag(before, name.start());
        if (isQuoted(before)) {
            if (trusted || !bracketed) {
                throw new Stop(ParseOutcome.MALFORMED);
            }
            headless(line);
            throw new Stop(ParseOutcome.NOT_OURS);
        }
        ParseOutcome result = ParseOutcome.RECORD;
        try {
            body(line.substring(at + "SECCOMP ".length()));
        } catch (Stop stop) {
            result = stop.outcome;
        }
        if (!trusted && bracketed) {
            boolean same = Long.toString(Long.parseLong(pid.group(2))).equals(fields.get("PID"));
            result = same ? result : ParseOutcome.NOT_OURS;
        } else if (!trusted && result == ParseOutcome.RECORD && !isOfCommand(before)) {
            result = ParseOutcome.MALFORMED;
        }
        if (result != ParseOutcome.RECORD) {
            throw new Stop(result);
        }
    }

    private static void headless(String line) {
        Matcher end = HEADLESS.matcher(line);
        if (end.find() && !isForeign(line.substring(0, end.start()))) {
            throw new Stop(ParseOutcome.MALFORMED);
        }
    }

    private static boolean isFirstTag(String before, int tag) {
        return !before.substring(0, tag).contains(": ");
    }

    private boolean isOfCommand(String before) {
        String raw = fields.getOrDefault("COMM", "");
        String command =
                raw.startsWith("\"")
                        ? raw.substring(1, raw.length() - 1)
                        : new String(HexFormat.of().parseHex(raw), StandardCharsets.ISO_8859_1);
        int tag = before.length() - command.length() - 2;
        return !command.isEmpty()
                && before.endsWith(command + ": ")
                && (tag == 0 || before.charAt(tag - 1) == ' ')
                && isFirstTag(before, tag);
    }

    private void loss(String line, int hit) {
        Matcher loss = LOSS.matcher(line);
        loss.useTransparentBounds(true);
        int word = hit;
        while (word > 0 && String.valueOf(line.charAt(word - 1)).matches("\\w")) {
            word--;
        }
        loss.region(word, line.length());
        if (!loss.lookingAt()) {
            return;
        }
        String before = line.substring(0, word);
        boolean overflow =
                loss.group(1) != null && overflows(loss.group(1))
                        || loss.group("shown") != null && overflows(loss.group("shown"))
                        || loss.group("backlog") != null && overflows(loss.group("backlog"));
        if (overflow) {
            return;
        }
        if (isForeign(before) || isQuoted(before)) {
            throw new Stop(ParseOutcome.NOT_OURS);
        }
        LossKind kind = LossKind.UNCOUNTED;
        OptionalLong count = OptionalLong.empty();
        if (loss.group(1) != null && !loss.group(2).isEmpty()) {
            kind = LossKind.LOST_TOTAL;
            count = OptionalLong.of(Long.parseLong(loss.group(1)));
        } else if (loss.group("name") != null) {
            kind =
                    loss.group("name").matches("(?:kauditd|audit)_printk_skb")
                            ? LossKind.PRINTK_SUPPRESSED
                            : LossKind.WARNINGS_SUPPRESSED;
            count = OptionalLong.of(Long.parseLong(loss.group("shown")));
        }
        fields.clear();
        fields.put("loss", kind + " " + count);
        throw new Stop(ParseOutcome.LOSS);
    }

    private static boolean overflows(String digits) {
        return new BigInteger(digits).bitLength() > 32;
    }

    private void interpreted(String input, boolean terminated) {
        int sig = input.lastIndexOf(" sig=");
        if (sig < 0) {
            malformed();
        }
        String rest = input.substring(0, sig) + " ";
        int next = 0;
        for (Matcher word = HEAD_WORD.matcher(rest);
                word.lookingAt();
                word = HEAD_WORD.matcher(rest)) {
            next = put(word.group(), next);
            rest = rest.substring(word.end());
        }
        if (rest.startsWith("subj=")) {
            malformed();
        }
        Matcher names =
                Pattern.compile("(?:comm=(.*?)(?: exe=(.*))? )?", Pattern.DOTALL).matcher(rest);
        if (!names.matches() || names.group(2) != null && names.group(2).contains(" exe=")) {
            malformed();
        } else if (names.group(1) != null) {
            fields.put("COMM", names.group(1));
            Optional.ofNullable(names.group(2)).ifPresent(exe -> fields.put("EXE", exe));
        }
        inOrder(input.substring(sig + 1), terminated);
        if (!fields.containsKey("SYSCALL_text")) {
            malformed();
        }
    }

    private void inOrder(String input, boolean endIsDelimiter) {
        int next = 0;
        String rest = input + (endIsDelimiter ? " " : "");
        for (Matcher word = TAIL_WORD.matcher(rest);
                word.lookingAt();
                word = TAIL_WORD.matcher(rest)) {
            next = put(word.group(), next);
            rest = rest.substring(word.end());
        }
        String token = rest;
        if (Arrays.stream(RecordField.values())
                .limit(next)
                .anyMatch(field -> token.startsWith(key(field)))) {
            malformed();
        }
    }

    /** Stores {@code key=word } and returns the lowest field that may follow. */
    private int put(String token, int next) {
        RecordField field =
                Arrays.stream(RecordField.values())
                        .filter(f -> token.startsWith(key(f)))
                        .findFirst()
                        .orElseThrow();
        if (field.ordinal() < next) {
            malformed();
        }
        String value = token.substring(key(field).length(), token.length() - 1);
        if (!value.isEmpty()) {
            boolean number =
                    switch (field) {
                        case SES, PID, COMPAT, IP ->
                                WHOLE.get(field).matcher(value).matches() && inRange(field, value);
                        case SUBJ -> true;
                        default -> false;
                    };
            fields.put(
                    field + (number ? "" : "_text"),
                    number && field == RecordField.IP ? value.substring(2) : value);
        }
        return field.ordinal() + 1;
    }
}
