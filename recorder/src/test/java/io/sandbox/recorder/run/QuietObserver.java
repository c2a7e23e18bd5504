// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Keeps a recorder's messages to the user. */
final class QuietObserver implements Recorder.Observer {
    final List<Integer> left = new ArrayList<>();
    int slow;
    int interrupted;
    long lossesSeen;

    @Override
    public void running(Progress progress, LongSupplier losses) {
        lossesSeen = Math.max(lossesSeen, losses.getAsLong());
    }

    @Override
    public void descendantLeft(int pid) {
        left.add(pid);
    }

    @Override
    public void slow() {
        slow++;
    }

    @Override
    public void interrupted() {
        interrupted++;
    }
}
