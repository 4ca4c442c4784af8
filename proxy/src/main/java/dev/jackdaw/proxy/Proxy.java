package dev.jackdaw.proxy;

import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.protocol.topology.SlotPlanner;
import dev.jackdaw.protocol.topology.Topology;
import dev.jackdaw.proxy.config.ProxyOptions;
import dev.jackdaw.proxy.local.Clients;
import dev.jackdaw.proxy.net.Tls;
import dev.jackdaw.proxy.net.Worker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Shared by whoever starts and stops it: a running proxy: its event loops, and the socket that it listens on. */
public final class Proxy implements AutoCloseable {
    private static final int BACKLOG = 511;
    private static final int CHUNK_PAGES_SHIFT = 7;
    private static final int PAGE_BYTES = 8192;
    private static final int CLOSE_SECONDS = 5;
    private static final int SECONDS_BETWEEN_LOOKS = 1;
    private static final WriteBufferWaterMark CLIENT_WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final EventLoopGroup loops;
    private final Map<EventLoop, Worker> workers = new IdentityHashMap<>();
    private final ChannelGroup fronts = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listening;
    /** The socket for TLS, or null. */
    private final Channel encrypted;
    /** The looks at the files of TLS, or null. */
    private final Future<?> looking;

    private Proxy(ProxyOptions options) {
        Tls tls = new Tls(options.encryption());
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        loops = new MultiThreadIoEventLoopGroup(options.ioThreads(), io);
        ByteBufAllocator allocator = allocator(options.ioThreads());
        Topology topology = SlotPlanner.first(
                options.nodes().stream().map(node -> Shard.of(node, 1)).toList());
        Clients clients = new Clients(options.maxClients());
        Class<? extends Channel> socket = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        Class<? extends ServerChannel> server = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        for (int i = 0; i < options.ioThreads(); i++) {
            EventLoop loop = loops.next();
            Worker worker = new Worker(loop, socket, allocator, options, topology, clients, tls);
            workers.put(loop, worker);
            loop.submit(worker::start).syncUninterruptibly();
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(server)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, CLIENT_WATER_MARK);
        try {
            listening = listen(bootstrap, options.bind(), options.port(), false);
            int tlsPort = options.encryption().port();
            encrypted = tlsPort == 0 ? null : listen(bootstrap, options.bind(), tlsPort, true);
        } catch (RuntimeException notBound) {
            stopLoops();
            throw notBound;
        }
        looking = tls.isWanted()
                ? GlobalEventExecutor.INSTANCE.scheduleWithFixedDelay(
                        tls::refresh, SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS)
                : null;
    }

    private Channel listen(ServerBootstrap bootstrap, String address, int port, boolean tls) {
        return bootstrap
                .clone()
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        fronts.add(channel);
                        workers.get(channel.eventLoop()).accept(channel, tls);
                    }
                })
                .bind(address, port)
                .syncUninterruptibly()
                .channel();
    }

    /** One arena a loop, whose memory it takes in small chunks: a quiet proxy stays small. */
    private static ByteBufAllocator allocator(int loops) {
        return new PooledByteBufAllocator(
                true,
                0,
                loops,
                PAGE_BYTES,
                CHUNK_PAGES_SHIFT,
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
    }

    /** Starts a proxy, which then listens; whether its nodes can be reached does not matter. */
    public static Proxy start(ProxyOptions options) {
        return new Proxy(options);
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Waits until the proxy has stopped. */
    public void await() {
        listening.closeFuture().syncUninterruptibly();
        loops.terminationFuture().syncUninterruptibly();
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.cancel(false);
        }
        listening.close().syncUninterruptibly();
        if (encrypted != null) {
            encrypted.close().syncUninterruptibly();
        }
        fronts.close().syncUninterruptibly();
        stopLoops();
    }

    private void stopLoops() {
        workers.forEach((loop, worker) -> loop.submit(worker::close).syncUninterruptibly());
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
