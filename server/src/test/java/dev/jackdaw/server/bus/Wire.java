package dev.jackdaw.server.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Owned by one test, but thread-safe: forwards connections to a port, until it is cut, or holds back what they carry. */
final class Wire implements AutoCloseable {
    private final ServerSocket acceptor;
    private final List<Socket> sockets = new ArrayList<>();
    private volatile int target;
    private volatile CountDownLatch held = new CountDownLatch(0);

    Wire() {
        try {
            acceptor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return acceptor.getLocalPort();
    }

    /** Where to forward to, from now on; before that connections are refused. */
    void to(int port) {
        target = port;
    }

    /** Breaks every connection, in the middle of whatever it carries. */
    synchronized void cut() {
        sockets.forEach(Wire::close);
        sockets.clear();
    }

    /** Whether something has been connected since the wire was made, or cut. */
    synchronized boolean isConnected() {
        return !sockets.isEmpty();
    }

    /** Lets nothing through until {@link #release}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void release() {
        held.countDown();
    }

    @Override
    public void close() {
        release();
        close(acceptor);
        cut();
    }

    private void accept() {
        while (!acceptor.isClosed()) {
            try {
                Socket near = acceptor.accept();
                if (target == 0) {
                    near.close();
                } else {
                    connect(near);
                }
            } catch (IOException ended) {
                close(acceptor);
            }
        }
    }

    private synchronized void connect(Socket near) throws IOException {
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException refused) {
            near.close();
            return;
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        sockets.add(near);
        sockets.add(far);
        Thread.ofVirtual().start(() -> pump(near, far));
        Thread.ofVirtual().start(() -> pump(far, near));
    }

    private void pump(Socket from, Socket to) {
        byte[] bytes = new byte[16 * 1024];
        try {
            for (int count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                held.await();
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException ended) {
            close(from);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        close(from);
        close(to);
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
