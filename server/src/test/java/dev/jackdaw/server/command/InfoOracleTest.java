package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a real redis-server tells about itself, our node tells under the same names. */
@Tag("oracle")
class InfoOracleTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void info_has_every_name_of_redis() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            for (String[] words : new String[][] {{"PING"}, {"SET", "k", "v"}, {"GET"}, {"INFO"}}) {
                theirs.ask(words);
                node.run(words);
            }
            for (String sections : new String[] {"everything", "default", "all", "server", "clients"}) {
                Set<String> missing = names(theirs.ask("INFO", sections));
                missing.removeAll(names(node.run("INFO", sections)));
                assertThat(missing).as(sections).isEmpty();
            }
        }
    }

    /** Titles too; of those that are of one command, the one that both have run. */
    private static Set<String> names(Reply info) {
        Set<String> names = new TreeSet<>();
        ((Reply.Bulk) info)
                .text()
                .lines()
                .filter(line -> !line.isEmpty())
                .forEach(line -> names.add(line.split(":")[0]));
        names.removeIf(name -> name.startsWith("cmdstat_config") || name.endsWith("_config|get"));
        return names;
    }

    @Test
    void memory_stats_has_every_name_of_redis() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            theirs.ask("SET", "k", "v");
            node.run("SET", "k", "v");
            assertThat(keys(node.run("MEMORY", "STATS"))).isEqualTo(keys(theirs.ask("MEMORY", "STATS")));
        }
    }

    private static Set<String> keys(Reply map) {
        Set<String> keys = new TreeSet<>();
        Reply.Array array = (Reply.Array) map;
        for (int i = 0; i < array.elements().size(); i += 2) {
            keys.add(((Reply.Bulk) array.elements().get(i)).text());
        }
        return keys;
    }
}
