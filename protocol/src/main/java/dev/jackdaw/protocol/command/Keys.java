package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Slot;
import java.util.List;

/**
 * Immutable: which arguments of a command are keys.
 *
 * <p>For most commands first, last and step say it all; they follow from the key specs as they do in Redis. Where they do not
 * ({@link #areMovable}), {@link #find} looks into the arguments.
 */
public final class Keys {
    public static final Keys NONE = new Keys(null, List.of());

    /** In place of a slot: no key was found. */
    public static final int NO_SLOT = -1;
    /** In place of a slot: the keys are in different slots. */
    public static final int CROSS_SLOT = -2;

    private final KeyFinder finder;
    private final List<KeySpec> specs;
    private final boolean empty;
    private final boolean partial;
    private final boolean movable;
    private final int first;
    private final int last;
    private final int step;

    private Keys(KeyFinder finder, List<KeySpec> specs) {
        this.finder = finder;
        this.specs = specs;
        this.empty = specs.stream().noneMatch(KeySpec::isKey);
        this.partial = specs.stream().anyMatch(KeySpec::isPartial);
        int firstKey = 0;
        int lastKey = 0;
        int keyStep = 0;
        boolean beyondRange = false;
        for (KeySpec spec : specs) {
            boolean begins = firstKey == 0;
            boolean single = specs.size() == 1;
            if (spec.begin() instanceof KeySpec.Index begin
                    && spec.find() instanceof KeySpec.Range range
                    && (single || range.step() == 1)
                    && (begins || begin.index() == lastKey + 1)) {
                firstKey = begins ? begin.index() : firstKey;
                lastKey = range.lastKey() < 0 ? range.lastKey() : begin.index() + range.lastKey();
                keyStep = range.step();
                beyondRange |= spec.flags().contains(KeyFlag.INCOMPLETE);
            } else {
                beyondRange = true;
            }
        }
        this.first = firstKey;
        this.last = lastKey;
        this.step = keyStep;
        this.movable = beyondRange;
    }

    static Keys of(KeySpec... specs) {
        return new Keys(null, List.of(specs));
    }

    static Keys found(KeyFinder finder, KeySpec... specs) {
        return new Keys(finder, List.of(specs));
    }

    public List<KeySpec> specs() {
        return specs;
    }

    /** Whether the command has no keys, whatever its arguments. */
    public boolean isEmpty() {
        return empty;
    }

    /** Whether first, last and step leave out keys. */
    public boolean areMovable() {
        return movable;
    }

    /** The index of the first key, 0 where there is none. */
    public int first() {
        return first;
    }

    /** The index of the last key, negative when it counts from the end of the arguments (-1 is the last). */
    public int last() {
        return last;
    }

    /** The distance from a key to the next. */
    public int step() {
        return step;
    }

    /** Finds every key of {@code request}; false when the arguments are not as the command wants them. */
    public boolean find(Request request, KeyPositions into) {
        into.clear();
        if (partial) {
            return finder != null && finder.find(request, into);
        }
        boolean wanted = false;
        for (int i = 0; i < specs.size(); i++) {
            KeySpec spec = specs.get(i);
            if (spec.isKey()) {
                // A keyword that is not there stands before no key, but some key there must be.
                wanted = true;
                if (!find(spec, request, into)) {
                    into.clear();
                    return false;
                }
            }
        }
        return !wanted || into.count() > 0;
    }

    /**
     * The slot that all keys of {@code request} are in, or {@link #NO_SLOT} or {@link #CROSS_SLOT}. Writes to {@code scratch} where
     * keys are movable.
     */
    public int slot(Request request, KeyPositions scratch) {
        if (movable) {
            return find(request, scratch) ? commonSlot(request, scratch) : NO_SLOT;
        }
        int end = last < 0 ? request.count() + last : Math.min(last, request.count() - 1);
        if (first == 0 || first > end) {
            return NO_SLOT;
        }
        int slot = slotOf(request, first);
        for (int i = first + step; i <= end; i += step) {
            if (slotOf(request, i) != slot) {
                return CROSS_SLOT;
            }
        }
        return slot;
    }

    private static int commonSlot(Request request, KeyPositions positions) {
        int slot = NO_SLOT;
        for (int i = 0; i < positions.count(); i++) {
            int next = slotOf(request, positions.argument(i));
            if (slot != NO_SLOT && slot != next) {
                return CROSS_SLOT;
            }
            slot = next;
        }
        return slot;
    }

    private static int slotOf(Request request, int argument) {
        return Slot.of(request.address(argument), request.length(argument));
    }

    private static boolean find(KeySpec spec, Request request, KeyPositions into) {
        int begin = switch (spec.begin()) {
            case KeySpec.Index at -> at.index();
            case KeySpec.Keyword after -> afterKeyword(request, after);
            case KeySpec.Unknown unknown -> 0;
        };
        if (begin == 0) {
            return spec.begin() instanceof KeySpec.Keyword;
        }
        return switch (spec.find()) {
            case KeySpec.Range range -> find(spec, begin, range, request, into);
            case KeySpec.KeyCount number -> find(spec, begin, number, request, into);
            case KeySpec.Unknown unknown -> false;
        };
    }

    private static boolean find(KeySpec spec, int begin, KeySpec.Range range, Request request, KeyPositions into) {
        int words = request.count();
        int last = range.lastKey();
        if (last >= 0) {
            last += begin;
        } else {
            last += range.limit() == 0 ? words : begin + (words - begin) / range.limit();
        }
        return add(spec, begin, last, range.step(), words, into);
    }

    private static boolean find(KeySpec spec, int begin, KeySpec.KeyCount number, Request request, KeyPositions into) {
        int words = request.count();
        int counter = begin + number.countIndex();
        long count = counter < words ? integer(request, counter) : 0;
        if (count <= 0 || count >= words) {
            return false;
        }
        int first = begin + number.firstKey();
        return add(spec, first, first + ((int) count - 1) * number.step(), number.step(), words, into);
    }

    private static boolean add(KeySpec spec, int first, int last, int step, int words, KeyPositions into) {
        if (last >= words || last < first) {
            return false;
        }
        for (int i = first; i <= last; i += step) {
            into.add(i, spec);
        }
        return true;
    }

    private static int afterKeyword(Request request, KeySpec.Keyword after) {
        int from = after.startFrom();
        int step = from < 0 ? -1 : 1;
        for (int i = from < 0 ? request.count() + from : from; i > 0 && i < request.count() - 1; i += step) {
            if (request.is(i, after.keyword())) {
                return i + 1;
            }
        }
        return 0;
    }

    private static long integer(Request request, int argument) {
        long address = request.address(argument);
        int length = request.length(argument);
        return Integers.isInteger(address, length) ? Integers.parse(address, length) : 0;
    }
}
