// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Finds where the values of a YAML text are. {@code YamlTree} has already read the text without an
 * error.
 */
public final class YamlSyntax {
    private final String text;
    private final Iterator<Event> events;

    /** The last place that was translated: nearly all marks are in order, and near each other. */
    private int lastIndex;

    private int lastOffset;

    private YamlSyntax(String text, Iterator<Event> events) {
        this.text = text;
        this.events = events;
    }

    /** The documents of a stream. */
    public static List<SyntaxNode> parse(String text) {
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        YamlSyntax syntax = new YamlSyntax(text, new Parse(settings).parseString(text).iterator());
        List<SyntaxNode> documents = new ArrayList<>();
        while (syntax.events.hasNext()) {
            Event event = syntax.events.next();
            if (event instanceof NodeEvent) {
                documents.add(syntax.node(event));
            }
        }
        return documents;
    }

    private SyntaxNode node(Event first) {
        int start = offset(first.getStartMark().orElseThrow());
        Map<String, SyntaxNode> members = new LinkedHashMap<>();
        List<SyntaxNode> items = new ArrayList<>();
        Event last = first;
        if (first instanceof MappingStartEvent) {
            while (!((last = events.next()) instanceof CollectionEndEvent)) {
                String key = last instanceof ScalarEvent scalar ? scalar.getValue() : "";
                members.put(key, node(events.next()));
            }
        } else if (first instanceof SequenceStartEvent) {
            while (!((last = events.next()) instanceof CollectionEndEvent)) {
                items.add(node(last));
            }
        }
        return new SyntaxNode(
                start,
                offset(last.getEndMark().orElseThrow()),
                first instanceof SequenceStartEvent sequence && sequence.isFlow(),
                first instanceof ScalarEvent scalar ? scalar.getValue() : "",
                members,
                items);
    }

    /** Translates a mark, which counts code points, to chars. */
    private int offset(Mark mark) {
        lastOffset = text.offsetByCodePoints(lastOffset, mark.getIndex() - lastIndex);
        lastIndex = mark.getIndex();
        return lastOffset;
    }
}
