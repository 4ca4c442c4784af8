package dev.jackdaw.protocol.resp;

import static dev.jackdaw.protocol.resp.Pieces.direct;
import static dev.jackdaw.protocol.resp.Pieces.latin1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.resp.Reply.Pair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each reply as it is written, found again at every split, and read back. */
class ReplyTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final String LONG = "0123456789".repeat(30);

    @Test
    void lines() {
        both(ReplyWriter::ok, "+OK\r\n", OK);
        both(out -> out.simple("QUEUED"), "+QUEUED\r\n", new Reply.Simple("QUEUED"));
        both(out -> out.simple(""), "+\r\n", new Reply.Simple(""));
        both(out -> out.error("ERR a\r\nb"), "-ERR a  b\r\n", new Reply.Error("ERR a  b"));
        both(out -> out.error("ERR \u00e9"), "-ERR \u00e9\r\n", new Reply.Error("ERR \u00e9"));
        both(out -> out.error(LONG), "-" + LONG + "\r\n", new Reply.Error(LONG));
    }

    @Test
    void integers() {
        for (long value : new long[] {0, 9, 10, 99, 100, -1, -10, 123456789, Long.MAX_VALUE, Long.MIN_VALUE}) {
            both(out -> out.integer(value), ":" + value + "\r\n", new Reply.Int(value));
            String digits = Long.toString(value);
            both(
                    out -> out.bulkInteger(value),
                    "$" + digits.length() + "\r\n" + digits + "\r\n",
                    new Reply.Bulk(digits));
        }
    }

    @Test
    void strings() {
        ByteBuf memory = direct(latin1(LONG));
        for (int length : new int[] {0, 1, 9, 10, 16, 17, 99, 100, 300}) {
            String text = LONG.substring(0, length);
            String wire = "$" + length + "\r\n" + text + "\r\n";
            both(out -> out.bulk(memory.memoryAddress(), length), wire, new Reply.Bulk(text));
            both(out -> out.bulk(latin1(text)), wire, new Reply.Bulk(text));
            both(out -> out.bulkText(text), wire, new Reply.Bulk(text));
        }
        both(out -> out.bulkText("a\r\n\u00ff\0"), "$5\r\na\r\n\u00ff\0\r\n", new Reply.Bulk("a\r\n\u00ff\0"));
        assertThat(new Reply.Bulk("\u00ff\0").bytes()).containsExactly(0xff, 0);
        memory.release();
    }

    @Test
    void what_is_missing() {
        resp2(ReplyWriter::nullBulk, "$-1\r\n", Reply.Null.BULK);
        resp2(ReplyWriter::nullArray, "*-1\r\n", Reply.Null.ARRAY);
        resp3(ReplyWriter::nullBulk, "_\r\n", Reply.Null.ANY);
        resp3(ReplyWriter::nullArray, "_\r\n", Reply.Null.ANY);
    }

    @Test
    void numbers_and_truth_values() {
        resp2(out -> out.number(3), "$1\r\n3\r\n", new Reply.Bulk("3"));
        resp2(out -> out.number(0.1), "$19\r\n0.10000000000000001\r\n", new Reply.Bulk("0.10000000000000001"));
        resp2(out -> out.number(1234567.125), "$11\r\n1234567.125\r\n", new Reply.Bulk("1234567.125"));
        resp2(out -> out.number(Double.NEGATIVE_INFINITY), "$4\r\n-inf\r\n", new Reply.Bulk("-inf"));
        resp3(out -> out.number(3), ",3\r\n", new Reply.Decimal("3"));
        resp3(out -> out.number(-1e20), ",-1e+20\r\n", new Reply.Decimal("-1e+20"));
        resp3(out -> out.number(Double.POSITIVE_INFINITY), ",inf\r\n", new Reply.Decimal("inf"));
        assertThat(new Reply.Decimal("inf").value()).isInfinite();
        assertThat(new Reply.Decimal("1.5").value()).isEqualTo(1.5);
        resp2(out -> out.bool(true), ":1\r\n", new Reply.Int(1));
        resp2(out -> out.bool(false), ":0\r\n", new Reply.Int(0));
        resp3(out -> out.bool(true), "#t\r\n", new Reply.Bool(true));
        resp3(out -> out.bool(false), "#f\r\n", new Reply.Bool(false));
    }

    @Test
    void verbatim_texts() {
        resp2(out -> out.verbatim("txt", "hi"), "$2\r\nhi\r\n", new Reply.Bulk("hi"));
        resp3(out -> out.verbatim("txt", "hi"), "=6\r\ntxt:hi\r\n", new Reply.Verbatim("txt", "hi"));
    }

    @Test
    void lists_and_maps() {
        List<Reply> two = List.of(OK, new Reply.Int(7));
        String wire = "+OK\r\n:7\r\n";
        List<Pair> pair = List.of(new Pair(OK, new Reply.Int(7)));
        both(with(out -> out.array(2)), "*2\r\n" + wire, new Reply.Array(two));
        both(out -> out.array(0), "*0\r\n", new Reply.Array(List.of()));
        resp2(with(out -> out.set(2)), "*2\r\n" + wire, new Reply.Array(two));
        resp3(with(out -> out.set(2)), "~2\r\n" + wire, new Reply.Set(two));
        resp2(with(out -> out.push(2)), "*2\r\n" + wire, new Reply.Array(two));
        resp3(with(out -> out.push(2)), ">2\r\n" + wire, new Reply.Push(two));
        resp2(with(out -> out.map(1)), "*2\r\n" + wire, new Reply.Array(two));
        resp3(with(out -> out.map(1)), "%1\r\n" + wire, new Reply.Map(pair));
    }

    @Test
    void lists_within_lists() {
        Consumer<ReplyWriter> nested = out -> {
            out.map(2);
            out.bulkText("a");
            out.array(2);
            out.set(0);
            out.array(1);
            out.nullBulk();
            out.number(1.5);
            out.error("ERR x");
        };
        Pair list = new Pair(
                new Reply.Bulk("a"),
                new Reply.Array(List.of(new Reply.Set(List.of()), new Reply.Array(List.of(Reply.Null.ANY)))));
        Pair error = new Pair(new Reply.Decimal("1.5"), new Reply.Error("ERR x"));
        resp3(
                nested,
                "%2\r\n$1\r\na\r\n*2\r\n~0\r\n*1\r\n_\r\n,1.5\r\n-ERR x\r\n",
                new Reply.Map(List.of(list, error)));
    }

    @Test
    void attributes_belong_to_the_reply_after_them() {
        Consumer<ReplyWriter> attributed = out -> {
            out.attribute(1);
            out.bulkText("k");
            out.array(1);
            out.bool(true);
            out.push(1);
            out.ok();
        };
        Pair fact = new Pair(new Reply.Bulk("k"), new Reply.Array(List.of(new Reply.Bool(true))));
        resp3(
                attributed,
                "|1\r\n$1\r\nk\r\n*1\r\n#t\r\n>1\r\n+OK\r\n",
                new Reply.Attributed(List.of(fact), new Reply.Push(List.of(OK))));
        ByteBuf in = direct(latin1("|1\r\n+k\r\n*1\r\n:1\r\n>1\r\n+OK\r\n"));
        ReplyReader reader = new ReplyReader();
        assertThat(reader.scan(in)).isTrue();
        assertThat(reader.isPush()).isTrue();
        assertThat(reader.bytes()).isEqualTo(in.readerIndex());
        in.release();
    }

    @Test
    void types_that_are_read_but_not_written() {
        read("(123456789012345678901234567890\r\n", new Reply.BigInt("123456789012345678901234567890"));
        read("!5\r\nERR x\r\n", new Reply.Error("ERR x"));
        read("*2\r\n*-1\r\n$-1\r\n", new Reply.Array(List.of(Reply.Null.ARRAY, Reply.Null.BULK)));
    }

    @Test
    void lengths_known_afterwards() {
        for (int size : new int[] {0, 1, 9, 10, 123, 100_000}) {
            Consumer<ReplyWriter> elements = out -> {
                for (int i = 0; i < size; i++) {
                    out.bulkText("x");
                }
            };
            Consumer<ReplyWriter> array = out -> {
                out.ok();
                long mark = out.mark();
                elements.accept(out);
                out.arrayAt(mark, size);
            };
            Consumer<ReplyWriter> set = out -> {
                long mark = out.mark();
                elements.accept(out);
                out.setAt(mark, size);
            };
            String wire = size + "\r\n" + "$1\r\nx\r\n".repeat(size);
            assertThat(written(2, array)).isEqualTo("+OK\r\n*" + wire);
            assertThat(written(2, set)).isEqualTo("*" + wire);
            assertThat(written(3, set)).isEqualTo("~" + wire);
        }
    }

    @Test
    void a_page_of_a_scan_gets_its_cursor_when_it_is_full() {
        for (long cursor : new long[] {0, 10, 999_999_999, 1L << 47}) {
            assertThat(written(3, out -> {
                        out.ok();
                        long mark = out.mark();
                        out.bulkText("x");
                        out.bulkText("y");
                        out.scanAt(mark, cursor, 2);
                    }))
                    .isEqualTo("+OK\r\n*2\r\n$" + Long.toString(cursor).length() + "\r\n" + cursor
                            + "\r\n*2\r\n$1\r\nx\r\n$1\r\ny\r\n");
        }
    }

    @Test
    void replies_can_be_taken_back() {
        assertThat(written(2, out -> {
                    out.ok();
                    long mark = out.mark();
                    out.bulkText(LONG);
                    out.truncate(mark);
                    out.integer(1);
                }))
                .isEqualTo("+OK\r\n:1\r\n");
    }

    @Test
    void a_writer_appends_to_what_the_buffer_holds() {
        ByteBuf buffer = direct(latin1("+A\r\n"));
        ReplyWriter writer = new ReplyWriter();
        writer.attach(buffer);
        writer.ok();
        writer.raw(buffer.memoryAddress(), 4);
        assertThat(writer.bytesWritten()).isEqualTo(9);
        assertThat(writer.isAttached()).isTrue();
        assertThat(writer.detach().toString(StandardCharsets.ISO_8859_1)).isEqualTo("+A\r\n+OK\r\n+A\r\n");
        assertThat(writer.isAttached()).isFalse();
        buffer.release();
    }

    @Test
    void a_full_buffer_is_refused() {
        ReplyWriter writer = new ReplyWriter();
        writer.attach(Unpooled.directBuffer(16, 64));
        assertThatThrownBy(() -> writer.bulk(new byte[100])).isInstanceOf(IllegalStateException.class);
        writer.detach().release();
    }

    @Test
    void what_is_no_reply_is_refused() {
        for (String wire :
                List.of("x\r\n", "$-2\r\n", "*x\r\n", "$2147483648\r\n", "*\r\n", ":x\r\n", "=1\r\nx\r\n", "~-1\r\n")) {
            ByteBuf in = direct(latin1(wire));
            assertThatThrownBy(() -> Reply.read(in)).as(wire).isInstanceOf(ProtocolException.class);
            in.release();
        }
        ByteBuf deep = direct(latin1("*1\r\n".repeat(100_000) + "+OK\r\n"));
        assertThat(new ReplyReader().scan(deep.duplicate())).isTrue();
        assertThatThrownBy(() -> Reply.read(deep)).isInstanceOf(ProtocolException.class);
        deep.release();
    }

    private static Consumer<ReplyWriter> with(Consumer<ReplyWriter> header) {
        return header.andThen(ReplyWriter::ok).andThen(out -> out.integer(7));
    }

    private static void both(Consumer<ReplyWriter> write, String wire, Reply reply) {
        resp2(write, wire, reply);
        resp3(write, wire, reply);
    }

    private static void resp2(Consumer<ReplyWriter> write, String wire, Reply reply) {
        assertThat(written(2, write)).isEqualTo(wire);
        read(wire, reply);
    }

    private static void resp3(Consumer<ReplyWriter> write, String wire, Reply reply) {
        assertThat(written(3, write)).isEqualTo(wire);
        read(wire, reply);
    }

    /** Writes into a buffer that must grow every time. */
    private static String written(int protocol, Consumer<ReplyWriter> write) {
        ReplyWriter writer = new ReplyWriter();
        writer.attach(Unpooled.directBuffer(1));
        writer.protocol(protocol);
        assertThat(writer.protocol()).isEqualTo(protocol);
        write.accept(writer);
        ByteBuf buffer = writer.detach();
        String wire = buffer.toString(StandardCharsets.ISO_8859_1);
        buffer.release();
        return wire;
    }

    private static void read(String wire, Reply reply) {
        List<Reply> three = List.of(OK, reply, OK);
        try (Pieces pieces = new Pieces(latin1("+OK\r\n" + wire + "+OK\r\n"))) {
            assertThat(pieces.read(Reply::read)).isEqualTo(three);
            assertThat(pieces.read(Reply::read, pieces.everywhere())).isEqualTo(three);
            assertThat(extents(pieces, pieces.everywhere())).containsExactly(5, wire.length(), 5);
            for (int cut = 1; cut < pieces.length(); cut++) {
                assertThat(pieces.read(Reply::read, cut)).isEqualTo(three);
                assertThat(extents(pieces, cut)).containsExactly(5, wire.length(), 5);
            }
        }
    }

    private static List<Integer> extents(Pieces pieces, int... cuts) {
        ReplyReader reader = new ReplyReader();
        return pieces.read(in -> reader.scan(in) ? reader.bytes() : null, cuts);
    }
}
