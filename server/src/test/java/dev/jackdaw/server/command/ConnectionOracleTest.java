package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients say about themselves and the server, beside a real redis-server: the same words, the same replies. */
@Tag("oracle")
class ConnectionOracleTest {
    private static RedisServer redis;

    private final List<String> different = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        assumeTrue(RedisServer.isInstalled());
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void ping_echo_select_and_reset() {
        same(
                "PING",
                "PING hi",
                "PING a b",
                "ECHO",
                "ECHO x",
                "SELECT",
                "SELECT 15",
                "SELECT 16",
                "SELECT -1",
                "SELECT x",
                "SELECT 2147483648",
                "SELECT 99999999999999999999",
                "RESET",
                "RESET x",
                "TIME x",
                "LASTSAVE x");
    }

    @Test
    void hello() {
        same("HELLO x", "HELLO 1", "HELLO 4", "HELLO 3 FOO", "HELLO 3 AUTH", "HELLO 3 AUTH default", "HELLO 3 setname");
        same("HELLO 3 AUTH nobody x", "PING", "CLIENT GETNAME");
        same("HELLO 3 SETNAME a\u0001b", "CLIENT GETNAME");
        same("CLIENT GETNAME", "HELLO 9", "CLIENT GETNAME");
    }

    @Test
    void auth_without_a_password_set() {
        same(
                "AUTH",
                "AUTH x",
                "AUTH a b c",
                "AUTH default x",
                "AUTH default",
                "AUTH nobody x",
                "HELLO 2 AUTH nobody x");
    }

    @Test
    void auth_with_a_password() {
        try (RedisServer guarded = RedisServer.start("--requirepass", "s3cret");
                TestNode node = TestNode.with("--requirepass", "s3cret")) {
            List<String> words = List.of(
                    "PING",
                    "MULTIPLY",
                    "GET k",
                    "GET",
                    "HELLO",
                    "HELLO 3",
                    "AUTH wrong",
                    "AUTH default wrong",
                    "AUTH nobody s3cret",
                    "HELLO 3 AUTH default wrong",
                    "RESET",
                    "AUTH s3cret",
                    "PING",
                    "RESET",
                    "PING",
                    "AUTH default s3cret",
                    "PING",
                    "QUIT");
            try (RespConnection connection = guarded.connect()) {
                compare(words, connection, node.connect());
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void client_names_replies_and_kill() {
        same(
                "CLIENT",
                "CLIENT FOO",
                "CLIENT ID x",
                "CLIENT GETNAME",
                "CLIENT SETNAME",
                "CLIENT SETNAME bob",
                "CLIENT GETNAME",
                "HELLO 3",
                "CLIENT GETNAME",
                "CLIENT SETNAME a\nb",
                "CLIENT NO-EVICT on",
                "CLIENT NO-EVICT x",
                "CLIENT NO-EVICT",
                "CLIENT REPLY",
                "CLIENT REPLY x",
                "CLIENT REPLY on",
                "CLIENT LIST ID",
                "CLIENT LIST ID x",
                "CLIENT LIST TYPE foo",
                "CLIENT LIST TYPE",
                "CLIENT LIST FOO",
                "CLIENT LIST TYPE master",
                "CLIENT LIST TYPE replica",
                "CLIENT LIST ID 123456789",
                "CLIENT KILL",
                "CLIENT KILL 1:2",
                "CLIENT KILL ID",
                "CLIENT KILL ID x",
                "CLIENT KILL ID 0",
                "CLIENT KILL ID -4",
                "CLIENT KILL ID 123456789",
                "CLIENT KILL ADDR 1.2.3.4:5",
                "CLIENT KILL LADDR 1.2.3.4:5",
                "CLIENT KILL TYPE foo",
                "CLIENT KILL TYPE pubsub",
                "CLIENT KILL TYPE master",
                "CLIENT KILL USER nobody",
                "CLIENT KILL USER default LADDR 1:1",
                "CLIENT KILL SKIPME maybe",
                "CLIENT KILL SKIPME no ID 123456789",
                "CLIENT KILL ID 5 SKIPME",
                "CLIENT KILL FOO bar");
    }

    @Test
    void config() {
        same(
                "CONFIG",
                "CONFIG FOO",
                "CONFIG GET",
                "CONFIG GET maxmemory",
                "CONFIG GET MAXMEMORY",
                "CONFIG GET hz hz",
                "CONFIG GET nosuch",
                "CONFIG GET hash-max-listpack-v*",
                "CONFIG GET hash-max-ziplist-value",
                "CONFIG SET",
                "CONFIG SET hz",
                "CONFIG SET hz 11 maxmemory",
                "CONFIG SET nosuch 1",
                "CONFIG SET maxmemory x",
                "CONFIG SET maxmemory 1tb",
                "CONFIG SET maxclients 0",
                "CONFIG SET maxclients x",
                "CONFIG SET hz 12 maxclients x",
                "CONFIG GET hz",
                "CONFIG SET hz 12 timeout 7",
                "CONFIG GET timeout",
                "CONFIG SET timeout 0 timeout 1",
                "CONFIG SET timeout 0 hz 10",
                "CONFIG SET databases 3",
                "CONFIG SET dir /tmp",
                "CONFIG SET protected-mode maybe",
                "CONFIG SET proto-max-bulk-len 1",
                "CONFIG SET client-query-buffer-limit 1kb",
                "CONFIG SET maxmemory-policy foo",
                "CONFIG SET maxmemory-policy ALLKEYS-LRU maxmemory 1gb",
                "CONFIG GET maxmemory-p* maxmemory-p*",
                "CONFIG SET maxmemory-policy noeviction maxmemory 0",
                "CONFIG SET maxmemory-samples 0",
                "CONFIG SET loglevel loud",
                "CONFIG SET save 1",
                "CONFIG SET enable-debug-command no",
                "CONFIG SET shutdown-on-sigint NOW",
                "CONFIG GET shutdown-on-sigint",
                "CONFIG GET shutdown-on-sigterm",
                "CONFIG SET shutdown-on-sigint default",
                "CONFIG GET shutdown-on-sigint",
                "CONFIG SET shutdown-on-sigint later",
                "CONFIG SET client-output-buffer-limit x",
                "CONFIG SET nosuch 1 hz x",
                "CONFIG SET hz x nosuch 1",
                "CONFIG RESETSTAT",
                "CONFIG RESETSTAT x");
    }

    @Test
    void uses_of_keys() {
        same(
                "SET key value",
                "OBJECT FREQ key",
                "OBJECT FREQ nosuch",
                "OBJECT IDLETIME key",
                "OBJECT IDLETIME nosuch",
                "CONFIG SET maxmemory-policy allkeys-lfu lfu-log-factor 0 lfu-decay-time 0",
                "CONFIG GET lfu-log*",
                "CONFIG SET lfu-log-factor -1",
                "CONFIG SET lfu-decay-time x",
                "SET fresh value",
                "OBJECT FREQ fresh",
                "GET fresh",
                "OBJECT FREQ fresh",
                "APPEND fresh more",
                "OBJECT FREQ fresh",
                "OBJECT IDLETIME fresh",
                "OBJECT IDLETIME nosuch",
                "CONFIG SET maxmemory-policy volatile-lfu",
                "OBJECT FREQ fresh",
                "CONFIG SET maxmemory-policy noeviction lfu-log-factor 10 lfu-decay-time 1",
                "OBJECT FREQ fresh");
    }

    @Test
    void server() {
        same(
                "INFO nosuch",
                "INFO modules",
                "INFO cluster",
                "MEMORY",
                "MEMORY FOO",
                "SHUTDOWN ABORT",
                "SHUTDOWN FOO",
                "SHUTDOWN SAVE NOSAVE",
                "SHUTDOWN ABORT NOW",
                "DEBUG",
                "DEBUG FOO",
                "DEBUG SLEEP",
                "DEBUG SLEEP 0",
                "DEBUG SLEEP x",
                "DEBUG ERROR oops",
                "DEBUG SET-ACTIVE-EXPIRE 1",
                "DEBUG PROTOCOL foo");
        for (String type : List.of(
                "string", "integer", "double", "null", "array", "set", "map", "attrib", "verbatim", "true", "false")) {
            same("DEBUG PROTOCOL " + type, "HELLO 3", "DEBUG PROTOCOL " + type);
        }
    }

    private void same(String... commands) {
        try (TestNode node = TestNode.with("--enable-debug-command", "yes");
                RespConnection connection = redis.connect()) {
            compare(List.of(commands), connection, node.connect());
        }
        assertThat(different).isEmpty();
    }

    private void compare(List<String> commands, RespConnection connection, TestNode.Client client) {
        for (String command : commands) {
            String[] words = command.split(" ");
            Reply expected = connection.ask(words);
            Reply found = client.run(words);
            boolean greets = words[0].equals("HELLO") && expected instanceof Reply.Map;
            if (!greets && !expected.equals(found)) {
                different.add(command + " replies " + found + " and not " + expected);
            }
        }
    }
}
