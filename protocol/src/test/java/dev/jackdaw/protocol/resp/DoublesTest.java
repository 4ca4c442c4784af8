package dev.jackdaw.protocol.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DoublesTest {
    private static final long SEED = 20_250_102;
    private static final int ROOM = 128;
    private static final MathContext SEVENTEEN = new MathContext(17, RoundingMode.HALF_EVEN);

    private static final long MEMORY = Arena.global().allocate(ROOM).address();

    /** Scores given to redis-server 7.0.15, and what its ZSCORE gave back. */
    @Test
    void scores_come_back_as_redis_gives_them() {
        String[] golden = {
            "0.1", "0.10000000000000001",
            "0.3", "0.29999999999999999",
            "1.1", "1.1000000000000001",
            "2.675", "2.6749999999999998",
            "1234.5678", "1234.5678",
            "0.30000000000000004", "0.30000000000000004",
            "1e15", "1000000000000000",
            "1e16", "10000000000000000",
            "1e17", "1e+17",
            "123456789.123456789", "123456789.12345679",
            "0.001", "0.001",
            "0.0001", "0.0001",
            "0.00001", "1.0000000000000001e-05",
            "9007199254740993", "9007199254740992",
            "4503599627370497.5", "4503599627370498",
            "999999999999999.875", "999999999999999.88",
            "0.00390625", "0.00390625",
            "0.003906249999999999", "0.0039062499999999991",
            "5e-324", "4.9406564584124654e-324",
            "1.7976931348623157e308", "1.7976931348623157e+308",
            "2.2250738585072014e-308", "2.2250738585072014e-308",
            "1e22", "1e+22",
            "1e23", "9.9999999999999992e+22",
            "-0.1", "-0.10000000000000001",
            "-1e17", "-1e+17",
            "9.9999999999999982", "9.9999999999999982",
            "0.99999999999999989", "0.99999999999999989",
            "9.9999e-5", "9.9999000000000003e-05",
            "100", "100",
            "1.0", "1",
            "8.41e21", "8.4099999999999995e+21",
            "1125899906842624.125", "1125899906842624",
            "1e-7", "9.9999999999999995e-08",
            "-inf", "-inf",
            "+Infinity", "inf",
            "0x10", "16",
            "0x1.8p1", "3",
            "-1.989032661366619e+244", "-1.989032661366619e+244",
            "6.294675241195386e-44", "6.2946752411953861e-44",
            "-8.441872792105456e-239", "-8.4418727921054556e-239"
        };
        for (int i = 0; i < golden.length; i += 2) {
            double value = parse(golden[i]);
            assertThat(written(value)).as(golden[i]).isEqualTo(golden[i + 1]);
            assertThat(Doubles.text(value)).as(golden[i]).isEqualTo(golden[i + 1]);
        }
    }

    @Test
    void zeros_keep_their_sign_and_nan_has_a_name() {
        assertThat(written(0.0)).isEqualTo("0").isEqualTo(Doubles.text(0.0));
        assertThat(written(-0.0)).isEqualTo("-0").isEqualTo(Doubles.text(-0.0));
        assertThat(written(Double.NaN)).isEqualTo("nan");
        assertThat(Double.doubleToLongBits(parse("-0"))).isEqualTo(Double.doubleToLongBits(-0.0));
    }

    @Test
    void what_strtod_reads_is_a_number() {
        assertThat(parse("+1")).isEqualTo(1);
        assertThat(parse("1.")).isEqualTo(1);
        assertThat(parse(".5")).isEqualTo(0.5);
        assertThat(parse("-.5e1")).isEqualTo(-5);
        assertThat(parse("1E+2")).isEqualTo(100);
        assertThat(parse("0e999999999999")).isZero();
        assertThat(parse("1e-320")).isEqualTo(1e-320);
        assertThat(parse("0.00000000000000000000000000001e29")).isEqualTo(1);
        assertThat(parse("1" + "0".repeat(50) + "e-50")).isEqualTo(1);
        assertThat(parse("179769313486231570" + "0".repeat(60))).isEqualTo(1.7976931348623157e77);
        for (String infinity : List.of("inf", "+inf", "INF", "infinity", "+Infinity")) {
            assertThat(parse(infinity)).isEqualTo(Double.POSITIVE_INFINITY);
        }
        assertThat(parse("-infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(parse("0x10")).isEqualTo(16);
        assertThat(parse("-0X.8p+1")).isEqualTo(-1);
        assertThat(parse("0x1.8")).isEqualTo(1.5);
        assertThat(parse("0x0")).isZero();
    }

    @Test
    void anything_else_is_not() {
        for (String text : List.of(
                "",
                "+",
                "-",
                ".",
                "e5",
                ".e5",
                "1e",
                "1e+",
                "1ex",
                "--1",
                "+-1",
                "1..2",
                "1.2.3",
                " 1",
                "1 ",
                "1x",
                "1d",
                "1f",
                "nan",
                "-nan",
                "NaN",
                "nan(1)",
                "in",
                "infi",
                "infinityx",
                "inf ",
                "0x",
                "0x.",
                "0xg",
                "0x1p",
                "1e400",
                "-1e400",
                "1e-400",
                "0x1p5000",
                "0x1p-5000",
                "1\0",
                "abc",
                "1,5")) {
            assertThat(parse(text)).as(text).isNaN();
        }
    }

    @Property(tries = 5000)
    void whatever_is_written_reads_back_the_same(@ForAll long bits) {
        assertRoundTrip(Double.longBitsToDouble(bits));
    }

    @Test
    void random_doubles_of_every_size_are_rounded_as_big_decimals_are() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            int exponent = random.nextInt(160) - 80;
            assertRoundTrip(Math.scalb(1 + random.nextDouble(), exponent));
            assertRoundTrip(-Math.scalb(random.nextInt(1 << 20), -random.nextInt(40)));
            assertRoundTrip(random.nextInt(1_000_000_000) / 1000.0);
        }
    }

    @Test
    void decimals_are_rounded_as_big_decimals_are() {
        Random random = new Random(SEED);
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(Doubles.MAX_FIXED_BYTES).address();
            for (int i = 0; i < 50_000; i++) {
                double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(60) - 20);
                int decimals = random.nextBoolean() ? 4 : Doubles.MAX_DECIMALS;
                value = i % 3 == 0 ? Math.rint(value * 32) / 32 : value;
                BigDecimal exact = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
                int length = (int) (Doubles.writeFixed(value, decimals, true, at) - at);
                assertThat(Raw.latin1(at, length)).isEqualTo(exact.toPlainString());
                length = (int) (Doubles.writeFixed(value, decimals, false, at) - at);
                assertThat(Raw.latin1(at, length))
                        .isEqualTo(exact.stripTrailingZeros().toPlainString());
            }
        }
    }

    @Property(tries = 20_000)
    void decimals_are_read_as_java_reads_them(
            @ForAll @StringLength(min = 1, max = 24) @Chars({'0', '1', '4', '9', '.', 'e', '-'}) String text) {
        boolean number = text.matches("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e-?[0-9]+)?");
        double expected = number ? Double.parseDouble(text) : Double.NaN;
        boolean inRange = text.matches("-?[0.]+(e.*)?") || (expected != 0 && !Double.isInfinite(expected));
        assertThat(Double.valueOf(parse(text))).isEqualTo(Double.valueOf(inRange ? expected : Double.NaN));
    }

    private void assertRoundTrip(double value) {
        String text = written(value);
        if (!text.equals(Doubles.text(value))) {
            assertThat(text).isEqualTo(Doubles.text(value));
        }
        if (Double.isFinite(value) && new BigDecimal(text).compareTo(new BigDecimal(value).round(SEVENTEEN)) != 0) {
            assertThat(text).isEqualTo(new BigDecimal(value).round(SEVENTEEN).toString());
        }
        if (!Double.isNaN(value) && parse(text) != value) {
            assertThat(parse(text)).as(text).isEqualTo(value);
        }
    }

    private double parse(String text) {
        byte[] bytes = Pieces.latin1(text);
        Raw.copy(bytes, 0, MEMORY, bytes.length);
        return Doubles.parse(MEMORY, bytes.length);
    }

    private String written(double value) {
        Raw.fill(MEMORY, ROOM, '#');
        long end = Doubles.write(value, MEMORY);
        return Raw.latin1(MEMORY, (int) (end - MEMORY));
    }
}
