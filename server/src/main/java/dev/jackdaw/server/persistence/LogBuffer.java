package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Owned by the event loop while it is filled, then by the thread that writes it: one {@link LogGroup}, off-heap. */
final class LogBuffer implements LogTask {
    private final long address;
    private final int capacity;
    private final ByteBuffer bytes;
    private int size;
    private int whole;
    private long end;

    LogBuffer(long address, int capacity) {
        this.address = address;
        this.capacity = capacity;
        this.bytes = MemorySegment.ofAddress(address).reinterpret(capacity).asByteBuffer();
        clear();
    }

    void clear() {
        size = LogGroup.HEADER_BYTES;
        whole = size;
    }

    long address() {
        return address;
    }

    int capacity() {
        return capacity;
    }

    int room() {
        return capacity - size;
    }

    void append(long from, int length) {
        Raw.copy(from, address + size, length);
        size += length;
    }

    /** Bytes behind the last {@link #end}. */
    int partBytes() {
        return size - whole;
    }

    /** All so far is whole, and ends at this place of all that was ever appended. */
    void end(long offset) {
        whole = size;
        end = offset;
    }

    long end() {
        return end;
    }

    /** Forgets what is behind the last {@link #end}. */
    void dropPart() {
        size = whole;
    }

    /** Whether nothing in it is whole. */
    boolean isEmpty() {
        return whole == LogGroup.HEADER_BYTES;
    }

    /** Moves what is behind the last {@link #end} to another. */
    void movePart(LogBuffer to) {
        to.append(address + whole, partBytes());
        size = whole;
    }

    /** The bytes of the group with the line before it. */
    int size() {
        return whole;
    }

    /** The group, to be written at this place of a file. */
    ByteBuffer seal(long offset, long synced) {
        LogGroup.seal(address, whole - LogGroup.HEADER_BYTES, offset, synced);
        return bytes.clear().limit(whole);
    }
}
