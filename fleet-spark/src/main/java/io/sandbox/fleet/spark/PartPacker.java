// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import io.sandbox.fleet.FilePart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkConf;

/**
 * Decides what each task reads: many small files, or a part of a large one. Spark's own settings
 * say how much that is at most, and it is less if some cores would have nothing to do.
 */
final class PartPacker {
    private final List<List<FilePart>> whole = new ArrayList<>();
    private final List<List<FilePart>> cut = new ArrayList<>();

    static PartPacker of(Collection<HadoopFiles.Found> files, SparkConf conf, int cores) {
        long most = conf.getSizeAsBytes("spark.files.maxPartitionBytes", "128m");
        long opening = conf.getSizeAsBytes("spark.files.openCostInBytes", "4m");
        long all = 0;
        for (HadoopFiles.Found file : files) {
            all += file.size() + opening;
        }
        long piece = Math.max(1, Math.min(most, Math.max(opening, all / cores)));
        PartPacker packer = new PartPacker();
        long room = 0;
        for (HadoopFiles.Found file : files) {
            List<FilePart> parts =
                    FilePart.of(file.name(), file.named(), file.place(), file.size(), piece);
            if (parts.size() > 1) {
                parts.forEach(part -> packer.cut.add(List.of(part)));
                continue;
            }
            if (room <= 0) {
                packer.whole.add(new ArrayList<>());
                room = piece;
            }
            packer.whole.get(packer.whole.size() - 1).addAll(parts);
            room -= file.size() + opening;
        }
        return packer;
    }

    /** Files that are read at once. */
    List<List<FilePart>> whole() {
        return whole;
    }

    /** Parts of files that are read by several tasks. */
    List<List<FilePart>> cut() {
        return cut;
    }
}
