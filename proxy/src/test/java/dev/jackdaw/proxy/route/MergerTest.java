package dev.jackdaw.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Merge;
import dev.jackdaw.protocol.route.Splitter;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MergerTest {
    private static final String DO_NOT_FIT = "-" + CommandError.REPLIES_DO_NOT_FIT + "\r\n";

    private final Mergers mergers = new Mergers(UnpooledByteBufAllocator.DEFAULT);
    private String merged;

    @AfterEach
    void close() {
        mergers.close();
    }

    @Test
    void integers_are_added() {
        assertThat(merge(Merge.SUM, ":1\r\n", ":20\r\n", ":-3\r\n")).isEqualTo(":18\r\n");
        assertThat(merge(Merge.MIN, ":5\r\n", ":2\r\n", ":3\r\n")).isEqualTo(":2\r\n");
        assertThat(merge(Merge.SUM, "*2\r\n$1\r\na\r\n:1\r\n", "*2\r\n$1\r\na\r\n:2\r\n"))
                .isEqualTo("*2\r\n$1\r\na\r\n:3\r\n");
        assertThat(merge(Merge.ALL_TRUE, "*2\r\n:1\r\n:0\r\n", "*2\r\n:1\r\n:1\r\n"))
                .isEqualTo("*2\r\n:1\r\n:0\r\n");
    }

    @Test
    void an_error_of_any_part_is_the_reply() {
        for (Merge merge : Merge.values()) {
            if (merge != Merge.ANY_OK && merge != Merge.CURSOR) {
                assertThat(merge(merge, ":1\r\n", "-ERR a\r\n", "-ERR b\r\n")).isEqualTo("-ERR a\r\n");
            }
        }
        assertThat(merge(Merge.ANY_OK, "-ERR a\r\n", "_\r\n", "$-1\r\n", "$1\r\nx\r\n", "+OK\r\n"))
                .isEqualTo("$1\r\nx\r\n");
        assertThat(merge(Merge.ALL_OK, "+OK\r\n", "+OK\r\n")).isEqualTo("+OK\r\n");
    }

    @Test
    void lists_follow_one_another() {
        assertThat(merge(Merge.CONCAT, "*1\r\n$1\r\na\r\n", "*0\r\n", "*2\r\n*1\r\n:1\r\n$1\r\nb\r\n"))
                .isEqualTo("*3\r\n$1\r\na\r\n*1\r\n:1\r\n$1\r\nb\r\n");
        assertThat(merge(Merge.CONCAT, "~1\r\n$1\r\na\r\n", "~1\r\n$1\r\nb\r\n"))
                .isEqualTo("~2\r\n$1\r\na\r\n$1\r\nb\r\n");
        assertThat(merge(Merge.CONCAT, "*0\r\n", "~0\r\n")).isEqualTo(DO_NOT_FIT);
    }

    @Test
    void elements_return_to_the_places_of_their_keys() {
        Request request = new Request();
        request.set(bytes("MGET"), bytes("foo"), bytes("bar"), bytes("{foo}"), bytes("nosuch"));
        Splitter splitter = new Splitter();
        splitter.split(request, 1, 1, slot -> slot < 8192 ? 0 : 1);
        assertThat(splitter.groups()).isEqualTo(2);
        Merger merger = mergers.split(Merge.KEY_ORDER, splitter, new Result(), 0);
        // The later part first.
        for (int group = splitter.groups() - 1; group >= 0; group--) {
            StringBuilder part = new StringBuilder("*" + splitter.size(group) + "\r\n");
            for (int i = 0; i < splitter.size(group); i++) {
                part.append("$1\r\n").append(splitter.key(group, i)).append("\r\n");
            }
            reply(merger, group, part.toString());
        }
        assertThat(merged).isEqualTo("*4\r\n$1\r\n0\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n");
    }

    @Test
    void a_part_that_fails_counts_as_its_error() {
        Merger merger = mergers.everyNode(Merge.SUM, 2, new Result(), 0);
        merger.failed(1, "ERR gone");
        reply(merger, 0, ":1\r\n");
        assertThat(merged).isEqualTo("-ERR gone\r\n");
    }

    private String merge(Merge by, String... parts) {
        Merger merger = mergers.everyNode(by, parts.length, new Result(), 0);
        for (int part = 0; part < parts.length; part++) {
            reply(merger, part, parts[part]);
        }
        return merged;
    }

    private static void reply(Merger merger, int part, String bytes) {
        Request holder = new Request();
        holder.set(bytes(bytes));
        merger.reply(part, holder.address(0), holder.length(0));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private final class Result implements ReplySink {
        @Override
        public void reply(int tag, long address, int length) {
            merged = Raw.latin1(address, length);
        }

        @Override
        public void failed(int tag, String error) {
            merged = error;
        }
    }
}
