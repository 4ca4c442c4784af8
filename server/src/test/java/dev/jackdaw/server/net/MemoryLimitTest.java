package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flood of large values, with clients that ask for them and do not read: memory keeps to its limit. */
class MemoryLimitTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int LIMIT = 48 * MEGABYTE;
    private static final int WRITES = 120;
    private static final int READERS = 4;
    private static final int ASKED = 30;
    private static final String VALUE = "v".repeat(MEGABYTE);

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "noeviction"})
    void large_values_and_replies_that_nobody_takes_stay_within_the_limit(String policy) {
        List<RespConnection> readers = new ArrayList<>();
        try (RunningNode node = RunningNode.with("--maxmemory", Integer.toString(LIMIT), "--maxmemory-policy", policy);
                RespConnection writer = node.connect()) {
            writer.ask("SET", "key0", VALUE);
            for (int i = 0; i < READERS; i++) {
                readers.add(node.connect());
                readers.getLast().send("GET key0\r\n".repeat(ASKED).getBytes(StandardCharsets.US_ASCII));
            }
            int refused = 0;
            for (int i = 1; i < WRITES; i++) {
                Reply reply = writer.ask("SET", "key" + i, VALUE);
                refused += reply.equals(new Reply.Error(CommandError.OUT_OF_MEMORY)) ? 1 : 0;
                String info = ((Reply.Bulk) writer.ask("INFO", "memory")).text();
                // What a command brings or asks for comes on top, once for each client.
                assertThat(number(info, "used_memory")).isLessThan(LIMIT + (READERS + 2L) * MEGABYTE);
                assertThat(number(info, "store_live") + number(info, "store_dead") + number(info, "store_idle"))
                        .isLessThan(LIMIT + LIMIT / 10 + 16L * MEGABYTE);
            }
            assertThat(refused > 0).isEqualTo(policy.equals("noeviction"));
            String info = ((Reply.Bulk) writer.ask("INFO", "memory")).text();
            assertThat(number(info, "mem_clients_normal")).isGreaterThan(READERS * (long) MEGABYTE / 4);
        } finally {
            readers.forEach(RespConnection::close);
        }
    }

    private static long number(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
