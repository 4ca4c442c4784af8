package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.algorithm.GeoHash;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeoCommandTest {
    private static final int PLACES = 3_000;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static Reply bulks(String... texts) {
        return new Reply.Array(Arrays.stream(texts).<Reply>map(Reply.Bulk::new).toList());
    }

    private void addSicily() {
        run("GEOADD Sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania");
    }

    @Test
    void places_come_back_as_near_as_52_bits_can_say() {
        addSicily();
        assertThat(run("GEOPOS Sicily Palermo nowhere"))
                .isEqualTo(new Reply.Array(
                        List.of(bulks("13.36138933897018433", "38.11555639549629859"), Reply.Null.ARRAY)));
        assertThat(run("GEOHASH Sicily Palermo Catania")).isEqualTo(bulks("sqc8b49rny0", "sqdtr74hyu0"));
        assertThat(run("ZSCORE Sicily Palermo")).isEqualTo(bulk("3479099956230698"));
        assertThat(run("GEOPOS nosuch a")).isEqualTo(new Reply.Array(List.of(Reply.Null.ARRAY)));
        run("HELLO 3");
        assertThat(run("GEOPOS Sicily Palermo").toString()).contains("13.361389338970184");
    }

    @Test
    void distances_are_in_the_unit_asked_for() {
        addSicily();
        assertThat(run("GEODIST Sicily Palermo Catania")).isEqualTo(bulk("166274.1516"));
        assertThat(run("GEODIST Sicily Palermo Catania KM")).isEqualTo(bulk("166.2742"));
        assertThat(run("GEODIST Sicily Palermo Catania mi")).isEqualTo(bulk("103.3182"));
        assertThat(run("GEODIST Sicily Palermo nowhere")).isEqualTo(Reply.Null.BULK);
        assertThat(run("GEODIST Sicily Palermo Palermo")).isEqualTo(bulk("0.0000"));
    }

    @Test
    void geoadd_decides_by_what_is_there() {
        addSicily();
        assertThat(run("GEOADD Sicily NX 0 0 Palermo 14 37 Enna")).isEqualTo(new Reply.Int(1));
        assertThat(run("GEOADD Sicily XX CH 14.1 37.1 Enna 1 1 Atlantis")).isEqualTo(new Reply.Int(1));
        assertThat(run("ZCARD Sicily")).isEqualTo(new Reply.Int(3));
        assertThat(run("GEOADD Sicily 14 37 Gela 181 0 Atlantis"))
                .isEqualTo(new Reply.Error("ERR invalid longitude,latitude pair 181.000000,0.000000"));
        assertThat(run("ZCARD Sicily")).as("all or nothing").isEqualTo(new Reply.Int(3));
        assertThat(run("GEOADD Sicily GT 14 37 Gela")).isEqualTo(new Reply.Error(CommandError.SYNTAX));
    }

    @Test
    void members_are_found_within_circles_and_boxes() {
        addSicily();
        assertThat(run("GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 KM ASC")).isEqualTo(bulks("Catania", "Palermo"));
        assertThat(run("GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 100 KM")).isEqualTo(bulks("Catania"));
        assertThat(run("GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 KM DESC COUNT 1"))
                .isEqualTo(bulks("Palermo"));
        assertThat(run("GEORADIUS Sicily 15 37 200 KM WITHDIST ASC COUNT 1"))
                .isEqualTo(new Reply.Array(List.of(bulks("Catania", "56.4413"))));
        assertThat(run("GEORADIUSBYMEMBER_RO Sicily Palermo 1 M WITHHASH"))
                .isEqualTo(new Reply.Array(
                        List.of(new Reply.Array(List.of(bulk("Palermo"), new Reply.Int(3479099956230698L))))));
        assertThat(run("GEOSEARCH nosuch FROMMEMBER x BYRADIUS 1 M")).isEqualTo(bulks());
    }

    @Test
    void what_was_found_can_be_stored_even_over_where_it_was_found() {
        addSicily();
        assertThat(run("GEOSEARCHSTORE near Sicily FROMMEMBER Catania BYRADIUS 200 KM STOREDIST"))
                .isEqualTo(new Reply.Int(2));
        assertThat(run("ZRANGE near 0 0 WITHSCORES")).isEqualTo(bulks("Catania", "0"));
        assertThat(run("GEORADIUS Sicily 15 37 100 KM STORE Sicily")).isEqualTo(new Reply.Int(1));
        assertThat(run("ZRANGE Sicily 0 -1")).isEqualTo(bulks("Catania"));
        assertThat(run("GEORADIUS Sicily 0 0 1 KM STORE Sicily")).isEqualTo(new Reply.Int(0));
        assertThat(run("EXISTS Sicily")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void no_place_is_missed_and_none_found_twice() {
        SplittableRandom random = new SplittableRandom(7);
        double[][] places = new double[PLACES][];
        for (int i = 0; i < PLACES; i++) {
            double longitude = random.nextDouble(-180, 180);
            double latitude = random.nextDouble(-85, 85);
            run("GEOADD g " + longitude + " " + latitude + " m" + i);
            long hash = GeoHash.of(longitude, latitude);
            places[i] = new double[] {GeoHash.longitude(hash), GeoHash.latitude(hash)};
        }
        long used = node.engine().usedMemory();
        for (int round = 0; round < 200; round++) {
            double longitude = random.nextDouble(-180, 180);
            double latitude = random.nextDouble(-80, 80);
            double radius = Math.exp(random.nextDouble(8, 14));
            Set<String> expected = new HashSet<>();
            IntStream.range(0, PLACES)
                    .filter(i -> GeoHash.distance(longitude, latitude, places[i][0], places[i][1]) <= radius)
                    .forEach(i -> expected.add("m" + i));
            Reply reply = run("GEOSEARCH g FROMLONLAT " + longitude + " " + latitude + " BYRADIUS " + radius + " M");
            List<String> found = ((Reply.Array) reply)
                    .elements().stream()
                            .map(member -> ((Reply.Bulk) member).text())
                            .toList();
            assertThat(found).as(longitude + " " + latitude + " " + radius).doesNotHaveDuplicates();
            assertThat(new HashSet<>(found))
                    .as(longitude + " " + latitude + " " + radius)
                    .isEqualTo(expected);
        }
        assertThat(node.engine().usedMemory()).isEqualTo(used);
    }
}
