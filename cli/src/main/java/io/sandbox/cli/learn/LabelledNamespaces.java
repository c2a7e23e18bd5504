// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.evidence.Run;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.machine.ApiServer;
import io.sandbox.recorder.machine.NodeContainer;
import io.sandbox.recorder.run.NodeRecorder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Hands on the recordings of those namespaces that have a label. A thread of its own asks the API
 * server, since a recorder cannot wait for it. Thread-safe.
 */
final class LabelledNamespaces implements NodeRecorder.Observer {
    /** As often as a kubelet renews its lease. */
    private static final int PERIOD_MILLIS = 10_000;

    private final String selector;
    private final NodeRecorder.Observer next;

    /** What is of other namespaces: they may have got the label since they were asked for. */
    private final List<Recorded> waiting = new ArrayList<>();

    private Set<String> names;
    private boolean fails;

    private record Recorded(NodeContainer container, Run run, boolean ended, long nanos) {}

    /** Throws {@link CommandFailure} if the namespaces cannot be known. */
    LabelledNamespaces(String selector, NodeRecorder.Observer next) {
        this.selector = selector;
        this.next = next;
        try {
            names = ApiServer.queryNamespaces(selector);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(unknown(e));
        }
        Thread thread = new Thread(this::keepAsking, "namespaces");
        thread.setDaemon(true);
        thread.start();
    }

    private String unknown(IOException e) {
        String file = e instanceof FileSystemException failure ? failure.getFile() + ": " : "";
        String why = file + FileFailure.reason(e);
        return "the namespaces with " + selector + " are not known: " + why;
    }

    private void keepAsking() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                ask();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands on what waits for it. */
    void ask() {
        long asked = System.nanoTime();
        try {
            take(ApiServer.queryNamespaces(selector));
        } catch (IOException e) {
            say(e);
        }
        forget(asked);
    }

    private synchronized void take(Set<String> now) {
        names = now;
        fails = false;
        waiting.stream()
                .filter(each -> isKnown(each.container()))
                .forEach(each -> next.recorded(each.container(), each.run(), each.ended()));
        waiting.removeIf(each -> isKnown(each.container()));
    }

    private synchronized void say(IOException e) {
        if (!fails) {
            next.said(unknown(e) + " (those of before are recorded)");
        }
        fails = true;
    }

    /** What came later may be of a namespace that got the label later. */
    private synchronized void forget(long asked) {
        waiting.removeIf(each -> each.nanos() - asked < 0);
    }

    private boolean isKnown(NodeContainer container) {
        return names.contains(container.namespace());
    }

    @Override
    public boolean wants(NodeContainer container) {
        return next.wants(container);
    }

    @Override
    public void said(String what) {
        next.said(what);
    }

    @Override
    public synchronized void recorded(NodeContainer container, Run run, boolean ended) {
        if (isKnown(container)) {
            next.recorded(container, run, ended);
        } else {
            waiting.add(new Recorded(container, run, ended, System.nanoTime()));
        }
    }
}
