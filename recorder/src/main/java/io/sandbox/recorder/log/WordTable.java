// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The calls of which records have only the name. For one thread. */
final class WordTable implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int RECENT = 256;

    private final TreeMap<String, Word> words = new TreeMap<>();

    /** Words by the hash of their bytes: most are found here, without making a string. */
    private transient Word[] recent;

    private static final class Word implements Serializable {
        private static final long serialVersionUID = 1L;

        private final byte[] raw;
        private long count;
        private long first = Long.MAX_VALUE;

        Word(String text) {
            raw = text.getBytes(StandardCharsets.UTF_8);
        }

        /** Returns whether the word was counted before. */
        boolean add(long more, long time) {
            boolean known = count > 0;
            count += more;
            first = Math.min(first, time);
            return known;
        }
    }

    /** Counts a record without the number of its call; returns whether it was counted before. */
    boolean add(SeccompRecord record, long time) {
        if (recent == null) {
            recent = new Word[RECENT];
        }
        int slot = record.rawHash(RecordField.SYSCALL) & RECENT - 1;
        Word word = recent[slot];
        if (word == null || !record.rawEquals(RecordField.SYSCALL, word.raw)) {
            word = word(record.text(RecordField.SYSCALL).orElse("?"));
            recent[slot] = word;
        }
        return word.add(1, time);
    }

    void add(String text, CallCount call) {
        word(text).add(call.count(), call.first());
    }

    /** Whether the call of a record is surely there, found without making a string. */
    boolean hasRecently(SeccompRecord record) {
        Word word =
                recent == null ? null : recent[record.rawHash(RecordField.SYSCALL) & RECENT - 1];
        return word != null && record.rawEquals(RecordField.SYSCALL, word.raw);
    }

    boolean has(String text) {
        return words.containsKey(text);
    }

    private Word word(String text) {
        return words.computeIfAbsent(text, Word::new);
    }

    /** By name, sorted. */
    Map<String, CallCount> calls() {
        Map<String, CallCount> calls = new TreeMap<>();
        words.forEach((text, word) -> calls.put(text, new CallCount(word.count, word.first)));
        return calls;
    }
}
