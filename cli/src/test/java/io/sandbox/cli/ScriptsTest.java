// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli;

import io.sandbox.cli.testing.Child;
import io.sandbox.syscalldb.testing.Table;

/** The scripts' help; install.txt among the transcripts has what install does. */
class ScriptsTest {
    @Table
    void script_saysHowItIsUsed_andDoesNothingElse(String name) throws Exception {
        String usage = "\nUsage: scripts/" + name;
        Child.of("%s --help", "../scripts/" + name).run().assertStatus(0).assertOut(usage);

        Child.of("%s --unknown", "../scripts/" + name)
                .run()
                .assertStatus(2)
                .assertNoOut()
                .assertErr(usage);
    }
}
