// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads groups.csv and group-members.csv. */
final class GroupFiles {
    private final CsvTable groups;
    private final CsvTable members;
    private final Map<String, String> abouts = new LinkedHashMap<>();
    private final Map<String, List<String>> membersOf = new LinkedHashMap<>();

    private GroupFiles(CsvTable groups, CsvTable members) {
        this.groups = groups;
        this.members = members;
    }

    /** All groups, in the order of groups.csv. */
    static List<SyscallGroup> parse(CsvTable groups, CsvTable members) {
        return new GroupFiles(groups, members).parse();
    }

    private List<SyscallGroup> parse() {
        groups.requireColumns(List.of("group", "about"));
        members.requireColumns(List.of("group", "member"));
        for (CsvTable.Row row : groups.rows()) {
            if (!row.text(0).startsWith("@")) {
                throw row.malformed("not a group: " + row.text(0));
            }
            if (abouts.put(row.text(0), row.text(1)) != null) {
                throw row.malformed("group " + row.text(0) + " is here twice");
            }
            membersOf.put(row.text(0), new ArrayList<>());
        }
        for (CsvTable.Row row : members.rows()) {
            requireGroup(row, row.text(0));
            if (row.text(1).startsWith("@")) {
                requireGroup(row, row.text(1));
            }
            membersOf.get(row.text(0)).add(row.text(1));
        }
        List<SyscallGroup> all = new ArrayList<>();
        for (CsvTable.Row row : groups.rows()) {
            String name = row.text(0);
            if (membersOf.get(name).isEmpty()) {
                throw row.malformed("group " + name + " has no members");
            }
            SortedSet<String> calls = new TreeSet<>();
            collect(name, calls, new ArrayList<>(), row);
            all.add(
                    new SyscallGroup(
                            name, abouts.get(name), membersOf.get(name), List.copyOf(calls)));
        }
        return List.copyOf(all);
    }

    private void requireGroup(CsvTable.Row row, String name) {
        if (!membersOf.containsKey(name)) {
            throw row.malformed("no such group: " + name);
        }
    }

    private void collect(
            String group, SortedSet<String> calls, List<String> within, CsvTable.Row row) {
        if (within.contains(group)) {
            throw row.malformed("group " + group + " is a member of itself");
        }
        within.add(group);
        for (String member : membersOf.get(group)) {
            if (member.startsWith("@")) {
                collect(member, calls, within, row);
            } else {
                calls.add(member);
            }
        }
        within.remove(group);
    }
}
