package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flood of large values, with clients that ask for them and do not read: memory keeps to its limit. */
class MemoryLimitTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int LIMIT = 48 * MEGABYTE;
    private static final int WRITES = 120;
    private static final int READERS = 4;
    private static final int CROWD = 24;
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

    @Test
    void clients_that_do_not_read_are_closed_when_nothing_can_be_evicted_for_them() {
        List<RespConnection> readers = new ArrayList<>();
        try (RunningNode node =
                        RunningNode.with("--maxmemory", Integer.toString(LIMIT), "--maxmemory-policy", "noeviction");
                RespConnection writer = node.connect()) {
            for (int i = 0; i < WRITES; i++) {
                writer.ask("SET", "key" + i, VALUE);
            }
            for (int i = 0; i < CROWD; i++) {
                readers.add(node.connect());
                readers.getLast().send("GET key0\r\n".repeat(ASKED).getBytes(StandardCharsets.US_ASCII));
            }
            await().untilAsserted(() -> {
                String info = info(writer);
                assertThat(number(info, "evicted_clients")).isPositive();
                assertThat(number(info, "used_memory")).isLessThan(LIMIT + LIMIT / 12 + 2L * MEGABYTE);
            });
        } finally {
            readers.forEach(RespConnection::close);
        }
    }

    @Test
    void what_will_be_refused_is_not_kept_while_it_arrives() {
        try (RunningNode node =
                        RunningNode.with("--maxmemory", Integer.toString(LIMIT), "--maxmemory-policy", "noeviction");
                RespConnection writer = node.connect();
                RespConnection other = node.connect()) {
            other.ask("SET", "k", "before");
            for (int i = 0; i < WRITES; i++) {
                writer.ask("SET", "key" + i, VALUE);
            }
            long received = number(info(writer), "total_net_input_bytes");
            String head = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + 8 * MEGABYTE + "\r\n";
            other.send((head + VALUE.repeat(7)).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> number(info(writer), "total_net_input_bytes") > received + 7L * MEGABYTE);
            // A second long it may count the buffer that the writer's last request had.
            await().until(() -> number(info(writer), "mem_clients_normal") < MEGABYTE);
            other.send((VALUE + "\r\nPING\r\nGET k\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(other.read()).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
            assertThat(other.read()).isEqualTo(new Reply.Simple("PONG"));
            assertThat(other.read()).isEqualTo(new Reply.Bulk("before"));

            other.ask("MULTI");
            other.send((head + VALUE.repeat(8) + "\r\nEXEC\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(other.read()).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
            assertThat(other.read()).isInstanceOf(Reply.Error.class);
            assertThat(number(info(writer), "evicted_clients")).isZero();
        }
    }

    @Test
    void the_limit_of_all_clients_closes_those_that_hold_the_most_but_not_those_that_are_spared() {
        try (RunningNode node = RunningNode.with("--maxmemory-clients", "8mb");
                RespConnection writer = node.connect();
                RespConnection spared = node.connect();
                RespConnection other = node.connect()) {
            writer.ask("SET", "key0", VALUE);
            spared.ask("CLIENT", "NO-EVICT", "ON");
            String half = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$8000000\r\n" + VALUE.repeat(3);
            other.send(half.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> number(info(writer), "mem_clients_normal") > 3L * MEGABYTE);
            spared.send((half + VALUE.repeat(3)).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> number(info(writer), "evicted_clients") == 1);
            spared.send((VALUE.repeat(2).substring(0, 8_000_000 - 6 * MEGABYTE) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(spared.read()).isEqualTo(new Reply.Simple("OK"));
        }
    }

    private static String info(RespConnection connection) {
        return ((Reply.Bulk) connection.ask("INFO")).text();
    }

    private static long number(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
