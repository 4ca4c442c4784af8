package dev.jackdaw.server.algorithm;

/**
 * Owned by the event loop: a circle or a box on the earth, and the ranges of numbers in which the places within it are:
 * the cell that its middle is in, and those of its eight neighbours that it may reach into.
 *
 * <pre>
 *   north west | north | north east
 *   -----------+-------+-----------
 *     west     |   x   |   east          cells as small as they can be for nine to cover the area
 *   -----------+-------+-----------
 *   south west | south | south east
 * </pre>
 */
public final class GeoArea {
    private static final double MERCATOR_METERS = 20037726.37;
    private static final int CELLS = 9;
    private static final int SOME_HIGH_LATITUDE = 66;
    private static final int VERY_HIGH_LATITUDE = 80;
    /** In the order in which Redis visits the cells, which shows in replies that are not sorted. */
    private static final int[] EAST = {0, 0, 0, 1, -1, 1, -1, 1, -1};

    private static final int[] NORTH = {0, 1, -1, 0, 0, 1, 1, -1, -1};

    private double longitude;
    private double latitude;
    private boolean isBox;
    private double radiusMeters;
    private double widthMeters;
    private double heightMeters;
    private double distance;

    private final long[] cells = new long[CELLS];
    private int cellCount;
    private int cellBits;

    public void middle(double newLongitude, double newLatitude) {
        longitude = newLongitude;
        latitude = newLatitude;
    }

    public void circle(double radius, double unitMeters) {
        isBox = false;
        radiusMeters = radius * unitMeters;
        widthMeters = 2 * radiusMeters;
        heightMeters = widthMeters;
    }

    public void box(double width, double height, double unitMeters) {
        isBox = true;
        double halfWidth = width / 2;
        double halfHeight = height / 2;
        radiusMeters = Math.sqrt(halfWidth * halfWidth + halfHeight * halfHeight) * unitMeters;
        widthMeters = width * unitMeters;
        heightMeters = height * unitMeters;
    }

    // --- Ranges ---

    /** Finds the cells to look into. */
    public void findCells() {
        double latitudeReach = GeoHash.degrees(heightMeters / 2);
        // Meridians are nearer to one another towards the poles.
        double towardsPole = latitude < 0 ? latitude - latitudeReach : latitude + latitudeReach;
        double longitudeReach = GeoHash.degrees(widthMeters / 2, towardsPole);
        double west = longitude - longitudeReach;
        double east = longitude + longitudeReach;
        double south = latitude - latitudeReach;
        double north = latitude + latitudeReach;

        int steps = steps();
        long column = GeoHash.column(longitude, steps);
        long row = GeoHash.row(latitude, steps);
        if (steps > 1 && !covers(column, row, steps, west, south, east, north)) {
            steps--;
            column = GeoHash.column(longitude, steps);
            row = GeoHash.row(latitude, steps);
        }
        boolean exact = steps >= 2;
        boolean noSouth = exact && GeoHash.south(row, steps) < south;
        boolean noNorth = exact && GeoHash.south(row + 1, steps) > north;
        boolean noWest = exact && GeoHash.west(column, steps) < west;
        boolean noEast = exact && GeoHash.west(column + 1, steps) > east;
        long mask = (1L << steps) - 1;
        cellCount = 0;
        cellBits = 2 * steps;
        for (int i = 0; i < CELLS; i++) {
            boolean reached = !(NORTH[i] < 0 && noSouth || NORTH[i] > 0 && noNorth)
                    && !(EAST[i] < 0 && noWest || EAST[i] > 0 && noEast);
            long cell = GeoHash.of(
                    EAST[i] == 0 ? column : column + EAST[i] & mask, NORTH[i] == 0 ? row : row + NORTH[i] & mask);
            // Round the earth, neighbours to both sides may be the same.
            if (reached && (cellCount <= 1 || cells[cellCount - 1] != cell)) {
                cells[cellCount++] = cell;
            }
        }
    }

    /** In how many halves of the map, and halves of halves, a cell is about as large as the area. */
    private int steps() {
        if (radiusMeters == 0) {
            return GeoHash.STEPS;
        }
        int steps = -1;
        for (double reach = radiusMeters; reach < MERCATOR_METERS; reach *= 2) {
            steps++;
        }
        double height = Math.abs(latitude);
        steps -= height > VERY_HIGH_LATITUDE ? 2 : height > SOME_HIGH_LATITUDE ? 1 : 0;
        return Math.clamp(steps, 1, GeoHash.STEPS);
    }

    /** Whether the cell and its neighbours reach to all edges. */
    private static boolean covers(
            long column, long row, int steps, double west, double south, double east, double north) {
        long mask = (1L << steps) - 1;
        return GeoHash.south((row + 1 & mask) + 1, steps) >= north
                && GeoHash.south(row - 1 & mask, steps) <= south
                && GeoHash.west((column + 1 & mask) + 1, steps) >= east
                && GeoHash.west(column - 1 & mask, steps) <= west;
    }

    public int cells() {
        return cellCount;
    }

    /** The lowest number of a place in the cell. */
    public long from(int cell) {
        return cells[cell] << (2 * GeoHash.STEPS - cellBits);
    }

    /** The number after the highest one. */
    public long to(int cell) {
        return cells[cell] + 1 << (2 * GeoHash.STEPS - cellBits);
    }

    // --- Places ---

    /** Whether a place is in the area, not only in one of the cells. */
    public boolean contains(long hash) {
        double east = GeoHash.longitude(hash);
        double north = GeoHash.latitude(hash);
        if (isBox) {
            if (GeoHash.distance(east, north, longitude, north) > widthMeters / 2
                    || GeoHash.distance(east, north, east, latitude) > heightMeters / 2) {
                return false;
            }
            distance = GeoHash.distance(longitude, latitude, east, north);
            return true;
        }
        distance = GeoHash.distance(longitude, latitude, east, north);
        return !(distance > radiusMeters);
    }

    /** How far from the middle the last place is that the area contains. */
    public double distanceMeters() {
        return distance;
    }
}
