package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.INCOMPLETE;
import static dev.jackdaw.protocol.command.KeyFlag.NOT_KEY;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every shape of key specs that Redis 7.0 has, also those of commands that have no row yet. */
class KeysTest {
    private final Request request = new Request();
    private final KeyPositions positions = new KeyPositions();

    @Test
    void first_last_and_step_follow_from_the_specs() {
        assertRange(Keys.NONE, 0, 0, 0, false);
        assertRange(Keys.of(KeySpec.first(RO)), 1, 1, 1, false);
        assertRange(Keys.of(KeySpec.second(RO)), 2, 2, 1, false);
        assertRange(Keys.of(KeySpec.firstTwo(RO)), 1, 2, 1, false);
        assertRange(Keys.of(KeySpec.all(RO)), 1, -1, 1, false);
        assertRange(Keys.of(KeySpec.pairs(OW)), 1, -1, 2, false);
        assertRange(Keys.of(KeySpec.allButLast(RW)), 1, -2, 1, false);
        assertRange(Keys.of(KeySpec.first(RW), KeySpec.second(OW)), 1, 2, 1, false);
        assertRange(Keys.of(KeySpec.first(OW), KeySpec.allFrom(2, RO)), 1, -1, 1, false);
        assertRange(Keys.of(KeySpec.second(OW), KeySpec.allFrom(3, RO)), 2, -1, 1, false);
        assertRange(Keys.of(KeySpec.counted(1, RO)), 0, 0, 0, true);
        assertRange(Keys.of(KeySpec.first(OW), KeySpec.counted(2, RO)), 1, 1, 1, true);
        assertRange(Keys.of(streams(1)), 0, 0, 0, true);
        assertRange(Keys.of(KeySpec.first(RO), store(5), store(5)), 1, 1, 1, true);
        assertRange(Keys.of(KeySpec.first(RO, ACCESS), KeySpec.unknown(RO), KeySpec.unknown(OW)), 1, 1, 1, true);
        assertRange(Keys.of(KeySpec.at(3, RW), migrated()), 3, 3, 1, true);
    }

    @Test
    void counted_keys_are_found_by_their_number() {
        Keys keys = Keys.of(KeySpec.first(OW), KeySpec.counted(2, RO));

        assertThat(find(keys, "ZUNIONSTORE", "d", "2", "a", "b", "WEIGHTS")).containsExactly(1, 3, 4);
        for (String number : List.of("5", "0", "-1", "x", "9223372036854775807", "4294967297", "")) {
            assertThat(find(keys, "ZUNIONSTORE", "d", number, "a", "b"))
                    .as(number)
                    .isNull();
        }
        assertThat(find(Keys.of(KeySpec.counted(2, RO)), "EVAL", "s")).isNull();
    }

    @Test
    void keys_after_a_keyword_are_found() {
        Keys keys = Keys.of(streams(1));

        assertThat(find(keys, "XREAD", "COUNT", "1", "streams", "a", "b", "0", "0"))
                .containsExactly(4, 5);
        assertThat(find(keys, "XREAD", "COUNT", "1", "a")).isNull();
        assertThat(find(keys, "XREAD", "COUNT", "1", "STREAMS")).isNull();
    }

    @Test
    void a_keyword_can_be_sought_from_the_end() {
        KeySpec spec = KeySpec.after("KEYS", -2, new KeySpec.Range(-1, 1, 0), RW);

        assertThat(find(Keys.of(spec), "MIGRATE", "h", "p", "KEYS", "a", "KEYS", "b", "c"))
                .containsExactly(6, 7);
    }

    @Test
    void a_finder_replaces_partial_specs() {
        Keys keys = Keys.found(KeyFinder.SET, KeySpec.first(RW, KeyFlag.VARIABLE_FLAGS));

        find(keys, "SET", "k", "v", "ex", "1", "GET");
        assertThat(positions.flags(0)).containsExactly(RW, ACCESS, UPDATE);
        find(keys, "SET", "GET", "GET");
        assertThat(positions.flags(0)).containsExactly(OW, UPDATE);
        assertThat(find(Keys.of(KeySpec.unknown(RO)), "SORT", "k")).isNull();
    }

    @Test
    void what_is_only_hashed_is_no_key() {
        Keys keys = Keys.of(KeySpec.all(NOT_KEY));

        assertThat(keys.isEmpty()).isTrue();
        assertThat(find(keys, "SSUBSCRIBE", "a")).isEmpty();
    }

    @Test
    void many_keys_find_room() {
        String[] words = new String[1_000];
        Arrays.fill(words, "k");
        assertThat(find(Keys.of(KeySpec.all(RO)), words)).hasSize(999);
    }

    @Test
    void keys_in_one_slot_have_that_slot() {
        assertThat(slot(StringCommand.GET, "GET", "foo")).isEqualTo(12182);
        assertThat(slot(StringCommand.MSETNX, "MSETNX", "{foo}a", "bar", "{foo}b", "x"))
                .isEqualTo(12182);
        assertThat(slot(KeyCommand.OBJECT_ENCODING, "OBJECT", "ENCODING", "foo"))
                .isEqualTo(12182);
        assertThat(slot(ServerCommand.DBSIZE, "DBSIZE")).isEqualTo(Keys.NO_SLOT);
        assertThat(slot(KeyCommand.RENAME, "RENAME", "foo")).isEqualTo(12182);
        assertThat(slot(KeyCommand.DEL, "DEL")).isEqualTo(Keys.NO_SLOT);
    }

    @Test
    void keys_in_different_slots_have_none() {
        assertThat(slot(KeyCommand.RENAME, "RENAME", "foo", "bar")).isEqualTo(Keys.CROSS_SLOT);
        assertThat(slot(SetCommand.SINTER, "SINTER", "foo", "{foo}", "bar")).isEqualTo(Keys.CROSS_SLOT);
        assertThat(slot(StringCommand.LCS, "LCS", "foo", "bar", "LEN")).isEqualTo(Keys.CROSS_SLOT);
        assertThat(slot(StringCommand.MSETNX, "MSETNX", "foo", "1", "bar", "2")).isEqualTo(Keys.CROSS_SLOT);
    }

    @Test
    void movable_keys_have_a_slot_too() {
        Keys keys = Keys.of(KeySpec.counted(1, RO));
        request.set(CommandTableTest.bytes("LMPOP", "2", "foo", "{foo}x", "LEFT"));
        assertThat(keys.slot(request, positions)).isEqualTo(12182);
        request.set(CommandTableTest.bytes("LMPOP", "2", "foo", "bar", "LEFT"));
        assertThat(keys.slot(request, positions)).isEqualTo(Keys.CROSS_SLOT);
        request.set(CommandTableTest.bytes("LMPOP", "9", "foo", "bar", "LEFT"));
        assertThat(keys.slot(request, positions)).isEqualTo(Keys.NO_SLOT);
    }

    private int slot(Command command, String... words) {
        request.set(CommandTableTest.bytes(words));
        return command.spec().keys().slot(request, positions);
    }

    private List<Integer> find(Keys keys, String... words) {
        request.set(CommandTableTest.bytes(words));
        if (!keys.find(request, positions)) {
            return null;
        }
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < positions.count(); i++) {
            found.add(positions.argument(i));
        }
        return found;
    }

    private static KeySpec streams(int from) {
        return KeySpec.after("STREAMS", from, new KeySpec.Range(-1, 1, 2), RO, ACCESS);
    }

    private static KeySpec store(int from) {
        return KeySpec.after("STORE", from, new KeySpec.Range(0, 1, 0), OW, UPDATE);
    }

    private static KeySpec migrated() {
        return KeySpec.after("KEYS", -2, new KeySpec.Range(-1, 1, 0), RW, ACCESS, DELETE, INCOMPLETE);
    }

    private static void assertRange(Keys keys, int first, int last, int step, boolean movable) {
        assertThat(List.of(keys.first(), keys.last(), keys.step())).isEqualTo(List.of(first, last, step));
        assertThat(keys.areMovable()).isEqualTo(movable);
    }
}
