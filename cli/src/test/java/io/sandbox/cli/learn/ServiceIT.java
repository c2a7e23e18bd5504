package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands as systemd starts and ends them, and under what units and administrators forbid. */
final class ServiceIT {
    /** Makes the shell the process that systemd means, and then ours. */
    private static final String AS_SERVICE =
            "export LISTEN_PID=$$ WATCHDOG_PID=$$ SYSTEMD_EXEC_PID=1;"
                    + " export LISTEN_PIDFDID=$(python3 -c \"$ID\" $$); exec \"$@\"";

    private static final String ID =
            "import os, sys; print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)";

    private static final String SHOW =
            "echo $(($$ == LISTEN_PID)) $(($$ == WATCHDOG_PID)) $SYSTEMD_EXEC_PID"
                    + " $(($(python3 -c \"$ID\" $$) == LISTEN_PIDFDID))";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sandboxify --deny acct --explain",
                "sandbox-learn -q -o /dev/null",
                "sandbox-learn -q -o /dev/null --source notify",
            })
    void variablesForTheService_nameTheProgram(String words) throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.requireProgram("python3");
        List<String> command = new ArrayList<>(List.of(words.split(" ")));
        command.set(0, Dist.command(command.get(0)).toString());
        command.addAll(List.of("sh", "-c", SHOW));
        Finished run = Child.shell(AS_SERVICE, command).with("ID", ID).run();
        assertEquals("1 1 1 1\n", run.out(), run::toString);
    }
}
