// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML text from the events of its parser, so that nesting is limited and a small text cannot
 * grow by aliases. A key that occurs twice is a mistake, and so is an alias.
 */
final class YamlTree {
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,30})");
    private static final Pattern NULL = Pattern.compile("null|Null|NULL|~|");
    private static final Pattern FLAG = Pattern.compile("true|True|TRUE|false|False|FALSE");

    /** A collection of which the end was not read yet. */
    private static final class Open {
        final int line;
        final int start;
        final boolean isRow;
        final String path;
        final Map<String, DataNode> members; // null in a list
        final List<DataNode> items = new ArrayList<>();
        String key; // null if a key comes next

        Open(int line, int start, String path, Event event) {
            this.line = line;
            this.start = start;
            this.path = path;
            isRow = event instanceof SequenceStartEvent sequence && sequence.isFlow();
            members = event instanceof MappingStartEvent ? new LinkedHashMap<>() : null;
        }

        String pathOfNext() {
            if (members == null) {
                return path + "[" + items.size() + "]";
            }
            String shown = key == null ? "" : ShownValue.of(key);
            return path.isEmpty() ? shown : path + "." + shown;
        }

        DataNode close(int end) {
            return new DataNode(line, path, members == null ? items : members, start, end, isRow);
        }
    }

    private final String text;
    private final List<DataNode> documents = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();

    /** The last place that was translated: nearly all marks are in order, and near each other. */
    private int lastIndex;

    private int lastOffset;

    private YamlTree(String text) {
        this.text = text;
    }

    /** The documents of a stream. Throws {@link PolicyFormatException} if the text is not YAML. */
    static List<DataNode> parse(String text) {
        YamlTree tree = new YamlTree(text);
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                tree.take(event);
            }
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw PolicyFormatException.at(line, "not YAML: " + shown(e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw PolicyFormatException.ofWhole("not YAML: " + shown(e.getMessage()));
        }
        return tree.documents;
    }

    private static String shown(String problem) {
        return ShownValue.of(problem.lines().findFirst().orElse("malformed"));
    }

    private void take(Event event) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        if (event instanceof AliasEvent) {
            throw PolicyFormatException.at(line, "aliases are not supported");
        } else if (event instanceof MappingStartEvent || event instanceof SequenceStartEvent) {
            open(line, event);
        } else if (event instanceof CollectionEndEvent) {
            add(open.pop().close(offset(event.getEndMark())));
        } else if (event instanceof ScalarEvent scalar) {
            takeScalar(line, scalar);
        }
    }

    /** Translates a mark, which counts code points, to chars. */
    private int offset(Optional<Mark> mark) {
        int index = mark.orElseThrow().getIndex();
        lastOffset = text.offsetByCodePoints(lastOffset, index - lastIndex);
        lastIndex = index;
        return lastOffset;
    }

    private void open(int line, Event event) {
        Open parent = open.peek();
        if (parent != null && parent.members != null && parent.key == null) {
            throw PolicyFormatException.at(line, "a key that is not a text");
        }
        if (open.size() >= DataNode.MAX_DEPTH) {
            throw PolicyFormatException.at(line, "nested too deeply");
        }
        String path = parent == null ? "" : parent.pathOfNext();
        open.push(new Open(line, offset(event.getStartMark()), path, event));
    }

    private void takeScalar(int line, ScalarEvent scalar) {
        Open parent = open.peek();
        if (parent != null && parent.members != null && parent.key == null) {
            parent.key = scalar.getValue();
            if (parent.members.containsKey(parent.key)) {
                throw PolicyFormatException.at(
                        line, ShownValue.of(parent.key) + ": the key is there twice");
            }
            return;
        }
        String path = parent == null ? "" : parent.pathOfNext();
        int start = offset(scalar.getStartMark());
        add(new DataNode(line, path, value(scalar), start, offset(scalar.getEndMark()), false));
    }

    private static Object value(ScalarEvent scalar) {
        String text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return text;
        }
        if (INTEGER.matcher(text).matches()) {
            return new BigInteger(text);
        }
        if (FLAG.matcher(text).matches()) {
            return Boolean.valueOf(text);
        }
        return NULL.matcher(text).matches() ? null : text;
    }

    private void add(DataNode node) {
        Open parent = open.peek();
        if (parent == null) {
            documents.add(node);
        } else if (parent.members == null) {
            parent.items.add(node);
        } else {
            parent.members.put(parent.key, node);
            parent.key = null;
        }
    }
}
