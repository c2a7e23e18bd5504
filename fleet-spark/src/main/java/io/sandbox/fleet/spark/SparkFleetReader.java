// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import io.sandbox.fleet.Evidence;
import io.sandbox.fleet.FileEvidence;
import io.sandbox.fleet.FilePart;
import io.sandbox.fleet.FilePartReader;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.HostPattern;
import io.sandbox.recorder.log.LogInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Reads recordings and logs of many hosts on a cluster. The result is that of {@link
 * io.sandbox.fleet.FleetReader}.
 *
 * <p>Approach: tasks read parts of files, as the threads of that class do. What the parts of one
 * file hold is added up first, because equal logs count once. Then all evidence of one host goes to
 * one task, which makes a fleet of it, and since no two of these fleets share a host, they are
 * added pair by pair. If a task or its machine dies, Spark runs the task anew: it depends on
 * nothing but its files.
 *
 * <p>It adds up RDDs and uses no tables. A fleet is a union of sets already ({@code Fleet.addAll}),
 * so {@code reduceByKey} and {@code treeReduce} are all that is needed. A typed {@code Aggregator}
 * would need encoders for each type, and Spark SQL.
 */
public final class SparkFleetReader {
    private static final String LIBRARY = "libsandbox-java.so";

    private final JavaSparkContext spark;
    private final Optional<HostPattern> pattern;

    /** Null for all. */
    private final String exe;

    private final boolean keep;
    private final int cores;

    private SparkFleetReader(
            JavaSparkContext spark,
            Optional<HostPattern> pattern,
            Optional<String> exe,
            boolean keep) {
        this.spark = spark;
        this.exe = exe.orElse(null);
        this.pattern = pattern;
        this.keep = keep;
        cores = Math.max(1, spark.defaultParallelism());
    }

    /**
     * The evidence of files, and of folders with files.
     *
     * @param paths paths or URIs, as Hadoop takes them
     * @param exe the wanted executable; empty for all
     * @param keep whether the fleet is to make a recording, which needs all evidence
     */
    public static Fleet read(
            List<String> paths, Optional<HostPattern> pattern, Optional<String> exe, boolean keep) {
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf())) {
            return new SparkFleetReader(spark, pattern, exe, keep).read(paths);
        }
    }

    private Fleet read(List<String> paths) {
        Configuration hadoop = spark.hadoopConfiguration();
        HadoopFiles files = HadoopFiles.of(paths, hadoop);
        PartPacker packer = PartPacker.of(files.found(), spark.getConf(), cores);
        Broadcast<SerializableConfiguration> sent =
                spark.broadcast(new SerializableConfiguration(hadoop));
        JavaRDD<FileEvidence> whole = evidence(packer.whole(), sent);
        JavaRDD<FileEvidence> cut =
                evidence(packer.cut(), sent)
                        .mapToPair(each -> new Tuple2<>(each.file(), each))
                        .reduceByKey(FileEvidence::plus)
                        .values();
        Fleet fleet =
                whole.union(cut)
                        .flatMap(each -> each.evidence().iterator())
                        .mapToPair(each -> new Tuple2<>(each.key(), each))
                        .partitionBy(new HashPartitioner(cores))
                        .values()
                        .mapPartitions(SparkFleetReader::fleetOf)
                        .treeReduce(Fleet::addAll);
        files.unread().forEach(each -> each.addTo(fleet));
        return fleet;
    }

    /** {@code packs}: the parts that each task reads. */
    private JavaRDD<FileEvidence> evidence(
            List<List<FilePart>> packs, Broadcast<SerializableConfiguration> hadoop) {
        HostPattern sentPattern = pattern.orElse(null);
        String sentExe = exe;
        boolean sentKeep = keep;
        return spark.parallelize(packs, Math.max(1, packs.size()))
                .mapPartitions(
                        parts ->
                                read(
                                        parts,
                                        Optional.ofNullable(sentPattern),
                                        Optional.ofNullable(sentExe),
                                        sentKeep,
                                        hadoop));
    }

    private static Iterator<FileEvidence> read(
            Iterator<List<FilePart>> packs,
            Optional<HostPattern> pattern,
            Optional<String> exe,
            boolean keep,
            Broadcast<SerializableConfiguration> hadoop) {
        // The launcher has sent our library along.
        if (System.getProperty("sandbox.home") == null) {
            Path library = Path.of(SparkFiles.get(LIBRARY));
            System.setProperty("sandbox.home", library.getParent().toString());
        }
        Configuration configuration = hadoop.value().value();
        FilePartReader.Opener opener =
                part -> LogInput.of(part.file(), HadoopFile.open(part.place(), configuration));
        FilePartReader reader = new FilePartReader(pattern, exe, keep, opener);
        List<FilePart> parts = new ArrayList<>();
        packs.forEachRemaining(parts::addAll);
        // One after the other: what they hold is larger than what is kept of it.
        return parts.stream().map(reader::read).iterator();
    }

    private static Iterator<Fleet> fleetOf(Iterator<Evidence> evidence) {
        Fleet fleet = new Fleet();
        evidence.forEachRemaining(each -> each.addTo(fleet));
        return List.of(fleet).iterator();
    }
}
