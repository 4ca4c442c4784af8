package dev.jackdaw.protocol.command;

import java.util.Arrays;
import java.util.Set;

/** Owned and used again for each command: which arguments of a request are keys, and what the command does with them. */
public final class KeyPositions {
    private int[] arguments = new int[16];
    private KeySpec[] specs = new KeySpec[16];
    private int count;

    public int count() {
        return count;
    }

    /** The index of the {@code i}-th key among the request's arguments. */
    public int argument(int i) {
        return arguments[i];
    }

    public Set<KeyFlag> flags(int i) {
        return specs[i].flags();
    }

    void clear() {
        count = 0;
    }

    /** Says that {@code argument} is a key, used as {@code spec} tells. */
    public void add(int argument, KeySpec spec) {
        if (count == arguments.length) {
            arguments = Arrays.copyOf(arguments, 2 * count);
            specs = Arrays.copyOf(specs, 2 * count);
        }
        arguments[count] = argument;
        specs[count++] = spec;
    }
}
