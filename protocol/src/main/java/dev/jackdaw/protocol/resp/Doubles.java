package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Shared and stateless: floating-point numbers as Redis reads and writes them: read as C's {@code strtod} does, written with 17
 * significant digits as {@code %.17g} does, so that {@code 0.1} comes back as {@code 0.10000000000000001}.
 */
public final class Doubles {
    /** The most bytes that {@link #write} uses. */
    public static final int MAX_BYTES = 32;

    /** The most decimals that {@link #writeFixed} writes, and the most bytes that it uses. */
    public static final int MAX_DECIMALS = 17;

    public static final int MAX_FIXED_BYTES = 1 + 16 + 1 + MAX_DECIMALS;

    private static final int PRECISION = 17;
    private static final MathContext ROUNDING = new MathContext(PRECISION, RoundingMode.HALF_EVEN);
    private static final double FIRST_WITH_EXPONENT = 1e17;

    private static final int FRACTION_BITS = 60;
    private static final double FRACTION_ONE = 0x1p60;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
    private static final long FRACTION_HALF = 1L << (FRACTION_BITS - 1);
    /** Above this, a double has no bit below the last one of the fraction. */
    private static final double LEAST_EXACT_FRACTION = 0x1p-8;

    private static final long MOST_EXACT = 1L << 53;
    private static final long MANTISSA_ROOM = Long.MAX_VALUE / 10 - 1;
    private static final int EXPONENT_ROOM = 100_000_000;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long[] LONG_POWERS_OF_TEN = longPowersOfTen();
    private static final String INFINITY = "infinity";
    /** As long as {@code inf}. */
    private static final int SHORT_INFINITY = 3;

    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0x([0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(p[+-]?[0-9]+)?", Pattern.CASE_INSENSITIVE);

    private Doubles() {}

    private static long[] longPowersOfTen() {
        long[] powers = new long[MAX_DECIMALS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = 10 * powers[i - 1];
        }
        return powers;
    }

    /**
     * The number that the bytes hold, or NaN if they hold none: if they are empty, have blanks or anything else around the
     * number, say {@code nan}, or name a number too large or, unless it is zero, too small for a double.
     */
    public static double parse(long address, int length) {
        return parse(address, length, true);
    }

    /** The same, but that a number too large is infinite, and one too small zero. */
    public static double parseAnySize(long address, int length) {
        return parse(address, length, false);
    }

    private static double parse(long address, int length, boolean bounded) {
        long end = address + length;
        long at = address;
        int sign = length > 0 ? Raw.getByte(at) : 0;
        boolean negative = sign == '-';
        if (negative || sign == '+') {
            at++;
        }
        long mantissa = 0;
        int digits = 0;
        int scale = 0;
        boolean fraction = false;
        for (; at < end; at++) {
            int digit = Raw.getByte(at) - '0';
            if (digit == '.' - '0' && !fraction) {
                fraction = true;
                continue;
            }
            if (digit < 0 || digit > 9) {
                break;
            }
            // A mantissa that has run full is not exact any more, and stays above what counts as exact.
            mantissa = mantissa < MANTISSA_ROOM ? mantissa * 10 + digit : mantissa;
            scale = fraction ? scale - 1 : scale;
            digits++;
        }
        if (digits == 0) {
            return at < end ? infinity(address, length) : Double.NaN;
        }
        int exponent = 0;
        if (at < end && (Raw.getByte(at) | 0x20) == 'e') {
            at++;
            sign = at < end ? Raw.getByte(at) : 0;
            boolean down = sign == '-';
            if (down || sign == '+') {
                at++;
            }
            if (at == end) {
                return Double.NaN;
            }
            for (; at < end; at++) {
                int digit = Raw.getByte(at) - '0';
                if (digit < 0 || digit > 9) {
                    return Double.NaN;
                }
                exponent = Math.min(EXPONENT_ROOM, exponent * 10 + digit);
            }
            exponent = down ? -exponent : exponent;
        }
        if (at < end) {
            return hexadecimal(address, length, bounded);
        }
        int power = exponent + scale;
        if (mantissa == 0) {
            return negative ? -0.0 : 0.0;
        }
        if (mantissa <= MOST_EXACT && Math.abs(power) < POWERS_OF_TEN.length) {
            // Both factors are exact, so the one operation rounds correctly.
            double value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
            return negative ? -value : value;
        }
        double value = Double.parseDouble(Raw.latin1(address, length));
        return bounded ? within(value) : value;
    }

    private static double infinity(long address, int length) {
        int sign = Raw.getByte(address);
        int skipped = sign == '-' || sign == '+' ? 1 : 0;
        int letters = length - skipped;
        if (letters != SHORT_INFINITY && letters != INFINITY.length()) {
            return Double.NaN;
        }
        for (int i = 0; i < letters; i++) {
            if ((Raw.getByte(address + skipped + i) | 0x20) != INFINITY.charAt(i)) {
                return Double.NaN;
            }
        }
        return sign == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static double hexadecimal(long address, int length, boolean bounded) {
        String text = Raw.latin1(address, length);
        var matcher = HEXADECIMAL.matcher(text);
        if (!matcher.matches()) {
            return Double.NaN;
        }
        double value = Double.parseDouble(matcher.group(2) == null ? text + "p0" : text);
        boolean zero = matcher.group(1).chars().allMatch(digit -> digit == '0' || digit == '.');
        return zero || !bounded ? value : within(value);
    }

    /** Refuses what was not zero or infinite before it was rounded. */
    private static double within(double value) {
        return value == 0 || Double.isInfinite(value) ? Double.NaN : value;
    }

    /** Whether a score is an integer where Redis packs it: whole, and not near the ends of what 64 bits hold. */
    public static boolean isListpackInteger(double value) {
        return Math.abs(value) <= 1L << 62 && value == (long) value && !isNegativeZero(value);
    }

    private static boolean isNegativeZero(double value) {
        return value == 0 && 1 / value < 0;
    }

    /** The number as Redis writes it. */
    public static String text(double value) {
        if (value == (long) value && !isNegativeZero(value) && Math.abs(value) < FIRST_WITH_EXPONENT) {
            return Long.toString((long) value);
        }
        if (!Double.isFinite(value)) {
            return special(value);
        }
        BigDecimal rounded = new BigDecimal(Math.abs(value)).round(ROUNDING);
        return (1 / value < 0 ? "-" : "") + (value == 0 ? "0" : decimal(rounded.stripTrailingZeros()));
    }

    private static String special(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return value > 0 ? "inf" : "-inf";
    }

    private static String decimal(BigDecimal value) {
        int exponent = value.precision() - value.scale() - 1;
        if (exponent >= -4 && exponent < PRECISION) {
            return value.toPlainString();
        }
        String digits = value.unscaledValue().toString();
        StringBuilder text = new StringBuilder(MAX_BYTES).append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append(exponent < 0 ? "e-" : "e+");
        return text.append(Math.abs(exponent) < 10 ? "0" : "")
                .append(Math.abs(exponent))
                .toString();
    }

    /** Writes the number at {@code address}, where {@link #MAX_BYTES} must be free, and returns the address after it. */
    public static long write(double value, long address) {
        double magnitude = Math.abs(value);
        long at = address;
        if (magnitude < FIRST_WITH_EXPONENT && (magnitude >= LEAST_EXACT_FRACTION || magnitude == 0)) {
            if (value < 0 || 1 / value < 0) {
                Raw.putByte(at++, '-');
            }
            long whole = (long) magnitude;
            at = Integers.write(whole, at);
            return magnitude == whole ? at : writeFraction(magnitude - whole, whole, at);
        }
        byte[] text = text(value).getBytes(StandardCharsets.ISO_8859_1);
        Raw.copy(text, 0, address, text.length);
        return address + text.length;
    }

    /**
     * Writes a number below 2^53 with {@code decimals} digits behind the point, rounded as {@code %.nf} does; without zeros at
     * the end, and without the point then, if these are not wanted.
     */
    public static long writeFixed(double value, int decimals, boolean zeros, long address) {
        double magnitude = Math.abs(value);
        long whole = (long) magnitude;
        long digits = decimals(magnitude - whole, decimals);
        if (digits == LONG_POWERS_OF_TEN[decimals]) {
            digits = 0;
            whole++;
        }
        long at = address;
        if (value < 0 && (whole | digits) != 0) {
            Raw.putByte(at++, '-');
        }
        at = Integers.write(whole, at);
        Raw.putByte(at, '.');
        for (int i = decimals; i > 0; i--) {
            Raw.putByte(at + i, '0' + (int) (digits % 10));
            digits /= 10;
        }
        at += 1 + decimals;
        while (!zeros && Raw.getByte(at - 1) == '0') {
            at--;
        }
        return Raw.getByte(at - 1) == '.' ? at - 1 : at;
    }

    /** The first decimals of a fraction, rounded. */
    private static long decimals(double fraction, int decimals) {
        if (fraction < LEAST_EXACT_FRACTION && fraction * FRACTION_ONE != Math.rint(fraction * FRACTION_ONE)) {
            return new BigDecimal(fraction)
                    .scaleByPowerOfTen(decimals)
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact();
        }
        long rest = (long) (fraction * FRACTION_ONE);
        long digits = 0;
        for (int i = 0; i < decimals; i++) {
            rest *= 10;
            digits = digits * 10 + (rest >>> FRACTION_BITS);
            rest &= FRACTION_MASK;
        }
        boolean up = rest > FRACTION_HALF || rest == FRACTION_HALF && (digits & 1) != 0;
        return up ? digits + 1 : digits;
    }

    /** Appends the digits of a fraction that is a multiple of 2^-60, exactly, rounded where the precision ends. */
    private static long writeFraction(double fraction, long whole, long address) {
        int room = whole == 0 ? PRECISION : PRECISION - Integers.length(whole);
        boolean leading = whole == 0;
        long rest = (long) (fraction * FRACTION_ONE);
        long at = address;
        Raw.putByte(at++, '.');
        while (room > 0 && rest != 0) {
            rest *= 10;
            int digit = (int) (rest >>> FRACTION_BITS);
            rest &= FRACTION_MASK;
            Raw.putByte(at++, '0' + digit);
            leading &= digit == 0;
            room -= leading ? 0 : 1;
        }
        boolean odd = (Raw.getByte(at - 1) & 1) != 0;
        if (rest > FRACTION_HALF || (rest == FRACTION_HALF && odd)) {
            increment(at - 1);
        }
        while (Raw.getByte(at - 1) == '0') {
            at--;
        }
        return Raw.getByte(at - 1) == '.' ? at - 1 : at;
    }

    /** Adds one to the last digit; doubles lie too far apart below a power of ten for the carry to leave the fraction. */
    private static void increment(long last) {
        long at = last;
        while (Raw.getByte(at) == '9') {
            Raw.putByte(at--, '0');
        }
        Raw.putByte(at, Raw.getByte(at) + 1);
    }
}
