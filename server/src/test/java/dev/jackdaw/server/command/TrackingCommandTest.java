package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrackingCommandTest {
    private static final Reply OK = new Reply.Simple("OK");

    private final TestNode node = new TestNode();
    private final TestNode.Client reader = node.connect();

    @BeforeEach
    void speakResp3() {
        reader.session().protocol(3);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void changed_key_is_told_once_to_those_who_read_it() {
        track("ON");
        reader.run("GET", "k");
        reader.run("GET", "k");
        node.run("SET", "other", "1");
        assertThat(reader.received()).isEmpty();
        node.run("SET", "k", "1");
        assertThat(reader.received()).containsExactly(invalidate("k"));
        node.run("SET", "k", "2");
        assertThat(reader.received()).isEmpty();
    }

    @Test
    void own_change_is_told_behind_the_reply() {
        track("ON");
        reader.run("GET", "k");
        assertThat(reader.runAll("SET", "k", "1")).containsExactly(OK, invalidate("k"));
        reader.run("HGET", "k", "f");
        assertThat(reader.runAll("SET", "k", "2")).containsExactly(OK, invalidate("k"));
        assertThat(reader.runAll("SET", "k", "3")).containsExactly(OK);
    }

    @Test
    void own_change_after_a_wait_is_told_behind_the_reply() {
        track("ON");
        reader.run("LRANGE", "to", "0", "-1");
        reader.send("BLMOVE", "from", "to", "LEFT", "LEFT", "0");
        node.run("RPUSH", "from", "x");
        assertThat(reader.received()).containsExactly(new Reply.Bulk("x"), invalidate("to"));
    }

    @Test
    void noloop_keeps_own_changes_quiet() {
        track("ON", "NOLOOP");
        reader.run("GET", "k");
        assertThat(reader.runAll("SET", "k", "1")).containsExactly(OK);
        reader.run("GET", "k");
        node.run("SET", "k", "2");
        assertThat(reader.received()).containsExactly(invalidate("k"));
    }

    @Test
    void what_a_command_evicts_is_told_before_its_reply_even_with_noloop() {
        track("ON", "NOLOOP");
        node.run("SET", "k", "v", "EX", "100");
        reader.run("GET", "k");
        long limit = node.engine().usedMemory() + 100_000;
        node.run("CONFIG", "SET", "maxmemory", Long.toString(limit), "maxmemory-policy", "volatile-random");
        reader.run("SETBIT", "bits", "1600000", "0");
        assertThat(reader.runAll("GETBIT", "bits", "0")).containsExactly(invalidate("k"), new Reply.Int(0));
    }

    @Test
    void bcast_tells_of_every_key_with_a_prefix() {
        track("ON", "BCAST", "PREFIX", "a:", "PREFIX", "b:");
        node.run("SET", "a:1", "x");
        node.run("SET", "c:1", "x");
        node.run("SET", "b:1", "x");
        assertThat(reader.received()).containsExactly(invalidate("a:1"), invalidate("b:1"));
        assertThat(reader.runAll("SET", "a:2", "x")).containsExactly(OK, invalidate("a:2"));
    }

    @Test
    void bcast_puts_the_keys_of_one_command_into_one_message() {
        track("ON", "BCAST", "PREFIX", "a:", "PREFIX", "b:");
        node.run("MSET", "b:1", "x", "a:1", "x", "c:1", "x", "a:2", "x");
        assertThat(reader.received()).containsExactly(invalidate("a:1", "a:2"), invalidate("b:1"));
    }

    @Test
    void bcast_without_prefix_tells_of_all_keys() {
        track("ON", "BCAST", "NOLOOP");
        node.run("HSET", "h", "f", "v", "g", "w");
        assertThat(reader.received()).containsExactly(invalidate("h"));
        assertThat(reader.runAll("SET", "k", "x")).containsExactly(OK);
    }

    @Test
    void optin_and_optout_wait_for_caching() {
        track("ON", "OPTIN");
        reader.run("GET", "a");
        reader.run("CLIENT", "CACHING", "YES");
        reader.run("GET", "b");
        reader.run("GET", "c");
        changeEach("a", "b", "c");
        assertThat(reader.received()).containsExactly(invalidate("b"));

        track("OFF");
        track("ON", "OPTOUT");
        reader.run("GET", "a");
        reader.run("CLIENT", "CACHING", "NO");
        reader.run("GET", "b");
        reader.run("GET", "c");
        changeEach("a", "b", "c");
        assertThat(reader.received()).containsExactly(invalidate("a"), invalidate("c"));
    }

    @Test
    void redirection_reaches_a_resp2_listener() {
        TestNode.Client target = node.connect();
        String id = "" + target.session().id();
        track("ON", "REDIRECT", id);
        reader.run("GET", "k");
        node.run("SET", "k", "1");
        assertThat(target.received()).isEmpty();

        target.run("SUBSCRIBE", "__redis__:invalidate");
        reader.run("GET", "k");
        node.run("SET", "k", "2");
        assertThat(reader.received()).isEmpty();
        assertThat(target.received())
                .containsExactly(new Reply.Array(List.of(
                        new Reply.Bulk("message"),
                        new Reply.Bulk("__redis__:invalidate"),
                        new Reply.Array(List.of(new Reply.Bulk("k"))))));

        reader.run("GET", "k");
        node.node().disconnect(target.session());
        node.run("SET", "k", "3");
        assertThat(reader.received())
                .containsExactly(new Reply.Push(
                        List.of(new Reply.Bulk("tracking-redir-broken"), new Reply.Int(Long.parseLong(id)))));
        assertThat(reader.run("CLIENT", "TRACKINGINFO").toString()).contains("broken_redirect");
    }

    @Test
    void flush_tells_to_forget_everything() {
        track("ON");
        reader.run("GET", "k");
        node.engine().keyspace(3).clear();
        node.run("GET", "any");
        assertThat(reader.received()).containsExactly(forget());
        node.run("SET", "k", "1");
        assertThat(reader.received()).isEmpty();
    }

    @Test
    void expiry_and_eviction_are_changes() {
        track("ON");
        node.run("SET", "k", "1", "PX", "50");
        reader.run("GET", "k");
        node.advance(100);
        assertThat(reader.received()).containsExactly(invalidate("k"));

        node.run("SET", "k", "1");
        reader.run("GET", "k");
        node.engine().evictionPolicy("allkeys-random");
        node.engine().maxMemory(1);
        node.run("GET", "any");
        assertThat(reader.received()).containsExactly(invalidate("k"));
    }

    @Test
    void what_is_to_be_told_of_evicted_keys_does_not_evict_more() {
        track("ON");
        String name = "x".repeat(1000);
        for (int i = 0; i < 300; i++) {
            node.run("SET", name + i, "x");
            reader.run("GET", name + i);
        }
        node.engine().evictionPolicy("allkeys-lru");
        node.engine().maxMemory(node.engine().usedMemory() - 40_000);
        node.run("GET", "any");
        assertThat(reader.received()).hasSizeBetween(20, 60);
    }

    @Test
    void keys_over_the_limit_are_forgotten_and_told() {
        node.node().tracking().maxKeys(10);
        track("ON");
        List<Reply> told = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            told.addAll(reader.runAll("GET", "key:" + i));
        }
        assertThat(told.stream().filter(Reply.Push.class::isInstance)).hasSize(90);
        assertThat(node.node().tracking().keys()).isEqualTo(10);
    }

    @Test
    void keys_over_a_lowered_limit_are_forgotten_and_told_by_and_by() {
        track("ON");
        for (int i = 0; i < 100; i++) {
            reader.run("GET", "key" + i);
        }
        node.run("CONFIG", "SET", "tracking-table-max-keys", "10");
        node.advance(100);
        assertThat(node.node().tracking().keys()).isEqualTo(10);
        assertThat(reader.received()).hasSize(90);
    }

    @Test
    void many_clients_of_one_key_are_all_told_and_the_dead_forgotten() {
        List<TestNode.Client> readers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            TestNode.Client client = node.connect();
            client.session().protocol(3);
            client.run("CLIENT", "TRACKING", "ON");
            readers.add(client);
        }
        for (int i = readers.size() - 1; i >= 0; i--) {
            readers.get(i * 7 % 300).run("GET", "k");
        }
        readers.subList(0, 100).forEach(client -> node.node().disconnect(client.session()));
        node.run("SET", "k", "1");

        assertThat(readers.subList(0, 100))
                .allSatisfy(client -> assertThat(client.received()).isEmpty());
        assertThat(readers.subList(100, 300))
                .allSatisfy(client -> assertThat(client.received()).containsExactly(invalidate("k")));
    }

    @Test
    void tracking_off_is_quiet_and_free() {
        track("ON");
        reader.run("GET", "k");
        track("OFF");
        assertThat(node.node().tracking().isActive()).isFalse();
        node.run("SET", "k", "1");
        assertThat(reader.received()).isEmpty();
        assertThat(node.node().tracking().keys()).isZero();
    }

    @Test
    void impossible_options_are_refused() {
        assertThat(tracking("ON", "PREFIX", "a")).isEqualTo(error(CommandError.PREFIX_WITHOUT_BCAST));
        assertThat(tracking("ON", "BCAST", "OPTIN")).isEqualTo(error(CommandError.OPTIN_WITH_BCAST));
        assertThat(tracking("ON", "OPTIN", "OPTOUT")).isEqualTo(error(CommandError.OPTIN_WITH_OPTOUT));
        assertThat(tracking("ON", "REDIRECT", "999")).isEqualTo(error(CommandError.NO_SUCH_REDIRECTION));
        assertThat(tracking("ON", "REDIRECT", "1", "REDIRECT", "1")).isEqualTo(error(CommandError.SECOND_REDIRECTION));
        assertThat(tracking("ON", "REDIRECT")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(tracking("PERHAPS")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(tracking("ON", "BCAST", "PREFIX", "a", "PREFIX", "ab"))
                .isEqualTo(error(CommandError.overlappingPrefixes("a", "ab")));
        assertThat(reader.run("CLIENT", "CACHING", "YES")).isEqualTo(error(CommandError.CACHING_WITHOUT_MODE));

        track("ON", "BCAST", "PREFIX", "a");
        assertThat(tracking("ON", "BCAST", "PREFIX", "ab"))
                .isEqualTo(error(CommandError.overlapsWithExistingPrefix("ab", "a")));
        assertThat(tracking("ON")).isEqualTo(error(CommandError.BCAST_SWITCH));
        track("OFF");
        track("ON", "OPTIN");
        assertThat(tracking("ON", "OPTOUT")).isEqualTo(error(CommandError.OPTIN_SWITCH));
        assertThat(reader.run("CLIENT", "CACHING", "NO")).isEqualTo(error(CommandError.CACHING_NO_WITHOUT_OPTOUT));
        assertThat(reader.run("CLIENT", "CACHING", "X")).isEqualTo(error(CommandError.SYNTAX));
    }

    @Test
    void a_client_tracks_a_thousand_prefixes_at_most() {
        for (int i = 0; i < 1000; i++) {
            track("ON", "BCAST", "PREFIX", "p" + i + ":");
        }
        assertThat(tracking("ON", "BCAST", "PREFIX", "one:")).isEqualTo(error(CommandError.TOO_MANY_PREFIXES));
        track("OFF");
        track("ON", "BCAST", "PREFIX", "one:");
    }

    @Test
    void info_describes_what_is_tracked() {
        assertThat(info()).isEqualTo("[off] -1 []");
        assertThat(reader.run("CLIENT", "GETREDIR")).isEqualTo(new Reply.Int(-1));
        track("ON", "OPTIN", "NOLOOP", "REDIRECT", "1");
        reader.run("CLIENT", "CACHING", "YES");
        assertThat(info()).isEqualTo("[on, optin, caching-yes, noloop] 1 []");
        assertThat(reader.run("CLIENT", "GETREDIR")).isEqualTo(new Reply.Int(1));
        track("OFF");
        track("ON", "BCAST", "PREFIX", "b", "PREFIX", "a");
        assertThat(info()).isEqualTo("[on, bcast] 0 [a, b]");
    }

    private void track(String... arguments) {
        assertThat(tracking(arguments)).isEqualTo(OK);
    }

    private Reply tracking(String... arguments) {
        return reader.run(Stream.concat(Stream.of("CLIENT", "TRACKING"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private void changeEach(String... keys) {
        for (String key : keys) {
            node.run("SET", key, "x");
        }
    }

    private String info() {
        Reply.Map map = (Reply.Map) reader.run("CLIENT", "TRACKINGINFO");
        Reply.Set flags = (Reply.Set) map.pairs().get(0).value();
        Reply.Int redirect = (Reply.Int) map.pairs().get(1).value();
        Reply.Array prefixes = (Reply.Array) map.pairs().get(2).value();
        return texts(flags.elements()) + " " + redirect.value() + " " + texts(prefixes.elements());
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream().map(reply -> ((Reply.Bulk) reply).text()).toList();
    }

    private static Reply invalidate(String... keys) {
        List<Reply> names =
                Stream.of(keys).map(key -> (Reply) new Reply.Bulk(key)).toList();
        return new Reply.Push(List.of(new Reply.Bulk("invalidate"), new Reply.Array(names)));
    }

    private static Reply forget() {
        return new Reply.Push(List.of(new Reply.Bulk("invalidate"), Reply.Null.ANY));
    }
}
