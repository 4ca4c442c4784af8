package dev.jackdaw.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.config.Directive;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The forms that Redis 7.0 has are compared with its own in {@link EffectsOracleTest}. */
class EffectsTest {
    private static final long NOW = 1_800_000_000_000L;

    private final TestNode node = new TestNode();
    private final EffectLog log = new EffectLog(node);

    @AfterEach
    void close() {
        node.close();
        log.close();
    }

    private void run(String command) {
        Reply reply = node.run(command.split(" "));
        assertThat(reply).as(command).isNotInstanceOf(Reply.Error.class);
    }

    /** The effects of the last of some commands. */
    private List<String> effects(String... commands) {
        for (String command : commands) {
            log.commands();
            run(command);
        }
        return log.commands().stream()
                .filter(effect -> !effect.equals("SELECT 0"))
                .toList();
    }

    // --- The stream ---

    @Test
    void a_command_is_its_own_effect_if_it_changes_anything() {
        node.run("set", "k", "v");
        node.run("GET", "k");
        node.run("DEL", "nothing");
        node.run("LPUSH", "k", "refused");

        assertThat(log.commands()).containsExactly("SELECT 0", "set k v");
    }

    @Test
    void a_renamed_command_has_its_own_name_for_others() {
        try (TestNode renaming =
                        TestNode.with("--rename-command", "SET", "put", "--rename-command", "XGROUP", "group");
                EffectLog effects = new EffectLog(renaming)) {
            renaming.run("put", "k", "v");
            renaming.run("group", "CREATE", "s", "g", "$", "MKSTREAM");
            renaming.run("MULTI");
            renaming.run("PUT", "k", "w");
            renaming.run("EXEC");
            assertThat(effects.commands())
                    .containsExactly("SELECT 0", "set k v", "xgroup CREATE s g $ MKSTREAM", "set k w");
        }
    }

    @Test
    void a_line_becomes_an_array() {
        Request request = new Request();
        request.set("set".getBytes(US_ASCII), "k".getBytes(US_ASCII), "v".getBytes(US_ASCII));
        ReplyWriter reply = new ReplyWriter();
        reply.attach(Unpooled.directBuffer());
        node.executor().execute(node.client().session(), request, reply);
        reply.detach().release();

        assertThat(log.commands()).containsExactly("SELECT 0", "set k v");
    }

    @Test
    void databases_are_selected_when_they_change_or_the_stream_begins_anew() {
        run("SET a 1");
        run("SELECT 3");
        run("SET b 1");
        run("SET c 1");
        node.node().effects().selectAnew();
        run("SET d 1");

        assertThat(log.commands())
                .containsExactly("SELECT 0", "SET a 1", "SELECT 3", "SET b 1", "SET c 1", "SELECT 3", "SET d 1");
    }

    @Test
    void several_effects_of_a_transaction_stay_together_and_one_needs_no_company() {
        assertThat(transaction("SET a 1", "GET a")).containsExactly("SELECT 0", "SET a 1");
        assertThat(transaction("SET a 1", "SELECT 2", "SET b 2", "LPUSH b refused"))
                .containsExactly("MULTI", "SET a 1", "SELECT 2", "SET b 2", "EXEC");
        assertThat(transaction("SET a 1", "SELECT 0")).containsExactly("SET a 1");
        assertThat(transaction("GET a")).isEmpty();
    }

    private List<String> transaction(String... commands) {
        node.run("MULTI");
        for (String command : commands) {
            node.run(command.split(" "));
        }
        node.run("EXEC");
        return log.commands();
    }

    @Test
    void a_large_transaction_is_sent_in_parts_and_whole_at_its_end_only() {
        String value = "x".repeat(10_000);
        String large = "y".repeat(100_000);
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            commands.add("SET k" + i + " " + (i == 7 ? large : value));
        }
        List<String> expected = new ArrayList<>(commands);
        expected.addAll(0, List.of("SELECT 0", "MULTI"));
        expected.add("EXEC");

        assertThat(transaction(commands.toArray(new String[0]))).isEqualTo(expected);
        assertThat(log.timesWhole()).isEqualTo(1);
        assertThat(effects("SET k " + large)).containsExactly("SET k " + large);
    }

    @Test
    void nothing_is_told_when_nobody_listens_any_more() {
        node.node().effects().to(null);
        run("SET k v");
        run("EXPIRE k 1");
        node.advance(1000);

        assertThat(log.commands()).isEmpty();
    }

    @Test
    void who_ends_listening_in_a_transaction_is_told_what_was_before() {
        node.config().follow(Directive.SLOWLOG_MAX_LEN, length -> {
            if (length == 7) {
                node.node().effects().to(null);
            }
        });

        assertThat(transaction("SET a 1", "SET b 1", "CONFIG SET slowlog-max-len 7", "SET c 1"))
                .containsExactly("SELECT 0", "MULTI", "SET a 1", "SET b 1", "EXEC");
    }

    // --- What leaves by itself ---

    @Test
    void a_key_that_expires_is_deleted_before_the_command_that_finds_it_gone() {
        run("SET k v PX 100");
        node.advanceWithoutBackground(100);

        assertThat(effects("APPEND k w")).containsExactly("MULTI", "DEL k", "APPEND k w", "EXEC");
    }

    @Test
    void a_reader_deletes_what_it_finds_expired() {
        run("SET k v PX 100");
        node.advanceWithoutBackground(100);

        assertThat(effects("GET k")).containsExactly("DEL k");
    }

    @Test
    void keys_that_expire_behind_commands_have_nothing_to_do_with_each_other() {
        run("SET a 1 PX 100");
        run("SET b 1 PX 100");
        log.commands();
        node.advance(100);

        assertThat(log.commands()).containsExactlyInAnyOrder("DEL a", "DEL b");
    }

    @Test
    void evicted_keys_are_deleted_and_what_the_command_does_comes_after_them() {
        run("SET a 1");
        run("SET b 1");
        run("CONFIG SET maxmemory 1 maxmemory-policy allkeys-random");

        assertThat(effects("PING")).containsExactlyInAnyOrder("DEL a", "DEL b");
    }

    @Test
    void fields_that_expire_are_deleted_by_name() {
        run("HSET h a 1 b 2 c 3 d 4");
        run("HPEXPIRE h 100 FIELDS 2 a b");
        node.advanceWithoutBackground(100);

        assertThat(effects("HINCRBY h c 1")).containsExactly("MULTI", "HDEL h a b", "HINCRBY h c 1", "EXEC");
    }

    @Test
    void a_hash_of_which_all_fields_expire_is_deleted() {
        run("HSET h a 1");
        run("HPEXPIRE h 100 FIELDS 1 a");
        log.commands();
        node.advance(100);

        assertThat(log.commands()).containsExactly("DEL h");
    }

    // --- What was left to chance or time ---

    @Test
    void popped_members_are_removed_by_name_in_batches() {
        List<String> add = new ArrayList<>(List.of("SADD", "s"));
        for (int i = 0; i < 3000; i++) {
            add.add("m" + i);
        }
        node.run(add);

        List<String> effects = effects("SPOP s 2500");
        assertThat(effects).hasSize(5).startsWith("MULTI").endsWith("EXEC");
        assertThat(effects.subList(1, 4)).allMatch(effect -> effect.startsWith("SREM s m"));
        assertThat(effects.get(1).split(" ")).hasSize(2 + 1024);
        assertThat(effects("SPOP s 500")).containsExactly("DEL s");
    }

    @Test
    void who_waited_pops_after_the_push() {
        TestNode.Client waiter = node.connect();
        waiter.run("BLPOP", "l", "0");
        assertThat(effects("RPUSH l a b")).containsExactly("RPUSH l a b", "LPOP l");
        waiter.run("BLMPOP", "0", "1", "m", "RIGHT", "COUNT", "5");
        assertThat(effects("RPUSH m a b")).containsExactly("RPUSH m a b", "RPOP m 2");
        waiter.run("BLMOVE", "n", "l", "LEFT", "RIGHT", "0");
        assertThat(effects("RPUSH n a b")).containsExactly("RPUSH n a b", "LMOVE n l LEFT RIGHT");
        waiter.run("BZPOPMAX", "z", "0");
        assertThat(effects("ZADD z 1 a")).containsExactly("ZADD z 1 a", "ZPOPMAX z");
    }

    @Test
    void conditions_that_older_servers_do_not_know_are_left_out() {
        assertThat(effects("SET k v", "SET k w IFEQ v GET")).containsExactly("SET k w");
        assertThat(effects("SET k v IFNE x KEEPTTL")).containsExactly("SET k v KEEPTTL");
        assertThat(effects("SET k w IFNE x PX 50")).containsExactly("SET k w PXAT " + (NOW + 50));
        assertThat(effects("SET k v IFEQ x")).isEmpty();
        assertThat(effects("DELEX k IFEQ x")).isEmpty();
        assertThat(effects("DELEX k IFNE x")).containsExactly("DEL k");
        assertThat(effects("SET k v", "DELIFEQ k v")).containsExactly("DEL k");
        assertThat(effects("MSETEX 2 a 1 b 2 EX 10"))
                .containsExactly("MULTI", "SET a 1 PXAT " + (NOW + 10_000), "SET b 2 PXAT " + (NOW + 10_000), "EXEC");
        assertThat(effects("MSETEX 1 a 1 XX KEEPTTL")).containsExactly("SET a 1 KEEPTTL");
        assertThat(effects("MSETEX 1 a 1")).containsExactly("SET a 1");
        assertThat(effects("MSETEX 2 a 1 c 1 XX")).isEmpty();
    }

    @Test
    void restored_keys_expire_at_a_time() {
        run("SADD s a");
        String payload = ((Reply.Bulk) node.run("DUMP", "s")).text();
        log.commands();

        node.run("RESTORE", "r", "5000", payload, "REPLACE");
        assertThat(log.commands()).containsExactly("RESTORE r " + (NOW + 5000) + " " + payload + " REPLACE ABSTTL");
        node.run("RESTORE", "r", "1", payload, "REPLACE", "ABSTTL");
        assertThat(log.commands()).containsExactly("DEL r");
    }

    @Test
    void times_of_fields_are_moments() {
        run("HSET h a 1 b 2 c 3 d 4");

        assertThat(effects("HEXPIRE h 10 FIELDS 2 a none"))
                .containsExactly("HPEXPIREAT h " + (NOW + 10_000) + " FIELDS 2 a none");
        assertThat(effects("HPEXPIRE h 20 XX FIELDS 2 a b"))
                .containsExactly("HPEXPIREAT h " + (NOW + 20) + " XX FIELDS 2 a b");
        assertThat(effects("HPEXPIRE h 20 GT FIELDS 1 a")).isEmpty();
        assertThat(effects("HPERSIST h FIELDS 1 a")).containsExactly("HPERSIST h FIELDS 1 a");
        assertThat(effects("HGETEX h EX 10 FIELDS 1 a"))
                .containsExactly("HPEXPIREAT h " + (NOW + 10_000) + " FIELDS 1 a");
        assertThat(effects("HGETEX h PERSIST FIELDS 1 a")).containsExactly("HPERSIST h FIELDS 1 a");
        assertThat(effects("HGETEX h FIELDS 1 a")).isEmpty();
        assertThat(effects("HSETEX h FXX PX 5 FIELDS 2 a 1 b 2"))
                .containsExactly("HSETEX h PXAT " + (NOW + 5) + " FIELDS 2 a 1 b 2");
        assertThat(effects("HSETEX h KEEPTTL FIELDS 1 a 3")).containsExactly("HSETEX h KEEPTTL FIELDS 1 a 3");
        assertThat(effects("HINCRBYFLOAT h a 0.5"))
                .containsExactly("MULTI", "HSET h a 3.5", "HPEXPIREAT h " + (NOW + 5) + " FIELDS 1 a", "EXEC");
        assertThat(effects("HSETEX h EXAT 1 FIELDS 1 a 3")).containsExactly("HDEL h a");
        assertThat(effects("HEXPIREAT h 1 FIELDS 3 b a c")).containsExactly("HDEL h b c");
        assertThat(effects("HGETDEL h FIELDS 2 d a")).containsExactly("HDEL h d");
    }

    // --- Streams ---

    @Test
    void entries_have_their_id_and_trims_an_exact_length() {
        run("CONFIG SET stream-node-max-entries 2");

        assertThat(effects("XADD x * a 1")).containsExactly("XADD x " + NOW + "-0 a 1");
        assertThat(effects("XADD x NOMKSTREAM * a 1")).containsExactly("XADD x " + NOW + "-1 a 1");
        assertThat(effects("XADD x MAXLEN ~ 1 * a 1")).containsExactly("XADD x MAXLEN = 1 " + NOW + "-2 a 1");
        run("XADD x * a 1");
        assertThat(effects("XTRIM x MINID ~ " + NOW + "-9")).containsExactly("XTRIM x MAXLEN = 0");
    }

    @Test
    void who_reads_in_a_group_claims() {
        run("XADD x 1-1 a 1");
        run("XADD x 2-1 a 1");
        run("XGROUP CREATE x g 0");

        assertThat(effects("XREADGROUP GROUP g c COUNT 1 STREAMS x >"))
                .containsExactly(
                        "MULTI",
                        "XGROUP CREATECONSUMER x g c",
                        "XCLAIM x g c 0 1-1 TIME " + NOW + " RETRYCOUNT 1 FORCE JUSTID LASTID 1-1",
                        "XGROUP SETID x g 1-1 ENTRIESREAD 1",
                        "EXEC");
        assertThat(effects("XREADGROUP GROUP g c STREAMS x 0"))
                .containsExactly("XCLAIM x g c 0 1-1 TIME " + NOW + " RETRYCOUNT 2 FORCE JUSTID LASTID 1-1");
        assertThat(effects("XREADGROUP GROUP g c STREAMS x 5")).isEmpty();
        assertThat(effects("XREADGROUP GROUP g c NOACK STREAMS x >"))
                .containsExactly("XGROUP SETID x g 2-1 ENTRIESREAD 2");
        assertThat(effects("XREADGROUP GROUP g c STREAMS x >")).isEmpty();
    }

    @Test
    void claims_tell_whose_an_entry_is_since_when() {
        run("XADD x 1-1 a 1");
        run("XADD x 2-1 a 1");
        run("XGROUP CREATE x g 0");
        run("XREADGROUP GROUP g c STREAMS x >");

        assertThat(effects("XCLAIM x g c 0 1-1 IDLE 500 LASTID 9-9"))
                .containsExactly(
                        "MULTI",
                        "XGROUP SETID x g 9-9 ENTRIESREAD 2",
                        "XCLAIM x g c 0 1-1 TIME " + (NOW - 500) + " RETRYCOUNT 2 FORCE JUSTID LASTID 9-9",
                        "EXEC");
        assertThat(effects("XCLAIM x g c 1000000 1-1 7-7")).isEmpty();
        assertThat(effects("XDEL x 1-1", "XAUTOCLAIM x g c 0 0 JUSTID"))
                .containsExactly(
                        "MULTI",
                        "XACK x g 1-1",
                        "XCLAIM x g c 0 2-1 TIME " + NOW + " RETRYCOUNT 1 FORCE JUSTID LASTID 9-9",
                        "EXEC");
        assertThat(effects("XDEL x 2-1", "XCLAIM x g c 0 2-1")).containsExactly("XACK x g 2-1");
    }

    @Test
    void what_removal_does_to_groups_is_told_in_older_words() {
        run("CONFIG SET stream-node-max-entries 2");
        for (int i = 1; i <= 7; i++) {
            run("XADD x " + i + "-1 a 1");
        }
        run("XGROUP CREATE x g 0");
        run("XGROUP CREATE x h 3-1");
        run("XREADGROUP GROUP g c STREAMS x >");
        run("XACK x g 1-1 2-1");

        assertThat(effects("XDELEX x ACKED IDS 2 1-1 3-1")).containsExactly("XDEL x 1-1");
        assertThat(effects("XDELEX x DELREF IDS 3 9-9 2-1 3-1"))
                .containsExactly("MULTI", "XDEL x 2-1", "XACK x g 3-1", "XDEL x 3-1", "EXEC");
        assertThat(effects("XACKDEL x g ACKED IDS 2 3-1 4-1")).containsExactly("XACK x g 4-1");
        assertThat(effects("XACKDEL x g IDS 2 3-1 5-1")).containsExactly("MULTI", "XACK x g 5-1", "XDEL x 5-1", "EXEC");
        assertThat(effects("XTRIM x MAXLEN = 1 ACKED")).isEmpty();
        assertThat(effects("XTRIM x MINID 7-1 DELREF"))
                .containsExactly("MULTI", "XDEL x 4-1", "XACK x g 6-1", "XDEL x 6-1", "EXEC");
        assertThat(effects("XADD x MAXLEN ~ 1 DELREF 8-1 a 1"))
                .containsExactly("MULTI", "XADD x 8-1 a 1", "XACK x g 7-1", "XDEL x 7-1", "EXEC");
        assertThat(effects("XADD x KEEPREF MAXLEN 1 9-1 a 1")).containsExactly("XADD x MAXLEN = 1 9-1 a 1");
    }
}
