package dev.jackdaw.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplyQueueTest {
    private static final int MOST_WAITING = 60;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Buffers buffers = new Buffers(UnpooledByteBufAllocator.DEFAULT);
    private final Output output = new Output(buffers, new Turn(channel.eventLoop()), Integer.MAX_VALUE, () -> {});
    private final ReplyQueue queue = new ReplyQueue(buffers, output);
    private final ReplyWriter writer = new ReplyWriter();
    private final StringBuilder expected = new StringBuilder();
    private final StringBuilder sent = new StringBuilder();

    /** Replies of random sizes arrive in random order, between them some of the proxy's own and some that are not wanted. */
    @Test
    void replies_leave_in_the_order_of_requests() {
        for (long seed = 1; seed <= 20; seed++) {
            run(new Random(seed), seed);
        }
        queue.close();
        output.close();
        buffers.close();
        channel.finishAndReleaseAll();
    }

    private void run(Random random, long seed) {
        expected.setLength(0);
        sent.setLength(0);
        connect();
        List<Integer> sequences = new ArrayList<>();
        List<String> replies = new ArrayList<>();
        int number = 0;
        for (int step = 0; step < 3000; step++) {
            boolean open = step < 2900 && sequences.size() < MOST_WAITING && random.nextInt(2) == 0;
            if (open) {
                boolean muted = random.nextInt(10) == 0;
                String text = number++ + ":" + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 50));
                if (random.nextInt(8) == 0) {
                    queue.lend(writer);
                    writer.simple(text);
                    queue.written(writer, muted);
                } else {
                    sequences.add(queue.open(muted));
                    replies.add("+" + text + "\r\n");
                }
                expected.append(muted ? "" : "+" + text + "\r\n");
            } else if (!sequences.isEmpty()) {
                int which = random.nextInt(sequences.size());
                Request holder = new Request();
                holder.set(replies.remove(which).getBytes(StandardCharsets.ISO_8859_1));
                queue.reply(sequences.remove(which), holder.address(0), holder.length(0));
            }
            if (random.nextInt(50) == 0) {
                flush();
            }
        }
        while (!sequences.isEmpty()) {
            Request holder = new Request();
            holder.set(replies.removeLast().getBytes(StandardCharsets.ISO_8859_1));
            queue.reply(sequences.removeLast(), holder.address(0), holder.length(0));
        }
        flush();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.heldBytes()).isZero();
        assertThat(sent.toString()).as("seed %d", seed).isEqualTo(expected.toString());
    }

    private void connect() {
        if (channel.pipeline().first() == null) {
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void handlerAdded(ChannelHandlerContext context) {
                    output.connected(context);
                }
            });
        }
    }

    private void flush() {
        output.flush();
        channel.runPendingTasks();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            sent.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
    }
}
