// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import io.sandbox.recorder.log.LogFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** An open file of one of Hadoop's file systems. */
final class HadoopFile implements LogFile {
    private final FSDataInputStream in;

    private HadoopFile(FSDataInputStream in) {
        this.in = in;
    }

    static HadoopFile open(String place, Configuration hadoop) throws IOException {
        Path path = new Path(place);
        return new HadoopFile(path.getFileSystem(hadoop).open(path));
    }

    /**
     * Seeks only if it must: a read at a position makes a request of its own in most file systems,
     * while one after the other they are read from one stream.
     */
    @Override
    public int read(byte[] buf, int off, int len, long position) throws IOException {
        if (in.getPos() != position) {
            in.seek(position);
        }
        return in.read(buf, off, len);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
