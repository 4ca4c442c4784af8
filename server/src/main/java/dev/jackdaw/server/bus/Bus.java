package dev.jackdaw.server.bus;

import dev.jackdaw.protocol.bus.BusFrame;
import dev.jackdaw.protocol.bus.NodeId;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: this node's end of the bus, over which nodes tell each other what clients elsewhere want to hear:
 * published messages, and changes of keys. Only {@link #start} and {@link #close} are for other threads.
 *
 * <p>Each node dials every other and talks on the connection it dialed; it listens on those it accepted. So there is no
 * question who connects, and nothing is passed on: what a node hears comes from where it happened.
 *
 * <pre>
 *   node A   Outbound ────────▶ Inbound   node B          messages, PING
 *            Inbound  ◀──────── Outbound
 * </pre>
 *
 * It lives on the event loop of the engine: a message goes from the socket of a peer into the outputs of the listeners, and
 * a change from the engine into the outputs to peers, without changing threads. What it does there is bounded: frames have a
 * limit, each peer's queue has one, names are looked up elsewhere, and a proof takes microseconds.
 */
public final class Bus implements AutoCloseable {
    static final int MAX_SILENT_BEATS = 12;

    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final int BEAT_MILLIS = 250;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    /** Connections that others may open; those that do not soon prove that they know the secret are closed. */
    private static final int MAX_INBOUND = 256;
    /** No more than one complaint in so many beats: whoever can connect could fill the log. */
    private static final int BEATS_BETWEEN_COMPLAINTS = 4;

    private final EventLoop loop;
    private final BusSettings settings;
    private final BusListener listener;
    private final SecureRandom random = new SecureRandom();
    private final NodeId id = NodeId.random(random);
    private final List<Outbound> outbound = new ArrayList<>();
    private final Set<Inbound> inbound = new LinkedHashSet<>();
    private final Origins origins = new Origins();
    private final Runnable flush = this::flush;
    private Channel acceptor;
    private ScheduledFuture<?> beats;
    private boolean flushQueued;
    private boolean wantsToHearChanges;
    private int beatsToComplaint;
    private long missed;

    public Bus(EventLoop loop, BusSettings settings, BusListener listener) {
        this.loop = loop;
        this.settings = settings;
        this.listener = listener;
        for (BusPeer peer : settings.peers()) {
            outbound.add(new Outbound(this, peer));
        }
    }

    /**
     * Listens and begins to dial; returns the port, which matters where the settings have 0.
     *
     * @throws IOException if the port cannot be had
     */
    public int start() throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Inbound(Bus.this));
                    }
                })
                .bind(settings.host(), settings.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "the bus cannot listen on port " + settings.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        acceptor = bound.channel();
        loop.execute(() -> outbound.forEach(Outbound::dial));
        beats = loop.scheduleWithFixedDelay(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        return ((InetSocketAddress) acceptor.localAddress()).getPort();
    }

    private boolean isEpoll() {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    }

    ChannelFuture connect(InetSocketAddress address, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(isEpoll() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(handler)
                .connect(address);
    }

    /** Ends all connections. */
    @Override
    public void close() {
        if (acceptor != null) {
            acceptor.close().awaitUninterruptibly();
            beats.cancel(false);
        }
        loop.submit(() -> {
                    outbound.forEach(Outbound::close);
                    List.copyOf(inbound).forEach(Inbound::close);
                })
                .awaitUninterruptibly();
    }

    // --- What happens here ---

    /** Tells every peer of a message. */
    public void publish(long channel, int channelLength, long message, int messageLength) {
        for (int i = 0; i < outbound.size(); i++) {
            outbound.get(i).publish(channel, channelLength, message, messageLength);
        }
    }

    /** Tells those peers that want it that a key has changed. */
    public void changed(long key, int length) {
        for (int i = 0; i < outbound.size(); i++) {
            if (outbound.get(i).wantsChanges()) {
                outbound.get(i).changed(key, length);
            }
        }
    }

    /** Tells them that any key may have changed. */
    public void cleared() {
        for (int i = 0; i < outbound.size(); i++) {
            if (outbound.get(i).wantsChanges()) {
                outbound.get(i).cleared();
            }
        }
    }

    void interestChanged() {
        listener.tellChanges(outbound.stream().anyMatch(Outbound::wantsChanges));
    }

    void queueFlush() {
        if (!flushQueued) {
            flushQueued = true;
            loop.execute(flush);
        }
    }

    private void flush() {
        flushQueued = false;
        for (int i = 0; i < outbound.size(); i++) {
            outbound.get(i).flush();
        }
    }

    // --- What happens elsewhere ---

    BusListener listener() {
        return listener;
    }

    boolean wantsToHearChanges() {
        return wantsToHearChanges;
    }

    /** Says whether this node wants to hear of changes; when it begins, {@link BusListener#missedChanges} follows. */
    public void wantsToHearChanges(boolean wants) {
        if (wants != wantsToHearChanges) {
            wantsToHearChanges = wants;
            inbound.forEach(Inbound::tellInterest);
        }
    }

    /** Whether a connection that was accepted may stay for now. */
    boolean admit(Inbound connection, Channel channel) {
        boolean loopback = channel.remoteAddress() instanceof InetSocketAddress address
                && address.getAddress().isLoopbackAddress();
        if (inbound.size() >= MAX_INBOUND || settings.onlyLoopback().getAsBoolean() && !loopback) {
            complain(channel.remoteAddress(), "not admitted");
            return false;
        }
        inbound.add(connection);
        return true;
    }

    /** Takes a node's new connection in place of its old one; returns how far the node has been heard. */
    long welcome(Inbound connection) {
        for (Inbound old : List.copyOf(inbound)) {
            if (old != connection && connection.origin().equals(old.origin())) {
                forget(old);
                old.close();
            }
        }
        return origins.lastHeard(connection.origin());
    }

    void ended(Inbound connection) {
        if (forget(connection) && connection.origin() != null) {
            // Until the node is heard again, nobody knows what changes there.
            listener.missedChanges();
            listener.heardAll();
        }
    }

    private boolean forget(Inbound connection) {
        if (connection.origin() != null) {
            long lastHeard = Math.max(connection.lastHeard(), origins.lastHeard(connection.origin()));
            origins.lastHeard(connection.origin(), lastHeard);
        }
        return inbound.remove(connection);
    }

    /** A node has said what was not heard. */
    void missed(NodeId origin, long messages) {
        missed += messages;
        LOG.debug("Missed {} messages of node {}", messages, origin);
        listener.missedChanges();
    }

    /** How many messages of other nodes were not heard since this one started. */
    public long missed() {
        return missed;
    }

    // --- All connections ---

    /** Peers that hear what happens here. */
    public int peersUp() {
        int up = 0;
        for (Outbound each : outbound) {
            up += each.isUp() ? 1 : 0;
        }
        return up;
    }

    /** Bytes that wait to be sent to peers. */
    public long waitingBytes() {
        long bytes = 0;
        for (Outbound each : outbound) {
            bytes += each.waitingBytes();
        }
        return bytes;
    }

    /** Whether the node is told already, on another connection. */
    boolean tells(NodeId node) {
        return outbound.stream().anyMatch(each -> node.equals(each.acceptor()));
    }

    EventLoop loop() {
        return loop;
    }

    NodeId id() {
        return id;
    }

    String secret() {
        return settings.secret().get();
    }

    byte[] nonce() {
        byte[] nonce = new byte[BusFrame.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    private void beat() {
        beatsToComplaint = Math.max(0, beatsToComplaint - 1);
        outbound.forEach(Outbound::beat);
        List.copyOf(inbound).forEach(Inbound::beat);
    }

    void complain(Object peer, String reason) {
        if (beatsToComplaint == 0) {
            beatsToComplaint = BEATS_BETWEEN_COMPLAINTS;
            LOG.warn("Bus connection with {}: {}", peer, reason);
        }
    }

    static String reason(Throwable cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
