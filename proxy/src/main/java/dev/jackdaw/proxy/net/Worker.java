package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.protocol.topology.Topology;
import dev.jackdaw.proxy.config.ProxyOptions;
import dev.jackdaw.proxy.local.Clients;
import dev.jackdaw.proxy.local.Clock;
import dev.jackdaw.proxy.local.LocalCommands;
import dev.jackdaw.proxy.near.NearCache;
import dev.jackdaw.proxy.route.Mergers;
import dev.jackdaw.proxy.route.Router;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by one event loop: everything of the proxy that belongs to that loop, its connections to the nodes included. */
public final class Worker {
    private static final int TICK_MILLIS = 50;
    private static final int SECONDS_BETWEEN_ATTACKS = 60;
    private static final int CONNECT_TIMEOUT_MILLIS = 1000;
    private static final WriteBufferWaterMark NODE_WATER_MARK = new WriteBufferWaterMark(1 << 20, 4 << 20);

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final EventLoop loop;
    private final ProxyOptions options;
    private final Clients clients;
    private final Tls tls;
    private final Clock clock = new Clock();
    private final Buffers buffers;
    private final Turn turn;
    private final ReplyWriter writer = new ReplyWriter();
    private final ReplyWriter requestWriter = new ReplyWriter();
    private final ByteBuf errorBuffer;
    private final Router router;
    private final Mergers mergers;
    private final BackendPool backends;
    private final Accounts accounts;
    private final Channels channels;
    private final LocalCommands local;
    private final NearReads near;
    private final Dispatch dispatch;
    private final Bootstrap bootstrap;
    private long lastAttackNanos;
    private boolean closed;

    public Worker(
            EventLoop loop,
            Class<? extends Channel> socket,
            ByteBufAllocator allocator,
            ProxyOptions options,
            Topology topology,
            Clients clients,
            Tls tls) {
        this.loop = loop;
        this.options = options;
        this.clients = clients;
        this.tls = tls;
        buffers = new Buffers(allocator);
        turn = new Turn(loop);
        errorBuffer = allocator.directBuffer(256);
        router = new Router(topology);
        mergers = new Mergers(allocator);
        backends = new BackendPool(this, topology.shards());
        accounts = new Accounts(this, topology.shards(), backends);
        channels = new Channels(this, topology);
        local = new LocalCommands(options, clients, clock);
        near = options.nearCacheBytes() == 0
                ? null
                : new NearReads(
                        this,
                        new NearCache(
                                options.nearCacheBytes() / options.ioThreads(),
                                topology.shards().size(),
                                allocator),
                        topology.shards());
        dispatch = new Dispatch(this);
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(socket)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, NODE_WATER_MARK)
                .option(ChannelOption.ALLOCATOR, allocator);
    }

    /** On the loop: opens the connections that every client needs, and begins to watch over them. */
    public void start() {
        for (Backend backend : backends.lane(2, 0)) {
            backend.open();
        }
        if (near != null) {
            near.open();
        }
        loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** On the loop: closes the connections to the nodes; those to the clients are closed already. */
    public void close() {
        closed = true;
        accounts.close();
        backends.close();
        channels.close();
        if (near != null) {
            near.close();
        }
        turn.run();
        mergers.close();
        errorBuffer.release();
        buffers.close();
    }

    private void tick() {
        if (closed) {
            return;
        }
        clock.refresh();
        long now = clock.nanos();
        if (near != null) {
            near.tick(now);
        }
        backends.tick(now);
        accounts.tick(now);
        channels.tick(now);
    }

    /** Connects without ever blocking the loop: a name is looked up elsewhere. */
    void connect(Node node, Input input, ChannelHandler handler, Consumer<String> failed) {
        if (NetUtil.isValidIpV4Address(node.host()) || NetUtil.isValidIpV6Address(node.host())) {
            connect(new InetSocketAddress(node.host(), node.port()), node, input, handler, failed);
            return;
        }
        Thread.ofVirtual().name("resolve").start(() -> {
            try {
                InetAddress address = InetAddress.getByName(node.host());
                loop.execute(() -> connect(new InetSocketAddress(address, node.port()), node, input, handler, failed));
            } catch (UnknownHostException unknown) {
                loop.execute(() -> failed.accept("unknown host"));
            }
        });
    }

    private void connect(
            InetSocketAddress address, Node node, Input input, ChannelHandler handler, Consumer<String> failed) {
        if (closed) {
            return;
        }
        ChannelFuture connecting = bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addHandlers(channel, input, tls.opened(node), handler);
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                failed.accept(done.cause().getMessage());
            }
        });
    }

    /** Makes a new connection one of a client of this loop. */
    public void accept(Channel channel, boolean encrypted) {
        Input input = new Input(buffers);
        addHandlers(channel, input, encrypted ? tls.accepted() : null, new FrontHandler(this, input));
    }

    /** The handler gets bytes in the buffers of {@code input}, be it that the channel reads into them or that they are decrypted. */
    private static void addHandlers(Channel channel, Input input, SslHandler encryption, ChannelHandler handler) {
        if (encryption == null) {
            channel.config().setRecvByteBufAllocator(input);
        } else {
            channel.pipeline().addLast(encryption, new Decrypted(input));
        }
        channel.pipeline().addLast(handler);
    }

    /** Tells the log of what may be an attack, but not as often as an attacker likes. */
    void attacked(String address) {
        if (lastAttackNanos == 0 || clock.secondsSince(lastAttackNanos) >= SECONDS_BETWEEN_ATTACKS) {
            lastAttackNanos = clock.nanos();
            LOG.warn(
                    "Possible SECURITY ATTACK detected: {} sends POST or Host: as a browser does that is made to talk "
                            + "to this port. The connection is closed.",
                    address);
        }
    }

    /** After a fault while something was being written: nobody else must write into it. */
    void recover() {
        for (ReplyWriter one : new ReplyWriter[] {writer, requestWriter}) {
            if (one.isAttached()) {
                one.detach();
            }
        }
    }

    EventLoop loop() {
        return loop;
    }

    ProxyOptions options() {
        return options;
    }

    Clients clients() {
        return clients;
    }

    Clock clock() {
        return clock;
    }

    Buffers buffers() {
        return buffers;
    }

    Turn turn() {
        return turn;
    }

    /** The loop's writer of replies: whoever borrows it gives it back before anybody else needs it. */
    ReplyWriter writer() {
        return writer;
    }

    /** The loop's writer of requests to nodes, which may be written in the middle of a reply. */
    ReplyWriter requestWriter() {
        return requestWriter;
    }

    /** Room for one error that is passed on at once. */
    ByteBuf errorBuffer() {
        return errorBuffer.clear();
    }

    Router router() {
        return router;
    }

    Mergers mergers() {
        return mergers;
    }

    /** The connections of the proxy's own user. */
    BackendPool backends() {
        return backends;
    }

    Accounts accounts() {
        return accounts;
    }

    Channels channels() {
        return channels;
    }

    LocalCommands local() {
        return local;
    }

    /** The near cache, or null. */
    NearReads near() {
        return near;
    }

    Dispatch dispatch() {
        return dispatch;
    }
}
