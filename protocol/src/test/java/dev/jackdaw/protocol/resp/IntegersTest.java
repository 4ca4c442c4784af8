package dev.jackdaw.protocol.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class IntegersTest {
    private static final int ROOM = 64;

    private static final long MEMORY = Arena.global().allocate(ROOM).address();

    @Test
    void only_the_canonical_form_is_an_integer() {
        for (String text : List.of(
                "0",
                "-1",
                "7",
                "10",
                "1234567890123456789",
                "9223372036854775807",
                "-9223372036854775808",
                "-9223372036854775807")) {
            assertThat(isInteger(text)).as(text).isTrue();
            assertThat(Integers.parse(MEMORY, text.length())).isEqualTo(Long.parseLong(text));
        }
        for (String text : List.of(
                "",
                "-",
                "+1",
                "01",
                "-0",
                "-01",
                " 1",
                "1 ",
                "1.0",
                "1e3",
                "0x1",
                "abc",
                "--1",
                "1\0",
                "9223372036854775808",
                "-9223372036854775809",
                "9999999999999999999",
                "18446744073709551616",
                "00000000000000000001",
                "100000000000000000000")) {
            assertThat(isInteger(text)).as(text).isFalse();
        }
    }

    @Property(tries = 5000)
    void every_long_is_written_as_java_writes_it(@ForAll long value) {
        assertWritten(value);
        assertWritten(value >> (value & 63));
    }

    @Test
    void powers_of_ten_and_their_neighbours_are_written() {
        for (int zeros = 0; zeros < 19; zeros++) {
            long power = Math.powExact(10L, zeros);
            for (long value = power - 2; value <= power + 2; value++) {
                assertWritten(value);
                assertWritten(-value);
            }
        }
        assertWritten(Long.MAX_VALUE);
        assertWritten(Long.MIN_VALUE);
    }

    @Property(tries = 5000)
    void strings_of_digits_agree_with_big_integers(
            @ForAll @StringLength(min = 1, max = 21) @Chars({'0', '1', '5', '9', '-'}) String text) {
        boolean canonical = text.matches("0|-?[1-9][0-9]*") && new BigInteger(text).bitLength() < Long.SIZE;
        assertThat(isInteger(text)).isEqualTo(canonical);
        if (canonical) {
            assertThat(Integers.parse(MEMORY, text.length())).isEqualTo(Long.parseLong(text));
        }
    }

    private boolean isInteger(String text) {
        byte[] bytes = Pieces.latin1(text);
        Raw.copy(bytes, 0, MEMORY, bytes.length);
        return Integers.isInteger(MEMORY, bytes.length);
    }

    private void assertWritten(long value) {
        String expected = Long.toString(value);
        Raw.fill(MEMORY, ROOM, '#');
        long end = Integers.write(value, MEMORY);
        assertThat(Raw.latin1(MEMORY, (int) (end - MEMORY) + 1)).isEqualTo(expected + "#");
        assertThat(Integers.length(value)).isEqualTo(expected.length());
    }
}
