// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.CallTests;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What all runs and programs showed of one call.
 *
 * @param count how often it was made
 * @param runs how many runs made it
 * @param ofRuns of how many runs that is: those that record every call, and others that showed it
 * @param firstMillis after the first recorded call of the run, in ms; the least of all runs
 * @param phase the earliest of any program
 * @param programs indexes of the programs that made it
 * @param origins where it was first made in each run and program, each place once
 * @param arguments the values of the arguments that choose what the call does; empty if unknown
 * @param tests which tests made it; empty if that was not looked at
 */
record CallRow(
        ObservedCall call,
        Optional<SyscallFacts> facts,
        long count,
        int runs,
        int ofRuns,
        long firstMillis,
        Phase phase,
        List<Integer> programs,
        List<Origin> origins,
        Set<String> arguments,
        Optional<CallTests> tests) {

    Risk.Level level() {
        return SyscallFacts.level(facts);
    }

    boolean isHigh() {
        return level() == Risk.Level.HIGH;
    }
}
