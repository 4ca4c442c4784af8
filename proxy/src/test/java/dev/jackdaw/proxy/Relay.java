package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Shared by a test and its relaying threads: a port that leads to another one, and can be cut, shut or frozen. */
public final class Relay implements AutoCloseable {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final int target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder held = new StringBuilder();
    private ServerSocket listening;
    private boolean frozen;

    public Relay(int target) {
        this.target = target;
        // One that nobody is given for a connection, so that it is still free to reopen.
        port = Ports.free();
        listening = listen(port);
        accept(listening);
    }

    public int port() {
        return port;
    }

    /** Breaks every connection; new ones are let through. */
    public void cut() {
        for (Socket socket : sockets) {
            close(socket);
        }
    }

    /** Breaks every connection and refuses new ones. */
    public void shut() {
        try {
            listening.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        cut();
    }

    public void reopen() {
        listening = listen(port);
        accept(listening);
    }

    /** Nothing gets through any more, and nobody is told. */
    public void freeze() {
        setFrozen(true);
    }

    public void thaw() {
        setFrozen(false);
    }

    /** Waits until this text has come, and cannot get through. */
    public void awaitHeld(String text) throws InterruptedException {
        lock.lock();
        try {
            long left = LIMIT_NANOS;
            while (held.indexOf(text) < 0) {
                left = changed.awaitNanos(left);
                assertThat(left).as("time for " + text).isPositive();
            }
        } finally {
            lock.unlock();
        }
    }

    private void setFrozen(boolean is) {
        lock.lock();
        try {
            frozen = is;
            held.setLength(0);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        shut();
        thaw();
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual().start(() -> {
            while (!from.isClosed()) {
                try {
                    Socket near = from.accept();
                    sockets.add(near);
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.add(far);
                    near.setTcpNoDelay(true);
                    far.setTcpNoDelay(true);
                    Thread.ofVirtual().start(() -> copy(near, far));
                    Thread.ofVirtual().start(() -> copy(far, near));
                } catch (IOException refused) {
                    cut();
                }
            }
        });
    }

    private void copy(Socket from, Socket to) {
        byte[] bytes = new byte[64 * 1024];
        try {
            for (int count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                awaitThaw(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException broken) {
            close(from);
        } finally {
            close(from);
            close(to);
        }
    }

    private void awaitThaw(String bytes) {
        lock.lock();
        try {
            if (frozen) {
                held.append(bytes);
                changed.signalAll();
            }
            while (frozen) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
