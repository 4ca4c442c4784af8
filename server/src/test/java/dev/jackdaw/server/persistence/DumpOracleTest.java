package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values go from here to a real redis-server and back, by DUMP and RESTORE, and are the same there. */
@Tag("oracle")
class DumpOracleTest {
    private static final Reply OK = new Reply.Simple("OK");
    /** What is packed where, on both sides. */
    private static final List<String> SETTINGS = List.of(
            "CONFIG SET hash-max-listpack-entries 128",
            "CONFIG SET hash-max-listpack-entries 0 set-max-intset-entries 2 zset-max-listpack-entries 0",
            "CONFIG SET list-max-listpack-size 3 rdbcompression no");

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        EngineCheck.check(node.engine());
        node.close();
    }

    @Test
    void redis_restores_what_we_dump() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            for (String settings : SETTINGS) {
                node.run(settings.split(" "));
                theirs.ask(settings.split(" "));
                transfer(node::run, theirs::ask);
            }
        }
    }

    @Test
    void we_restore_what_redis_dumps() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            for (String settings : SETTINGS) {
                theirs.ask(settings.split(" "));
                node.run(settings.split(" "));
                transfer(theirs::ask, node::run);
            }
        }
    }

    @Test
    void what_only_we_have_comes_back() {
        node.run("HSET", "h", "a", "1", "b", "2", "c", "3");
        node.run("HPEXPIREAT", "h", "1900000000000", "FIELDS", "2", "a", "b");
        node.run("HPEXPIREAT", "h", "1800000000005", "FIELDS", "1", "c");
        String payload = dump(node::run, "h");
        assertThat(node.run("RESTORE", "i", "0", payload)).isEqualTo(OK);
        assertThat(node.run("HPEXPIRETIME", "i", "FIELDS", "3", "a", "b", "c"))
                .isEqualTo(node.run("HPEXPIRETIME", "h", "FIELDS", "3", "a", "b", "c"));
        node.advance(10);
        assertThat(node.run("HLEN", "i")).isEqualTo(new Reply.Int(2));
        assertThat(node.run("RESTORE", "j", "0", payload)).isEqualTo(OK);
        assertThat(node.run("HLEN", "j")).isEqualTo(new Reply.Int(2));
    }

    @Test
    void a_stream_whose_last_id_is_below_one_that_was_deleted_goes_both_ways() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            for (Contents.Server server : List.<Contents.Server>of(node::run, theirs::ask)) {
                for (int i = 1; i <= 10; i++) {
                    server.ask("XADD", "s", i + "-0", "f", "v");
                }
                server.ask("XDEL", "s", "10-0");
                server.ask("XSETID", "s", "9-0");
                server.ask("XADD", "s", "9-5", "f", "v");
            }
            String ours = dump(node::run, "s");
            assertThat(node.run("RESTORE", "s", "0", dump(theirs::ask, "s"), "REPLACE"))
                    .isEqualTo(OK);
            assertThat(theirs.ask("RESTORE", "s", "0", ours, "REPLACE")).isEqualTo(OK);
            assertThat(Contents.of(node::run)).isEqualTo(Contents.of(theirs::ask));
        }
    }

    private static void transfer(Contents.Server from, Contents.Server to) {
        from.ask("FLUSHALL");
        to.ask("FLUSHALL");
        for (String[] command : Shapes.commands(1)) {
            assertThat(from.ask(command)).as(String.join(" ", command)).isNotInstanceOf(Reply.Error.class);
        }
        Reply.Array keys = (Reply.Array) from.ask("KEYS", "*");
        for (Reply key : keys.elements()) {
            String name = ((Reply.Bulk) key).text();
            String expireAt = ((Reply.Int) from.ask("PEXPIRETIME", name)).value() < 0
                    ? "0"
                    : "" + ((Reply.Int) from.ask("PEXPIRETIME", name)).value();
            assertThat(to.ask("RESTORE", name, expireAt, dump(from, name), "ABSTTL"))
                    .as(name)
                    .isEqualTo(OK);
        }
        assertThat(Contents.of(to)).isEqualTo(Contents.of(from));
    }

    private static String dump(Contents.Server server, String key) {
        return ((Reply.Bulk) server.ask("DUMP", key)).text();
    }
}
