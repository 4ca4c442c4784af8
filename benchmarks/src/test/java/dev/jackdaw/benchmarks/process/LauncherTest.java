package dev.jackdaw.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.benchmarks.RedisServer;
import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("oracle")
class LauncherTest {
    private static final String NODE = "redis-server --port {port} --dir {dir} --save --appendonly no";

    @Test
    void a_server_is_measured_and_ends() throws IOException {
        RespClient client;
        try (Deployment node = RedisServer.launcher("--node-command", NODE).node()) {
            assertThat(node.name()).isEqualTo("jackdaw");
            assertThat(node.front().residentBytes()).isGreaterThan(1 << 20);
            CpuTime start = node.front().cpuTime();
            assertThat(node.front().cpuTime().microsSince(start)).isNotNegative();
            client = node.front().connect();
        }
        assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
        client.close();
    }

    @Test
    void memory_is_limited_beyond_what_an_empty_server_uses() throws IOException {
        try (Deployment node = RedisServer.launcher("--node-command", NODE).node();
                RespClient client = node.front().connect()) {
            long empty = Deployment.emptyBytes(client);
            node.limitMemory(1_000_000, true, "allkeys-lru");
            assertThat(client.call("CONFIG", "GET", "maxmemory-policy")).endsWith("allkeys-lru");
            long limit =
                    Long.parseLong(client.call("CONFIG", "GET", "maxmemory").split("\n")[1]);
            assertThat(limit).isBetween(empty + 900_000, empty + 1_100_000);
        }
    }

    @Test
    void a_shell_in_place_of_the_server_is_refused() {
        Launcher launcher = RedisServer.launcher("--node-command", "sh {dir}/../missing.sh {port}");
        assertThatThrownBy(launcher::node)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("jackdaw did not start")
                .hasMessageContaining("missing.sh");
    }
}
