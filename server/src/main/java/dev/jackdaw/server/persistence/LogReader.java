package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: does what one file of the log says. Of our own, every group is checked before anything of it is
 * done. What does not check is either a tear, behind everything that was on the disk when power failed, and is cut off; or
 * damage, which nobody gets over without having been told to. What Redis has written, alone or behind our groups, is taken as it
 * is.
 */
final class LogReader implements Loader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
    /** What is done at once of commands without groups. */
    private static final int BATCH_BYTES = 64 << 10;

    /** The longest line with a number that makes sense. */
    private static final int MOST_LINE_BYTES = 16;

    /** Where a command ends that is not all there, and what is none. */
    private static final long BEYOND = -1;

    private static final long NOWHERE = -2;

    /** Immutable: what is done about files that are not as they were written. */
    record Leniency(boolean cutsTails, boolean skipsDamage) {}

    private final Disk disk;
    private final Path path;
    private final Replay replay;
    private final Leniency leniency;
    private final boolean isLast;
    private final Arena arena = Arena.ofShared();
    private final long address;
    private final long end;
    private long at;
    /** Whether groups were read, and commands outside of any. */
    private boolean grouped;

    private boolean loose;
    private long looseFrom;
    /** Where the last group ended. */
    private long groupEnd;

    /** @param from where the commands begin, in the file */
    LogReader(Disk disk, Path path, long from, boolean isLast, Replay replay, Leniency leniency) throws IOException {
        this.disk = disk;
        this.path = path;
        this.replay = replay;
        this.leniency = leniency;
        this.isLast = isLast;
        MemorySegment bytes = disk.map(path, arena);
        this.address = bytes.address();
        this.end = bytes.byteSize();
        this.at = from;
    }

    @Override
    public boolean load(int bytes) throws IOException {
        long until = at + bytes;
        while (at < end && at < until) {
            if (LogGroup.isAt(address + at, end - at)) {
                group();
            } else if (grouped && at == groupEnd && LogRoom.isAt(address + at, end - at)) {
                room();
            } else {
                commands();
            }
        }
        if (at >= end && replay.openBytes() > 0) {
            cut(end - replay.openBytes(), "a transaction that has not ended");
        }
        return at < end;
    }

    /** Where the last group ends if the file can be written on, since nobody else has written to it; otherwise -1. */
    long writableFrom() {
        return grouped && !loose ? groupEnd : -1;
    }

    private void group() throws IOException {
        if (loose) {
            damaged(looseFrom, "what does not belong to the group before, nor to the one behind");
        } else if (!LogGroup.isIntact(address + at, end - at, at)) {
            damaged(at, "a group that is not as it was written");
        } else {
            long length = LogGroup.length(address + at);
            apply(at + LogGroup.HEADER_BYTES, length);
            grouped = true;
            at += LogGroup.HEADER_BYTES + length;
            groupEnd = at;
        }
    }

    private void room() throws IOException {
        long roomEnd = at + LogRoom.length(address + at, end - at, at);
        if (roomEnd < end && !LogRoom.mayEnd(roomEnd)) {
            damaged(at, "room for groups that is not as it was left");
        } else {
            at = roomEnd;
        }
    }

    private void apply(long from, long length) {
        ByteBuf commands = Unpooled.wrappedBuffer(
                MemorySegment.ofAddress(address + from).reinterpret(length).asByteBuffer());
        try {
            replay.apply(commands);
        } catch (CorruptLogException failed) {
            throw new CorruptLogException(path, from + failed.offset(), failed.getMessage());
        }
        if (commands.isReadable()) {
            throw new CorruptLogException(path, from + commands.readerIndex(), "no command");
        }
    }

    // --- Commands that belong to no group ---

    private void commands() throws IOException {
        long from = at;
        long next = at;
        while (at < end && at - from < BATCH_BYTES && !LogGroup.isAt(address + at, end - at)) {
            next = next();
            if (next < 0) {
                break;
            }
            at = next;
        }
        if (at > from) {
            looseFrom = loose ? looseFrom : from;
            loose = true;
            apply(from, at - from);
        } else {
            if (next == BEYOND) {
                cut(at - replay.openBytes(), "a command that is not all there");
            } else {
                damaged(at, "no command");
            }
        }
    }

    /** Where ends what begins here. */
    private long next() {
        return switch (Raw.getByte(address + at)) {
            case '#' -> lineEnd(at);
            case '*' -> commandEnd(at);
            default -> NOWHERE;
        };
    }

    private long lineEnd(long from) {
        for (long i = from; i < end; i++) {
            if (Raw.getByte(address + i) == '\n') {
                return i + 1;
            }
        }
        return BEYOND;
    }

    /** Where the command ends that begins here. */
    private long commandEnd(long from) {
        long next = lineEnd(from);
        long arguments = number(from, next, '*');
        if (next < 0 || arguments <= 0) {
            return next < 0 ? next : NOWHERE;
        }
        for (long i = 0; i < arguments; i++) {
            long line = next;
            next = lineEnd(line);
            long length = number(line, next, '$');
            if (next < 0 || length < 0) {
                return next < 0 ? next : NOWHERE;
            }
            next += length + 2;
            if (next > end) {
                return BEYOND;
            }
        }
        return next;
    }

    /** The number in a line that has to begin so, or -1. */
    private long number(long from, long lineEnd, char mark) {
        if (lineEnd < 0 || Raw.getByte(address + from) != mark || lineEnd - from > MOST_LINE_BYTES) {
            return -1;
        }
        long value = 0;
        for (long i = from + 1; i < lineEnd - 2; i++) {
            int digit = Character.digit(Raw.getByte(address + i), 10);
            if (digit < 0) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    // --- What is not as it was written ---

    /**
     * It is a tear if it can be one: at the end of the last file, and nothing behind it was written after this was on the disk.
     */
    private void damaged(long from, String reason) throws IOException {
        boolean mayBeTorn = isLast && grouped && !loose;
        long proof = mayBeTorn ? intactGroup(from, from) : end;
        if (mayBeTorn && proof == end) {
            cut(from, reason);
            return;
        }
        if (!leniency.skipsDamage) {
            throw new CorruptLogException(path, from, reason);
        }
        long next = intactGroup(Math.max(from, at), -1);
        LOG.error("{} at byte {}: {}; {} bytes are left out", path, from, reason, next - from);
        at = next;
        loose = false;
    }

    /** The next group behind here that was written when more than so many bytes were on the disk; the end if there is none. */
    private long intactGroup(long behind, long synced) {
        for (long i = behind + 1; i < end; i++) {
            if (LogGroup.isIntact(address + i, end - i, i) && LogGroup.synced(address + i) > synced) {
                return i;
            }
        }
        return end;
    }

    private void cut(long from, String reason) throws IOException {
        if (!isLast || !leniency.cutsTails) {
            throw new CorruptLogException(path, from, reason + ", at the end of the file", isLast);
        }
        LOG.warn("{} ends at byte {} with {}: {} bytes are cut off", path, from, reason, end - from);
        at = end;
        try (Disk.File file = disk.open(path)) {
            file.truncate(from);
            file.sync();
        }
    }

    // --- As a part of the whole ---

    @Override
    public long totalBytes() {
        return end;
    }

    @Override
    public long loadedBytes() {
        return at;
    }

    @Override
    public void close() {
        arena.close();
    }
}
