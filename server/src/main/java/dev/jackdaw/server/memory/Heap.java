package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.HashSet;
import java.util.Set;

/**
 * Owned by one event loop: off-heap blocks for large collections. The owner of a block remembers its size; addresses
 * stay until the block is freed, or its owner moves it.
 *
 * <p>Most blocks are moved when a walk comes by. In a small store, whose blocks of many sizes come and go faster than that, those
 * that were allocated with an owner say whose they are ({@link MixedSlabs}), so that a slab can be emptied at once. They know a handle of
 * their value, which leads to the value's root, wherever that lies.
 */
public final class Heap {
    /** The values that have blocks which say whose they are. */
    public enum Family {
        HASHES,
        SETS,
        LISTS,
        STREAMS
    }

    /** Moves blocks of a family. */
    public interface Mover {
        /** Moves a block, of a kind that the family knows, of the value that begins at the root. */
        void move(long block, long root, int kind);
    }

    static final int HANDLE_BYTES = Long.BYTES;

    /** A handle moves only if the blocks that know it are hardly more; to those of others it is nothing. */
    static final int MOST_TOLD = 256;

    /** As an owner: nobody. */
    static final long NOBODY = 0;

    /** The bits of a kind of block; with those of the family they are less than the mark of holes in {@link MixedSlabs}. */
    private static final int KIND_SHIFT = 2;

    private static final int KINDS = 1 << KIND_SHIFT;
    private static final Family[] FAMILIES = Family.values();

    /** Bytes of heads' slabs that are emptied at once while that is urgent, and where there is time. */
    private static final int MOST_HURRIED = 128 << 10;

    private static final int MOST_PATIENT = 16 << 10;

    /** Slabs that are less than fifteen sixteenths full are sparse. */
    private static final int SPARSE_SHIFT = 4;

    private final Slabs slabs;
    private final SlabMover mover;
    private final Mover[] movers = new Mover[FAMILIES.length];
    private final EntryStore.Visitor moveOwned = this::moveOwned;
    /** Working room that is kept. */
    final Set<NativeMemory.Range> reserved = new HashSet<>();

    Heap(Slabs slabs) {
        this.slabs = slabs;
        this.mover = new SlabMover(slabs, SPARSE_SHIFT);
    }

    /** The address of at least {@code bytes} bytes of arbitrary content. */
    public long allocate(int bytes) {
        return slabs.allocate(bytes, Slabs.NEVER, 0);
    }

    /** The same for an owner, who may be asked to move it between any two commands. */
    long allocate(int bytes, long owner) {
        return slabs.allocateOwned(bytes, owner);
    }

    /** The same, for working room that is kept from one command to the next: a check of the store knows such blocks. */
    public long reserve(int bytes) {
        long address = allocate(bytes);
        reserved.add(new NativeMemory.Range(address, bytes));
        return address;
    }

    /** Frees what {@link #reserve} gave for the same number of bytes. */
    public void unreserve(long address, int bytes) {
        reserved.remove(new NativeMemory.Range(address, bytes));
        free(address, bytes);
    }

    /** Frees what {@link #allocate} gave for the same number of bytes. */
    public void free(long address, int bytes) {
        slabs.free(address, bytes);
    }

    /** The bytes that an allocation of {@code bytes} may really use, and takes. */
    public static long taken(long bytes) {
        return SizeClasses.taken(bytes);
    }

    /** Bytes of live blocks, slack included. */
    public long usedBytes() {
        return slabs.usedBytes();
    }

    /** Bytes of the pages that hold them. */
    public long heldBytes() {
        return slabs.slabBytes();
    }

    /** Bytes of those pages that hold no block, as far as walks may help. */
    public long wasteBytes() {
        return slabs.wasteBytes() - slabs.headed.wasteBytes();
    }

    /** Bytes of what says whose blocks are, which count as used. */
    public long headBytes() {
        return slabs.headed.headBytes();
    }

    /** Whether so much is waste that clients should wait for walks to help. */
    public boolean needsWalk() {
        return wasteBytes() > MixedSlabs.much(heldBytes()) + EntryCompaction.PATIENT_WASTE;
    }

    /** Changes whether blocks that move are packed. */
    public void packs(boolean packs) {
        mover.packs(packs);
    }

    /** Whether the block should move: its slab could be given back then. */
    public boolean isSparse(long address) {
        return !slabs.isHeaded(address) && mover.moves(address);
    }

    /** Moves a block of an owner, or {@link #NOBODY}; returns where it is. */
    long move(long address, int bytes, long owner) {
        if (owner == NOBODY || !slabs.isMixing(bytes)) {
            return mover.move(address, bytes, Slabs.ALIGNMENT, Slabs.NEVER, 0);
        }
        long moved = allocate(bytes, owner);
        Raw.copy(address, moved, bytes);
        free(address, bytes);
        return moved;
    }

    /** Room for what its owner moves there itself, at a multiple of the alignment. */
    long allocateMoved(int bytes, int alignment) {
        return mover.allocate(bytes, alignment);
    }

    // --- Blocks that say whose they are ---

    /** To be told for each family before any of its blocks is to be moved. */
    public void movedBy(Family family, Mover mover) {
        movers[family.ordinal()] = mover;
    }

    /** A handle of the value that begins at the root; like a block it is to be freed, and counts. */
    long handle(long root) {
        long handle = allocate(HANDLE_BYTES);
        Raw.putLong(handle, root);
        return handle;
    }

    /** Frees a root, and the handle that it has at an offset. */
    void freeRoot(long root, int bytes, int handle) {
        free(Raw.getLong(root + handle), HANDLE_BYTES);
        free(root, bytes);
    }

    /** Another handle instead of one; what knows the old one must be told. */
    long moveHandle(long handle) {
        long moved = handle(Raw.getLong(handle));
        free(handle, HANDLE_BYTES);
        return moved;
    }

    /** Tells a block, if it says whose it is, that it has another owner. */
    void changeOwner(long block, int bytes, long owner) {
        if (slabs.isHeaded(block)) {
            MixedSlabs.changeOwner(block, bytes, owner);
        }
    }

    /** What names the owner of a block. */
    static long owner(long handle, Family family, int kind) {
        return handle << MixedSlabs.NEXT_SHIFT | family.ordinal() << KIND_SHIFT | kind;
    }

    /** Whether there is so much waste among them that clients should wait for it to go. */
    public boolean isUrgent() {
        return slabs.headed.isUrgent();
    }

    /** Empties slabs of theirs a bit while that is urgent. */
    public void hurry() {
        slabs.headed.hurry(MOST_HURRIED, moveOwned);
    }

    /** Does the same where there is time; returns whether there is more to gain. */
    public boolean empty() {
        hurry();
        return slabs.headed.empty(MOST_PATIENT, moveOwned);
    }

    /** Has the owner of a block move it. */
    void moveOwned(long slot) {
        int head = Raw.getUnsignedByte(slot);
        movers[head >>> KIND_SHIFT].move(slot + MixedSlabs.HEAD, Raw.getLong(MixedSlabs.owner(slot)), head & KINDS - 1);
    }

    Slabs slabs() {
        return slabs;
    }
}
