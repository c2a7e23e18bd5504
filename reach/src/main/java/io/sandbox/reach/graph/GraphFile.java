// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.elf.Machine;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/** A graph as bytes, for the cache. Only this version of the analysis reads them. */
public final class GraphFile {
    /** Changes with every change of the analysis, since a kept graph would have the old result. */
    public static final int VERSION = 4;

    private static final int MAGIC = 0x72656163;

    private GraphFile() {}

    public static byte[] write(CodeGraph graph) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            CodeGraph.Traits traits = graph.traits();
            out.writeInt(traits.machine().ordinal());
            writeOptional(out, traits.interpreter());
            writeOptional(out, traits.soname());
            writeTexts(out, traits.needed());
            writeOptional(out, traits.rpath());
            writeOptional(out, traits.runpath());
            writeText(out, traits.runtime());
            out.writeInt(traits.main());
            out.writeInt(graph.codeNodes());
            out.writeInt(graph.addresses().length);
            for (long address : graph.addresses()) {
                out.writeLong(address);
            }
            writeNames(out, graph.names());
            writeLinks(out, graph.edges());
            writeLinks(out, graph.calls());
            writeTexts(out, graph.imports());
            writeNames(out, graph.exports());
            writeInts(out, graph.stubs());
            writeInts(out, graph.initial());
            out.writeInt(graph.entry());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        byte[] content = bytes.toByteArray();
        return ByteBuffer.allocate(content.length + Long.BYTES)
                .put(content)
                .putLong(checksum(content, content.length))
                .array();
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    private static void writeOptional(DataOutputStream out, Optional<String> text)
            throws IOException {
        writeTexts(out, text.map(List::of).orElse(List.of()));
    }

    private static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String each : texts) {
            writeText(out, each);
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void writeNames(DataOutputStream out, NodeNames names) throws IOException {
        writeInts(out, names.keys());
        writeInts(out, names.nodes());
        writeInts(out, names.ends());
        out.writeInt(names.text().length);
        out.write(names.text());
    }

    private static void writeLinks(DataOutputStream out, CodeGraph.Links links) throws IOException {
        writeInts(out, links.starts());
        writeInts(out, links.targets());
        writeInts(out, links.sites());
    }

    private static void writeInts(DataOutputStream out, int[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
        bytes.asIntBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes.array());
    }

    /** The graph, or empty if the bytes are damaged or of another version. */
    public static Optional<CodeGraph> read(byte[] bytes) {
        int length = bytes.length - Long.BYTES;
        if (length < 2 * Integer.BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean whole =
                in.getLong(length) == checksum(bytes, length)
                        && in.getInt() == MAGIC
                        && in.getInt() == VERSION;
        return whole ? Optional.of(readGraph(in)) : Optional.empty();
    }

    private static CodeGraph readGraph(ByteBuffer in) {
        CodeGraph.Traits traits =
                new CodeGraph.Traits(
                        Machine.values()[in.getInt()],
                        readOptional(in),
                        readOptional(in),
                        readTexts(in),
                        readOptional(in),
                        readOptional(in),
                        readText(in),
                        in.getInt());
        int codeNodes = in.getInt();
        long[] addresses = new long[in.getInt()];
        in.asLongBuffer().get(addresses);
        in.position(in.position() + addresses.length * Long.BYTES);
        NodeNames names = readNames(in);
        CodeGraph.Links edges = readLinks(in);
        CodeGraph.Links calls = readLinks(in);
        List<String> imports = readTexts(in);
        return new CodeGraph(
                traits,
                codeNodes,
                addresses,
                names,
                edges,
                calls,
                imports,
                readNames(in),
                readInts(in),
                readInts(in),
                in.getInt());
    }

    private static Optional<String> readOptional(ByteBuffer in) {
        return readTexts(in).stream().findFirst();
    }

    private static List<String> readTexts(ByteBuffer in) {
        int count = in.getInt();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(readText(in));
        }
        return texts;
    }

    private static String readText(ByteBuffer in) {
        int length = in.getInt();
        String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    private static NodeNames readNames(ByteBuffer in) {
        int[] keys = readInts(in);
        int[] nodes = readInts(in);
        int[] ends = readInts(in);
        byte[] text = new byte[in.getInt()];
        in.get(text);
        return new NodeNames(keys, nodes, ends, text);
    }

    private static CodeGraph.Links readLinks(ByteBuffer in) {
        return new CodeGraph.Links(readInts(in), readInts(in), readInts(in));
    }

    private static int[] readInts(ByteBuffer in) {
        int[] values = new int[in.getInt()];
        in.asIntBuffer().get(values);
        in.position(in.position() + values.length * Integer.BYTES);
        return values;
    }
}
