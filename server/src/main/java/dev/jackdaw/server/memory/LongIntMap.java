package dev.jackdaw.server.memory;

import java.util.Arrays;

/** Owned by one event loop: a small open-addressing map from {@code long} to {@code int} without boxes. */
final class LongIntMap {
    private static final int INITIAL = 16;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[INITIAL];
    private int[] values = new int[INITIAL];
    private boolean[] taken = new boolean[INITIAL];
    private int size;

    int size() {
        return size;
    }

    int get(long key, int absent) {
        int at = slot(key);
        return taken[at] ? values[at] : absent;
    }

    /** How many places the map has, from 0 on. */
    int places() {
        return keys.length;
    }

    /** The value at a place, if there is one. */
    int at(int place, int absent) {
        return taken[place] ? values[place] : absent;
    }

    void put(long key, int value) {
        int at = slot(key);
        if (!taken[at]) {
            if (size * 2 >= keys.length) {
                resize(keys.length * 2);
                at = slot(key);
            }
            taken[at] = true;
            keys[at] = key;
            size++;
        }
        values[at] = value;
    }

    void remove(long key) {
        int hole = slot(key);
        if (!taken[hole]) {
            return;
        }
        size--;
        int mask = keys.length - 1;
        int at = hole;
        while (true) {
            at = (at + 1) & mask;
            if (!taken[at]) {
                break;
            }
            int home = home(keys[at]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                hole = at;
            }
        }
        taken[hole] = false;
        if (keys.length > INITIAL && size * 8 < keys.length) {
            resize(keys.length / 2);
        }
    }

    private int home(long key) {
        return (int) ((key * MIX) >>> 40) & (keys.length - 1);
    }

    private int slot(long key) {
        int at = home(key);
        while (taken[at] && keys[at] != key) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        int[] oldValues = values;
        boolean[] oldTaken = taken;
        keys = new long[capacity];
        values = new int[capacity];
        taken = new boolean[capacity];
        Arrays.fill(taken, false);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldTaken[i]) {
                int at = slot(oldKeys[i]);
                taken[at] = true;
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
