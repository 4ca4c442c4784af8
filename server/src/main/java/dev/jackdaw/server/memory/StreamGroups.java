package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: the groups of a {@link StreamLog}, in the order of their names. Each has consumers, and
 * remembers which entry was delivered to which of them and is not acknowledged yet. One group is current, the one that was
 * found, chosen or created last; and in it a pending entry.
 *
 * <pre>
 *   group     | name length 4 | {@link IdTree} of pending entries 28 | last id 16 | entries read 8 | consumers 16 | name |
 *   consumer  | name length 4 | {@link IdTree} of its pending entries 28 | seen 8 | name |
 *
 *   of the pending entries the group knows   | consumer 8 | delivered 8 | deliveries 8 |    and the consumer their ids
 * </pre>
 *
 * A consumer is named by the address of its block, which stays until it is removed.
 */
public final class StreamGroups {
    static final int PENDING = 4;
    private static final int LAST = PENDING + IdTree.ROOT_BYTES;
    private static final int ENTRIES_READ = LAST + 16;
    static final int CONSUMERS = ENTRIES_READ + 8;
    static final int GROUP_NAME = CONSUMERS + NamedBlocks.ROOT_BYTES;

    private static final int SEEN = PENDING + IdTree.ROOT_BYTES;
    static final int CONSUMER_NAME = SEEN + 8;

    private static final int DELIVERED = 8;
    private static final int DELIVERIES = 16;
    static final int PENDING_BYTES = 24;

    private final NamedBlocks groups;
    private final NamedBlocks consumers;
    private final IdTree pending;
    private final IdTree owned;
    private long group;

    StreamGroups(Heap heap) {
        this.groups = new NamedBlocks(heap, GROUP_NAME);
        this.consumers = new NamedBlocks(heap, CONSUMER_NAME);
        this.pending = new IdTree(heap, PENDING_BYTES);
        this.owned = new IdTree(heap, 0);
    }

    /** Turns to the groups of a stream. */
    void at(long root) {
        groups.at(root);
    }

    // --- Groups ---

    /** The number of groups. */
    public int count() {
        return groups.count();
    }

    /** Makes a group current; false if there is none of this name. */
    public boolean find(long name, int length) {
        long found = groups.find(name, length);
        if (found != 0) {
            turnTo(found);
        }
        return found != 0;
    }

    /** Makes the group of a number current. */
    public void choose(int i) {
        turnTo(groups.get(i));
    }

    /** Adds a group, which is current then; its name must be new. */
    public void add(long name, int length) {
        turnTo(groups.add(name, length));
    }

    private void turnTo(long newGroup) {
        group = newGroup;
        pending.at(group + PENDING);
        consumers.at(group + CONSUMERS);
    }

    /** Removes the current group. */
    public void remove() {
        removeStep(Integer.MAX_VALUE);
    }

    /** Removes the current group bit by bit; returns what is left of the budget, 0 if there may be more. */
    private int removeStep(int budget) {
        int left = budget;
        while (left > 0 && consumers.count() > 0) {
            long last = consumers.get(consumers.count() - 1);
            owned.at(last + PENDING);
            left = owned.freeStep(left);
            if (left > 0) {
                consumers.remove(last);
                left--;
            }
        }
        left = pending.freeStep(left);
        if (left > 0) {
            groups.remove(group);
            left--;
        }
        return left;
    }

    /** Removes about {@code budget} blocks of all groups; returns what is left of the budget, 0 if there may be more. */
    int freeStep(int budget) {
        int left = budget;
        while (left > 0 && groups.count() > 0) {
            choose(groups.count() - 1);
            left = removeStep(left);
        }
        return left;
    }

    public long name() {
        return groups.name(group);
    }

    public int nameLength() {
        return NamedBlocks.nameLength(group);
    }

    /** The id of the last entry that was delivered to the group. */
    public long lastUpper() {
        return IdNode.upper(group + LAST);
    }

    public long lastLower() {
        return IdNode.lower(group + LAST);
    }

    public void last(long upper, long lower) {
        IdNode.id(group + LAST, upper, lower);
    }

    /** How many entries the group has read, in its own counting. */
    public long entriesRead() {
        return Raw.getLong(group + ENTRIES_READ);
    }

    public void entriesRead(long count) {
        Raw.putLong(group + ENTRIES_READ, count);
    }

    // --- Consumers ---

    /** The number of the group's consumers. */
    public int consumers() {
        return consumers.count();
    }

    /** The consumer of a number, in the order of names. */
    public long consumer(int i) {
        return consumers.get(i);
    }

    /** The consumer of a name, or 0. */
    public long findConsumer(long name, int length) {
        return consumers.find(name, length);
    }

    /** Adds a consumer; its name must be new in the group. */
    public long addConsumer(long name, int length) {
        return consumers.add(name, length);
    }

    /** Removes a consumer, and what was delivered to it is not pending any more. */
    public void removeConsumer(long consumer) {
        owned.at(consumer + PENDING);
        if (owned.size() == pending.size()) {
            // Leaf by leaf: a consumer that is alone with a million entries must not keep others waiting.
            pending.freeStep(Integer.MAX_VALUE);
        } else {
            for (boolean more = owned.first(); more; more = owned.next()) {
                boolean found = pending.find(owned.upper(), owned.lower());
                assert found;
                pending.remove();
            }
        }
        owned.freeStep(Integer.MAX_VALUE);
        consumers.remove(consumer);
    }

    public long consumerName(long consumer) {
        return consumers.name(consumer);
    }

    public int consumerNameLength(long consumer) {
        return NamedBlocks.nameLength(consumer);
    }

    /** When the consumer was seen last. */
    public long seenMillis(long consumer) {
        return Raw.getLong(consumer + SEEN);
    }

    public void seen(long consumer, long millis) {
        Raw.putLong(consumer + SEEN, millis);
    }

    // --- Pending entries ---

    /** The number of entries that are pending in the group. */
    public long pending() {
        return pending.size();
    }

    /** The number of entries that are pending for a consumer. */
    public long pending(long consumer) {
        return IdTree.size(consumer + PENDING);
    }

    /** Makes a pending entry current; false if this one is not pending. */
    public boolean findPending(long upper, long lower) {
        return pending.find(upper, lower);
    }

    /** Makes the first pending entry current whose id is not below this one; false if there is none. */
    public boolean ceilingPending(long upper, long lower) {
        return pending.ceiling(upper, lower);
    }

    public boolean lastPending() {
        return pending.last();
    }

    public boolean nextPending() {
        return pending.next();
    }

    /** The same among those of one consumer. */
    public boolean ceilingPending(long consumer, long upper, long lower) {
        owned.at(consumer + PENDING);
        return owned.ceiling(upper, lower) && findOwned();
    }

    public boolean nextPendingOfConsumer() {
        return owned.next() && findOwned();
    }

    private boolean findOwned() {
        boolean found = pending.find(owned.upper(), owned.lower());
        assert found;
        return found;
    }

    /** The id of the pending entry. */
    public long upper() {
        return pending.upper();
    }

    public long lower() {
        return pending.lower();
    }

    /** The consumer to which it was delivered last. */
    public long owner() {
        return Raw.getLong(pending.payload());
    }

    /** When that was. */
    public long deliveredMillis() {
        return Raw.getLong(pending.payload() + DELIVERED);
    }

    /** How often it was delivered. */
    public long deliveries() {
        return Raw.getLong(pending.payload() + DELIVERIES);
    }

    /** Notes when, and how often, the pending entry was delivered. */
    public void delivered(long millis, long deliveries) {
        Raw.putLong(pending.payload() + DELIVERED, millis);
        Raw.putLong(pending.payload() + DELIVERIES, deliveries);
    }

    /** Adds a pending entry, which is current then. */
    public void addPending(long upper, long lower, long consumer) {
        owned.at(consumer + PENDING);
        owned.add(upper, lower);
        Raw.putLong(pending.add(upper, lower), consumer);
        pending.find(upper, lower);
    }

    /** Gives the pending entry to another consumer. */
    public void assign(long consumer) {
        if (owner() != consumer) {
            removeFromOwner();
            owned.at(consumer + PENDING);
            owned.add(upper(), lower());
            Raw.putLong(pending.payload(), consumer);
        }
    }

    /** Removes the pending entry; none is current then. */
    public void removePending() {
        removeFromOwner();
        pending.remove();
    }

    private void removeFromOwner() {
        owned.at(owner() + PENDING);
        boolean found = owned.find(upper(), lower());
        assert found;
        owned.remove();
    }

    // --- All groups ---

    /**
     * Moves the nodes of all trees, from where the walk is; returns whether it is at the end. The blocks of groups and
     * consumers stay: those are known by their addresses.
     */
    boolean compact(BlockWalk walk) {
        int first = 1;
        for (int i = 0; i < count(); i++) {
            choose(i);
            for (; walk.tree <= first + consumers(); walk.nextTree()) {
                if (walk.isOver()) {
                    return false;
                }
                walk.worked(1);
                if (walk.tree > first) {
                    owned.at(consumer(walk.tree - first - 1) + PENDING);
                }
                if (!(walk.tree == first ? pending : owned).compact(walk, payload -> {})) {
                    return false;
                }
            }
            first += 1 + consumers();
        }
        return true;
    }

    /** Adds all groups of another stream to those here, which must be none. */
    void copy(StreamGroups from) {
        for (int i = 0; i < from.count(); i++) {
            from.choose(i);
            add(from.name(), from.nameLength());
            last(from.lastUpper(), from.lastLower());
            entriesRead(from.entriesRead());
            for (int j = 0; j < from.consumers(); j++) {
                long other = from.consumer(j);
                long consumer = addConsumer(from.consumerName(other), from.consumerNameLength(other));
                seen(consumer, from.seenMillis(other));
                for (boolean more = from.ceilingPending(other, 0, 0); more; more = from.nextPendingOfConsumer()) {
                    addPending(from.upper(), from.lower(), consumer);
                    delivered(from.deliveredMillis(), from.deliveries());
                }
            }
        }
    }

    /** The bytes of all groups. */
    long bytes() {
        long bytes = groups.bytes();
        for (int i = 0; i < count(); i++) {
            choose(i);
            bytes += consumers.bytes() + IdTree.bytes(group + PENDING);
            for (int j = 0; j < consumers(); j++) {
                bytes += IdTree.bytes(consumer(j) + PENDING);
            }
        }
        return bytes;
    }
}
