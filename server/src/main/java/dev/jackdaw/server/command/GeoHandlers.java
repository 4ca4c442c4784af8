package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.GeoCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.algorithm.GeoArea;
import dev.jackdaw.server.algorithm.GeoHash;
import dev.jackdaw.server.algorithm.SortVector;
import dev.jackdaw.server.command.GeoQuery.Form;
import dev.jackdaw.server.command.GeoQuery.Order;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.value.SortedSetValue;

/** Owned by the event loop: the bodies of the commands on places. A member's score is its {@link GeoHash}. */
final class GeoHandlers {
    private static final int DISTANCE_DECIMALS = 4;
    private static final int FIRST_FOUND = 64;

    private final SortedSetValue set;
    private final SortedTree result;
    private final ZaddOptions options = new ZaddOptions();
    private final GeoQuery query = new GeoQuery();
    /** The members found, by distance; each string is a place and a member. */
    private final SortVector found;

    GeoHandlers(Node node) {
        Engine engine = node.engine();
        this.set = new SortedSetValue(engine);
        node.config().follow(Directive.ZSET_MAX_LISTPACK_ENTRIES, set::maxListpackEntries);
        node.config().follow(Directive.ZSET_MAX_LISTPACK_VALUE, set::maxListpackValue);
        this.result = engine.large().newSortedTree();
        this.found = new SortVector(engine.heap());
    }

    void run(GeoCommand command, Call call) {
        switch (command) {
            case GEOADD -> geoadd(call);
            case GEOPOS -> geopos(call);
            case GEODIST -> geodist(call);
            case GEOHASH -> geohash(call);
            case GEOSEARCH -> search(call, Form.SEARCH, 1);
            case GEOSEARCHSTORE -> search(call, Form.SEARCHSTORE, 2);
            case GEORADIUS -> search(call, Form.RADIUS, 1);
            case GEORADIUSBYMEMBER -> search(call, Form.MEMBER, 1);
            case GEORADIUS_RO -> search(call, Form.RADIUS_RO, 1);
            case GEORADIUSBYMEMBER_RO -> search(call, Form.MEMBER_RO, 1);
        }
    }

    // --- Members ---

    private void geoadd(Call call) {
        int first = options.readForPlaces(call, 2);
        int members = (call.count() - first) / 3;
        if (members == 0 || (call.count() - first) % 3 != 0 || options.onlyNew && options.onlyExisting) {
            throw Refusal.SYNTAX;
        }
        for (int i = first; i < call.count(); i += 3) {
            GeoQuery.longitude(call, i);
        }
        long entry = call.write(1, Kind.Type.SORTED_SET);
        boolean exists = entry != 0 && set.at(call.keyspace(), entry);
        if (!exists && options.onlyExisting) {
            call.reply().integer(0);
            return;
        }

        int added = 0;
        int moved = 0;
        for (int i = first; i < call.count(); i += 3) {
            double score = GeoHash.of(GeoQuery.longitude(call, i), GeoQuery.latitude(call, i));
            long member = call.address(i + 2);
            int length = call.length(i + 2);
            if (!exists) {
                set.create(call.keyspace(), call.address(1), call.length(1), score, member, length);
                exists = true;
                added++;
            } else if (!set.find(member, length)) {
                if (!options.onlyExisting) {
                    set.insert(score, member, length);
                    added++;
                }
            } else if (!options.onlyNew && set.score() != score) {
                set.move(score, member, length);
                moved++;
            }
        }
        if (added + moved > 0) {
            set.settle(KeyEvent.ZADD);
        }
        call.reply().integer(options.countsChanged ? added + moved : added);
    }

    private boolean read(Call call, int i) {
        long entry = call.read(i, Kind.Type.SORTED_SET);
        return entry != 0 && set.at(call.keyspace(), entry);
    }

    private void geopos(Call call) {
        boolean exists = read(call, 1);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            if (exists && set.find(call.address(i), call.length(i))) {
                replyPlace(call.reply(), (long) set.score());
            } else {
                call.reply().nullArray();
            }
        }
    }

    private static void replyPlace(ReplyWriter reply, long hash) {
        reply.array(2);
        reply.plainNumber(GeoHash.longitude(hash));
        reply.plainNumber(GeoHash.latitude(hash));
    }

    private void geodist(Call call) {
        if (call.count() > 5) {
            throw Refusal.SYNTAX;
        }
        double unitMeters = call.count() == 4 ? 1 : GeoQuery.unitMeters(call, 4);
        if (!read(call, 1) || !set.find(call.address(2), call.length(2))) {
            call.reply().nullBulk();
            return;
        }
        long from = (long) set.score();
        if (!set.find(call.address(3), call.length(3))) {
            call.reply().nullBulk();
            return;
        }
        long to = (long) set.score();
        double meters = GeoHash.distance(
                GeoHash.longitude(from), GeoHash.latitude(from), GeoHash.longitude(to), GeoHash.latitude(to));
        call.reply().bulkFixed(meters / unitMeters, DISTANCE_DECIMALS);
    }

    private void geohash(Call call) {
        boolean exists = read(call, 1);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            if (exists && set.find(call.address(i), call.length(i))) {
                long hash = (long) set.score();
                call.reply().bulkText(GeoHash.text(GeoHash.longitude(hash), GeoHash.latitude(hash)));
            } else {
                call.reply().nullBulk();
            }
        }
    }

    // --- Areas ---

    private void search(Call call, Form form, int source) {
        boolean exists = read(call, source);
        query.read(call, form, exists ? set : null);
        try (found) {
            found.begin(FIRST_FOUND);
            if (exists) {
                collect();
                sort();
            }
            int wanted = (int) Math.min(query.count(), found.count());
            if (query.store() == 0) {
                reply(call.reply(), wanted);
            } else {
                store(call, wanted, form == Form.SEARCHSTORE ? KeyEvent.GEOSEARCHSTORE : KeyEvent.GEORADIUSSTORE);
            }
        }
    }

    private void collect() {
        GeoArea area = query.area();
        area.findCells();
        for (int cell = 0; cell < area.cells() && found.count() < query.enough(); cell++) {
            double to = area.to(cell);
            boolean more = set.seek(set.below(area.from(cell), false));
            while (more && set.score() < to && found.count() < query.enough()) {
                if (area.contains((long) set.score())) {
                    long copy = found.add(Double.BYTES + set.length());
                    Raw.putDouble(copy, set.score());
                    Raw.copy(set.address(), copy + Double.BYTES, set.length());
                    found.weight(found.count() - 1, area.distanceMeters());
                }
                more = set.next();
            }
        }
    }

    private void sort() {
        if (query.order() != Order.NONE) {
            found.sortByNumber(query.order() == Order.DESC, false);
        }
    }

    private double score(int i) {
        return Raw.getDouble(found.address(i));
    }

    private double distance(int i) {
        return found.number(i) / query.unitMeters();
    }

    private void reply(ReplyWriter reply, int wanted) {
        int facts = (query.withDistance() ? 1 : 0) + (query.withHash() ? 1 : 0) + (query.withCoordinates() ? 1 : 0);
        reply.array(wanted);
        for (int i = 0; i < wanted; i++) {
            if (facts > 0) {
                reply.array(1 + facts);
            }
            reply.bulk(found.address(i) + Double.BYTES, found.length(i) - Double.BYTES);
            if (query.withDistance()) {
                reply.bulkFixed(distance(i), DISTANCE_DECIMALS);
            }
            if (query.withHash()) {
                reply.integer((long) score(i));
            }
            if (query.withCoordinates()) {
                replyPlace(reply, (long) score(i));
            }
        }
    }

    private void store(Call call, int wanted, KeyEvent event) {
        int key = query.store();
        if (wanted > 0) {
            long root = result.create();
            for (int i = 0; i < wanted; i++) {
                double score = query.storesDistance() ? distance(i) : score(i);
                result.insert(score, found.address(i) + Double.BYTES, found.length(i) - Double.BYTES);
            }
            set.create(call.keyspace(), call.address(key), call.length(key), root);
            call.event(event, key);
        } else {
            long old = call.write(key);
            if (old != 0) {
                call.keyspace().remove(old);
            }
        }
        call.reply().integer(wanted);
    }
}
