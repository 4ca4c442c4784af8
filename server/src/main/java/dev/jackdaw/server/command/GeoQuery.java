package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.server.algorithm.GeoArea;
import dev.jackdaw.server.algorithm.GeoHash;
import dev.jackdaw.server.value.SortedSetValue;

/** Owned by the event loop: what GEOSEARCH, GEORADIUS and those like them are asked, read from their arguments. */
final class GeoQuery {
    enum Form {
        RADIUS(6, false, true),
        RADIUS_RO(6, false, false),
        MEMBER(5, false, true),
        MEMBER_RO(5, false, false),
        SEARCH(2, true, false),
        SEARCHSTORE(3, true, false);

        private final int options;
        private final boolean searches;
        private final boolean mayStore;

        Form(int options, boolean searches, boolean mayStore) {
            this.options = options;
            this.searches = searches;
            this.mayStore = mayStore;
        }
    }

    enum Order {
        NONE,
        ASC,
        DESC
    }

    private static final double FOOT_METERS = 0.3048;
    private static final double MILE_METERS = 1609.34;

    private final GeoArea area = new GeoArea();
    private Call call;
    private Form form;
    private SortedSetValue set;
    private double unitMeters;
    private Order order;
    private long count;
    private boolean any;
    private boolean withDistance;
    private boolean withHash;
    private boolean withCoordinates;
    private int store;
    private boolean storesDistance;
    private boolean fromMember;
    private boolean fromPlace;
    private boolean hasCircle;
    private boolean hasBox;

    /** Reads all arguments; {@code source} is the sorted set that members are sought in, or null. */
    void read(Call newCall, Form newForm, SortedSetValue source) {
        call = newCall;
        form = newForm;
        set = source;
        order = Order.NONE;
        count = 0;
        any = false;
        withDistance = false;
        withHash = false;
        withCoordinates = false;
        store = form == Form.SEARCHSTORE ? 1 : 0;
        storesDistance = false;
        fromMember = false;
        fromPlace = false;
        hasCircle = false;
        hasBox = false;
        if (form == Form.RADIUS || form == Form.RADIUS_RO) {
            readPlace(2);
            readCircle(4);
        } else if (!form.searches && set != null) {
            readMember(2);
            readCircle(3);
        }
        for (int i = form.options; i < call.count(); ) {
            i = readOption(i);
        }
        check();
        if (count > 0 && order == Order.NONE && !any) {
            order = Order.ASC;
        }
    }

    /** Returns the argument behind the option. */
    private int readOption(int i) {
        int left = call.count() - i - 1;
        if (call.is(i, "WITHDIST")) {
            withDistance = true;
        } else if (call.is(i, "WITHHASH")) {
            withHash = true;
        } else if (call.is(i, "WITHCOORD")) {
            withCoordinates = true;
        } else if (call.is(i, "ANY")) {
            any = true;
        } else if (call.is(i, "ASC")) {
            order = Order.ASC;
        } else if (call.is(i, "DESC")) {
            order = Order.DESC;
        } else if (call.is(i, "COUNT") && left >= 1) {
            count = call.integer(i + 1);
            if (count <= 0) {
                throw new Refusal(CommandError.GEO_COUNT);
            }
            return i + 2;
        } else if (form.mayStore && left >= 1 && (call.is(i, "STORE") || call.is(i, "STOREDIST"))) {
            storesDistance = call.is(i, "STOREDIST");
            store = i + 1;
            return i + 2;
        } else if (form == Form.SEARCHSTORE && call.is(i, "STOREDIST")) {
            storesDistance = true;
        } else if (form.searches) {
            return readArea(i, left);
        } else {
            throw Refusal.SYNTAX;
        }
        return i + 1;
    }

    private int readArea(int i, int left) {
        if (call.is(i, "FROMMEMBER") && left >= 1 && !fromPlace) {
            if (set != null) {
                readMember(i + 1);
            }
            fromMember = true;
            return i + 2;
        }
        if (call.is(i, "FROMLONLAT") && left >= 2 && !fromMember) {
            readPlace(i + 1);
            fromPlace = true;
            return i + 3;
        }
        if (call.is(i, "BYRADIUS") && left >= 2 && !hasBox) {
            readCircle(i + 1);
            hasCircle = true;
            return i + 3;
        }
        if (call.is(i, "BYBOX") && left >= 3 && !hasCircle) {
            readBox(i + 1);
            hasBox = true;
            return i + 4;
        }
        throw Refusal.SYNTAX;
    }

    private void check() {
        if (store > 0 && (withDistance || withHash || withCoordinates)) {
            throw new Refusal(
                    form == Form.SEARCHSTORE ? CommandError.GEOSEARCHSTORE_WITH : CommandError.GEORADIUS_STORE_WITH);
        }
        if (form.searches && !fromMember && !fromPlace) {
            throw new Refusal(CommandError.geoMiddle(call.text(0)));
        }
        if (form.searches && !hasCircle && !hasBox) {
            throw new Refusal(CommandError.geoShape(call.text(0)));
        }
        if (any && count == 0) {
            throw new Refusal(CommandError.GEO_ANY_WITHOUT_COUNT);
        }
    }

    // --- Arguments ---

    private void readPlace(int i) {
        area.middle(longitude(call, i), latitude(call, i));
    }

    /** The longitude in argument {@code i}, of a pair that must be a place. */
    static double longitude(Call call, int i) {
        double longitude = call.number(i);
        double latitude = call.number(i + 1);
        if (!GeoHash.isPlace(longitude, latitude)) {
            throw new Refusal(CommandError.invalidPlace(longitude, latitude));
        }
        return longitude;
    }

    static double latitude(Call call, int i) {
        return call.number(i + 1);
    }

    private void readMember(int i) {
        if (!set.find(call.address(i), call.length(i))) {
            throw new Refusal(CommandError.GEO_NO_MEMBER);
        }
        long hash = (long) set.score();
        area.middle(GeoHash.longitude(hash), GeoHash.latitude(hash));
    }

    private void readCircle(int i) {
        double radius = number(i, CommandError.GEO_RADIUS);
        if (radius < 0) {
            throw new Refusal(CommandError.GEO_RADIUS_NEGATIVE);
        }
        unitMeters = unitMeters(call, i + 1);
        area.circle(radius, unitMeters);
    }

    private void readBox(int i) {
        double width = number(i, CommandError.GEO_WIDTH);
        double height = number(i + 1, CommandError.GEO_HEIGHT);
        if (width < 0 || height < 0) {
            throw new Refusal(CommandError.GEO_BOX_NEGATIVE);
        }
        unitMeters = unitMeters(call, i + 2);
        area.box(width, height, unitMeters);
    }

    private double number(int i, String otherwise) {
        double number = Doubles.parse(call.address(i), call.length(i));
        if (Double.isNaN(number)) {
            throw new Refusal(otherwise);
        }
        return number;
    }

    /** How many meters the unit in argument {@code i} is. */
    static double unitMeters(Call call, int i) {
        if (call.is(i, "M")) {
            return 1;
        }
        if (call.is(i, "KM")) {
            return 1000;
        }
        if (call.is(i, "FT")) {
            return FOOT_METERS;
        }
        if (call.is(i, "MI")) {
            return MILE_METERS;
        }
        throw new Refusal(CommandError.GEO_UNIT);
    }

    // --- What was read ---

    GeoArea area() {
        return area;
    }

    double unitMeters() {
        return unitMeters;
    }

    Order order() {
        return order;
    }

    /** How many members are wanted. */
    long count() {
        return count == 0 ? Long.MAX_VALUE : count;
    }

    /** After how many members found the search may end, though others may be nearer. */
    long enough() {
        return any ? count : Long.MAX_VALUE;
    }

    boolean withDistance() {
        return withDistance;
    }

    boolean withHash() {
        return withHash;
    }

    boolean withCoordinates() {
        return withCoordinates;
    }

    /** The argument with the key to store the members in, 0 for none. */
    int store() {
        return store;
    }

    /** Whether the stored scores are distances, not places. */
    boolean storesDistance() {
        return storesDistance;
    }
}
