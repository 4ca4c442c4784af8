package dev.jackdaw.server.bus;

import dev.jackdaw.protocol.bus.BusFrame;
import dev.jackdaw.protocol.bus.BusWriter;
import dev.jackdaw.protocol.bus.Greeting;
import dev.jackdaw.protocol.bus.NodeId;
import dev.jackdaw.protocol.resp.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Owned by the event loop: how this node tells one peer what happens here. It dials, and dials again, with longer and longer
 * pauses, when the connection was lost.
 *
 * <p>Every message has a number, also one that is said while nobody hears it: it is not kept, the peer will see that it is
 * missing. So nothing queues up for a peer that is away, and what queues up for a slow one is bounded.
 */
final class Outbound {
    /** What may wait to be sent; a peer that is further behind loses the connection, and with it what was waiting. */
    static final int MAX_WAITING_BYTES = 32 << 20;

    private static final int FIRST_BATCH_BYTES = 1024;
    private static final int FIRST_PAUSE_MILLIS = 50;
    private static final int LONGEST_PAUSE_MILLIS = 2_000;

    private final Bus bus;
    private final BusPeer peer;
    private Channel channel;
    private Greeting greeting;
    /** Frames since the last flush; null if there are none. */
    private ByteBuf batch;

    private NodeId acceptor;
    private boolean up;
    private boolean wanted = true;
    private boolean peerWantsChanges;
    private long sequence;
    private int silentBeats;
    private int pauseMillis = FIRST_PAUSE_MILLIS;

    Outbound(Bus bus, BusPeer peer) {
        this.bus = bus;
        this.peer = peer;
    }

    // --- Telling ---

    boolean isUp() {
        return up;
    }

    /** Whether the peer wants to hear of changes, or wanted when it was heard last. */
    boolean wantsChanges() {
        return peerWantsChanges;
    }

    void publish(long name, int nameLength, long message, int messageLength) {
        sequence++;
        if (up && BusWriter.fits(nameLength, messageLength)) {
            BusWriter.publish(open(), sequence, name, nameLength, message, messageLength);
            written();
        }
    }

    void changed(long key, int length) {
        sequence++;
        if (up && BusWriter.fits(length)) {
            BusWriter.changed(open(), sequence, key, length);
            written();
        }
    }

    void cleared() {
        sequence++;
        if (up) {
            BusWriter.cleared(open(), sequence);
            written();
        }
    }

    private ByteBuf open() {
        if (batch == null) {
            batch = channel.alloc().directBuffer(FIRST_BATCH_BYTES);
            bus.queueFlush();
        }
        return batch;
    }

    private void written() {
        if (waitingBytes() > MAX_WAITING_BYTES) {
            bus.complain(channel.remoteAddress(), "too slow for what it is told");
            lose();
        }
    }

    long waitingBytes() {
        ChannelOutboundBuffer waiting =
                channel == null ? null : channel.unsafe().outboundBuffer();
        return (waiting == null ? 0 : waiting.totalPendingWriteBytes()) + (batch == null ? 0 : batch.readableBytes());
    }

    void flush() {
        if (batch != null) {
            ByteBuf out = batch;
            batch = null;
            channel.writeAndFlush(out, channel.voidPromise());
        }
    }

    // --- The connection ---

    /** The name is looked up on a thread that may wait, for the event loop may not. */
    void dial() {
        if (wanted) {
            Thread.ofVirtual().start(this::resolve);
        }
    }

    private void resolve() {
        try {
            InetAddress address = InetAddress.getByName(peer.host());
            later(() -> connect(address));
        } catch (UnknownHostException e) {
            later(() -> {
                bus.complain(peer, "unknown host");
                redial();
            });
        }
    }

    private void later(Runnable task) {
        if (!bus.loop().isShuttingDown()) {
            bus.loop().execute(task);
        }
    }

    private void connect(InetAddress address) {
        if (wanted) {
            bus.connect(new InetSocketAddress(address, peer.port()), new Handler())
                    .addListener(done -> {
                        if (!done.isSuccess()) {
                            redial();
                        }
                    });
        }
    }

    private void redial() {
        if (wanted) {
            int pause = pauseMillis + bus.random(pauseMillis / 2 + 1);
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            bus.loop().schedule(this::dial, pause, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the connection; what follows is said to nobody. */
    private void lose() {
        up = false;
        if (batch != null) {
            batch.release();
            batch = null;
        }
        channel.close();
    }

    void close() {
        wanted = false;
        if (channel != null) {
            lose();
        }
    }

    NodeId acceptor() {
        return up ? acceptor : null;
    }

    void beat() {
        if (channel == null || !channel.isActive()) {
            return;
        }
        if (++silentBeats > Bus.MAX_SILENT_BEATS) {
            bus.complain(channel.remoteAddress(), "silent for too long");
            lose();
        } else if (up) {
            ping();
        }
    }

    private void ping() {
        BusWriter.ping(open(), sequence);
        written();
    }

    private void challenged(BusFrame frame) {
        if (greeting.acceptor() != null) {
            throw unexpected(frame);
        }
        acceptor = frame.id();
        if (acceptor.equals(bus.id()) || bus.tells(acceptor)) {
            // Ourselves, as one list of peers may serve all nodes, or a node that has two names.
            close();
            return;
        }
        greeting = new Greeting(greeting.dialer(), greeting.dialerNonce(), acceptor, frame.nonce());
        byte[] proof = greeting.dialerProof(bus.secret());
        BusWriter.proof(open(), proof);
    }

    private void welcomed(BusFrame frame) {
        if (up || greeting.acceptor() == null) {
            throw unexpected(frame);
        }
        if (!Greeting.isSame(frame.proof(), greeting.acceptorProof(bus.secret()))) {
            throw new ProtocolException("a node that does not know the secret");
        }
        up = true;
        ping();
        interest(frame.wantsChanges());
    }

    /** From when a peer wants to hear of changes it can rely on it; of those before it has heard nothing. */
    private void interest(boolean wantsChanges) {
        boolean begins = wantsChanges && !peerWantsChanges;
        peerWantsChanges = wantsChanges;
        bus.interestChanged();
        if (begins) {
            cleared();
        }
    }

    private static ProtocolException unexpected(BusFrame frame) {
        return new ProtocolException("a frame " + frame.type() + " out of turn");
    }

    /** Owned by the event loop: one connection to the peer. */
    private final class Handler extends ByteToMessageDecoder {
        private final BusFrame frame = new BusFrame();

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            silentBeats = 0;
            greeting = new Greeting(bus.id(), bus.nonce(), null, null);
            BusWriter.hello(open(), greeting.dialer(), greeting.dialerNonce());
            if (!wanted) {
                lose();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            super.channelInactive(context);
            lose();
            redial();
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            while (context.channel().isActive() && frame.read(in, BusFrame.MAX_GREETING_BYTES)) {
                silentBeats = 0;
                switch (frame.type()) {
                    case CHALLENGE -> challenged(frame);
                    case WELCOME -> welcomed(frame);
                    case PONG -> pauseMillis = FIRST_PAUSE_MILLIS;
                    case INTEREST -> interest(frame.wantsChanges());
                    case HELLO, PROOF, PING, PUBLISH, CHANGED, CLEARED -> throw unexpected(frame);
                }
            }
            if (!context.channel().isActive()) {
                in.skipBytes(in.readableBytes());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            bus.complain(context.channel().remoteAddress(), Bus.reason(cause));
            lose();
        }
    }
}
