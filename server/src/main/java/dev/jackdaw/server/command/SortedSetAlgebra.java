package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.value.SetValue;
import dev.jackdaw.server.value.SortedSetValue;

/**
 * Owned by the event loop: the union, intersection or difference of several sorted sets; a set may stand for one, with
 * the score 1 for every member. The result is a set of its own, without a key.
 */
final class SortedSetAlgebra {
    enum Operation {
        UNION,
        INTERSECTION,
        DIFFERENCE
    }

    private enum Aggregate {
        SUM,
        MIN,
        MAX
    }

    private static final long[] NO_SOURCES = {};

    private final Engine engine;
    private final SortedTree result;
    private final Source current;
    private final Source other;
    private Operation operation;
    private Aggregate aggregate;
    private boolean withScores;
    private long limit;

    private long[] sources = NO_SOURCES;
    private double[] weights = {};

    /** Owned by the algebra: a sorted set or a set, seen through a cursor. */
    private static final class Source {
        private final SortedSetValue sortedSet;
        private final SetValue set;
        private boolean isSet;

        Source(Engine engine) {
            sortedSet = new SortedSetValue(engine);
            set = new SetValue(engine);
        }

        void at(Call call, long entry) {
            isSet = Kind.of(Entry.kind(entry)).type() == Kind.Type.SET;
            boolean right = isSet ? set.at(call.keyspace(), entry) : sortedSet.at(call.keyspace(), entry);
            assert right;
        }

        long size() {
            return isSet ? set.size() : sortedSet.size();
        }

        boolean first() {
            if (!isSet) {
                return sortedSet.seek(0);
            }
            set.walk();
            return set.next();
        }

        boolean next() {
            return isSet ? set.next() : sortedSet.next();
        }

        long address() {
            return isSet ? set.address() : sortedSet.address();
        }

        int length() {
            return isSet ? set.length() : sortedSet.length();
        }

        double score() {
            return isSet ? 1 : sortedSet.score();
        }

        boolean find(long member, int length) {
            return isSet ? set.contains(member, length) : sortedSet.find(member, length);
        }
    }

    SortedSetAlgebra(Engine engine) {
        this.engine = engine;
        this.result = engine.large().newSortedTree();
        this.current = new Source(engine);
        this.other = new Source(engine);
    }

    /** Reads the number of keys in argument {@code at}, the keys, and the options of ZUNION and its like behind them. */
    void read(Call call, int at, Operation newOperation) {
        int end = readKeys(call, at, newOperation);
        boolean stores = at == 2;
        boolean combines = operation != Operation.DIFFERENCE;
        for (int i = end; i < call.count(); ) {
            if (combines && call.is(i, "WEIGHTS") && call.count() - i > sources.length) {
                readWeights(call, i + 1);
                i += sources.length + 1;
            } else if (combines && call.is(i, "AGGREGATE") && i + 1 < call.count()) {
                aggregate = aggregate(call, i + 1);
                i += 2;
            } else if (!stores && call.is(i, "WITHSCORES")) {
                withScores = true;
                i++;
            } else {
                throw Refusal.SYNTAX;
            }
        }
    }

    /** The same with the options of ZINTERCARD. */
    void readForCount(Call call) {
        int end = readKeys(call, 1, Operation.INTERSECTION);
        for (int i = end; i < call.count(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
                throw Refusal.SYNTAX;
            }
            limit = call.integer(i + 1, 0, CommandError.LIMIT_NEGATIVE);
        }
    }

    /** Returns the argument behind the keys. */
    private int readKeys(Call call, int at, Operation newOperation) {
        operation = newOperation;
        aggregate = Aggregate.SUM;
        withScores = false;
        limit = 0;
        long keys = call.integer(at);
        if (keys < 1) {
            throw new Refusal(CommandError.noInputKey(call.command().spec().name()));
        }
        if (keys > call.count() - at - 1) {
            throw Refusal.SYNTAX;
        }
        sources = new long[(int) keys];
        weights = new double[sources.length];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = source(call, at + 1 + i);
            weights[i] = 1;
        }
        return at + 1 + sources.length;
    }

    private static long source(Call call, int i) {
        long entry = call.read(i);
        if (entry != 0) {
            Kind.Type type = Kind.of(Entry.kind(entry)).type();
            if (type != Kind.Type.SORTED_SET && type != Kind.Type.SET) {
                throw Refusal.WRONG_TYPE;
            }
        }
        return entry;
    }

    private void readWeights(Call call, int at) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Doubles.parse(call.address(at + i), call.length(at + i));
            if (Double.isNaN(weights[i])) {
                throw new Refusal(CommandError.WEIGHT_NOT_A_FLOAT);
            }
        }
    }

    private static Aggregate aggregate(Call call, int i) {
        if (call.is(i, "SUM")) {
            return Aggregate.SUM;
        }
        if (call.is(i, "MIN")) {
            return Aggregate.MIN;
        }
        if (call.is(i, "MAX")) {
            return Aggregate.MAX;
        }
        throw Refusal.SYNTAX;
    }

    boolean withScores() {
        return withScores;
    }

    // --- Working ---

    /** Makes the result and turns to it; its owner frees it ({@link SortedTree#free}) or gives it a key. Returns its root. */
    long compute(Call call) {
        long root = result.create();
        if (operation != Operation.DIFFERENCE) {
            sortBySize(call);
        }
        switch (operation) {
            case UNION -> unite(call);
            case INTERSECTION -> intersect(call);
            case DIFFERENCE -> subtract(call);
        }
        return root;
    }

    SortedTree result() {
        return result;
    }

    void free(long root) {
        SortedTree.free(engine.heap(), root);
    }

    /** How many members the intersection has, counted no further than the limit. */
    long count(Call call) {
        sortBySize(call);
        long count = 0;
        if (sources[0] != 0) {
            current.at(call, sources[0]);
            for (boolean more = current.first(); more; more = current.next()) {
                if (isInAllOthers(call) && ++count == limit) {
                    break;
                }
            }
        }
        return count;
    }

    private boolean isInAllOthers(Call call) {
        for (int i = 1; i < sources.length; i++) {
            if (!isIn(call, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isIn(Call call, int i) {
        if (sources[i] == 0) {
            return false;
        }
        other.at(call, sources[i]);
        return other.find(current.address(), current.length());
    }

    private void unite(Call call) {
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] == 0) {
                continue;
            }
            current.at(call, sources[i]);
            for (boolean more = current.first(); more; more = current.next()) {
                long member = current.address();
                int length = current.length();
                double score = weighted(current.score(), weights[i]);
                if (result.find(member, length)) {
                    result.move(aggregated(result.score(), score), member, length);
                } else {
                    result.insert(score, member, length);
                }
            }
        }
    }

    private void intersect(Call call) {
        if (sources[0] == 0) {
            return;
        }
        current.at(call, sources[0]);
        for (boolean more = current.first(); more; more = current.next()) {
            double score = weighted(current.score(), weights[0]);
            int i = 1;
            for (; i < sources.length && isIn(call, i); i++) {
                score = aggregated(score, other.score() * weights[i]);
            }
            if (i == sources.length) {
                result.insert(score, current.address(), current.length());
            }
        }
    }

    private void subtract(Call call) {
        if (sources[0] == 0) {
            return;
        }
        current.at(call, sources[0]);
        for (boolean more = current.first(); more; more = current.next()) {
            int i = 1;
            while (i < sources.length && !isIn(call, i)) {
                i++;
            }
            if (i == sources.length) {
                result.insert(current.score(), current.address(), current.length());
            }
        }
    }

    /** Infinity times zero counts as zero. */
    private static double weighted(double score, double weight) {
        double product = score * weight;
        return Double.isNaN(product) ? 0 : product;
    }

    private double aggregated(double a, double b) {
        return switch (aggregate) {
            case SUM -> {
                double sum = a + b;
                // Infinity and its opposite make zero.
                yield Double.isNaN(sum) ? 0 : sum;
            }
            // If b is no number, a stays.
            case MIN -> b < a ? b : a;
            case MAX -> b > a ? b : a;
        };
    }

    /** The smallest first, as sums of fractions depend on their order; equal ones stay as they were. */
    private void sortBySize(Call call) {
        for (int i = 1; i < sources.length; i++) {
            long source = sources[i];
            double weight = weights[i];
            long size = size(call, source);
            int at = i;
            for (; at > 0 && size(call, sources[at - 1]) > size; at--) {
                sources[at] = sources[at - 1];
                weights[at] = weights[at - 1];
            }
            sources[at] = source;
            weights[at] = weight;
        }
    }

    private long size(Call call, long source) {
        if (source == 0) {
            return 0;
        }
        current.at(call, source);
        return current.size();
    }
}
