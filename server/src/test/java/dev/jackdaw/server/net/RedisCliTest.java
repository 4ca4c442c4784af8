package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.Program;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The walks of the real redis-cli through a node. */
@Tag("oracle")
class RedisCliTest {

    private final RunningNode node = RunningNode.with("--maxmemory-policy", "allkeys-lfu");

    @AfterEach
    void close() {
        node.close();
    }

    @BeforeEach
    void fill() {
        assumeTrue(RedisServer.isInstalled());
        try (RespConnection connection = node.connect()) {
            for (int i = 0; i < 200; i++) {
                connection.ask("SET", "small:" + i, "v");
                connection.ask("SET", "often", "v");
            }
            connection.ask("SET", "big", "v".repeat(5_000));
            connection.ask("HSET", "hash", "a", "1", "b", "2", "c", "3");
        }
    }

    private String cli(String option) throws IOException {
        return Program.run("redis-cli", "-p", Integer.toString(node.port()), option);
    }

    @Test
    void bigkeys_finds_the_longest() throws IOException {
        assertThat(cli("--bigkeys"))
                .contains("Sampled 203 keys in the keyspace!")
                .contains("string found '\"big\"' has 5000 bytes")
                .contains("hash found '\"hash\"' has 3 fields");
    }

    @Test
    void memkeys_finds_what_takes_most() throws IOException {
        assertThat(cli("--memkeys"))
                .contains("Sampled 203 keys in the keyspace!")
                .contains("found '\"big\"' has 5");
    }

    @Test
    void hotkeys_finds_what_is_used_most() throws IOException {
        assertThat(cli("--hotkeys")).contains("hot key found with counter").containsPattern("keyname: \"?often");
    }
}
