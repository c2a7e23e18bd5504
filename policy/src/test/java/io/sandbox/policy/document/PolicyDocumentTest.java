// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PolicyDocumentTest {
    private static final String LIST = "read:write(arg0==1)";

    private static Policy allowing(Action action) {
        return Policy.allowing(PolicyText.parseEntries(LIST), action);
    }

    @Test
    void of_allowlist_allowsItsEntriesAndRefusesTheRest() {
        PolicyDocument document = PolicyDocument.of(allowing(Action.TRAP).withLogDenials(true));
        assertEquals(Action.TRAP, document.otherwise());
        assertEquals("read allow; write(arg0==1) allow", Policies.rules(document));
        assertTrue(document.logDenials());
        assertFalse(document.ignoresMissing());
    }

    /** The order of a list means nothing: the strictest entry comes first. */
    @Table
    void of_list_isInTheOrderOfStrictness(
            Policy.Mode mode, String action, String entries, String rules) {
        String list = entries.replaceAll(" (allow|deny)", "").replace(" errno:", "=");
        Policy policy =
                new Policy(
                        mode,
                        PolicyText.parseAction(action),
                        PolicyText.parseEntries(list.replace("; ", ":")),
                        false);
        PolicyDocument document = PolicyDocument.of(policy);
        assertEquals(rules, Policies.rules(document));
        boolean allows = mode == Policy.Mode.ALLOW;
        assertEquals(allows ? policy.action() : Action.ALLOW, document.otherwise());
        assertFalse(document.logDenials());
    }

    @Test
    void with_onePart_leavesTheOthers() {
        PolicyDocument document = PolicyDocument.of(allowing(Action.LOG));
        Coverage coverage = new Coverage(List.of("x32"), Map.of());
        PolicyDocument changed =
                document.withComments(List.of("a\nb")).withCoverage(coverage).withRules(List.of());
        assertEquals(
                new PolicyDocument(
                        Action.LOG, List.of(), coverage, false, false, List.of("a", "b")),
                changed);
    }

    @Table
    void logsForeign_isUsualWhereTheRestIsLogged(
            Action.Plain otherwise, boolean logs, boolean usual, String lost) {
        PolicyDocument document = PolicyDocument.of(allowing(otherwise)).withLogsForeign(logs);
        assertEquals(usual, document.treatsForeignAsUsual());
        assertEquals(
                "calls of other architectures: " + lost, Loss.ofForeignCalls(document).toString());
    }

    /** The rules for one call, and what happens to calls that have none. */
    @Table
    void madeFor_aMachine_hasTheRulesThatItNeeds(
            String what, String machine, String policy, String call, String expected) {
        PolicyDocument document = Policies.json(policy);
        PolicyDocument made =
                what.equals("newer values")
                        ? document.withNewerValues(machine)
                        : document.withUnknownSpelledOut(machine);
        if (!what.equals("newer values")) {
            Circumstances here = Policies.here(machine, "6.1");
            assertEquals(List.of(), PolicyDifference.between(document, made, here));
        }
        List<Rule> rules = new ArrayList<>(made.rules());
        rules.removeIf(rule -> !rule.call().toString().equals(call));
        rules.add(Rule.of(new CallRef.Named("others"), List.of(), made.otherwise()));
        assertEquals(expected, Policies.rules(made.withRules(rules)));
    }

    @Table
    void isOnTrial_document_isIfAllIsMadeAndSomeLogged(String policy, boolean expected) {
        assertEquals(expected, Policies.json(policy).isOnTrial());
    }

    @Test
    void rule_noteAndConditions_areItsOwn() {
        Condition condition = Condition.of(0, Operator.EQ, 1);
        Rule rule = Rule.of(new CallRef.Named("read"), List.of(), Action.ALLOW);
        assertFalse(rule.isConditional());
        assertTrue(Rule.of(rule.call(), List.of(condition), Action.ALLOW).isConditional());
        Note note = new Note(List.of("a"), "why", 7);
        assertEquals(note, rule.withNote(note).note());
        assertEquals(rule, rule.withNote(note).withNote(Note.NONE));
    }

    @Test
    void rule_conditionsUpToTheLimit_areAccepted() {
        CallRef call = new CallRef.Named("read");
        Condition condition = Condition.of(0, Operator.NE, 1);
        List<Condition> most = Collections.nCopies(Rule.MAX_CONDITIONS, condition);
        List<Condition> tooMany = Collections.nCopies(Rule.MAX_CONDITIONS + 1, condition);
        assertEquals(most, Rule.of(call, most, Action.ALLOW).conditions());
        assertThrows(IllegalArgumentException.class, () -> Rule.of(call, tooMany, Action.ALLOW));
    }

    @Test
    void at_line_isNamedFirst() {
        PolicyFormatException plain = PolicyFormatException.at(3, "x: no call");
        assertEquals("line 3: x: no call", plain.getMessage());
        assertNull(plain.getCause());
        Throwable cause = new IllegalStateException();
        assertSame(cause, PolicyFormatException.at(3, "x", cause).getCause());
    }

    @Test
    void ofWhole_problem_hasNoLine() {
        PolicyFormatException empty =
                PolicyFormatException.ofWhole("empty", PolicyFormatException.Advice.LEARN);
        assertEquals("empty", empty.getMessage());
        assertEquals(Optional.of(PolicyFormatException.Advice.LEARN), empty.advice());
    }

    private final NoteLines lines = new NoteLines('#');

    /** A ~ is the end of a line; what is not taken is a rule. */
    @Table
    void take_lines_areCommentsOfRulesOrOfTheFile(String text, String ofRules, String ofFile) {
        List<String> notes = new ArrayList<>();
        for (String line : text.split("~", -1)) {
            if (!lines.take(line)) {
                notes.add(String.join(",", lines.noteAt(notes.size(), "").comments()));
            }
        }
        assertEquals(ofRules, String.join(" | ", notes));
        assertEquals(ofFile, String.join(",", lines.ofFile()));
        assertEquals(ofFile, String.join(",", lines.ofFile()));
    }

    @Test
    void noteAt_rule_hasItsLineAndReason() {
        assertTrue(lines.take("# one"));
        assertEquals(new Note(List.of("one"), "why", 5), lines.noteAt(5, "why"));
        assertEquals(Note.at(6), lines.noteAt(6, ""));
    }

    @Table
    void content_comment_isWithoutMarkerAndOneBlank(String comment, String content) {
        assertEquals(content, NoteLines.content(comment));
    }

    /** In some formats, a backslash at the end would make the next rule a comment. */
    @Table
    void shown_comment_doesNotGoOnInTheNextLine(String comment, String shown) {
        assertEquals(shown, NoteLines.shown(comment));
    }

    @Test
    void writeOfFile_comments_areSetOffByABlankLine() {
        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', List.of());
        assertEquals("", out.toString());
        NoteLines.writeOfFile(out, '#', List.of("a", ""));
        assertEquals("# a\n#\n\n", out.toString());
    }

    @Test
    void isSilent_noCommentsAndNoReason_only() {
        assertTrue(Note.NONE.isSilent());
        assertTrue(Note.at(3).isSilent());
        assertEquals(3, Note.at(3).line());
        assertFalse(new Note(List.of("a"), "", 0).isSilent());
        assertFalse(new Note(List.of(), "a", 0).isSilent());
    }

    @Test
    void note_textsOfSeveralLines_becomeLines() {
        Note note = new Note(List.of("a \nb", ""), " one \ntwo", 1);
        assertEquals(List.of("a", "b", ""), note.comments());
        assertEquals("one two", note.reason());
    }
}
