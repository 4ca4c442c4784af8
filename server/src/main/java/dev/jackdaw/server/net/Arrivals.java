package dev.jackdaw.server.net;

import dev.jackdaw.protocol.resp.KeyGuess;
import dev.jackdaw.server.command.RequestBatch;
import dev.jackdaw.server.engine.Keyspace;
import io.netty.buffer.ByteBuf;

/**
 * Owned by the event loop: short requests of several clients, which run when all have been read that sent something. What they will
 * need is fetched for all of them at once, as {@link RequestBatch} does for the many requests of one client.
 *
 * <pre>
 *   recv  recv  recv  |  guess the key, fetch its bucket: of each  |  fetch its entry: of each  |  run  run  run  |  send  send  send
 * </pre>
 */
final class Arrivals {
    /** Longer ones run at once: they are likely to be many requests. */
    private static final int MOST_BYTES = 256;

    private static final int MOST_CLIENTS = 64;
    /** As a hash: that there is nothing to fetch. */
    private static final long NONE = 0;

    /** What they have sent, one after the other; null if there are none. */
    private ByteBuf bytes;

    private final ClientHandler[] clients = new ClientHandler[MOST_CLIENTS];
    /** Where the bytes of each begin. */
    private final int[] begins = new int[MOST_CLIENTS + 1];

    private final long[] hashes = new long[MOST_CLIENTS];
    private final KeyGuess guess = new KeyGuess();
    private final Runnable run = this::run;
    private int count;
    private boolean running;

    /** Takes what a client has sent, if it is short and there is something to fetch; returns whether it does. */
    boolean take(ClientHandler client, ByteBuf in) {
        if (in.readableBytes() > MOST_BYTES
                || count == MOST_CLIENTS
                || running
                || !RequestBatch.isWorthwhile(client.session().keyspace())) {
            return false;
        }
        if (count == 0) {
            bytes = client.buffer(MOST_CLIENTS * MOST_BYTES);
            client.loop().execute(run);
        }
        clients[count++] = client;
        bytes.writeBytes(in);
        begins[count] = bytes.writerIndex();
        return true;
    }

    /** Runs what was taken, in its order. */
    void run() {
        if (running || count == 0) {
            return;
        }
        running = true;
        fetch();
        for (int i = 0; i < count; i++) {
            clients[i].runTaken(bytes.setIndex(begins[i], begins[i + 1]));
        }
        bytes.release();
        count = 0;
        running = false;
    }

    private void fetch() {
        if (count == 1) {
            return;
        }
        for (int i = 0; i < count; i++) {
            boolean found = guess.find(bytes.memoryAddress() + begins[i], begins[i + 1] - begins[i]);
            hashes[i] = found ? keyspace(i).fetchBucket(guess.address(), guess.length()) : NONE;
        }
        for (int i = 0; i < count; i++) {
            if (hashes[i] != NONE) {
                keyspace(i).fetchEntry(hashes[i]);
            }
        }
    }

    private Keyspace keyspace(int i) {
        return clients[i].session().keyspace();
    }
}
