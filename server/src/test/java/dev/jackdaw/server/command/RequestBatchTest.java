package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestBatchTest {
    /** So many that their index is worth fetching from. */
    private static final int KEYS = 20_000;

    @Test
    void what_is_fetched_ahead_changes_no_reply() {
        try (TestNode node = new TestNode()) {
            for (int i = 0; i < KEYS; i++) {
                node.run("SET", "key:" + i, "v" + i);
            }
            assertThat(run(node, "MGET key:1 key:1 key:2", "GET key:2", "GET key:20000", "DEL key:2", "GET key:2"))
                    .isEqualTo("*3\r\n$2\r\nv1\r\n$2\r\nv1\r\n$2\r\nv2\r\n$2\r\nv2\r\n$-1\r\n:1\r\n$-1\r\n");
        }
    }

    private static String run(TestNode node, String... requests) {
        RequestBatch batch = new RequestBatch(node.node().commands());
        Session session = node.client().session();
        ByteBuf in = Unpooled.directBuffer();
        ByteBuf out = Unpooled.directBuffer();
        for (String request : requests) {
            ByteBuf encoded = TestNode.encode(request.split(" "));
            in.writeBytes(encoded);
            encoded.release();
        }
        batch.fill(new RequestDecoder(), in, new Request(), Integer.MAX_VALUE);
        batch.fetch(session.keyspace());
        ReplyWriter writer = new ReplyWriter();
        writer.attach(out);
        for (int i = 0; i < batch.count(); i++) {
            node.executor().execute(session, batch, i, writer);
        }
        writer.detach();
        String replies = out.toString(StandardCharsets.ISO_8859_1);
        in.release();
        out.release();
        return replies;
    }
}
