package io.sandbox.enforcer.edit;

import io.sandbox.enforcer.edit.PolicyEdit.Addition;
import io.sandbox.enforcer.format.FirejailReader;
import io.sandbox.enforcer.format.JsonText;
import io.sandbox.enforcer.format.PolicyFormat;
import io.sandbox.enforcer.format.SpoReader;
import io.sandbox.enforcer.format.SystemdReader;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.enforcer.policy.PolicyEnvironment;
import io.sandbox.enforcer.policy.PolicySyntaxException;
import io.sandbox.enforcer.policy.PolicyText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where each format lists the calls that it allows. */
final class EditableParts {
    private static final Pattern MINIJAIL_PLAIN =
            Pattern.compile("\\s*([a-z_0-9]+)\\s*:\\s*(1|allow)\\s*(#.*)?");
    private static final Pattern MINIJAIL_NAME = Pattern.compile("\\s*([a-z_0-9]+)\\s*:.*");
    private static final String ALLOW = "SCMP_ACT_ALLOW";

    private EditableParts() {}

    /** In order; none if the file allows nothing that way. The text has been read before. */
    static List<EditablePart> of(PolicyFormat format, String text) {
        return switch (format) {
            case ENV, ENVFILE -> env(text);
            case LIST -> list(text);
            case MINIJAIL -> minijail(text);
            case FIREJAIL -> firejail(text);
            case SYSTEMD -> systemd(text);
            case JSON -> json(text);
            case OCI -> oci(text);
            case SPO -> spo(text);
        };
    }

    private static String canonical(String entry) {
        try {
            List<PolicyEntry> read = PolicyText.parseEntries(entry);
            return read.size() == 1 ? PolicyText.format(read) : "";
        } catch (PolicySyntaxException e) {
            return "";
        }
    }

    private static List<EditablePart> env(String text) {
        TextLines lines = new TextLines(text);
        for (int i = 0; i < lines.count(); i++) {
            String line = lines.content(i);
            if (line.strip().startsWith(PolicyEnvironment.ALLOW + "=")) {
                int start = lines.start(i) + line.indexOf('=') + 1;
                start += text.startsWith("\"", start) ? 1 : 0;
                int end = lines.start(i) + line.stripTrailing().length();
                end -= end > start && text.charAt(end - 1) == '"' ? 1 : 0;
                return List.of(row(text, start, end, "[^:]+", ":"));
            }
        }
        return List.of();
    }

    /**
     * @param item what an item looks like
     */
    private static EditableRow row(String text, int start, int end, String item, String separator) {
        List<EditableItem> items = new ArrayList<>();
        Matcher matcher = Pattern.compile(item).matcher(text).region(start, end);
        while (matcher.find()) {
            String word = matcher.group().strip();
            if (!word.isEmpty()) {
                int from = matcher.start() + matcher.group().indexOf(word);
                String subject = word.startsWith("@") ? word : canonical(word.replace("$", ""));
                items.add(new EditableItem(subject, from, from + word.length()));
            }
        }
        String number = separator.equals(",") ? "$" : "";
        return new EditableRow(
                items,
                items.isEmpty() ? start : items.get(0).start(),
                separator,
                addition ->
                        (addition.call() instanceof CallRef.Numbered ? number : "")
                                + addition.call());
    }

    private static String remark(Addition addition) {
        return addition.reason().isEmpty() ? "" : "  # " + addition.reason();
    }

    private static List<EditablePart> list(String text) {
        List<String> subjects =
                text.lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .map(entry -> entry.isEmpty() ? null : canonical(entry))
                        .collect(Collectors.toList());
        return List.of(
                EditableLines.of(
                        text, subjects, '#', addition -> addition.call() + remark(addition)));
    }

    private static List<EditablePart> minijail(String text) {
        List<String> subjects = new ArrayList<>();
        boolean goesOn = false;
        for (String line : text.lines().toList()) {
            Matcher plain = MINIJAIL_PLAIN.matcher(line);
            boolean isItem = !goesOn && MINIJAIL_NAME.matcher(line).matches();
            // With conditions it is an item that stays, but one that has a place in the order.
            subjects.add(!isItem ? null : plain.matches() ? plain.group(1) : placeholder(line));
            goesOn = line.endsWith("\\");
        }
        return List.of(
                EditableLines.of(
                        text,
                        subjects,
                        '#',
                        addition -> addition.call() + ": 1" + remark(addition)));
    }

    /** No subject of a rule ends with a colon. */
    private static String placeholder(String line) {
        return line.substring(0, line.indexOf(':') + 1).strip();
    }

    /** The last one counts. */
    private static List<EditablePart> firejail(String text) {
        TextLines lines = new TextLines(text);
        List<EditablePart> last = List.of();
        for (int i = 0; i < lines.count(); i++) {
            String line = lines.content(i);
            String[] words = line.strip().split("\\s+", 2);
            if (words[0].equals(FirejailReader.KEEP) && words.length == 2) {
                int start = lines.start(i) + line.indexOf(words[1]);
                last = List.of(row(text, start, start + words[1].length(), "[^,]+", ","));
            }
        }
        return last;
    }

    /** Lines that add; where a setting goes on over several, its first one. */
    private static List<EditablePart> systemd(String text) {
        TextLines lines = new TextLines(text);
        List<EditablePart> parts = new ArrayList<>();
        Pattern setting = Pattern.compile("\\s*" + SystemdReader.FILTER + "\\s*=\\s*([^~\\s].*)");
        for (int i = 0; i < lines.count(); i++) {
            Matcher matcher = setting.matcher(lines.content(i));
            if (matcher.matches()) {
                int start = lines.start(i) + matcher.start(1);
                int end = lines.start(i) + matcher.end(1);
                parts.add(row(text, start, end, "[^\\s\\\\]+", " "));
            }
        }
        return parts;
    }

    private static List<EditablePart> json(String text) {
        SyntaxNode rules = JsonSyntax.parse(text).members().get("rules");
        List<EditableItem> items = new ArrayList<>();
        for (SyntaxNode rule : rules.items()) {
            String call = rule.members().get("call").text();
            boolean allow = rule.find("action").filter(a -> a.text().equals("allow")).isPresent();
            String conditions =
                    rule.find("if").map(SyntaxNode::items).orElse(List.of()).stream()
                            .map(SyntaxNode::text)
                            .collect(Collectors.joining(","));
            String entry = conditions.isEmpty() ? call : call + "(" + conditions + ")";
            items.add(
                    new EditableItem(
                            allow ? canonical(entry) : entry + ":", rule.start(), rule.end()));
        }
        return List.of(jsonRow(text, rules, items, EditableParts::jsonRule));
    }

    private static String jsonRule(Addition addition) {
        String reason =
                addition.reason().isEmpty()
                        ? ""
                        : ", \"reason\": " + JsonText.quoted(addition.reason());
        return "{\"call\": \"" + addition.call() + "\", \"action\": \"allow\"" + reason + "}";
    }

    private static EditableRow jsonRow(
            String text,
            SyntaxNode list,
            List<EditableItem> items,
            Function<Addition, String> writer) {
        int start = items.isEmpty() ? list.start() + 1 : items.get(0).start();
        return new EditableRow(items, start, separator(text, list), writer);
    }

    /** What is between the last two items, or what would be, were there two. */
    private static String separator(String text, SyntaxNode list) {
        int count = list.items().size();
        if (count >= 2) {
            int from = list.items().get(count - 2).end();
            return text.substring(from, list.items().get(count - 1).start());
        }
        String before =
                count == 0 ? "" : text.substring(list.start() + 1, list.items().get(0).start());
        return before.isEmpty() ? ", " : "," + before;
    }

    private static List<EditablePart> oci(String text) {
        SyntaxNode root = JsonSyntax.parse(text);
        SyntaxNode profile =
                root.find("linux").flatMap(linux -> linux.find("seccomp")).orElse(root);
        List<EditablePart> parts = new ArrayList<>();
        for (SyntaxNode names : plainNames(profile)) {
            parts.add(
                    jsonRow(text, names, names(names), addition -> "\"" + addition.call() + "\""));
        }
        return parts;
    }

    /** The lists of names that are allowed whatever the arguments and circumstances. */
    private static List<SyntaxNode> plainNames(SyntaxNode profile) {
        List<SyntaxNode> found = new ArrayList<>();
        for (SyntaxNode rule : profile.find("syscalls").map(SyntaxNode::items).orElse(List.of())) {
            boolean plain =
                    rule.find("action").filter(a -> a.text().equals(ALLOW)).isPresent()
                            && !rule.has("args")
                            && !rule.has("includes")
                            && !rule.has("excludes");
            if (plain) {
                rule.find("names").ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<EditableItem> names(SyntaxNode list) {
        List<EditableItem> items = new ArrayList<>();
        for (SyntaxNode name : list.items()) {
            items.add(new EditableItem(name.text(), name.start(), name.end()));
        }
        return items;
    }

    private static List<EditablePart> spo(String text) {
        List<EditablePart> parts = new ArrayList<>();
        for (SyntaxNode document : YamlSyntax.parse(text)) {
            boolean isProfile =
                    document.find("kind")
                            .filter(kind -> kind.text().equals(SpoReader.KIND))
                            .isPresent();
            if (isProfile) {
                plainNames(document.members().get("spec"))
                        .forEach(names -> parts.add(yamlNames(text, names)));
            }
        }
        return parts;
    }

    private static EditablePart yamlNames(String text, SyntaxNode list) {
        if (list.isRow()) {
            return jsonRow(text, list, names(list), addition -> addition.call().toString());
        }
        TextLines lines = new TextLines(text);
        List<String> subjects = new ArrayList<>(Collections.nCopies(lines.count(), (String) null));
        String dash = "- ";
        for (SyntaxNode name : list.items()) {
            int line = lines.lineAt(name.start());
            subjects.set(line, name.text());
            dash = text.substring(lines.start(line), name.start());
        }
        String before = dash;
        return EditableLines.of(
                text, subjects, '#', addition -> before + addition.call() + remark(addition));
    }
}
