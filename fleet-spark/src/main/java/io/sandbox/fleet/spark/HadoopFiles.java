// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import io.sandbox.fleet.FleetReader;
import io.sandbox.fleet.UnreadFile;
import io.sandbox.outcome.FileFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The files that the user named, on any of Hadoop's file systems. */
final class HadoopFiles {
    /**
     * @param name as {@link FleetReader} would name a local one, else its whole address
     * @param named how much of that the user has named
     * @param place the whole address
     */
    record Found(String name, int named, String place, long size) {}

    /** By name: a file that is given twice is read once. */
    private final Map<String, Found> found = new TreeMap<>();

    private final List<UnreadFile> unread = new ArrayList<>();

    private HadoopFiles() {}

    static HadoopFiles of(List<String> paths, Configuration hadoop) {
        HadoopFiles files = new HadoopFiles();
        for (String path : paths) {
            try {
                files.add(path, hadoop);
            } catch (IOException e) {
                files.unread.add(new UnreadFile(path, FileFailure.reason(e)));
            } catch (IllegalArgumentException e) {
                files.unread.add(new UnreadFile(path, e.getMessage()));
            }
        }
        return files;
    }

    private void add(String given, Configuration hadoop) throws IOException {
        Path path = new Path(given);
        FileSystem system = path.getFileSystem(hadoop);
        if (system instanceof LocalFileSystem && path.toUri().getScheme() == null) {
            addLocal(java.nio.file.Path.of(given), system);
            return;
        }
        FileStatus[] statuses = system.globStatus(path);
        if (statuses == null || statuses.length == 0) {
            // The path itself may have a character that stands for others.
            statuses = new FileStatus[] {system.getFileStatus(path)};
        }
        for (FileStatus status : statuses) {
            int named = status.getPath().toString().length();
            if (status.isFile()) {
                add(status, named);
                continue;
            }
            RemoteIterator<LocatedFileStatus> all = system.listFiles(status.getPath(), true);
            while (all.hasNext()) {
                add(all.next(), named);
            }
        }
    }

    private void addLocal(java.nio.file.Path path, FileSystem system) throws IOException {
        for (java.nio.file.Path file : FleetReader.filesOf(path)) {
            Path place = system.makeQualified(new Path(file.toAbsolutePath().toString()));
            long size = file.toFile().length();
            int named = path.toString().length();
            found.put(file.toString(), new Found(file.toString(), named, place.toString(), size));
        }
    }

    private void add(FileStatus file, int named) {
        String place = file.getPath().toString();
        found.put(place, new Found(place, named, place, file.getLen()));
    }

    Collection<Found> found() {
        return found.values();
    }

    /** The paths of which nothing is known. */
    List<UnreadFile> unread() {
        return unread;
    }
}
