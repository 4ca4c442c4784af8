package dev.jackdaw.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.protocol.topology.SlotPlanner;
import dev.jackdaw.proxy.local.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(SlotPlanner.first(List.of(
            Shard.of(new Node("10.0.0.1", 1), 1),
            Shard.of(new Node("10.0.0.2", 1), 1),
            Shard.of(new Node("10.0.0.3", 1), 1))));
    private final Session session = new Session(1, "", "", false, 0, () -> {});

    @Test
    void a_key_goes_to_the_node_of_its_slot() {
        assertThat(plan("GET foo").node()).isEqualTo(2);
        assertThat(plan("GET bar").node()).isZero();
        assertThat(plan("SET {bar}2 1").node()).isZero();
        assertThat(plan("OBJECT ENCODING foo").node()).isEqualTo(2);
        assertThat(plan("rename {foo}1 {foo}2").node()).isEqualTo(2);
    }

    @Test
    void commands_over_keys_of_several_nodes_are_split() {
        Plan plan = plan("MSET foo 1 bar 2 {foo}2 3");
        assertThat(plan.kind()).isEqualTo(Plan.Kind.SPLIT);
        assertThat(plan.splitter().groups()).isEqualTo(2);
        assertThat(plan.splitter().shard(0)).isEqualTo(2);
        assertThat(plan.splitter().size(0)).isEqualTo(2);
        assertThat(plan.splitter().argument(0, 1)).isEqualTo(5);
        assertThat(plan.step()).isEqualTo(2);

        assertThat(plan("MGET foo {foo}2").kind()).isEqualTo(Plan.Kind.NODE);
    }

    @Test
    void keys_that_are_set_all_or_none_have_one_slot() {
        assertThat(plan("MSETEX 2 foo 1 {foo}2 2 NX EX 5").node()).isEqualTo(2);
        assertThat(plan("MSETEX 2 foo 1 bar 2").error()).startsWith("CROSSSLOT");
        assertThat(plan("MSETEX 1 foo 1 XX").node()).isEqualTo(2);
        assertThat(plan("MSETEX 3 foo 1 bar 2").kind()).isEqualTo(Plan.Kind.ANY_NODE);
    }

    @Test
    void commands_without_keys_go_where_their_row_says() {
        assertThat(plan("DBSIZE").kind()).isEqualTo(Plan.Kind.EVERY_NODE);
        assertThat(plan("SCAN 0").kind()).isEqualTo(Plan.Kind.SCAN);
        assertThat(plan("RANDOMKEY").kind()).isEqualTo(Plan.Kind.RANDOM_KEY);
        assertThat(plan("INFO").kind()).isEqualTo(Plan.Kind.INFO);
        assertThat(plan("PING").kind()).isEqualTo(Plan.Kind.LOCAL);
        assertThat(plan("CONFIG GET x").kind()).isEqualTo(Plan.Kind.ANY_NODE);
        assertThat(plan("SUBSCRIBE c").kind()).isEqualTo(Plan.Kind.SUBSCRIPTIONS);
        assertThat(plan("PUBLISH foo m").kind()).isEqualTo(Plan.Kind.PUBLISH);
    }

    @Test
    void what_cannot_be_served_is_refused() {
        assertThat(plan("NOSUCH a").error()).startsWith("ERR unknown command 'NOSUCH'");
        assertThat(plan("GET").error()).isEqualTo("ERR wrong number of arguments for 'get' command");
        assertThat(plan("RENAME foo bar").error()).startsWith("CROSSSLOT");
        assertThat(plan("BITOP OR foo bar").error()).startsWith("CROSSSLOT");
        session.subscriptions(1, 0);
        assertThat(plan("GET foo").error()).startsWith("ERR Can't execute 'get'");
        session.protocol(3);
        assertThat(plan("GET foo").kind()).isEqualTo(Plan.Kind.NODE);
    }

    @Test
    void settings_that_each_node_has_for_itself_are_not_set_on_all() {
        assertThat(plan("CONFIG SET maxmemory 1gb appendonly yes").kind()).isEqualTo(Plan.Kind.EVERY_NODE);
        assertThat(plan("CONFIG SET maxmemory 1gb RequirePass x").error())
                .isEqualTo("ERR 'config set requirepass' is not supported through the proxy");
        assertThat(plan("CONFIG SET port 7000").error()).contains("'config set port'");
    }

    @Test
    void the_user_as_whom_the_proxy_comes_to_the_nodes_is_not_changed_through_it() {
        assertThat(plan("ACL SETUSER default off").error())
                .isEqualTo("ERR 'acl setuser default' is not supported through the proxy");
        assertThat(plan("ACL SETUSER bob on").kind()).isEqualTo(Plan.Kind.EVERY_NODE);
        assertThat(plan("ACL GETUSER default").kind()).isEqualTo(Plan.Kind.ANY_NODE);
    }

    @Test
    void what_debug_tells_of_one_key_is_asked_of_its_node() {
        assertThat(plan("DEBUG OBJECT foo").node()).isEqualTo(2);
        assertThat(plan("debug digest-value bar").kind()).isEqualTo(Plan.Kind.NODE);
        assertThat(plan("DEBUG SLEEP 0").kind()).isEqualTo(Plan.Kind.EVERY_NODE);
        assertThat(plan("DEBUG OBJECT").kind()).isEqualTo(Plan.Kind.EVERY_NODE);
        assertThat(plan("DEBUG DIGEST").error()).contains("'debug digest' is not supported");
    }

    @Test
    void streams_are_read_on_one_node_and_waited_for_on_a_connection_of_its_own() {
        assertThat(plan("XREAD COUNT 5 STREAMS foo {foo}2 0 0").kind()).isEqualTo(Plan.Kind.NODE);
        assertThat(plan("XREADGROUP GROUP block block STREAMS foo >").kind()).isEqualTo(Plan.Kind.NODE);
        assertThat(plan("XREADGROUP GROUP g c COUNT 1 BLOCK 5 STREAMS foo >").kind())
                .isEqualTo(plan("BLPOP foo 0").kind());
        assertThat(plan("XREAD BLOCK 0 STREAMS foo $").node()).isEqualTo(2);
        assertThat(plan("XREAD STREAMS foo bar 0 0").error()).startsWith("CROSSSLOT");
        assertThat(plan("XGROUP CREATE foo g $").node()).isEqualTo(2);
    }

    @Test
    void sort_looks_at_keys_of_its_own_slot_only() {
        assertThat(plan("SORT foo LIMIT 0 5 BY nosort GET # DESC").node()).isEqualTo(2);
        assertThat(plan("SORT foo BY w{foo}_* GET {foo}:*->name STORE {foo}2").node())
                .isEqualTo(2);
        assertThat(plan("SORT foo STORE bar").error()).startsWith("CROSSSLOT");
        assertThat(plan("SORT foo BY w_*").error()).startsWith("ERR BY option of SORT denied in cluster mode");
        assertThat(plan("SORT_RO foo GET {bar}*").error()).startsWith("ERR GET option of SORT denied");
        assertThat(plan("SORT foo GET *{foo}").error()).startsWith("ERR GET option of SORT denied");
        assertThat(plan("SORT foo GET {}*").error()).startsWith("ERR GET option of SORT denied");
    }

    @Test
    void what_waits_has_a_connection_of_its_own() {
        assertThat(plan("BLPOP foo {foo}2 0").kind()).isEqualTo(Plan.Kind.OWN_CONNECTION);
        assertThat(plan("BLPOP foo 0").node()).isEqualTo(2);
        assertThat(plan("BLPOP foo bar 0").error()).startsWith("CROSSSLOT");
        assertThat(plan("BLMPOP 0 x foo LEFT").kind()).isEqualTo(Plan.Kind.ANY_NODE);
    }

    @Test
    void a_transaction_has_one_slot() {
        assertThat(plan("WATCH foo {foo}2").slot()).isEqualTo(12182);
        assertThat(plan("WATCH foo bar").error()).startsWith("CROSSSLOT");
        assertThat(plan("MULTI").kind()).isEqualTo(Plan.Kind.TRANSACTION);
        session.queueing(true);
        assertThat(plan("MGET foo {foo}2").kind()).isEqualTo(Plan.Kind.QUEUED);
        assertThat(plan("MGET foo {foo}2").slot()).isEqualTo(12182);
        assertThat(plan("MGET foo bar").error()).startsWith("CROSSSLOT");
        assertThat(plan("PING").slot()).isEqualTo(-1);
        assertThat(plan("SELECT 1").error()).contains("in a transaction");
        assertThat(plan("EXEC").kind()).isEqualTo(Plan.Kind.TRANSACTION);
        assertThat(plan("RESET").kind()).isEqualTo(Plan.Kind.LOCAL);
    }

    @Test
    void cursors_walk_from_node_to_node() {
        assertThat(ScanCursor.next(0, 0, 3)).isEqualTo(1);
        assertThat(ScanCursor.node(1, 3)).isEqualTo(1);
        assertThat(ScanCursor.atNode(1, 3)).isZero();
        assertThat(ScanCursor.next(0, 2, 3)).isZero();
        long cursor = ScanCursor.next(123_456_789_012L, 2, 3);
        assertThat(ScanCursor.node(cursor, 3)).isEqualTo(2);
        assertThat(ScanCursor.atNode(cursor, 3)).isEqualTo(123_456_789_012L);
        assertThat(ScanCursor.node(-1, 3)).isBetween(0, 2);
        assertThat(ScanCursor.isCursor("18446744073709551615")).isTrue();
        assertThat(ScanCursor.isCursor("18446744073709551616")).isFalse();
        assertThat(ScanCursor.isCursor("-1")).isFalse();
        assertThat(ScanCursor.isCursor("")).isFalse();
    }

    private Plan plan(String line) {
        Request request = new Request();
        String[] words = line.split(" ");
        byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        request.set(bytes);
        return router.plan(request, session);
    }
}
