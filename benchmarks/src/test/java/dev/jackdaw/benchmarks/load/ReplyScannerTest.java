package dev.jackdaw.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyScannerTest {
    private static final String STREAM = "+OK\r\n:-12\r\n$5\r\na\r\nbc\r\n$-1\r\n-ERR no\r\n*-1\r\n$0\r\n\r\n*0\r\n"
            + "*3\r\n$1\r\nx\r\n*2\r\n:1\r\n$-1\r\n+y\r\n+PONG\r\n";
    private static final List<String> REPLIES = List.of("", "", "", "null", "error ERR no", "null", "", "", "", "");

    @Test
    void replies_end_where_they_end_at_every_split() {
        for (int split = 0; split <= STREAM.length(); split++) {
            ReplyScanner scanner = new ReplyScanner();
            List<String> seen = new ArrayList<>();
            scan(scanner, STREAM.substring(0, split), seen);
            scan(scanner, STREAM.substring(split), seen);
            assertThat(seen).as("split at %d", split).isEqualTo(REPLIES);
        }
    }

    @Test
    void replies_arrive_byte_by_byte() {
        ReplyScanner scanner = new ReplyScanner();
        List<String> seen = new ArrayList<>();
        STREAM.chars().forEach(c -> scan(scanner, Character.toString(c), seen));
        assertThat(seen).isEqualTo(REPLIES);
    }

    @Test
    void a_null_inside_an_array_does_not_make_it_null() {
        List<String> seen = new ArrayList<>();
        scan(new ReplyScanner(), "*1\r\n$-1\r\n*1\r\n*-1\r\n", seen);
        assertThat(seen).containsExactly("", "");
    }

    @Test
    void other_bytes_are_refused() {
        assertThatThrownBy(() -> scan(new ReplyScanner(), "HTTP/1.1 400\r\n", new ArrayList<>()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static void scan(ReplyScanner scanner, String bytes, List<String> seen) {
        ByteBuffer in = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.US_ASCII));
        while (scanner.next(in)) {
            seen.add(scanner.isError() ? "error " + scanner.error() : scanner.isNull() ? "null" : "");
        }
        assertThat(in.hasRemaining()).isFalse();
    }
}
