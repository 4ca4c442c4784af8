package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.config.ConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server as a whole: settings in force, INFO, the end. */
class ServerCommandTest {
    private static final Reply OK = new Reply.Simple("OK");

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void commands_can_be_renamed_and_taken_away() {
        try (TestNode renaming = TestNode.with("--rename-command", "FLUSHALL", "", "--rename-command CONFIG setup-x")) {
            assertThat(renaming.run("flushall"))
                    .isEqualTo(new Reply.Error(CommandError.unknownCommand("flushall", List.of())));
            assertThat(renaming.run("CONFIG", "GET", "hz")).isInstanceOf(Reply.Error.class);
            assertThat(renaming.run("Setup-X", "GET", "hz").toString()).contains("10");
            assertThat(renaming.run("FLUSHDB")).isEqualTo(OK);
        }
    }

    @Test
    void commands_are_not_renamed_to_others() {
        for (String wrong : List.of("NOSUCH x", "GET set", "'config|get' x", "GET")) {
            assertThatThrownBy(() -> TestNode.with("--rename-command " + wrong)).isInstanceOf(ConfigException.class);
        }
        TestNode.with("--rename-command GET fetch", "--rename-command SET get").close();
    }

    @Test
    void what_is_for_tests_is_shown_to_those_who_know_its_name() {
        assertThat(node.run("CONFIG", "GET", "key-load-delay").toString()).contains("key-load-delay");
        assertThat(node.run("CONFIG", "GET", "key-load-*").toString()).doesNotContain("key-load-delay");
    }

    @Test
    void words_beyond_all_measure_are_refused() {
        for (String command : List.of("INFO", "COMMAND DOCS", "CONFIG GET", "CLIENT LIST ID", "ACL DELUSER")) {
            String[] words = (command + " x".repeat(10_000)).split(" ");
            assertThat(node.run(words)).isEqualTo(new Reply.Error(CommandError.TOO_MANY_ARGUMENTS));
        }
        assertThat(node.run(("DEL" + " x".repeat(20_000)).split(" "))).isEqualTo(new Reply.Int(0));
    }

    @Test
    void config_set_reaches_the_engine() {
        assertThat(node.run("CONFIG", "SET", "maxmemory", "8kb", "maxmemory-policy", "noeviction"))
                .isEqualTo(OK);
        assertThat(node.run("SET", "k", "x".repeat(20_000))).isEqualTo(OK);
        assertThat(node.run("SET", "l", "v")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        assertThat(node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")).isEqualTo(OK);
        assertThat(node.run("SET", "l", "v")).isEqualTo(OK);
        assertThat(info("stats")).containsEntry("evicted_keys", "1");
    }

    @Test
    void config_set_reaches_the_collections() {
        node.run(
                "CONFIG",
                "SET",
                "hash-max-ziplist-entries",
                "2",
                "list-max-listpack-size",
                "2",
                "set-max-intset-entries",
                "1");
        node.run("HSET", "h", "a", "1", "b", "2");
        assertThat(encoding("h")).isEqualTo("listpack");
        node.run("HSET", "h", "c", "3");
        assertThat(encoding("h")).isEqualTo("hashtable");
        node.run("CONFIG", "SET", "zset-max-listpack-value", "3");
        node.run("ZADD", "z", "1", "abc");
        assertThat(encoding("z")).isEqualTo("listpack");
        node.run("ZADD", "z", "1", "abcd");
        assertThat(encoding("z")).isEqualTo("skiplist");
        node.run("SADD", "s", "1", "2");
        assertThat(encoding("s")).isEqualTo("hashtable");
    }

    private String encoding(String key) {
        return ((Reply.Bulk) node.run("OBJECT", "ENCODING", key)).text();
    }

    @Test
    void config_get_answers_a_map() {
        node.run("HELLO", "3");
        assertThat(node.run("CONFIG", "GET", "save", "h?"))
                .isEqualTo(new Reply.Map(List.of(
                        new Reply.Pair(new Reply.Bulk("save"), new Reply.Bulk("")),
                        new Reply.Pair(new Reply.Bulk("hz"), new Reply.Bulk("10")))));
        assertThat(node.run("CONFIG", "GET", "rename-command")).isEqualTo(new Reply.Map(List.of()));
    }

    @Test
    void what_is_guarded_needs_its_key() {
        Reply refused = new Reply.Error(CommandError.configFailed("dir", "can't set protected config"));
        assertThat(node.run("CONFIG", "SET", "dir", "/tmp")).isEqualTo(refused);
        assertThat(node.run("DEBUG", "SLEEP", "0")).isEqualTo(new Reply.Error(CommandError.DEBUG_DISABLED));
        try (TestNode open = TestNode.with("--enable-protected-configs", "local", "--enable-debug-command", "yes")) {
            assertThat(open.run("CONFIG", "SET", "dir", "/tmp")).isEqualTo(OK);
            assertThat(open.run("DEBUG", "SLEEP", "0")).isEqualTo(OK);
        }
    }

    @Test
    void what_is_not_supported_yet_says_so() {
        assertThat(node.run("CONFIG", "SET", "tls-cluster", "yes"))
                .isEqualTo(new Reply.Error(
                        CommandError.configFailed("tls-cluster", "not supported yet, other than by its default 'no'")));
        assertThat(node.run("CONFIG", "SET", "tls-cluster", "no")).isEqualTo(OK);
    }

    @Test
    void info_has_sections_in_order_and_by_name() {
        assertThat(text("INFO").lines().filter(line -> line.startsWith("#")))
                .containsExactly(
                        "# Server",
                        "# Clients",
                        "# Memory",
                        "# Persistence",
                        "# Stats",
                        "# Replication",
                        "# CPU",
                        "# Modules",
                        "# Errorstats",
                        "# Cluster",
                        "# Keyspace");
        assertThat(text("INFO", "everything")).contains("# Commandstats");
        assertThat(text("INFO", "CPU", "cluster").lines().filter(line -> line.startsWith("#")))
                .containsExactly("# CPU", "# Cluster");
        assertThat(text("INFO", "nosuch")).isEmpty();
    }

    @Test
    void info_counts() {
        node.run("SET", "k", "v");
        node.run("SET", "t", "v", "PX", "1000");
        node.run("GET", "k");
        node.run("GET", "nosuch");
        node.run("LPUSH", "k", "v");
        node.run("GET");
        node.run("NOSUCH");
        assertThat(info("keyspace")).containsEntry("db0", "keys=2,expires=1,avg_ttl=0");
        assertThat(info("stats"))
                .containsEntry("keyspace_hits", "1")
                .containsEntry("keyspace_misses", "1")
                .containsEntry("total_error_replies", "3");
        assertThat(info("errorstats"))
                .containsEntry("errorstat_WRONGTYPE", "count=1")
                .containsEntry("errorstat_ERR", "count=2");
        assertThat(info("commandstats").get("cmdstat_get"))
                .startsWith("calls=2,usec=")
                .endsWith("rejected_calls=1,failed_calls=0");
        assertThat(info("commandstats").get("cmdstat_lpush")).endsWith("rejected_calls=0,failed_calls=1");
        node.advance(2_000);
        assertThat(info("stats")).containsEntry("expired_keys", "1");
        assertThat(node.run("CONFIG", "RESETSTAT")).isEqualTo(OK);
        assertThat(info("stats")).containsEntry("keyspace_hits", "0").containsEntry("expired_keys", "0");
        assertThat(info("errorstats")).isEmpty();
    }

    @Test
    void info_measures_memory_and_time() {
        Map<String, String> empty = info("memory");
        for (int i = 0; i < 1_000; i++) {
            node.run("SET", "key:" + i, "x".repeat(100));
        }
        Map<String, String> memory = info("memory");
        long grown = Long.parseLong(memory.get("used_memory")) - Long.parseLong(empty.get("used_memory"));
        assertThat(grown).isBetween(100_000L, 250_000L);
        assertThat(Long.parseLong(memory.get("used_memory_rss"))).isGreaterThan(10_000_000);
        assertThat(Long.parseLong(memory.get("total_system_memory"))).isGreaterThan(100_000_000);
        assertThat(Long.parseLong(memory.get("used_memory_peak")))
                .isGreaterThanOrEqualTo(Long.parseLong(memory.get("used_memory")));
        node.advance(90_000_000);
        assertThat(info("server"))
                .containsEntry("uptime_in_seconds", "90000")
                .containsEntry("uptime_in_days", "1")
                .containsEntry("redis_version", "7.0.15");
        assertThat(info("server").get("run_id")).matches("[0-9a-f]{40}");
    }

    @Test
    void rates_are_those_of_the_last_moments() {
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 10; j++) {
                node.run("PING");
            }
            node.advance(100);
            node.node().observe();
        }
        assertThat(info("stats")).containsEntry("instantaneous_ops_per_sec", "100");
    }

    @Test
    void time_is_that_of_the_clock() {
        assertThat(node.run("TIME"))
                .isEqualTo(new Reply.Array(List.of(new Reply.Bulk("1800000000"), new Reply.Bulk("0"))));
        assertThat(node.run("LASTSAVE")).isEqualTo(new Reply.Int(1_800_000_000));
    }

    @Test
    void shutdown_ends_the_node_unless_it_cannot_save() {
        int[] ended = new int[1];
        try (TestNode homeless = TestNode.with("--dir", "no/such/directory")) {
            homeless.node().atShutdown(() -> ended[0]++);
            assertThat(homeless.run("SHUTDOWN", "SAVE")).isEqualTo(new Reply.Error(CommandError.SHUTDOWN_FAILED));
            assertThat(homeless.run("SHUTDOWN", "ABORT")).isEqualTo(new Reply.Error(CommandError.NO_SHUTDOWN));
            assertThat(ended[0]).isZero();
            assertThat(homeless.client().runAll("SHUTDOWN", "NOSAVE", "NOW")).isEmpty();
            assertThat(ended[0]).isEqualTo(1);
            assertThat(homeless.client().isClosed()).isTrue();
        }
        try (TestNode homeless = TestNode.with("--dir", "no/such/directory")) {
            homeless.node().atShutdown(() -> ended[0]++);
            assertThat(homeless.client().runAll("SHUTDOWN", "SAVE", "FORCE")).isEmpty();
            assertThat(ended[0]).isEqualTo(2);
        }
    }

    @Test
    void no_command_runs_once_the_log_has_ended() {
        assertThat(node.connect().runAll("SHUTDOWN", "NOSAVE")).isEmpty();
        assertThat(node.connect().runAll("SET", "k", "v")).isEmpty();
        assertThat(node.connect().runAll("GET", "k")).isEmpty();
        assertThat(node.node().engine().keyspace(0).size()).isZero();
    }

    @Test
    void debug_can_stop_keys_from_expiring_unseen() {
        try (TestNode open = TestNode.with("--enable-debug-command", "yes")) {
            open.run("SET", "k", "v", "PX", "10");
            open.run("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            open.advance(1_000);
            assertThat(open.run("DBSIZE")).isEqualTo(new Reply.Int(1));
            open.run("DEBUG", "SET-ACTIVE-EXPIRE", "1");
            open.advance(1_000);
            assertThat(open.run("DBSIZE")).isEqualTo(new Reply.Int(0));
        }
    }

    private String text(String... command) {
        return ((Reply.Bulk) node.run(command)).text();
    }

    /** The lines of one section by name. */
    private Map<String, String> info(String section) {
        Map<String, String> lines = new HashMap<>();
        text("INFO", section).lines().filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            lines.put(line.substring(0, colon), line.substring(colon + 1));
        });
        return lines;
    }
}
