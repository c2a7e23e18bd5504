package io.sandbox.recorder;

import io.sandbox.enforcer.launch.ControlSocket;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.syscalldb.Arch;

/**
 * Our end of the conversation with {@code sandbox-exec} when it is about to become a program under
 * a filter. The messages are described in {@code preload/src/exec_confine.h}.
 */
public final class Compiler {
    private final ControlSocket socket;

    public Compiler(ControlSocket socket) {
        this.socket = socket;
    }

    /**
     * The architecture of the program that the last {@code count} arguments name.
     *
     * @throws LearnException when it cannot be run
     */
    public Arch queryTarget(int count) {
        socket.send("target " + count);
        return TargetArch.parse(receive());
    }

    /**
     * Hands over the filter; it is used when this process has ended with status 0.
     *
     * @param start exec, entry or here
     */
    public void handOver(int count, String start, boolean logDenials, BpfProgram program) {
        socket.send(
                "filter " + count + " " + start + " " + (logDenials ? 1 : 0) + "\n",
                program.toBytes());
        receive();
    }

    private String receive() {
        return LearnException.check(socket.receive());
    }
}
