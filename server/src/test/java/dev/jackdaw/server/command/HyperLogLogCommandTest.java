package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HyperLogLogCommandTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static String[] pfadd(String key, int from, int to) {
        List<String> words = new ArrayList<>(List.of("PFADD", key));
        for (int i = from; i < to; i++) {
            words.add("element:" + i);
        }
        return words.toArray(new String[0]);
    }

    private long count(String keys) {
        return ((Reply.Int) run("PFCOUNT " + keys)).value();
    }

    @Test
    void only_what_is_new_counts() {
        assertThat(run("PFADD p a b c")).isEqualTo(new Reply.Int(1));
        assertThat(run("PFADD p a b c")).isEqualTo(new Reply.Int(0));
        assertThat(count("p")).isEqualTo(3);
        assertThat(run("PFADD q c d")).isEqualTo(new Reply.Int(1));
        assertThat(count("p q nosuch")).isEqualTo(4);
        run("PFMERGE r p q");
        assertThat(count("r")).isEqualTo(4);
        assertThat(count("nosuch")).isZero();
    }

    @Test
    void runs_become_registers_when_they_take_too_much() {
        assertThat(run("PFADD p a")).isEqualTo(new Reply.Int(1));
        assertThat(run("PFDEBUG DECODE p")).isEqualTo(new Reply.Bulk("Z:12711 v:2,1 Z:3672"));
        node.run(pfadd("p", 0, 900));
        assertThat(run("PFDEBUG ENCODING p")).isEqualTo(new Reply.Simple("sparse"));
        assertThat(run("STRLEN p")).isNotEqualTo(new Reply.Int(12_304));
        node.run(pfadd("p", 0, 5_000));
        assertThat(run("PFDEBUG ENCODING p")).isEqualTo(new Reply.Simple("dense"));
        assertThat(run("STRLEN p")).isEqualTo(new Reply.Int(12_304));
        assertThat(count("p")).isBetween(4_850L, 5_150L);
        assertThat(run("PFDEBUG DECODE p")).isEqualTo(new Reply.Error(CommandError.NOT_SPARSE));
    }

    @Test
    void the_time_to_live_stays() {
        run("PFADD p a");
        run("EXPIRE p 10");
        node.run(pfadd("p", 0, 5_000));
        run("PFMERGE p nosuch");
        assertThat(run("TTL p")).isEqualTo(new Reply.Int(10));
    }

    @Test
    void other_strings_are_refused() {
        run("SET text hello");
        run("SET number 12345678901234567");
        node.run("SET", "encoding", "HYLL\2" + "\0".repeat(20));
        node.run("SET", "short", "HYLL\0" + "\0".repeat(20));
        for (String key : List.of("text", "number", "encoding", "short")) {
            for (String command : List.of("PFADD %s a", "PFCOUNT %s", "PFCOUNT p %s", "PFMERGE p %s")) {
                assertThat(run(command.formatted(key)))
                        .as(command + key)
                        .isEqualTo(new Reply.Error(CommandError.NOT_A_HYPERLOGLOG));
            }
        }
        assertThat(run("EXISTS p")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void what_does_not_add_up_is_corrupted() {
        // Too few registers, too many, and a run without its second byte.
        for (String runs : List.of("\1", "\177\377\177\377", "\177\377\3", "\177\376\375", "\177\376\177", "")) {
            for (String command : List.of("PFADD k element:1", "PFCOUNT k", "PFMERGE p k", "PFDEBUG TODENSE k")) {
                node.run("SET", "k", "HYLL\1\0\0\0\0\0\0\0\0\0\0\200" + runs);
                Reply reply = run(command);
                // An element finds its register in most of them.
                boolean added = command.startsWith("PFADD") && reply.equals(new Reply.Int(1));
                assertThat(added || reply.equals(new Reply.Error(CommandError.CORRUPTED_HYPERLOGLOG)))
                        .as(command + ": " + reply)
                        .isTrue();
            }
        }
    }

    @Test
    void a_change_of_encoding_is_none_to_those_who_watch() {
        run("PFADD k element:1");
        run("WATCH k");
        assertThat(run("PFDEBUG TODENSE k")).isEqualTo(new Reply.Int(1));
        run("MULTI");
        run("PING");
        assertThat(run("EXEC")).isEqualTo(new Reply.Array(List.of(new Reply.Simple("PONG"))));
    }

    @Test
    @Tag("oracle")
    void the_bytes_are_those_of_redis() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            int added = 0;
            for (int step = 1; added < 30_000; step += step / 4 + 1) {
                String[] words = pfadd("p", added, added + step);
                assertThat(node.run(words)).isEqualTo(theirs.ask(words));
                assertThat(run("GET p")).as(added + " + " + step).isEqualTo(theirs.ask("GET", "p"));
                if (step % 3 == 0) {
                    assertThat(run("PFCOUNT p")).isEqualTo(theirs.ask("PFCOUNT", "p"));
                    assertThat(run("GET p")).isEqualTo(theirs.ask("GET", "p"));
                }
                added += step;
            }
            for (int i = 1; i < 60; i++) {
                String[] words = pfadd("q" + i, i * 50, i * 50 + i * i);
                node.run(words);
                theirs.ask(words);
                String merge = "PFMERGE m" + i + " q" + i + " m" + i / 2 + " q" + i / 3;
                assertThat(run(merge)).isEqualTo(theirs.ask(merge.split(" ")));
                assertThat(run("GET m" + i)).as(merge).isEqualTo(theirs.ask("GET", "m" + i));
                String count = "PFCOUNT m" + i + " q" + i / 2;
                assertThat(run(count)).isEqualTo(theirs.ask(count.split(" ")));
            }
        }
    }
}
