package dev.jackdaw.server.persistence;

import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.rdb.RdbOutput;
import java.util.ArrayList;
import java.util.List;

/** Owned by the event loop: what is written to a snapshot's file while a long value, which goes there first, is not whole. */
final class HeldOutput implements RdbOutput.Drain {
    private record Full(long buffer, int bytes) {}

    private final SnapshotFile file;
    private final RdbOutput out;
    private final List<Full> held = new ArrayList<>();

    HeldOutput(Heap heap, SnapshotFile file, long firstBuffer, boolean compresses) {
        this.file = file;
        this.out = new RdbOutput(heap, this, firstBuffer, SnapshotFile.BUFFER_BYTES);
        out.compresses(compresses);
    }

    RdbOutput out() {
        return out;
    }

    @Override
    public long full(long buffer, int bytes) {
        held.add(new Full(buffer, bytes));
        return file.empty(buffer);
    }

    /** Hands all of it over, after which nothing more may be written. */
    void release() {
        held.forEach(each -> file.hand(each.buffer, each.bytes));
        file.hand(out.address(), out.size());
    }
}
