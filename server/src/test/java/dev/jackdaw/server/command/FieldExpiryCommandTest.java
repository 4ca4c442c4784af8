package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.rdb.RdbFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldExpiryCommandTest {
    private static final int MANY = 5_000;
    private static final int HASHES = 64;
    private static final int FIELDS = 600;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        EngineCheck.check(node.engine());
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static Reply numbers(long... values) {
        return new Reply.Array(
                Arrays.stream(values).<Reply>mapToObj(Reply.Int::new).toList());
    }

    private static Reply bulks(String words) {
        return new Reply.Array(Arrays.stream(words.split(" "))
                .<Reply>map(word -> word.equals("nil") ? Reply.Null.BULK : new Reply.Bulk(word))
                .toList());
    }

    @Test
    void a_field_is_gone_at_its_millisecond() {
        run("HSET h a 1 b 2 c 3");
        assertThat(run("HPEXPIRE h 100 FIELDS 2 a nosuch")).isEqualTo(numbers(1, -2));
        assertThat(run("HPTTL h FIELDS 3 a b nosuch")).isEqualTo(numbers(100, -1, -2));
        node.advanceWithoutBackground(99);
        assertThat(run("HGET h a")).isEqualTo(new Reply.Bulk("1"));
        node.advanceWithoutBackground(1);
        assertThat(run("HGET h a")).isEqualTo(Reply.Null.BULK);
        assertThat(run("HLEN h")).isEqualTo(number(2));
        assertThat(run("HPTTL h FIELDS 1 a")).isEqualTo(numbers(-2));
        assertThat(((Reply.Array) run("HKEYS h")).elements()).containsExactlyInAnyOrder(bulk("b"), bulk("c"));
    }

    @Test
    void the_last_field_takes_the_key_along() {
        run("HSET h a 1 b 2");
        run("HPEXPIRE h 100 FIELDS 2 a b");
        node.advanceWithoutBackground(100);
        assertThat(run("EXISTS h")).isEqualTo(number(0));
        assertThat(run("TYPE h")).isEqualTo(new Reply.Simple("none"));
        assertThat(run("HGETALL h")).isEqualTo(new Reply.Array(List.of()));
    }

    @Test
    void fields_and_keys_expire_without_being_looked_at() {
        run("HSET h a 1 b 2");
        run("HSET i a 1");
        run("HPEXPIRE h 100 FIELDS 1 a");
        run("HPEXPIRE h 200 FIELDS 1 b");
        run("HPEXPIRE i 100 FIELDS 1 a");
        node.advance(150);
        assertThat(run("DBSIZE")).isEqualTo(number(1));
        node.advance(50);
        assertThat(run("DBSIZE")).isEqualTo(number(0));
    }

    @Test
    void many_fields_of_one_moment_leave_in_steps() {
        List<String> set = new ArrayList<>(List.of("HSETEX", "h", "PX", "100", "FIELDS", "" + MANY));
        for (int i = 0; i < MANY; i++) {
            set.addAll(List.of("field" + i, "v"));
        }
        run("HSET h stays v");
        assertThat(node.run(set)).isEqualTo(number(1));
        assertThat(run("HLEN h")).isEqualTo(number(MANY + 1));
        node.advance(100);
        assertThat(run("HGETALL h")).isEqualTo(bulks("stays v"));
    }

    @Test
    void a_hash_of_which_all_fields_have_expired_is_gone_at_once_and_freed_in_steps() {
        List<String> set = new ArrayList<>(List.of("HSETEX", "h", "PX", "100", "FIELDS", "" + MANY));
        for (int i = 0; i < MANY; i++) {
            set.addAll(List.of("field" + i, "v"));
        }
        assertThat(node.run(set)).isEqualTo(number(1));
        node.advanceWithoutBackground(100);
        assertThat(run("HLEN h")).isEqualTo(number(0));
        assertThat(run("DBSIZE")).isEqualTo(number(0));
        assertThat(node.engine().buried()).isPositive();
        node.advance(1000);
        assertThat(node.engine().buried()).isZero();
    }

    @Test
    void readers_see_none_of_many_fields_that_have_expired_and_remove_only_some() {
        setMany("HSET", 20);
        run("HPEXPIRE h 100000 FIELDS 1 stays0");
        setMany("HSETEX", 2 * MANY);
        long before = usage();
        node.advanceWithoutBackground(100);
        assertThat(run("HLEN h")).isEqualTo(number(20));
        assertThat(usage()).isGreaterThan(before * 6 / 10).isLessThan(before);

        assertThat(run("HGET h field9999")).isEqualTo(Reply.Null.BULK);
        assertThat(run("HMGET h field9998 stays1")).isEqualTo(bulks("nil v"));
        assertThat(run("HTTL h FIELDS 3 field9997 stays0 stays1")).isEqualTo(numbers(-2, 100, -1));
        assertThat(run("HSETNX h field9996 w")).isEqualTo(number(1));
        assertThat(run("HDEL h field9996 field9995")).isEqualTo(number(1));
        assertThat(run("HPERSIST h FIELDS 2 field9994 stays0")).isEqualTo(numbers(-2, 1));
        assertThat(run("HINCRBY h field9993 3")).isEqualTo(number(3));
        assertThat(run("HSET h field9992 w field9993 w")).isEqualTo(number(1));
    }

    @Test
    void readers_walk_past_fields_that_have_expired() {
        setMany("HSET", 20);
        for (String walk : List.of("HKEYS h", "HVALS h", "HRANDFIELD h 100", "HRANDFIELD h 20")) {
            setMany("HSETEX", 2 * MANY);
            node.advanceWithoutBackground(100);
            assertThat(((Reply.Array) run(walk)).elements())
                    .as(walk)
                    .hasSize(20)
                    .doesNotContain(bulk("x"));
        }
        setMany("HSETEX", 2 * MANY);
        node.advanceWithoutBackground(100);
        assertThat(((Reply.Bulk) run("HRANDFIELD h")).text()).startsWith("stays");
        assertThat(((Reply.Array) run("HGETALL h")).elements()).hasSize(40);
        setMany("HSETEX", 2 * MANY);
        node.advanceWithoutBackground(100);
        for (int i = 0; i < 20; i++) {
            assertThat(run("HDEL h stays" + i)).isEqualTo(number(1));
        }
        assertThat(run("EXISTS h")).isEqualTo(number(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_all_that_expire_have_gone_a_hash_is_as_if_none_had_been(boolean inBackground) {
        run("HSET h b 2");
        run("HSETEX h PX 50 FIELDS 1 a 1");
        if (inBackground) {
            node.advance(50);
        } else {
            node.advanceWithoutBackground(50);
            run("HGET h b");
        }
        assertThat(((Reply.Bulk) run("DUMP h")).text().charAt(0)).isEqualTo((char) RdbFormat.HASH_LISTPACK);
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("listpack"));
        run("WATCH h");
        assertThat(run("HGET h b")).isEqualTo(bulk("2"));
        run("MULTI");
        run("HSET h b 3");
        assertThat(run("EXEC")).isEqualTo(array(number(0)));
    }

    @Test
    void a_hash_whose_last_expiring_field_is_deleted_when_it_is_due_is_as_if_none_had_been() {
        run("HSET h b 2");
        run("HSETEX h PX 50 FIELDS 1 a 1");
        node.advanceWithoutBackground(50);
        run("MULTI");
        run("CLIENT PAUSE 1000 WRITE");
        run("HDEL h a");
        run("EXEC");
        assertThat(((Reply.Bulk) run("DUMP h")).text().charAt(0)).isEqualTo((char) RdbFormat.HASH_LISTPACK);
    }

    /** Names of such hashes are kept beside the data, which the check at the end knows. */
    @Test
    void nothing_is_left_of_the_name_of_a_hash_that_has_gone() {
        List<String> endings = List.of(
                "DEL h",
                "SET h v",
                "RENAME h i",
                "PEXPIRE h 1",
                "HDEL h field0",
                "HPERSIST h FIELDS 1 field0",
                "MOVE h 1",
                "COPY i h REPLACE",
                "SUNIONSTORE h s",
                "SINTERSTORE h none");
        for (String ending : endings) {
            setMany("HSETEX", 1);
            run("HSETEX i PX 100 FIELDS 1 f v");
            run("SADD s member");
            run(ending);
            node.advance(2);
            EngineCheck.check(node.engine());
            run("FLUSHALL");
        }
    }

    @Test
    void of_few_that_are_left_each_is_drawn() {
        setMany("HSET", 3);
        setMany("HSETEX", 2 * MANY);
        node.advanceWithoutBackground(100);
        List<Reply> drawn = ((Reply.Array) run("HRANDFIELD h -1000")).elements();
        assertThat(drawn).hasSize(1000);
        assertThat(Set.copyOf(drawn)).isEqualTo(Set.of(bulk("stays0"), bulk("stays1"), bulk("stays2")));
        run("HSET h another v");
        assertThat(((Reply.Array) run("HRANDFIELD h -1000")).elements()).contains(bulk("another"));
    }

    @Test
    void a_page_of_a_scan_ends_though_it_shows_nothing() {
        setMany("HSET", 1);
        setMany("HSETEX", 2 * MANY);
        node.advanceWithoutBackground(100);
        String cursor = "0";
        int pages = 0;
        Set<Reply> seen = new HashSet<>();
        do {
            List<Reply> page = ((Reply.Array) run("HSCAN h " + cursor)).elements();
            cursor = ((Reply.Bulk) page.get(0)).text();
            seen.addAll(((Reply.Array) page.get(1)).elements());
            pages++;
        } while (!cursor.equals("0"));
        assertThat(pages).isGreaterThan(5);
        assertThat(seen).isEqualTo(Set.of(bulk("stays0"), bulk("v")));
    }

    /** Packed ones, with 400 fields, are gone through as a whole. */
    @ParameterizedTest
    @CsvSource({FIELDS + ", 20", "400, 5"})
    void fields_of_many_hashes_leave_in_steps_too(int fields, int leastSteps) {
        for (int i = 0; i < HASHES; i++) {
            setMany("HSET", "h" + i, 1);
            setMany("HSETEX", "h" + i, fields);
        }
        long before = node.engine().liveBytes();
        node.advanceWithoutBackground(100);
        node.engine().backgroundStep();
        long first = before - node.engine().liveBytes();
        node.advance(100);
        long all = before - node.engine().liveBytes();
        assertThat(first).isPositive().isLessThan(all / leastSteps);
    }

    @Test
    void while_writes_are_paused_fields_expire_but_are_not_removed() {
        setMany("HSET", 2);
        setMany("HSETEX", 20);
        long before = usage();
        run("HPEXPIRE i 100 FIELDS 1 a");
        run("HSET i a 1");
        run("HPEXPIRE i 100 FIELDS 1 a");
        run("CLIENT PAUSE 1000 WRITE");
        node.advance(200);
        assertThat(run("HLEN h")).isEqualTo(number(2));
        assertThat(run("HLEN i")).isEqualTo(number(0));
        assertThat(run("DBSIZE")).isEqualTo(number(2));
        assertThat(usage()).isEqualTo(before);
        node.advance(1000);
        assertThat(run("DBSIZE")).isEqualTo(number(1));
        assertThat(usage()).isLessThan(before);
    }

    @Test
    void what_has_expired_is_freed_where_it_is_overwritten_while_writes_are_paused() {
        setMany("HSET", MANY);
        run("PEXPIRE h 100");
        setMany("HSETEX", "i", 20);
        assertThat(node.engine().keyspace(0).hasLargeValues()).isTrue();
        node.advanceWithoutBackground(100);
        run("MULTI");
        run("CLIENT PAUSE 1000 WRITE");
        run("SET h v");
        run("SET i v");
        Reply done = new Reply.Simple("OK");
        assertThat(run("EXEC")).isEqualTo(array(done, done, done));
        assertThat(node.engine().keyspace(0).hasLargeValues()).isFalse();
    }

    /** Fields that stay, or with HSETEX some that expire after 100 ms. */
    private void setMany(String command, int count) {
        setMany(command, "h", count);
    }

    private void setMany(String command, String key, int count) {
        boolean expire = command.equals("HSETEX");
        List<String> set = new ArrayList<>(List.of(command, key));
        if (expire) {
            set.addAll(List.of("PX", "100", "FIELDS", "" + count));
        }
        for (int i = 0; i < count; i++) {
            set.addAll(expire ? List.of("field" + i, "x") : List.of("stays" + i, "v"));
        }
        node.run(set);
    }

    private long usage() {
        return ((Reply.Int) run("MEMORY USAGE h")).value();
    }

    @Test
    void conditions_compare_with_the_time_that_there_is() {
        run("HSET h a 1 b 2");
        assertThat(run("HEXPIRE h 100 XX FIELDS 2 a b")).isEqualTo(numbers(0, 0));
        assertThat(run("HEXPIRE h 100 GT FIELDS 1 a")).isEqualTo(numbers(0));
        assertThat(run("HEXPIRE h 100 LT FIELDS 1 a")).isEqualTo(numbers(1));
        assertThat(run("HEXPIRE h 50 NX FIELDS 2 a b")).isEqualTo(numbers(0, 1));
        assertThat(run("HEXPIRE h 70 GT FIELDS 2 a b")).isEqualTo(numbers(0, 1));
        assertThat(run("HTTL h FIELDS 2 a b")).isEqualTo(numbers(100, 70));
        assertThat(run("HEXPIRE h 0 FIELDS 2 a b")).isEqualTo(numbers(2, 2));
        assertThat(run("EXISTS h")).isEqualTo(number(0));
        assertThat(run("HEXPIRE h 10 FIELDS 1 a")).isEqualTo(numbers(-2));
    }

    @Test
    void times_are_told_as_they_were_set() {
        run("HSET h a 1");
        assertThat(run("HPEXPIREAT h 1900000000001 FIELDS 1 a")).isEqualTo(numbers(1));
        assertThat(run("HPEXPIRETIME h FIELDS 1 a")).isEqualTo(numbers(1_900_000_000_001L));
        assertThat(run("HEXPIRETIME h FIELDS 1 a")).isEqualTo(numbers(1_900_000_001L));
        assertThat(run("HPERSIST h FIELDS 2 a nosuch")).isEqualTo(numbers(1, -2));
        assertThat(run("HPERSIST h FIELDS 1 a")).isEqualTo(numbers(-1));
        assertThat(run("HEXPIRETIME h FIELDS 1 a")).isEqualTo(numbers(-1));
    }

    @Test
    void setting_a_field_clears_its_time_and_counting_keeps_it() {
        run("HSET h a 1 b 2 c 3");
        run("HEXPIRE h 10 FIELDS 3 a b c");
        run("HSET h a 5");
        run("HINCRBY h b 5");
        run("HINCRBYFLOAT h c 0.5");
        assertThat(run("HTTL h FIELDS 3 a b c")).isEqualTo(numbers(-1, 10, 10));
        run("HDEL h b");
        run("HSET h b 1");
        assertThat(run("HTTL h FIELDS 1 b")).isEqualTo(numbers(-1));
        assertThat(run("HSETEX h KEEPTTL FIELDS 1 c 9")).isEqualTo(number(1));
        assertThat(run("HTTL h FIELDS 1 c")).isEqualTo(numbers(10));
        assertThat(run("HSETEX h FIELDS 1 c 9")).isEqualTo(number(1));
        assertThat(run("HTTL h FIELDS 1 c")).isEqualTo(numbers(-1));
    }

    @Test
    void times_follow_a_hash_to_another_name() {
        run("HSET h a 1 b 2");
        run("HPEXPIRE h 100 FIELDS 1 a");
        run("COPY h i");
        run("RENAME h j");
        run("COPY i k DB 1");
        run("HPERSIST i FIELDS 1 a");
        node.advance(100);
        assertThat(run("HGETALL j")).isEqualTo(bulks("b 2"));
        assertThat(run("HLEN i")).isEqualTo(number(2));
        run("SWAPDB 0 1");
        assertThat(run("HGETALL k")).isEqualTo(bulks("b 2"));
        run("FLUSHALL");
    }

    @Test
    void getting_and_setting_with_times() {
        assertThat(run("HSETEX h FXX EX 10 FIELDS 1 a 1")).isEqualTo(number(0));
        assertThat(run("HSETEX h FNX EX 10 FIELDS 2 a 1 b 2")).isEqualTo(number(1));
        assertThat(run("HSETEX h FNX FIELDS 2 b 2 c 3")).isEqualTo(number(0));
        assertThat(run("HTTL h FIELDS 2 a b")).isEqualTo(numbers(10, 10));
        assertThat(run("HGETEX h PERSIST FIELDS 2 a c")).isEqualTo(bulks("1 nil"));
        assertThat(run("HGETEX h PX 500 FIELDS 1 b")).isEqualTo(bulks("2"));
        assertThat(run("HPTTL h FIELDS 2 a b")).isEqualTo(numbers(-1, 500));
        assertThat(run("HGETEX h EXAT 1 FIELDS 1 b")).isEqualTo(bulks("2"));
        assertThat(run("HGETDEL h FIELDS 2 a b")).isEqualTo(bulks("1 nil"));
        assertThat(run("EXISTS h")).isEqualTo(number(0));
    }

    @Test
    void mistakes_are_refused_in_the_words_of_redis() {
        Map<String, String> refusals = Map.of(
                "HEXPIRE h 10 FIELD 1 a", CommandError.FIELDS_MISSING,
                "HEXPIRE h 10 FIELDS 0 a", CommandError.NUMFIELDS_NOT_POSITIVE,
                "HEXPIRE h 10 FIELDS 2 a", CommandError.NUMFIELDS_MISMATCH,
                "HEXPIRE h -1 FIELDS 1 a", CommandError.FIELD_EXPIRE_NEGATIVE,
                "HEXPIRE h 70368744178 FIELDS 1 a", CommandError.invalidExpireTime("hexpire"),
                "HTTL h FIELDS x a", CommandError.FIELDS_NOT_POSITIVE,
                "HSETEX h EX 1 PX 1 FIELDS 1 a b", CommandError.HSETEX_TIMES,
                "HSETEX h FNX FXX FIELDS 1 a b", CommandError.HSETEX_CONDITIONS,
                "HSETEX h WHAT FIELDS 1 a b", CommandError.unknownArgument("WHAT"),
                "HSETEX h FIELDS x a b c", CommandError.NUMFIELDS_INVALID);
        refusals.forEach((command, text) -> assertThat(run(command)).as(command).isEqualTo(new Reply.Error(text)));
    }

    @Test
    void a_hash_without_times_pays_nothing() {
        for (int i = 0; i < 1_000; i++) {
            run("HSET h field" + i + " v");
        }
        Reply before = run("MEMORY USAGE h");
        run("HEXPIRE h 10 FIELDS 1 field1");
        run("HPERSIST h FIELDS 1 field1");
        assertThat(run("MEMORY USAGE h")).isEqualTo(before);
    }

    @Test
    void a_small_hash_stays_packed_when_fields_expire() {
        run("CONFIG SET hash-max-listpack-entries 4");
        run("HSET h a 1 b 2 c 3");
        long plain = usage();
        run("HEXPIRE h 10 FIELDS 1 b");
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("listpackex"));
        assertThat(usage()).isBetween(plain + 1, plain + 48);
        run("HSET h d 4");
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("listpackex"));
        run("HSET h e 5");
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("hashtable"));
        assertThat(run("HTTL h FIELDS 5 a b c d e")).isEqualTo(numbers(-1, 10, -1, -1, -1));

        run("HSETEX i EX 10 FIELDS 1 a " + "v".repeat(100));
        assertThat(run("OBJECT ENCODING i")).isEqualTo(bulk("hashtable"));
        assertThat(run("HTTL i FIELDS 1 a")).isEqualTo(numbers(10));
        assertThat(run("HPERSIST i FIELDS 1 a")).isEqualTo(numbers(1));
        assertThat(run("HGETALL i")).isEqualTo(bulks("a " + "v".repeat(100)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60, 512})
    void random_times_are_those_of_a_model(int packed) {
        run("CONFIG SET hash-max-listpack-entries " + packed);
        SplittableRandom random = new SplittableRandom(11 + packed);
        Map<String, String> values = new TreeMap<>();
        Map<String, Long> times = new HashMap<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(packed == 0 ? 400 : 80);
            String field = "f".repeat(1 + number % 20) + number;
            switch (random.nextInt(8)) {
                case 0 -> {
                    String value = "v".repeat(random.nextInt(30)) + i;
                    run("HSET h " + field + " " + value);
                    values.put(field, value);
                    times.remove(field);
                }
                case 1, 2 -> {
                    int span = 1 + random.nextInt(2_000);
                    Reply expected = numbers(values.containsKey(field) ? 1 : -2);
                    assertThat(run("HPEXPIRE h " + span + " FIELDS 1 " + field)).isEqualTo(expected);
                    if (values.containsKey(field)) {
                        times.put(field, now + span);
                    }
                }
                case 3 -> {
                    run("HDEL h " + field);
                    values.remove(field);
                    times.remove(field);
                }
                case 4 -> {
                    Reply expected = numbers(!values.containsKey(field) ? -2 : times.containsKey(field) ? 1 : -1);
                    assertThat(run("HPERSIST h FIELDS 1 " + field)).isEqualTo(expected);
                    times.remove(field);
                }
                case 5 -> {
                    String value = "w".repeat(random.nextInt(30)) + i;
                    run("HSETEX h KEEPTTL FIELDS 1 " + field + " " + value);
                    values.put(field, value);
                }
                case 6 -> {
                    if (random.nextInt(10) == 0) {
                        throughAnotherKey(random.nextInt(3));
                    }
                }
                default -> {
                    int span = random.nextInt(20);
                    now += span;
                    if (random.nextBoolean()) {
                        node.advance(span);
                    } else {
                        node.advanceWithoutBackground(span);
                    }
                    long time = now;
                    times.entrySet().removeIf(each -> each.getValue() <= time && values.remove(each.getKey()) != null);
                }
            }
            assertThat(run("HLEN h")).isEqualTo(number(values.size()));
            Reply expected = values.containsKey(field) ? bulk(values.get(field)) : Reply.Null.BULK;
            assertThat(run("HGET h " + field)).isEqualTo(expected);
            long left = !values.containsKey(field) ? -2 : times.containsKey(field) ? times.get(field) - now : -1;
            assertThat(run("HPTTL h FIELDS 1 " + field)).isEqualTo(numbers(left));
            if (i % 100 == 0) {
                EngineCheck.check(node.engine());
            }
        }
    }

    private void throughAnotherKey(int way) {
        if (run("EXISTS h").equals(number(0))) {
            return;
        }
        switch (way) {
            case 0 -> {
                run("RENAME h i");
                run("COPY i h");
            }
            case 1 -> {
                String dump = ((Reply.Bulk) run("DUMP h")).text();
                run("SET h v");
                assertThat(node.run("RESTORE", "h", "0", dump, "REPLACE")).isEqualTo(new Reply.Simple("OK"));
            }
            default -> {
                run("MOVE h 1");
                run("SWAPDB 0 1");
            }
        }
        run("DEL i");
    }
}
