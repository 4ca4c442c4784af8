package dev.jackdaw.server.algorithm;

/**
 * Immutable and stateless: how many different elements a HyperLogLog has seen, by how many registers have which value
 * (Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284). To the last digit as
 * Redis, the order of operations included.
 */
public final class CardinalityEstimate {
    /** The bits of a hash that do not choose the register. */
    private static final int VALUE_BITS = 50;

    private static final double ALPHA = 0.721347520444481703680;

    private CardinalityEstimate() {}

    /** The estimate for {@code registers} registers, of which {@code histogram[v]} have the value v. */
    public static long of(int[] histogram, int registers) {
        double m = registers;
        double z = m * tau((m - histogram[VALUE_BITS + 1]) / m);
        for (int value = VALUE_BITS; value >= 1; value--) {
            z += histogram[value];
            z *= 0.5;
        }
        z += m * sigma(histogram[0] / m);
        return Math.round(ALPHA * m * m / z);
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (before != z);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (before != z);
        return z / 3;
    }
}
