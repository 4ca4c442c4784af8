package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.HashCommand;
import dev.jackdaw.protocol.command.Keys;
import dev.jackdaw.protocol.command.SetCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.engine.Keyspace;
import io.netty.buffer.ByteBuf;

/**
 * Owned by the event loop: the requests of one read, parsed ahead of their running. What they will need is then fetched
 * for all of them at once: a core waits for sixteen cache misses that overlap hardly longer than for one.
 *
 * <pre>
 *   decode        decode        decode          all requests that the buffer holds, up to a limit
 *   bucket line   bucket line   bucket line     of each key: loads that nothing waits for
 *   entry line    entry line    entry line      which the buckets name
 *   element       element       element         of large hashes and sets: the place first, then what lies there
 *   run           run           run             in cache
 * </pre>
 */
public final class RequestBatch {
    private static final int MAX_REQUESTS = 32;
    private static final int MAX_KEYS = 128;
    /** A longer request is the last of its batch: it takes memory until it has run. */
    private static final int MAX_ARGUMENTS = 1024;

    private static final int KEY = 1;
    private static final int ELEMENT = 2;
    /** Below this many keys the index lies in the processor's cache anyway. */
    private static final int WORTHWHILE_KEYS = 20_000;

    private final CommandTable table;
    private final Part[] parts = new Part[MAX_REQUESTS];
    private final long[] hashes = new long[MAX_KEYS];
    private final long[] places = new long[MAX_REQUESTS];
    /** The key that was fetched last. */
    private long fetched;

    private int fetchedLength;
    private int count;
    private ProtocolException error;
    private Request unfinished;

    /** Owned by the batch: one of its requests. Arrays of what it holds would check the type of each command that is put in. */
    private static final class Part {
        Request request = new Request();
        Command command;
        int end;
    }

    /** @param table where commands are found by the names that clients call them by */
    public RequestBatch(CommandTable table) {
        this.table = table;
        for (int i = 0; i < MAX_REQUESTS; i++) {
            parts[i] = new Part();
        }
    }

    /**
     * Decodes what {@code in} holds, but no more than {@code limit} requests.
     *
     * @param begun the request that the decoder has begun, or any other if it has not
     */
    public void fill(RequestDecoder decoder, ByteBuf in, Request begun, int limit) {
        if (count > 0) {
            // The longest comes last.
            parts[count - 1].request.close();
        }
        count = 0;
        error = null;
        unfinished = begun;
        int most = Math.min(limit, MAX_REQUESTS);
        try {
            while (count < most && decoder.decode(in, unfinished)) {
                Part part = parts[count++];
                Request next = part.request;
                part.request = unfinished;
                part.command = table.find(unfinished);
                part.end = in.readerIndex();
                if (unfinished.count() > MAX_ARGUMENTS) {
                    most = count;
                }
                unfinished = next;
                next.close();
            }
        } catch (ProtocolException e) {
            error = e;
        }
    }

    /** How many requests were decoded. */
    public int count() {
        return count;
    }

    public Request request(int i) {
        return parts[i].request;
    }

    /** What the table has for the request's name, or null. */
    Command command(int i) {
        return parts[i].command;
    }

    /** Where the buffer's reader stood after the request. */
    public int end(int i) {
        return parts[i].end;
    }

    /** Why nothing more can be decoded, or null. */
    public ProtocolException error() {
        return error;
    }

    /** The request that the decoder has begun, or may begin next: the connection's until the next {@link #fill}. */
    public Request unfinished() {
        return unfinished;
    }

    /** Whether there are so many keys that it takes time to load one. */
    public static boolean isWorthwhile(Keyspace keyspace) {
        return keyspace.size() >= WORTHWHILE_KEYS;
    }

    /** Brings what the requests will need into the processor's cache. */
    public void fetch(Keyspace keyspace) {
        if (isWorthwhile(keyspace)) {
            fetchEntries(keyspace);
        }
        if (keyspace.hasLargeValues()) {
            fetchElements(keyspace);
        }
    }

    private void fetchEntries(Keyspace keyspace) {
        int keys = 0;
        fetchedLength = -1;
        for (int i = 0; i < count && keys < MAX_KEYS; i++) {
            Command command = parts[i].command;
            if (command != null) {
                keys = fetchBuckets(keyspace, parts[i].request, command.spec().keys(), keys);
            }
        }
        if (keys > 1) {
            for (int i = 0; i < keys; i++) {
                keyspace.fetchEntry(hashes[i]);
            }
        }
    }

    private int fetchBuckets(Keyspace keyspace, Request request, Keys spec, int from) {
        int first = spec.first();
        if (first == 0) {
            return from;
        }
        int keys = from;
        int last = spec.last() < 0 ? request.count() + spec.last() : spec.last();
        last = Math.min(last, request.count() - 1);
        for (int i = first; i <= last && keys < MAX_KEYS; i += spec.step()) {
            if (!isFetched(request.address(i), request.length(i))) {
                hashes[keys++] = keyspace.fetchBucket(fetched, fetchedLength);
            }
        }
        return keys;
    }

    /** Whether the key is the same as the one before, as it often is of large collections; makes it the one before. */
    private boolean isFetched(long key, int length) {
        boolean same = length == fetchedLength && Raw.equal(key, fetched, length);
        fetched = key;
        fetchedLength = length;
        return same;
    }

    private void fetchElements(Keyspace keyspace) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            Request request = parts[i].request;
            if (request.count() > ELEMENT && namesElement(parts[i].command)) {
                long hash = keyspace.fetchBucket(request.address(KEY), request.length(KEY));
                long entry = keyspace.fetchEntry(hash);
                long place =
                        entry == 0 ? 0 : keyspace.fetchPlace(entry, request.address(ELEMENT), request.length(ELEMENT));
                if (place != 0) {
                    places[found++] = place;
                }
            }
        }
        for (int i = 0; i < found; i++) {
            keyspace.fetchElements(places[i]);
        }
    }

    /** Whether the word behind the key is, or may be, a field of a hash or a member of a set. */
    private static boolean namesElement(Command command) {
        return command instanceof HashCommand || command instanceof SetCommand;
    }
}
