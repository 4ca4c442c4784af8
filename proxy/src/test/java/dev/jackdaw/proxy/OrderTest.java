package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replies come in the order of the requests, whichever node they are from, and large ones are whole. */
@Tag("oracle")
class OrderTest {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void long_pipelines_over_all_nodes_keep_their_order() throws InterruptedException {
        int requests = 20_000;
        try (RespConnection client = cluster.connect()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < requests; i++) {
                    all.append("SET order:").append(i).append(" v").append(i).append("\r\n");
                    all.append("GET order:").append(i).append("\r\n");
                    all.append(i % 7 == 0 ? "PING " + i + "\r\n" : "");
                    all.append(i % 11 == 0 ? "MGET order:" + i + " order:0 nosuch\r\n" : "");
                    all.append(i % 13 == 0 ? "NOSUCH\r\n" : "");
                }
                client.send(all.toString().getBytes(StandardCharsets.ISO_8859_1));
            });
            for (int i = 0; i < requests; i++) {
                assertThat(client.read()).isEqualTo(new Reply.Simple("OK"));
                assertThat(client.read()).isEqualTo(new Reply.Bulk("v" + i));
                if (i % 7 == 0) {
                    assertThat(client.read()).isEqualTo(new Reply.Bulk("" + i));
                }
                if (i % 11 == 0) {
                    assertThat(client.read())
                            .isEqualTo(new Reply.Array(
                                    List.of(new Reply.Bulk("v" + i), new Reply.Bulk("v0"), Reply.Null.BULK)));
                }
                if (i % 13 == 0) {
                    assertThat(client.read()).isInstanceOf(Reply.Error.class);
                }
            }
            assertThat(sender.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void values_of_all_sizes_pass_whole() {
        Random random = new Random(7);
        try (RespConnection client = cluster.connect()) {
            for (int size : new int[] {0, 1, 1000, 65_535, 65_536, 70_000, 300_000, 5_000_000}) {
                String value = "x".repeat(size) + random.nextInt();
                assertThat(client.ask("SET", "size:" + size, value)).isEqualTo(new Reply.Simple("OK"));
                client.send("GET", "size:" + size);
                client.send("GET", "size:0");
                client.send("MGET", "size:" + size, "size:1", "nosuch");
                assertThat(client.read()).isEqualTo(new Reply.Bulk(value));
                assertThat(client.read()).isInstanceOf(Reply.Bulk.class);
                assertThat(((Reply.Array) client.read()).elements().getFirst()).isEqualTo(new Reply.Bulk(value));
            }
        }
    }

    @Test
    void many_clients_never_get_one_anothers_replies() throws Exception {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int id = i;
            clients.add(() -> {
                Random random = new Random(id);
                try (RespConnection client = cluster.connect()) {
                    for (int round = 0; round < 200; round++) {
                        int depth = 1 + random.nextInt(30);
                        for (int n = 0; n < depth; n++) {
                            client.send("GETSET", "mine:" + id + ":" + n, id + ":" + round);
                            client.send("ECHO", id + "/" + n);
                        }
                        for (int n = 0; n < depth; n++) {
                            Reply old = client.read();
                            if (old instanceof Reply.Bulk bulk) {
                                assertThat(bulk.text()).startsWith(id + ":");
                            } else {
                                assertThat(old).isEqualTo(Reply.Null.BULK);
                            }
                            assertThat(client.read()).isEqualTo(new Reply.Bulk(id + "/" + n));
                        }
                    }
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        }
    }
}
