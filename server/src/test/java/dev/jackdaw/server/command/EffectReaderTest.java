package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.resp.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EffectReaderTest {
    private static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
    private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

    private final TestNode node = new TestNode();
    private final EffectReader reader = new EffectReader(node.node(), node.executor());
    private final ByteBuf stream = Unpooled.directBuffer();

    @BeforeEach
    void follow() {
        node.engine().following(true);
    }

    @AfterEach
    void close() {
        reader.close();
        stream.release();
        node.close();
    }

    private void apply(String bytes) {
        stream.writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
        reader.apply(stream);
    }

    private static String command(String words) {
        ByteBuf encoded = TestNode.encode(words.split(" "));
        try {
            return encoded.toString(StandardCharsets.ISO_8859_1);
        } finally {
            encoded.release();
        }
    }

    @Test
    void commands_are_applied_as_soon_as_they_are_there() {
        String first = command("SET a 1");
        String second = command("SET b 2");
        apply(first + second.substring(0, 10));
        assertThat(reader.wholeBytes()).isEqualTo(first.length());
        assertThat(node.run("GET", "a")).isEqualTo(new Reply.Bulk("1"));

        apply(second.substring(10));
        assertThat(reader.wholeBytes()).isEqualTo(first.length() + second.length());
        assertThat(reader.commands()).isEqualTo(2);
        assertThat(node.run("GET", "b")).isEqualTo(new Reply.Bulk("2"));
    }

    @Test
    void a_transaction_is_applied_when_it_is_whole() {
        String before = command("SET a 1");
        apply(before + MULTI + command("SET a 2") + command("SELECT 1") + command("SET b 2"));
        assertThat(reader.wholeBytes()).isEqualTo(before.length());
        assertThat(node.run("GET", "a")).isEqualTo(new Reply.Bulk("1"));

        apply(EXEC);
        assertThat(reader.wholeBytes()).isEqualTo(stream.writerIndex());
        assertThat(node.run("GET", "a")).isEqualTo(new Reply.Bulk("2"));
        node.run("SELECT", "1");
        assertThat(node.run("GET", "b")).isEqualTo(new Reply.Bulk("2"));
    }

    @Test
    void remarks_between_commands_mean_nothing() {
        String before = "#TS:1800000000\r\n" + command("SET a 1");
        apply(before + "#TS:1800");
        assertThat(reader.wholeBytes()).isEqualTo(before.length());
        apply("000001\r\n" + command("SET a 2"));
        assertThat(reader.wholeBytes()).isEqualTo(stream.writerIndex());
        assertThat(node.run("GET", "a")).isEqualTo(new Reply.Bulk("2"));
    }

    @Test
    void what_does_not_fit_the_data_is_refused_by_name_and_place() {
        String before = command("RPUSH l a");
        assertRefused(before, command("SET"), "SET ERR wrong number of arguments for 'set' command");
        assertRefused(
                "", command("INCR l"), "INCR l WRONGTYPE Operation against a key holding the wrong kind of value");
        assertRefused("", command("NONE a b c d"), "NONE a b is unknown");
        assertRefused("", command("SHUTDOWN NOSAVE"), "SHUTDOWN NOSAVE changes nothing");
        assertRefused("", EXEC, "EXEC without MULTI");
        assertRefused("", MULTI + command("SET a 1") + MULTI, "MULTI in a transaction");
        assertRefused("", "SET a 1\r\n", "No command begins here");
        assertRefused("", "*1\r\n:1\r\n", "Protocol error: expected '$', got ':'");
    }

    @Test
    void a_transaction_of_which_a_part_is_refused_is_named_by_its_beginning() {
        String before = command("SET a 1");
        assertRefused(
                before,
                MULTI + command("LPUSH a x") + EXEC,
                "LPUSH a x WRONGTYPE Operation against a key holding the wrong kind of value");
    }

    private void assertRefused(String before, String bytes, String why) {
        try (EffectReader other = new EffectReader(node.node(), node.executor())) {
            ByteBuf in = Unpooled.directBuffer();
            in.writeCharSequence(before + bytes, StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> other.apply(in))
                    .isInstanceOfSatisfying(
                            EffectException.class,
                            refused -> assertThat(refused.offset()).isEqualTo(before.length()))
                    .hasMessage(why);
            in.release();
        }
    }

    @Test
    void nobody_waits_and_no_limit_holds() {
        node.run("CONFIG", "SET", "maxmemory", "1");
        apply(command("SET a 1") + command("BLPOP none 0"));

        assertThat(reader.commands()).isEqualTo(2);
        assertThat(node.node().waiting().count()).isZero();
    }

    @Test
    void what_has_expired_stays_until_the_stream_deletes_it() {
        apply(command("SET k 1 PXAT 1000")
                + command("HSET h a 1 b 2")
                + command("HPEXPIREAT h 1000 FIELDS 1 a")
                + command("PEXPIREAT h 2000")
                + command("INCR k"));
        node.advance(1_000_000);
        assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("2"));
        assertThat(node.run("HGET", "h", "a")).isEqualTo(new Reply.Bulk("1"));
        assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(2));

        node.engine().following(false);
        node.advance(0);
        assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void what_is_applied_is_told_to_nobody() {
        try (EffectLog log = new EffectLog(node)) {
            apply(command("SET k 1"));
            assertThat(log.commands()).isEmpty();
            node.node().effects().to(null);
        }
    }
}
