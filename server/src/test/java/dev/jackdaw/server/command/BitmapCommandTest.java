package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BitmapCommandTest {
    private final TestNode node = TestNode.with("--proto-max-bulk-len", "1mb");

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static Reply numbers(Integer... values) {
        return new Reply.Array(Arrays.stream(values)
                .<Reply>map(value -> value == null ? Reply.Null.BULK : number(value))
                .toList());
    }

    @Test
    void a_bit_makes_the_string_long_enough() {
        assertThat(run("SETBIT k 7 1")).isEqualTo(number(0));
        assertThat(run("SETBIT k 7 1")).isEqualTo(number(1));
        assertThat(run("SETBIT k 23 1")).isEqualTo(number(0));
        assertThat(run("GET k")).isEqualTo(new Reply.Bulk("\1\0\1"));
        assertThat(run("GETBIT k 23")).isEqualTo(number(1));
        assertThat(run("GETBIT k 1000000")).isEqualTo(number(0));
        assertThat(run("OBJECT ENCODING k")).isEqualTo(new Reply.Bulk("raw"));
    }

    @Test
    void bits_of_an_integer_are_those_of_its_digits() {
        run("SET k 12");
        assertThat(run("GETBIT k 2")).isEqualTo(number(1));
        assertThat(run("BITCOUNT k")).isEqualTo(number(6));
        run("SETBIT k 7 0");
        assertThat(run("GET k")).isEqualTo(new Reply.Bulk("02"));
    }

    @Test
    void no_bit_lies_past_the_longest_string() {
        assertThat(run("SETBIT k 8388607 1")).isEqualTo(number(0));
        assertThat(run("STRLEN k")).isEqualTo(number(1 << 20));
        for (String command : List.of(
                "SETBIT k 8388608 1",
                "GETBIT k 8388608",
                "SETBIT k #1 1",
                "SETBIT k -1 1",
                "BITFIELD k GET u8 8388608",
                "BITFIELD k GET u8 #9223372036854775807")) {
            assertThat(run(command)).as(command).isEqualTo(new Reply.Error(CommandError.BIT_OFFSET));
        }
    }

    @Test
    void setbit_keeps_the_time_to_live_and_bitop_does_not() {
        run("SET k abc EX 10");
        run("SETBIT k 1 0");
        assertThat(run("TTL k")).isEqualTo(number(10));
        run("BITOP NOT k k");
        assertThat(run("TTL k")).isEqualTo(number(-1));
    }

    @Test
    void ranges_count_in_bytes_or_bits() {
        run("SET k foobar");
        assertThat(run("BITCOUNT k 1 1")).isEqualTo(number(6));
        assertThat(run("BITCOUNT k 5 30 BIT")).isEqualTo(number(17));
        assertThat(run("BITCOUNT k -6 -1 BYTE")).isEqualTo(number(26));
        node.run("SET", "ones", "\u00ff\u00ff\u00ff");
        assertThat(run("BITPOS ones 0")).isEqualTo(number(24));
        assertThat(run("BITPOS ones 0 0 -1")).isEqualTo(number(-1));
        assertThat(run("BITPOS ones 1 10 15 BIT")).isEqualTo(number(10));
        assertThat(run("BITPOS nosuch 0")).isEqualTo(number(0));
    }

    @Test
    void bitop_pads_with_zeros_and_may_store_over_a_source() {
        run("SET a abcdefghij");
        run("SET b 12");
        run("BITOP AND d a b");
        assertThat(run("GET d")).isEqualTo(new Reply.Bulk("!\"\0\0\0\0\0\0\0\0"));
        assertThat(run("BITOP OR b a b")).isEqualTo(number(10));
        assertThat(run("GET b")).isEqualTo(new Reply.Bulk("qrcdefghij"));
        assertThat(run("BITOP XOR a a a")).isEqualTo(number(10));
        assertThat(run("BITCOUNT a")).isEqualTo(number(0));
        assertThat(run("BITOP OR a nosuch")).isEqualTo(number(0));
        assertThat(run("EXISTS a")).isEqualTo(number(0));
        run("LPUSH l x");
        assertThat(run("BITOP OR d b l")).isEqualTo(new Reply.Error(CommandError.WRONG_TYPE));
    }

    @Test
    void bitop_tells_the_first_key_apart_and_bits_of_one_key_alone() {
        run("SET x \u000f\u000f");
        run("SET y \u0003");
        run("SET z \u0011\u0001A");
        run("BITOP DIFF d x y z");
        assertThat(run("GET d")).isEqualTo(new Reply.Bulk("\u000c\u000e\0"));
        run("BITOP DIFF1 d x y z");
        assertThat(run("GET d")).isEqualTo(new Reply.Bulk("\u0010\0A"));
        run("BITOP ANDOR d x y z");
        assertThat(run("GET d")).isEqualTo(new Reply.Bulk("\u0003\u0001\0"));
        run("BITOP ONE d x y z");
        assertThat(run("GET d")).isEqualTo(new Reply.Bulk("\u001c\u000eA"));
        assertThat(run("BITOP ONE x x")).isEqualTo(number(2));
        assertThat(run("GET x")).isEqualTo(new Reply.Bulk("\u000f\u000f"));
        assertThat(run("BITOP DIFF d nosuch y")).isEqualTo(number(1));
        assertThat(run("GET d")).isEqualTo(new Reply.Bulk("\0"));
        assertThat(run("BITOP andor d x")).isEqualTo(new Reply.Error(CommandError.bitopNeedsTwo("ANDOR")));
    }

    @Test
    void bitop_of_long_strings_is_as_bit_by_bit() {
        Random random = new Random(42);
        BitSet[] keys = {new BitSet(), new BitSet(), new BitSet()};
        for (int i = 0; i < 600; i++) {
            int key = random.nextInt(3);
            int bit = random.nextInt(300 + 200 * key);
            keys[key].set(bit);
            run("SETBIT k" + key + " " + bit + " 1");
        }
        for (String operation : List.of("DIFF", "DIFF1", "ANDOR", "ONE")) {
            run("BITOP " + operation + " d k0 k1 k2");
            for (int bit = 0; bit < 800; bit++) {
                boolean first = keys[0].get(bit);
                boolean other = keys[1].get(bit) || keys[2].get(bit);
                boolean both = keys[1].get(bit) && keys[2].get(bit);
                boolean expected = switch (operation) {
                    case "DIFF" -> first && !other;
                    case "DIFF1" -> !first && other;
                    case "ANDOR" -> first && other;
                    default -> first ? !other : other && !both;
                };
                assertThat(run("GETBIT d " + bit)).as(operation + " " + bit).isEqualTo(number(expected ? 1 : 0));
            }
        }
    }

    @Test
    void bitop_gives_back_what_it_works_in() {
        run("SETBIT a 800000 1");
        run("BITOP NOT b a");
        long used = node.engine().usedMemory();
        for (int i = 0; i < 50; i++) {
            run("BITOP NOT b a");
        }
        assertThat(node.engine().usedMemory()).isEqualTo(used);
    }

    @Test
    void overflow_wraps_saturates_or_fails() {
        assertThat(run("BITFIELD k SET u8 0 255 INCRBY u8 0 10 GET u8 0")).isEqualTo(numbers(0, 9, 9));
        assertThat(run("BITFIELD k OVERFLOW SAT INCRBY i8 #0 127 OVERFLOW FAIL INCRBY i8 #0 1 GET i8 #0"))
                .isEqualTo(numbers(127, null, 127));
        assertThat(run("BITFIELD k INCRBY i64 64 9223372036854775807 INCRBY i64 64 1"))
                .isEqualTo(new Reply.Array(List.of(number(Long.MAX_VALUE), number(Long.MIN_VALUE))));
        assertThat(run("BITFIELD k OVERFLOW SAT SET u4 0 -1 GET u4 0")).isEqualTo(numbers(7, 15));
    }

    @Test
    void a_single_operation_heeds_overflow_before_it_and_not_behind_it() {
        assertThat(run("BITFIELD k OVERFLOW SAT INCRBY u8 #1 300")).isEqualTo(numbers(255));
        assertThat(run("BITFIELD k OVERFLOW FAIL INCRBY u8 #1 1")).isEqualTo(numbers((Integer) null));
        assertThat(run("BITFIELD k INCRBY u8 #1 1 OVERFLOW FAIL")).isEqualTo(numbers(0));
        assertThat(run("BITFIELD k GET u8 #1")).isEqualTo(numbers(0));
    }

    @Test
    void a_field_that_is_only_read_makes_no_key() {
        assertThat(run("BITFIELD k GET u8 0 GET i64 100")).isEqualTo(numbers(0, 0));
        assertThat(run("BITFIELD k OVERFLOW SAT")).isEqualTo(numbers());
        assertThat(run("EXISTS k")).isEqualTo(number(0));
        assertThat(run("BITFIELD_RO k SET u8 0 1")).isEqualTo(new Reply.Error(CommandError.BITFIELD_READ_ONLY));
    }
}
