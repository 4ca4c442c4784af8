package dev.jackdaw.server.algorithm;

/**
 * Immutable and stateless: places on the earth as numbers of 52 bits. Longitude and latitude are cut into 2^26 steps each;
 * their bits alternate, so that places that are near one another mostly have numbers that are.
 *
 * <p>The order of floating-point operations is Redis's, so that replies are the same to the last digit.
 */
public final class GeoHash {
    static final int STEPS = 26;
    static final double MAX_LONGITUDE = 180;
    /** Where the Mercator map of the earth is as high as it is wide. */
    static final double MAX_LATITUDE = 85.05112878;

    private static final double STANDARD_MAX_LATITUDE = 90;
    private static final long ROWS = 0x5555555555555555L;
    private static final long COLUMNS = ~ROWS;
    private static final double EARTH_RADIUS_METERS = 6372797.560856;
    private static final double RADIANS = Math.PI / 180;

    private static final String LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final int LETTER_BITS = 5;
    private static final int TEXT_LETTERS = 11;

    private GeoHash() {}

    public static boolean isPlace(double longitude, double latitude) {
        return Math.abs(longitude) <= MAX_LONGITUDE && Math.abs(latitude) <= MAX_LATITUDE;
    }

    public static long of(double longitude, double latitude) {
        return of(column(longitude, STEPS), row(latitude, MAX_LATITUDE, STEPS));
    }

    /** The number of a cell, of as many bits as longitude and latitude have steps in all. */
    static long of(long column, long row) {
        return Long.expand(column, COLUMNS) | Long.expand(row, ROWS);
    }

    /** Which of 2^steps strips from west to east a longitude is in. */
    static long column(double longitude, int steps) {
        return (long) ((longitude + MAX_LONGITUDE) / (2 * MAX_LONGITUDE) * (1L << steps));
    }

    /** Which of 2^steps strips from south to north a latitude is in. */
    static long row(double latitude, int steps) {
        return row(latitude, MAX_LATITUDE, steps);
    }

    private static long row(double latitude, double maxLatitude, int steps) {
        return (long) ((latitude + maxLatitude) / (2 * maxLatitude) * (1L << steps));
    }

    /** The western edge of a column, and the eastern one of the column before it. */
    static double west(long column, int steps) {
        return -MAX_LONGITUDE + column * 1.0 / (1L << steps) * (2 * MAX_LONGITUDE);
    }

    /** The southern edge of a row, and the northern one of the row before it. */
    static double south(long row, int steps) {
        return -MAX_LATITUDE + row * 1.0 / (1L << steps) * (2 * MAX_LATITUDE);
    }

    public static double longitude(long hash) {
        long column = Long.compress(hash, COLUMNS);
        double middle = (west(column, STEPS) + west(column + 1, STEPS)) / 2;
        return Math.clamp(middle, -MAX_LONGITUDE, MAX_LONGITUDE);
    }

    public static double latitude(long hash) {
        long row = Long.compress(hash, ROWS);
        double middle = (south(row, STEPS) + south(row + 1, STEPS)) / 2;
        return Math.clamp(middle, -MAX_LATITUDE, MAX_LATITUDE);
    }

    /** The standard geohash of a place: eleven letters, of which the last one says nothing. */
    public static String text(double longitude, double latitude) {
        long standard = of(column(longitude, STEPS), row(latitude, STANDARD_MAX_LATITUDE, STEPS));
        StringBuilder text = new StringBuilder(TEXT_LETTERS);
        for (int shift = 2 * STEPS - LETTER_BITS; shift > 0; shift -= LETTER_BITS) {
            text.append(LETTERS.charAt((int) (standard >>> shift) & LETTERS.length() - 1));
        }
        return text.append(LETTERS.charAt(0)).toString();
    }

    // --- Distances ---

    static double radians(double degrees) {
        return degrees * RADIANS;
    }

    /** The degrees of an arc of the earth's circumference. */
    static double degrees(double meters) {
        return meters / EARTH_RADIUS_METERS / RADIANS;
    }

    /** The degrees of an arc of the parallel of a latitude. */
    static double degrees(double meters, double latitude) {
        return meters / EARTH_RADIUS_METERS / Math.cos(radians(latitude)) / RADIANS;
    }

    /** The distance along the earth's surface, in meters. */
    public static double distance(double longitude1, double latitude1, double longitude2, double latitude2) {
        double north1 = radians(latitude1);
        double north2 = radians(latitude2);
        double u = Math.sin((north2 - north1) / 2);
        double v = Math.sin((radians(longitude2) - radians(longitude1)) / 2);
        double a = u * u + Math.cos(north1) * Math.cos(north2) * v * v;
        return 2.0 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(a));
    }
}
