package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.persistence.Contents;
import dev.jackdaw.server.persistence.Shapes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys move to a real redis-server, to another node, and to a server that takes its time; what changes on its way is not lost. */
class MigrateTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final int MANY_KEYS = 3_000;
    private static final int ATTEMPTS = 10;

    /** Where T is the port of the target, with a key "there", and U a port that nobody listens at. */
    private static final List<String> CALLS = List.of(
            "SET k v",
            "MIGRATE 127.0.0.1 T nosuch 0 5000",
            "MIGRATE 127.0.0.1 T k 0 5000 KEYS a b",
            "MIGRATE 127.0.0.1 T '' 0 5000 KEYS",
            "MIGRATE 127.0.0.1 T '' 0 5000",
            "MIGRATE 127.0.0.1 T k x 5000",
            "MIGRATE 127.0.0.1 T k 0 y",
            "MIGRATE 127.0.0.1 T k 0 5000 AUTH",
            "MIGRATE 127.0.0.1 T k 0 5000 AUTH2 a",
            "MIGRATE 127.0.0.1 T k 0 5000 COPY WHAT",
            "MIGRATE 127.0.0.1 T k",
            "MIGRATE 127.0.0.1 T k 99 5000",
            "MIGRATE 127.0.0.1 T k 0 5000 AUTH wrong",
            "MIGRATE 127.0.0.1 T k 0 5000 AUTH2 nobody wrong",
            "MIGRATE 127.0.0.1 U k 0 5000",
            "MIGRATE 127.0.0.1 port k 0 5000",
            "MIGRATE nosuch.invalid 6379 k 0 5000",
            "EXISTS k",
            "MIGRATE 127.0.0.1 T k 0 5000 COPY REPLACE",
            "EXISTS k",
            "MIGRATE 127.0.0.1 T k 0 5000",
            "MIGRATE 127.0.0.1 T k 0 0 replace",
            "EXISTS k",
            "MSET a 1 there 2 b 3",
            "PEXPIREAT b 1900000000123",
            "MIGRATE 127.0.0.1 T '' 0 5000 KEYS a there nosuch b",
            "EXISTS a there b",
            "MIGRATE 127.0.0.1 T '' 3 -5 REPLACE KEYS there there nosuch",
            "EXISTS there",
            "SET k v",
            "MIGRATE localhost T k 2 5000 AUTH2 mover secret",
            "EXISTS k",
            "LPUSH l x",
            "MULTI",
            "MIGRATE 127.0.0.1 T nosuch 0 5000",
            "EXEC");

    @TempDir
    private Path folder;

    private final RunningNode node = RunningNode.with();
    private final RespConnection client = node.connect();
    private final RespConnection other = node.connect();
    private final SlowTarget target = new SlowTarget();

    @AfterEach
    void close() {
        client.close();
        other.close();
        target.close();
        node.close();
    }

    // --- With a real redis-server ---

    @Test
    void replies_and_keys_are_those_of_redis() {
        assumeThat(RedisServer.isInstalled()).isTrue();
        try (RedisServer to = RedisServer.start();
                RedisServer redis = RedisServer.start();
                RespConnection there = to.connect();
                RespConnection theirs = redis.connect()) {
            there.ask("ACL", "SETUSER", "mover", "on", ">secret", "~*", "+@all");
            List<String> ours = play(client, there, to.port());
            assertThat(ours).isEqualTo(play(theirs, there, to.port()));
        }
    }

    private List<String> play(RespConnection from, RespConnection to, int port) {
        to.ask("FLUSHALL");
        to.ask("SET", "there", "before");
        List<String> replies = new ArrayList<>();
        for (String call : CALLS) {
            String[] words = Stream.of(call.split(" "))
                    .map(word -> word.equals("T") ? "" + port : word.equals("U") ? "1" : word.replace("''", ""))
                    .toArray(String[]::new);
            replies.add(call + ": " + from.ask(words));
        }
        for (String database : List.of("0", "2", "3")) {
            to.ask("SELECT", database);
            replies.addAll(contents(to));
        }
        to.ask("SELECT", "0");
        return replies;
    }

    @Test
    void values_of_all_types_go_to_redis_and_come_back() {
        assumeThat(RedisServer.isInstalled()).isTrue();
        for (String[] command : Shapes.commands(2)) {
            client.ask(command);
        }
        List<String> before = contents(client);
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            assertThat(client.ask(moveAll(client, redis.port()))).isEqualTo(OK);
            assertThat(client.ask("DBSIZE")).isEqualTo(new Reply.Int(0));
            assertThat(contents(theirs)).isEqualTo(before);

            assertThat(theirs.ask(moveAll(theirs, node.port()))).isEqualTo(OK);
            assertThat(theirs.ask("DBSIZE")).isEqualTo(new Reply.Int(0));
            assertThat(contents(client)).isEqualTo(before);
        }
    }

    /** Times to live travel as such, so a time of expiry is later by as long as the way takes. */
    private static List<String> contents(RespConnection server) {
        return Contents.of(server::ask).stream()
                .map(key -> key.replaceAll("19000000\\d{5}", "in 2030"))
                .toList();
    }

    private static String[] moveAll(RespConnection from, int port) {
        List<String> words = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", "" + port, "", "0", "5000", "KEYS"));
        ((Reply.Array) from.ask("KEYS", "*")).elements().forEach(key -> words.add(((Reply.Bulk) key).text()));
        return words.toArray(String[]::new);
    }

    // --- Between nodes ---

    @Test
    void many_keys_move_while_others_are_served_and_the_log_forgets_them() {
        String[] options = {"--dir", folder.toString(), "--appendonly", "yes", "--appendfsync", "always"};
        try (RunningNode from = RunningNode.with(options);
                RespConnection mover = from.connect()) {
            for (int i = 0; i < MANY_KEYS; i++) {
                mover.ask("SET", "key" + i, "value ".repeat(i % 100) + i);
            }
            mover.ask("SET", "stays", "here");
            mover.ask("BGSAVE");
            List<String> words =
                    new ArrayList<>(List.of("MIGRATE", "127.0.0.1", "" + node.port(), "", "0", "5000", "KEYS"));
            for (int i = 0; i < MANY_KEYS; i++) {
                words.add("key" + i);
                words.add("key" + i / 2);
            }
            assertThat(mover.ask(words.toArray(String[]::new))).isEqualTo(OK);
            assertThat(mover.ask("DBSIZE")).isEqualTo(new Reply.Int(1));
            Awaitility.await()
                    .until(() -> mover.ask("INFO", "persistence").toString().contains("rdb_bgsave_in_progress:0"));
        }
        try (RunningNode again = RunningNode.with(options);
                RespConnection loaded = again.connect()) {
            assertThat(loaded.ask("KEYS", "*")).isEqualTo(loaded.ask("KEYS", "stays"));
        }
        try (RunningNode before = RunningNode.with("--dir", folder.toString());
                RespConnection loaded = before.connect()) {
            assertThat(loaded.ask("DBSIZE")).isEqualTo(new Reply.Int(MANY_KEYS + 1));
        }
        assertThat(client.ask("DBSIZE")).isEqualTo(new Reply.Int(MANY_KEYS));
        assertThat(client.ask("GET", "key205").toString()).contains("value 205");
    }

    @Test
    void a_node_moves_nothing_to_itself() {
        client.ask("SET", "k", "v");

        assertThat(client.ask("MIGRATE", "localhost", "" + node.port(), "k", "0", "5000", "REPLACE"))
                .isEqualTo(new Reply.Error(CommandError.MIGRATE_TO_ITSELF));
        assertThat(client.ask("EXISTS", "k")).isEqualTo(new Reply.Int(1));
    }

    @Test
    void a_transaction_cannot_wait_for_another_server() {
        client.ask("SET", "k", "v");
        client.ask("MULTI");
        client.ask("MIGRATE", "127.0.0.1", target.port(), "k", "0", "5000");

        assertThat(client.ask("EXEC"))
                .isEqualTo(new Reply.Array(List.of(new Reply.Error(CommandError.MIGRATE_IN_TRANSACTION))));
    }

    // --- What happens meanwhile ---

    private void begin(String... options) {
        client.ask("SET", "k", "v");
        List<String> words = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", target.port(), "k", "0", "5000"));
        words.addAll(List.of(options));
        client.send(words.toArray(String[]::new));
        target.answer("+OK", "SELECT", "0");
    }

    private void expectHere(String value) {
        assertThat(other.ask("GET", "k").toString()).contains(value);
    }

    private void expectGone() {
        assertThat(other.ask("EXISTS", "k")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void a_key_that_changes_is_sent_again() {
        begin();
        List<String> first = target.expect("RESTORE", "k", "0");
        other.ask("SET", "k", "w");
        target.send("+OK");
        List<String> second = target.answer("+OK", "RESTORE", "k", "0");

        assertThat(client.read()).isEqualTo(OK);
        assertThat(first).hasSize(4);
        assertThat(second.getLast()).isEqualTo("REPLACE");
        assertThat(second.get(3)).contains("w").isNotEqualTo(first.get(3));
        expectGone();
        target.expectEnd();
    }

    @Test
    void a_key_that_is_deleted_is_deleted_there_too() {
        begin();
        target.expect("RESTORE", "k");
        other.ask("DEL", "k");
        target.send("+OK");
        target.answer(":1", "DEL", "k");

        assertThat(client.read()).isEqualTo(OK);
        expectGone();
    }

    @Test
    void a_key_that_changes_each_time_stays() {
        begin();
        for (int i = 1; i <= ATTEMPTS; i++) {
            target.expect("RESTORE", "k");
            other.ask("SET", "k", "value " + i);
            target.send("+OK");
        }
        target.answer(":1", "DEL", "k");

        assertThat(client.read()).isEqualTo(new Reply.Error(CommandError.MIGRATE_CHANGED));
        expectHere("value " + ATTEMPTS);
    }

    @Test
    void a_copy_is_of_one_moment() {
        begin("COPY");
        target.expect("RESTORE", "k");
        other.ask("SET", "k", "w");
        target.send("+OK");

        assertThat(client.read()).isEqualTo(OK);
        expectHere("w");
    }

    @Test
    void who_is_not_let_in_sends_nothing() {
        client.ask("SET", "k", "v");
        client.send("MIGRATE", "127.0.0.1", target.port(), "k", "0", "5000", "AUTH", "wrong");
        target.answer("-WRONGPASS no", "AUTH", "wrong");
        target.answer("+OK", "SELECT", "0");

        assertThat(client.read()).isEqualTo(new Reply.Error(CommandError.targetReplied("WRONGPASS no")));
        target.expectEnd();
        expectHere("v");
    }

    @Test
    void a_target_that_goes_away_or_talks_nonsense_gets_nothing() {
        for (String reply : List.of("-ERR no", "*1", "HTTP/1.1 200 OK", "$-1")) {
            try (SlowTarget one = new SlowTarget()) {
                client.ask("SET", "k", "v");
                client.send("MIGRATE", "127.0.0.1", one.port(), "k", "0", "5000");
                one.answer("+OK", "SELECT");
                one.answer(reply, "RESTORE");
            }
            assertThat(client.read())
                    .isEqualTo(new Reply.Error(
                            reply.startsWith("-")
                                    ? CommandError.targetReplied("ERR no")
                                    : CommandError.TARGET_NOT_READ));
            expectHere("v");
        }
    }

    @Test
    void a_target_that_does_not_answer_is_not_waited_for() {
        client.ask("SET", "k", "v");
        client.send("MIGRATE", "127.0.0.1", target.port(), "k", "0", "1000");
        target.answer("+OK", "SELECT");

        assertThat(client.read()).isEqualTo(new Reply.Error(CommandError.TARGET_NOT_READ));
        target.expect("RESTORE");
        target.expectEnd();
        expectHere("v");
    }

    @Test
    void a_client_that_goes_away_takes_its_command_with_it() {
        try (RespConnection gone = node.connect()) {
            gone.ask("SET", "k", "v");
            gone.send("MIGRATE", "127.0.0.1", target.port(), "k", "0", "5000");
            target.answer("+OK", "SELECT");
            target.expect("RESTORE");
        }
        target.expectEnd();
        expectHere("v");
    }

    @Test
    void a_key_stays_while_the_data_stand_still() {
        begin();
        target.expect("RESTORE", "k");
        other.ask("CLIENT", "PAUSE", "100000", "WRITE");
        target.send("+OK");
        expectHere("v");

        other.ask("CLIENT", "UNPAUSE");
        assertThat(client.read()).isEqualTo(OK);
        expectGone();
    }

    @Test
    void it_is_no_wait_for_keys_that_could_be_ended() {
        Reply id = client.ask("CLIENT", "ID");
        begin();
        target.expect("RESTORE", "k");

        assertThat(other.ask("CLIENT", "UNBLOCK", "" + ((Reply.Int) id).value()))
                .isEqualTo(new Reply.Int(0));
        target.send("+OK");
        assertThat(client.read()).isEqualTo(OK);
        Awaitility.await().untilAsserted(this::expectGone);
    }
}
