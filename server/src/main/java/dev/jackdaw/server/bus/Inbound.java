package dev.jackdaw.server.bus;

import dev.jackdaw.protocol.bus.BusFrame;
import dev.jackdaw.protocol.bus.BusWriter;
import dev.jackdaw.protocol.bus.Greeting;
import dev.jackdaw.protocol.bus.NodeId;
import dev.jackdaw.protocol.resp.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Owned by the event loop: a connection that another node has dialed, to tell us what happens there. */
final class Inbound extends ByteToMessageDecoder {
    private final Bus bus;
    private final BusFrame frame = new BusFrame();
    private ChannelHandlerContext context;
    private Greeting greeting;
    private boolean welcome;
    private long lastHeard;
    private int silentBeats;

    Inbound(Bus bus) {
        this.bus = bus;
    }

    /** The node at the other end, null before it was welcome. */
    NodeId origin() {
        return welcome ? greeting.dialer() : null;
    }

    @Override
    public void channelActive(ChannelHandlerContext newContext) {
        context = newContext;
        if (!bus.admit(this, newContext.channel())) {
            newContext.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ended) throws Exception {
        super.channelInactive(ended);
        bus.ended(this);
    }

    @Override
    protected void decode(ChannelHandlerContext ignored, ByteBuf in, List<Object> out) {
        if (welcome) {
            silentBeats = 0;
        }
        while (context.channel().isActive()
                && frame.read(in, welcome ? BusFrame.MAX_BYTES : BusFrame.MAX_GREETING_BYTES)) {
            hear();
        }
        if (!context.channel().isActive()) {
            in.skipBytes(in.readableBytes());
        }
    }

    private void hear() {
        switch (frame.type()) {
            case HELLO -> challenge();
            case PROOF -> welcome();
            case PING -> {
                follow(frame.sequence(), true);
                send(BusWriter::pong);
            }
            case PUBLISH -> {
                if (follow(frame.sequence(), false)) {
                    bus.listener()
                            .published(frame.channel(), frame.channelLength(), frame.message(), frame.messageLength());
                }
            }
            case CHANGED -> {
                if (follow(frame.sequence(), false)) {
                    bus.listener().changed(frame.key(), frame.keyLength());
                }
            }
            case CLEARED -> {
                if (follow(frame.sequence(), false)) {
                    bus.listener().missedChanges();
                }
            }
            case CHALLENGE, WELCOME, PONG, INTEREST -> throw unexpected();
        }
    }

    private void challenge() {
        if (greeting != null) {
            throw unexpected();
        }
        greeting = new Greeting(frame.id(), frame.nonce(), bus.id(), bus.nonce());
        send(out -> BusWriter.challenge(out, greeting.acceptor(), greeting.acceptorNonce()));
    }

    private void welcome() {
        if (greeting == null || welcome) {
            throw unexpected();
        }
        if (!Greeting.isSame(frame.proof(), greeting.dialerProof(bus.secret()))) {
            throw new ProtocolException("a node that does not know the secret");
        }
        welcome = true;
        lastHeard = bus.welcome(this);
        byte[] proof = greeting.acceptorProof(bus.secret());
        send(out -> BusWriter.welcome(out, proof, bus.wantsToHearChanges()));
    }

    /**
     * Takes note of a number; what was said between the last one and this is missed.
     *
     * @param said whether the message of that number is not this one, but one before
     * @return whether it is news
     */
    private boolean follow(long sequence, boolean said) {
        if (!welcome) {
            throw unexpected();
        }
        if (sequence <= lastHeard) {
            return false;
        }
        if (said || sequence > lastHeard + 1) {
            bus.missed(greeting.dialer(), sequence - lastHeard - (said ? 0 : 1));
        }
        lastHeard = sequence;
        return true;
    }

    long lastHeard() {
        return lastHeard;
    }

    private ProtocolException unexpected() {
        return new ProtocolException("a frame " + frame.type() + " out of turn");
    }

    void tellInterest() {
        if (welcome) {
            send(out -> BusWriter.interest(out, bus.wantsToHearChanges()));
        }
    }

    /** Something short; the channel's buffer is the queue, and what is told here is bounded by what was asked. */
    private void send(BusText text) {
        if (!context.channel().isWritable()) {
            context.close();
            return;
        }
        ByteBuf out = context.alloc().directBuffer(BusFrame.MAX_GREETING_BYTES);
        text.write(out);
        context.writeAndFlush(out, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext read) throws Exception {
        super.channelReadComplete(read);
        bus.listener().heardAll();
    }

    void beat() {
        if (++silentBeats > Bus.MAX_SILENT_BEATS) {
            bus.complain(context.channel().remoteAddress(), "silent for too long");
            context.close();
        }
    }

    void close() {
        context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        bus.complain(failed.channel().remoteAddress(), Bus.reason(cause));
        failed.close();
    }
}
