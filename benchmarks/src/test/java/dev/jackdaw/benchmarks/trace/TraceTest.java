package dev.jackdaw.benchmarks.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
    @TempDir
    private Path directory;

    @Test
    void plain_and_compressed_traces_read_the_same() throws IOException {
        byte[] lines = "0\n1\n0\n7\n".getBytes(StandardCharsets.US_ASCII);
        Path plain = Files.write(directory.resolve("plain.txt"), lines);
        Path compressed = directory.resolve("small.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            out.write(lines);
        }
        for (Path file : new Path[] {plain, compressed}) {
            Trace trace = Trace.read(file);
            assertThat(trace.requests()).isEqualTo(4);
            assertThat(trace.uniqueKeys()).isEqualTo(3);
            assertThat(IntStream.range(0, 4).map(trace::id)).containsExactly(0, 1, 0, 7);
        }
        assertThat(Trace.read(compressed).name()).isEqualTo("small");
    }

    @Test
    void a_line_that_is_no_id_is_named() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.txt"), "0\n1\nx\n");
        assertThatThrownBy(() -> Trace.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 3");
        Path negative = Files.writeString(directory.resolve("negative.txt"), "-1\n");
        assertThatThrownBy(() -> Trace.read(negative))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void an_empty_trace_has_no_requests() throws IOException {
        assertThat(Trace.read(Files.createFile(directory.resolve("empty.txt"))).requests())
                .isZero();
    }
}
