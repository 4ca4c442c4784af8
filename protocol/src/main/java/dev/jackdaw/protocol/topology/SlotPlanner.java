package dev.jackdaw.protocol.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Owned by whoever asks for a plan: computes the slot table of the next epoch. The same input gives the same plan everywhere,
 * whatever the order in which the shards are listed.
 *
 * <p>Every shard gets its weighted quota of slots, rounded up or down. Slots leave only shards that hold more than that, so
 * nothing moves that need not. A shard gives whole runs while they fit what it has to give, then cuts one piece off the end
 * of a run; a piece goes where it joins a run of the receiver, else where it fits whole, else where rendezvous hashing says.
 *
 * <pre>
 *   before  AAAAAAAAAAAA BBBBBBBBBBBB CCCCCCCCCCCC
 *   D joins AAAAAAAAADDD DDDBBBBBBBBB CCCCCCCCCDDD   3 pieces of a quarter each, 5 ranges
 * </pre>
 */
public final class SlotPlanner {
    private static final int SLOTS = Topology.SLOTS;
    private static final short NOBODY = -1;

    private final List<Shard> shards;
    private final short[] owners = new short[SLOTS];
    /** Slots that a shard must still give (positive) or may still take (negative). */
    private final int[] surplus;

    private SlotPlanner(List<Shard> listed) {
        shards = listed.stream().sorted(Comparator.comparing(Shard::name)).toList();
        surplus = new int[shards.size()];
        if (shards.isEmpty() || shards.size() > SLOTS || totalWeight() == 0) {
            throw new IllegalArgumentException("a plan needs 1 to " + SLOTS + " shards, one of them with a weight");
        }
        if (shards.stream().map(Shard::name).distinct().count() != shards.size()) {
            throw new IllegalArgumentException("two shards of one name");
        }
    }

    /** The plan of epoch 1: one run for each shard. */
    public static Topology first(List<Shard> shards) {
        SlotPlanner planner = new SlotPlanner(shards);
        int slot = 0;
        int[] targets = planner.targets(new int[planner.shards.size()]);
        for (int shard = 0; shard < targets.length; shard++) {
            for (int i = 0; i < targets[shard]; i++) {
                planner.owners[slot++] = (short) shard;
            }
        }
        return new Topology(1, planner.shards, planner.owners);
    }

    /** The plan that follows {@code current} when {@code shards} are all that there are. */
    public static Topology next(Topology current, List<Shard> shards) {
        SlotPlanner planner = new SlotPlanner(shards);
        planner.adopt(current);
        planner.handOutOrphans();
        planner.levelOut();
        return new Topology(current.epoch() + 1, planner.shards, planner.owners);
    }

    private void adopt(Topology current) {
        Map<String, Short> indexes = new HashMap<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            indexes.put(shards.get(shard).name(), (short) shard);
        }
        int[] owned = new int[shards.size()];
        for (int slot = 0; slot < SLOTS; slot++) {
            owners[slot] = indexes.getOrDefault(current.shard(slot).name(), NOBODY);
            if (owners[slot] != NOBODY) {
                owned[owners[slot]]++;
            }
        }
        int[] targets = targets(owned);
        for (int shard = 0; shard < targets.length; shard++) {
            surplus[shard] = owned[shard] - targets[shard];
        }
    }

    /** What each shard is to own: its quota rounded down, one more where most slots stay in place for it. */
    private int[] targets(int[] owned) {
        long total = totalWeight();
        int[] targets = new int[shards.size()];
        int left = SLOTS;
        List<Integer> roundedDown = new ArrayList<>();
        for (int shard = 0; shard < targets.length; shard++) {
            long share = (long) SLOTS * shards.get(shard).weight();
            targets[shard] = (int) (share / total);
            left -= targets[shard];
            if (share % total != 0) {
                roundedDown.add(shard);
            }
        }
        roundedDown.sort(Comparator.<Integer>comparingInt(shard -> owned[shard] > targets[shard] ? 0 : 1)
                .thenComparing(Comparator.<Integer>comparingLong(
                                shard -> (long) SLOTS * shards.get(shard).weight() % total)
                        .reversed())
                .thenComparing(Comparator.naturalOrder()));
        for (int i = 0; i < left; i++) {
            targets[roundedDown.get(i)]++;
        }
        return targets;
    }

    private long totalWeight() {
        return shards.stream().mapToLong(Shard::weight).sum();
    }

    /** Slots of shards that have left. */
    private void handOutOrphans() {
        for (Run run = largestRun(NOBODY, SLOTS); run != null; run = largestRun(NOBODY, SLOTS)) {
            give(run);
        }
    }

    private void levelOut() {
        for (short shard = 0; shard < surplus.length; shard++) {
            while (surplus[shard] > 0) {
                Run whole = largestRun(shard, surplus[shard]);
                Run run = whole != null ? whole : endOfSmallestRun(shard, surplus[shard]);
                surplus[shard] -= give(run);
            }
        }
    }

    /** Moves the run, or as much of it as one shard may take; returns how many slots moved. */
    private int give(Run run) {
        int receiver = receiver(run);
        int slots = Math.min(run.size(), -surplus[receiver]);
        boolean atTheEnd = ownerAt(run.last + 1) == receiver && ownerAt(run.first - 1) != receiver;
        int first = atTheEnd ? run.last + 1 - slots : run.first;
        for (int slot = first; slot < first + slots; slot++) {
            owners[slot] = (short) receiver;
        }
        surplus[receiver] += slots;
        return slots;
    }

    private int receiver(Run run) {
        int best = -1;
        for (int shard = 0; shard < surplus.length; shard++) {
            if (surplus[shard] < 0 && (best < 0 || suits(run, shard, best))) {
                best = shard;
            }
        }
        return best;
    }

    private boolean suits(Run run, int shard, int other) {
        boolean joins = run.touches(shard);
        if (joins != run.touches(other)) {
            return joins;
        }
        boolean fits = -surplus[shard] >= run.size();
        if (fits != -surplus[other] >= run.size()) {
            return fits;
        }
        return Long.compareUnsigned(rendezvous(shard, run.first), rendezvous(other, run.first)) > 0;
    }

    private long rendezvous(int shard, int slot) {
        long hash = 0xcbf29ce484222325L;
        String name = shards.get(shard).name();
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ slot) * 0x9e3779b97f4a7c15L;
        hash = (hash ^ hash >>> 32) * 0xd6e8feb86659fd93L;
        return hash ^ hash >>> 32;
    }

    /** The longest run of {@code shard} that is no longer than {@code limit}, the first of equals, or null. */
    private Run largestRun(short shard, int limit) {
        Run best = null;
        for (Run run = nextRun(shard, 0); run != null; run = nextRun(shard, run.last + 1)) {
            if (run.size() <= limit && (best == null || run.size() > best.size())) {
                best = run;
            }
        }
        return best;
    }

    /** {@code size} slots from the end of the shard's smallest run where a receiver's run begins, if it does. */
    private Run endOfSmallestRun(short shard, int size) {
        Run best = null;
        for (Run run = nextRun(shard, 0); run != null; run = nextRun(shard, run.last + 1)) {
            boolean better = best == null
                    || (run.touchesReceiver() != best.touchesReceiver()
                            ? run.touchesReceiver()
                            : run.size() < best.size());
            if (better) {
                best = run;
            }
        }
        boolean head = takes(ownerAt(best.first - 1));
        return head ? new Run(best.first, best.first + size - 1) : new Run(best.last - size + 1, best.last);
    }

    private Run nextRun(short shard, int from) {
        int first = from;
        while (first < SLOTS && owners[first] != shard) {
            first++;
        }
        if (first == SLOTS) {
            return null;
        }
        int last = first;
        while (last + 1 < SLOTS && owners[last + 1] == shard) {
            last++;
        }
        return new Run(first, last);
    }

    private int ownerAt(int slot) {
        return slot < 0 || slot >= SLOTS ? NOBODY : owners[slot];
    }

    private boolean takes(int shard) {
        return shard != NOBODY && surplus[shard] < 0;
    }

    /** Slots {@code first} to {@code last} of one owner. */
    private final class Run {
        final int first;
        final int last;

        Run(int first, int last) {
            this.first = first;
            this.last = last;
        }

        int size() {
            return last - first + 1;
        }

        boolean touches(int shard) {
            return ownerAt(first - 1) == shard || ownerAt(last + 1) == shard;
        }

        boolean touchesReceiver() {
            return takes(ownerAt(first - 1)) || takes(ownerAt(last + 1));
        }
    }
}
