package dev.jackdaw.protocol.route;

import dev.jackdaw.protocol.resp.Request;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Owned and used again for each command: sorts the keys of a split command by shard, and remembers each key's place in the command.
 *
 * <pre>
 * MGET a b c d       keys 0..3, shards 2 0 2 0
 * group 0: shard 2, keys 0 2         groups in the order of their first keys,
 * group 1: shard 0, keys 1 3         keys in the order of the command
 * </pre>
 */
public final class Splitter {
    private int[] shardOfKey = new int[16];
    private int[] sortedKeys = new int[16];
    private int[] shardOfGroup = new int[16];
    /** Group g has the sorted keys from {@code startOfGroup[g]} to {@code startOfGroup[g + 1]}. */
    private int[] startOfGroup = new int[17];

    private int[] groupOfShard = new int[16];
    private int groups;
    private int keys;
    private int firstKey;
    private int step;

    public Splitter() {
        Arrays.fill(groupOfShard, -1);
    }

    /** Splits {@code request}, whose keys are every {@code step}th argument from {@code firstKey} on. */
    public void split(Request request, int firstKey, int step, IntUnaryOperator shardOfSlot) {
        begin(request, firstKey, step);
        for (int key = 0; key < keys; key++) {
            int argument = argumentOf(key);
            int shard = shardOfSlot.applyAsInt(Slot.of(request.address(argument), request.length(argument)));
            shardOfKey[key] = shard;
            count(shard);
        }
        sort();
    }

    /** How many shards the command concerns. */
    public int groups() {
        return groups;
    }

    public int shard(int group) {
        return shardOfGroup[group];
    }

    /** How many keys of the command are the group's. */
    public int size(int group) {
        return startOfGroup[group + 1] - startOfGroup[group];
    }

    /** Which key of the command, counted from 0, is the {@code i}-th of the group: the place of its reply. */
    public int key(int group, int i) {
        return sortedKeys[startOfGroup[group] + i];
    }

    /** The argument index of the {@code i}-th key of the group; what belongs to the key lies behind it. */
    public int argument(int group, int i) {
        return argumentOf(key(group, i));
    }

    /** How many keys the command has. */
    public int keys() {
        return keys;
    }

    private void begin(Request request, int newFirstKey, int newStep) {
        firstKey = newFirstKey;
        step = newStep;
        groups = 0;
        keys = Math.max(0, (request.count() - firstKey + step - 1) / step);
        if (keys > shardOfKey.length) {
            int room = Integer.highestOneBit(keys) << 1;
            shardOfKey = new int[room];
            sortedKeys = new int[room];
        }
    }

    private int argumentOf(int key) {
        return firstKey + key * step;
    }

    /** While keys are counted, {@code startOfGroup[g + 1]} is the size of group g. */
    private void count(int shard) {
        if (shard >= groupOfShard.length) {
            int known = groupOfShard.length;
            groupOfShard = Arrays.copyOf(groupOfShard, Integer.highestOneBit(shard) << 1);
            Arrays.fill(groupOfShard, known, groupOfShard.length, -1);
        }
        int group = groupOfShard[shard];
        if (group < 0) {
            group = open(shard);
        }
        startOfGroup[group + 1]++;
    }

    private int open(int shard) {
        if (groups == shardOfGroup.length) {
            shardOfGroup = Arrays.copyOf(shardOfGroup, 2 * groups);
            startOfGroup = Arrays.copyOf(startOfGroup, 2 * groups + 1);
        }
        groupOfShard[shard] = groups;
        shardOfGroup[groups] = shard;
        startOfGroup[groups + 1] = 0;
        return groups++;
    }

    private void sort() {
        int end = 0;
        for (int group = 0; group < groups; group++) {
            end += startOfGroup[group + 1];
            startOfGroup[group + 1] = end;
        }
        // From the back, so that each group's end walks to its start and leaves the keys in their order.
        for (int key = keys - 1; key >= 0; key--) {
            int group = groupOfShard[shardOfKey[key]];
            sortedKeys[--startOfGroup[group + 1]] = key;
        }
        shiftStarts(end);
    }

    private void shiftStarts(int end) {
        for (int group = 0; group < groups; group++) {
            startOfGroup[group] = startOfGroup[group + 1];
            groupOfShard[shardOfGroup[group]] = -1;
        }
        startOfGroup[groups] = end;
    }
}
