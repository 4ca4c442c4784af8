package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keyspace notifications, in so far as random commands beside a real Redis do not show them. */
class KeyEventTest {
    private final TestNode node = new TestNode();
    private final TestNode.Client listener = node.connect();

    @AfterEach
    void close() {
        node.close();
    }

    private void listen(String classes) {
        node.run("CONFIG", "SET", "notify-keyspace-events", classes);
        listener.runAll("PSUBSCRIBE", "__key*__:*");
    }

    /** Channel and message of what the listener was sent since. */
    private List<String> heard() {
        return messages(listener.received(), reply -> ((Reply.Array) reply).elements());
    }

    private static List<String> messages(List<Reply> replies, Function<Reply, List<Reply>> elements) {
        return replies.stream()
                .map(elements)
                .map(words -> words.subList(2, 4).stream()
                        .map(word -> ((Reply.Bulk) word).text())
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    void nothing_is_told_unless_it_is_wanted() {
        listen("");
        node.run("SET", "k", "v");
        assertThat(heard()).isEmpty();
        node.run("CONFIG", "SET", "notify-keyspace-events", "A");
        node.run("SET", "k", "v");
        assertThat(heard()).isEmpty();
        node.run("CONFIG", "SET", "notify-keyspace-events", "Eg");
        node.run("SET", "k", "v");
        node.run("DEL", "k");
        assertThat(heard()).containsExactly("__keyevent@0__:del k");
    }

    @Test
    void both_channels_are_told_with_the_database() {
        listen("KEA");
        node.run("SELECT", "3");
        node.run("SET", "k", "v", "EX", "10");
        assertThat(heard())
                .containsExactly(
                        "__keyspace@3__:k set",
                        "__keyevent@3__:set k",
                        "__keyspace@3__:k expire",
                        "__keyevent@3__:expire k");
    }

    @Test
    void a_key_expires_unasked() {
        listen("Ex");
        node.run("SET", "k", "v", "PX", "5");
        node.advance(6);
        assertThat(heard()).containsExactly("__keyevent@0__:expired k");
    }

    @Test
    void a_key_that_is_looked_at_too_late_expires_once() {
        listen("Exm");
        node.run("SET", "k", "v", "PX", "5");
        node.advanceWithoutBackground(6);
        node.run("GET", "k");
        node.advance(10);
        assertThat(heard()).containsExactly("__keyevent@0__:expired k", "__keyevent@0__:keymiss k");
    }

    @Test
    void a_key_that_is_overwritten_too_late_expires_first() {
        listen("EA");
        node.run("SET", "k", "v", "PX", "5");
        heard();
        node.advanceWithoutBackground(6);
        node.run("SET", "k", "w");
        assertThat(heard()).containsExactly("__keyevent@0__:expired k", "__keyevent@0__:set k");
    }

    @Test
    void an_eviction_is_told_before_the_write_that_wanted_the_room() {
        listen("E$e");
        node.run("SET", "k", "v");
        node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        node.run("CONFIG", "SET", "maxmemory", "1");
        node.run("SET", "l", "v");
        assertThat(heard()).startsWith("__keyevent@0__:set k", "__keyevent@0__:evicted k");
    }

    @Test
    void the_event_of_a_clients_own_command_stands_behind_its_reply() {
        node.run("CONFIG", "SET", "notify-keyspace-events", "KEA");
        listener.run("HELLO", "3");
        listener.runAll("SUBSCRIBE", "__keyspace@0__:l");
        List<Reply> replies = listener.runAll("RPUSH", "l", "a", "b");
        assertThat(replies.getFirst()).isEqualTo(new Reply.Int(2));
        assertThat(replies).hasSize(2);
        assertThat(listener.runAll("LPOP", "l", "2").getLast())
                .isEqualTo(new Reply.Push(
                        List.of(new Reply.Bulk("message"), new Reply.Bulk("__keyspace@0__:l"), new Reply.Bulk("del"))));
    }

    @Test
    void events_of_many_keys_are_all_told_and_their_memory_comes_back() {
        String[] many = new String[2_001];
        many[0] = "DEL";
        for (int i = 1; i < many.length; i++) {
            many[i] = "key:" + i;
            node.run("SET", many[i], "v");
        }
        listen("Eg");
        long before = node.engine().usedMemory();
        node.run(many);
        assertThat(heard()).hasSize(2_000).endsWith("__keyevent@0__:del key:2000");
        assertThat(node.engine().usedMemory()).isLessThanOrEqualTo(before);
    }

    @Test
    void classes_are_shown_in_one_order() {
        for (String[] given : new String[][] {
            {"AKE", "AKE"}, {"g$lshzxetdEK", "AKE"}, {"mxE", "xEm"}, {"EAnx", "AEn"}, {"", ""}, {"$g", "g$"}
        }) {
            assertThat(node.run("CONFIG", "SET", "notify-keyspace-events", given[0]))
                    .isEqualTo(new Reply.Simple("OK"));
            assertThat(node.run("CONFIG", "GET", "notify-keyspace-events"))
                    .isEqualTo(new Reply.Array(
                            List.of(new Reply.Bulk("notify-keyspace-events"), new Reply.Bulk(given[1]))));
        }
        assertThat(node.run("CONFIG", "SET", "notify-keyspace-events", "Kq"))
                .isEqualTo(new Reply.Error(
                        "ERR CONFIG SET failed (possibly related to argument 'notify-keyspace-events') - "
                                + "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."));
    }
}
