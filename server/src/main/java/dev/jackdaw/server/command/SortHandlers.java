package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.server.acl.AccessCheck;
import dev.jackdaw.server.algorithm.SortVector;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.ListValue;
import dev.jackdaw.server.value.SetValue;
import dev.jackdaw.server.value.SortedSetValue;
import java.util.Arrays;

/** Owned by the event loop: the body of SORT and SORT_RO. */
final class SortHandlers {
    private static final int FIRST_GETS = 8;
    private static final int KEPT_GETS = 1024;

    private final AccessCheck access = new AccessCheck();
    private final ListValue list;
    private final SetValue set;
    private final SortedSetValue sortedSet;
    private final SortPattern pattern;
    private final SortVector vector;
    private final SortVector results;

    private boolean alpha;
    private boolean descending;
    private long offset;
    private long limit;
    /** The arguments with the BY pattern and the key of STORE, 0 for none. */
    private int by;

    private int store;
    private int[] gets = new int[FIRST_GETS];
    private int getCount;

    /** Which of the elements are asked for, the last one not included. */
    private long from;

    private long to;

    SortHandlers(Node node) {
        Engine engine = node.engine();
        this.list = new ListValue(engine);
        node.config().follow(Directive.LIST_MAX_LISTPACK_SIZE, size -> list.maxListpackSize((int) size));
        this.set = new SetValue(engine);
        this.sortedSet = new SortedSetValue(engine);
        this.pattern = new SortPattern(engine);
        this.vector = new SortVector(engine.heap());
        this.results = new SortVector(engine.heap());
    }

    void sort(Call call, boolean stores) {
        readOptions(call, stores);
        long entry = call.read(1);
        try (vector;
                results) {
            if (entry == 0) {
                select(0);
                vector.begin(0);
            } else {
                load(call, entry);
            }
            if (store == 0) {
                reply(call);
            } else {
                store(call);
            }
        } finally {
            pattern.endCommand();
        }
    }

    private void readOptions(Call call, boolean stores) {
        alpha = false;
        descending = false;
        offset = 0;
        limit = -1;
        by = 0;
        store = 0;
        getCount = 0;
        for (int i = 2; i < call.count(); i++) {
            int left = call.count() - i - 1;
            if (call.is(i, "ASC") || call.is(i, "DESC")) {
                descending = call.is(i, "DESC");
            } else if (call.is(i, "ALPHA")) {
                alpha = true;
            } else if (call.is(i, "LIMIT") && left >= 2) {
                offset = call.integer(++i);
                limit = call.integer(++i);
            } else if (stores && call.is(i, "STORE") && left >= 1) {
                store = ++i;
            } else if (call.is(i, "BY") && left >= 1) {
                by = ++i;
                if (SortPattern.names(call, by)) {
                    requireAllKeys(call, CommandError.SORT_BY_DENIED);
                }
            } else if (call.is(i, "GET") && left >= 1) {
                requireAllKeys(call, CommandError.SORT_GET_DENIED);
                addGet(++i);
            } else {
                throw Refusal.SYNTAX;
            }
        }
    }

    /** Patterns can lead to any key, whatever the rules for keys say. */
    private void requireAllKeys(Call call, String otherwise) {
        if (!access.mayReadAllKeys(call.session().user(), call.command(), call.request())) {
            throw new Refusal(otherwise);
        }
    }

    private void addGet(int argument) {
        if (getCount == 0 && gets.length > KEPT_GETS) {
            gets = new int[FIRST_GETS];
        }
        if (getCount == gets.length) {
            gets = Arrays.copyOf(gets, 2 * getCount);
        }
        gets[getCount++] = argument;
    }

    /** Chooses what LIMIT leaves of {@code size} elements. */
    private void select(long size) {
        from = Math.min(Math.max(offset, 0), size);
        to = limit < 0 ? size : from + Math.min(limit, size - from);
    }

    // --- Elements ---

    private void load(Call call, long entry) {
        // A constant is the same for all elements.
        boolean sorts = by == 0 || SortPattern.names(call, by);
        switch (Kind.of(Entry.kind(entry)).type()) {
            case LIST -> loadList(call, entry, sorts);
            case SET -> {
                loadSet(call, entry);
                if (store != 0 && (!sorts || alpha && by != 0)) {
                    // A stored result must not depend on how a set happens to lie in memory, even where weights are
                    // equal.
                    vector.sort(descending, false);
                }
            }
            case SORTED_SET -> loadSortedSet(call, entry, sorts);
            default -> throw Refusal.WRONG_TYPE;
        }
        if (sorts) {
            sort(call);
        }
    }

    private void loadList(Call call, long entry, boolean sorts) {
        list.at(call.keyspace(), entry);
        long count = begin(list.size(), sorts);
        boolean backwards = !sorts && descending;
        boolean more = count > 0 && list.seek(first(list.size(), sorts));
        for (long left = count; more && left > 0; left--) {
            vector.add(list.address(), list.length());
            more = backwards ? list.previous() : list.next();
        }
    }

    private void loadSortedSet(Call call, long entry, boolean sorts) {
        sortedSet.at(call.keyspace(), entry);
        long count = begin(sortedSet.size(), sorts);
        boolean backwards = !sorts && descending;
        boolean more = count > 0 && sortedSet.seek(first(sortedSet.size(), sorts));
        for (long left = count; more && left > 0; left--) {
            vector.add(sortedSet.address(), sortedSet.length());
            more = backwards ? sortedSet.previous() : sortedSet.next();
        }
    }

    /** Makes room for all elements or, where they are in order, for those that are asked for; returns how many. */
    private long begin(long size, boolean sorts) {
        select(size);
        long count = sorts ? size : to - from;
        vector.begin(count);
        return count;
    }

    /** The index of the first element to load. */
    private long first(long size, boolean sorts) {
        if (sorts) {
            return 0;
        }
        long first = descending ? size - 1 - from : from;
        to -= from;
        from = 0;
        return first;
    }

    private void loadSet(Call call, long entry) {
        set.at(call.keyspace(), entry);
        begin(set.size(), true);
        set.walk();
        while (set.next()) {
            vector.add(set.address(), set.length());
        }
    }

    // --- Weights ---

    private void sort(Call call) {
        boolean collate = store == 0;
        if (!alpha) {
            weighByNumber(call);
            vector.sortByNumber(descending, true);
        } else if (by != 0) {
            weighByText(call);
            vector.sortByText(descending, collate);
        } else {
            vector.sort(descending, collate);
        }
    }

    private void weighByNumber(Call call) {
        for (int i = 0; i < vector.count(); i++) {
            if (by == 0) {
                vector.weight(i, number(vector.address(i), vector.length(i)));
            } else if (pattern.find(call, by, vector.address(i), vector.length(i))) {
                vector.weight(i, number(pattern.address(), pattern.length()));
            }
        }
    }

    private void weighByText(Call call) {
        for (int i = 0; i < vector.count(); i++) {
            if (pattern.find(call, by, vector.address(i), vector.length(i))) {
                vector.weight(i, pattern.address(), pattern.length());
            }
        }
    }

    /** What C's strtod reads: blanks may stand before the number, a zero byte ends it, and nothing at all is zero. */
    private static double number(long address, int length) {
        int end = 0;
        while (end < length && Raw.getByte(address + end) != 0) {
            end++;
        }
        int start = 0;
        while (start < end && isBlank(Raw.getByte(address + start))) {
            start++;
        }
        double number = end == 0 ? 0 : Doubles.parse(address + start, end - start);
        if (Double.isNaN(number)) {
            throw new Refusal(CommandError.SORT_NOT_A_NUMBER);
        }
        return number;
    }

    private static boolean isBlank(int character) {
        return character == ' ' || character >= '\t' && character <= '\r';
    }

    // --- Results ---

    private void reply(Call call) {
        long wanted = (to - from) * Math.max(1, getCount);
        if (wanted > Integer.MAX_VALUE) {
            throw Refusal.OUT_OF_MEMORY;
        }
        call.reply().array((int) wanted);
        for (int i = (int) from; i < to; i++) {
            if (getCount == 0) {
                call.reply().bulk(vector.address(i), vector.length(i));
            }
            for (int get = 0; get < getCount; get++) {
                if (pattern.find(call, gets[get], vector.address(i), vector.length(i))) {
                    call.reply().bulk(pattern.address(), pattern.length());
                } else {
                    call.reply().nullBulk();
                }
            }
        }
    }

    private void store(Call call) {
        collect(call);
        long bytes = 0;
        for (int i = 0; i < results.count(); i++) {
            bytes += ListValue.elementBytes(results.length(i));
        }

        if (results.count() > 0) {
            list.create(call.keyspace(), call.address(store), call.length(store), bytes, false);
            for (int i = 0; i < results.count(); i++) {
                list.pushBack(results.address(i), results.length(i));
            }
            list.settle(KeyEvent.SORTSTORE);
        } else {
            long old = call.write(store);
            if (old != 0) {
                call.keyspace().remove(old);
            }
        }
        call.reply().integer(results.count());
    }

    /** Puts together what is to be stored, for the key of STORE may be one that a pattern names. */
    private void collect(Call call) {
        results.begin((to - from) * Math.max(1, getCount));
        for (int i = (int) from; i < to; i++) {
            if (getCount == 0) {
                results.add(vector.address(i), vector.length(i));
            }
            for (int get = 0; get < getCount; get++) {
                boolean found = pattern.find(call, gets[get], vector.address(i), vector.length(i));
                results.add(pattern.address(), found ? pattern.length() : 0);
            }
        }
    }
}
