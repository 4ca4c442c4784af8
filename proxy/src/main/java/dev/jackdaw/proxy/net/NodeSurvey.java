package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.proxy.route.ReplySink;
import dev.jackdaw.proxy.route.ScanCursor;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Owned by one event loop: commands over all nodes that take more than sending one request to each: SCAN, RANDOMKEY, INFO. */
final class NodeSurvey {
    private static final byte[] DBSIZE = "DBSIZE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RANDOMKEY = "RANDOMKEY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFO = "INFO".getBytes(StandardCharsets.US_ASCII);

    private final Worker worker;

    NodeSurvey(Worker worker) {
        this.worker = worker;
    }

    /** One node after the other; the cursor says which one, and where there. */
    void scan(Request request, FrontHandler client) {
        Backend[] lane = client.lane();
        String text = request.text(1);
        if (!ScanCursor.isCursor(text)) {
            lane[0].send(request, client, client.openReply());
            return;
        }
        long cursor = Long.parseUnsignedLong(text);
        int node = ScanCursor.node(cursor, lane.length);
        ReplySink sink = new ScanReply(worker, client, node, lane.length);
        int tag = client.openReply();
        if (!lane[node].isOpen()) {
            lane[node].fail(sink, tag);
            return;
        }
        ReplyWriter out = lane[node].begin();
        out.array(request.count());
        out.bulk(request.address(0), request.length(0));
        out.bulkText(Long.toUnsignedString(ScanCursor.atNode(cursor, lane.length)));
        for (int i = 2; i < request.count(); i++) {
            out.bulk(request.address(i), request.length(i));
        }
        lane[node].end(out, sink, tag);
    }

    /** A key of a node chosen by how many keys each has. */
    void randomKey(FrontHandler client) {
        Backend[] lane = client.lane();
        RandomKey sink = new RandomKey(client, lane, client.openReply());
        for (int node = 0; node < lane.length; node++) {
            lane[node].send(sink, node, DBSIZE);
        }
    }

    void info(Request request, FrontHandler client) {
        Backend[] lane = client.lane();
        InfoReply sink = new InfoReply(worker, client, request, lane.length);
        for (int node = 0; node < lane.length; node++) {
            lane[node].send(sink, node, INFO);
        }
    }

    /** Owned by the loop: puts the node into the cursor of a node's reply. */
    private record ScanReply(Worker worker, ReplySink to, int node, int nodes) implements ReplySink {
        private static final int CURSOR_AT = "*2\r\n$".length();

        @Override
        public void reply(int tag, long address, int length) {
            if (Raw.getByte(address) != '*') {
                to.reply(tag, address, length);
                return;
            }
            long digits = address + CURSOR_AT;
            while (Raw.getByte(digits) != '\n') {
                digits++;
            }
            digits++;
            long end = digits;
            while (Raw.getByte(end) != '\r') {
                end++;
            }
            long atNode = Long.parseUnsignedLong(Raw.latin1(digits, (int) (end - digits)));
            long keys = end + 2;

            ByteBuf buffer = worker.buffers().borrow();
            ReplyWriter out = worker.writer();
            out.attach(buffer);
            out.array(2);
            out.bulkText(Long.toUnsignedString(ScanCursor.next(atNode, node, nodes)));
            out.raw(keys, (int) (address + length - keys));
            ByteBuf written = out.detach();
            to.reply(tag, written.memoryAddress(), written.writerIndex());
            worker.buffers().giveBack(written);
        }

        @Override
        public void failed(int tag, String error) {
            to.failed(tag, error);
        }
    }

    /** Owned by the loop: first the size of every node, then one key. */
    private static final class RandomKey implements ReplySink {
        private final FrontHandler client;
        private final Backend[] lane;
        private final int sequence;
        private final long[] sizes;
        private int missing;
        private String error;

        RandomKey(FrontHandler client, Backend[] lane, int sequence) {
            this.client = client;
            this.lane = lane;
            this.sequence = sequence;
            sizes = new long[lane.length];
            missing = lane.length;
        }

        @Override
        public void reply(int node, long address, int length) {
            if (Raw.getByte(address) == ':') {
                sizes[node] = Integers.parse(address + 1, length - 3);
            } else {
                error = Raw.latin1(address + 1, length - 3);
            }
            next();
        }

        @Override
        public void failed(int node, String text) {
            error = text;
            next();
        }

        private void next() {
            if (--missing > 0) {
                return;
            }
            long total = 0;
            for (long size : sizes) {
                total += size;
            }
            if (total == 0 && error != null) {
                client.failed(sequence, error);
                return;
            }
            long wanted = total == 0 ? 0 : ThreadLocalRandom.current().nextLong(total);
            int node = 0;
            while (wanted >= sizes[node] && node < sizes.length - 1) {
                wanted -= sizes[node++];
            }
            lane[node].send(client, sequence, RANDOMKEY);
        }
    }
}
