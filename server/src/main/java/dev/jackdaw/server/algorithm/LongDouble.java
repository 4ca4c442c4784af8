package dev.jackdaw.server.algorithm;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Immutable: a number as C's {@code long double} has it on x86: 64 significant bits and an exponent of 15. INCRBYFLOAT and
 * HINCRBYFLOAT add such numbers, and what they reply shows it: a double would have 10.5 + 0.1 end in another digit.
 */
public final class LongDouble {
    private static final int PRECISION = 64;
    /** Numbers are less than two to this power. */
    private static final int EXPONENT_END = 16384;
    /** The smallest number is two to this power. */
    private static final int LEAST_EXPONENT = -16445;
    /** Decimal exponents beyond which nothing needs to be computed. */
    private static final int MAX_DECIMAL_EXPONENT = 4933;

    private static final int MIN_DECIMAL_EXPONENT = -4952;
    private static final int SHOWN_DECIMALS = 17;
    private static final int MAX_LENGTH = 5 * 1024 - 1;

    private static final Pattern INFINITY = Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DECIMAL =
            Pattern.compile("([+-]?)(?=\\.?[0-9])([0-9]*)(?:\\.([0-9]*))?(?:[eE]([+-]?)0*([0-9]+))?");

    /** Null for infinity, whose sign nobody asks for. */
    private final BigDecimal value;

    private LongDouble(BigDecimal value) {
        this.value = value;
    }

    public static LongDouble of(long integer) {
        return new LongDouble(BigDecimal.valueOf(integer));
    }

    /** The number that the bytes hold; they are refused if they hold none that a long double can be. */
    public static LongDouble of(long address, int length) {
        LongDouble number = parse(address, length);
        if (number == null) {
            throw Refusal.NOT_A_FLOAT;
        }
        return number;
    }

    /** The same, or null. */
    public static LongDouble parse(long address, int length) {
        if (length == 0 || length > MAX_LENGTH) {
            return null;
        }
        String text = Raw.latin1(address, length);
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) {
            return parse(decimal);
        }
        if (INFINITY.matcher(text).matches()) {
            return new LongDouble(null);
        }
        // What is left is hexadecimal, and rare enough to lose the bits that a double does not have.
        double number = Doubles.parse(address, length);
        return Double.isNaN(number) ? null : new LongDouble(new BigDecimal(number));
    }

    private static LongDouble parse(Matcher text) {
        String fraction = text.group(3) == null ? "" : text.group(3);
        BigInteger digits = new BigInteger(text.group(2) + fraction);
        if (digits.signum() == 0) {
            return new LongDouble(BigDecimal.ZERO);
        }
        if (text.group(1).equals("-")) {
            digits = digits.negate();
        }
        String exponentDigits = text.group(5) == null ? "0" : text.group(5);
        if (exponentDigits.length() > 8) {
            return null;
        }
        int exponent = Integer.parseInt(exponentDigits);
        exponent = "-".equals(text.group(4)) ? -exponent : exponent;
        BigDecimal exact = new BigDecimal(digits, fraction.length() - exponent);
        int magnitude = exact.precision() - exact.scale() - 1;
        if (magnitude > MAX_DECIMAL_EXPONENT || magnitude < MIN_DECIMAL_EXPONENT) {
            return null;
        }
        BigDecimal rounded = rounded(exact);
        return rounded == null || rounded.signum() == 0 ? null : new LongDouble(rounded);
    }

    public boolean isFinite() {
        return value != null;
    }

    /** The sum; it is refused where there is none, as Redis does. */
    public LongDouble plus(LongDouble other) {
        BigDecimal sum = value == null || other.value == null ? null : rounded(value.add(other.value));
        if (sum == null) {
            throw new Refusal(CommandError.NAN_OR_INFINITY);
        }
        return new LongDouble(sum);
    }

    /** The digits, without exponent, at most 17 of them after the point. */
    public String text() {
        BigDecimal shown = value.setScale(SHOWN_DECIMALS, RoundingMode.HALF_EVEN);
        return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }

    /** The nearest number of 64 significant bits, fewer near zero; null if it is too large. */
    private static BigDecimal rounded(BigDecimal exact) {
        int scale = Math.max(0, exact.scale());
        BigInteger numerator = exact.scaleByPowerOfTen(scale).toBigInteger();
        BigInteger denominator = BigInteger.TEN.pow(scale);
        // The exponent of the last bit that is kept, or one less.
        int guess = numerator.abs().bitLength() - denominator.bitLength() - PRECISION;
        int exponent = Math.max(LEAST_EXPONENT, guess);
        BigInteger bits = inUnits(exact, exponent);
        if (bits.bitLength() > PRECISION) {
            bits = inUnits(exact, ++exponent);
        }
        if (bits.bitLength() + exponent > EXPONENT_END) {
            return null;
        }
        BigDecimal mantissa = new BigDecimal(bits);
        return exponent < 0 ? mantissa.divide(powerOfTwo(-exponent)) : mantissa.multiply(powerOfTwo(exponent));
    }

    /** The number divided by a power of two, as the nearest integer. */
    private static BigInteger inUnits(BigDecimal number, int exponent) {
        BigDecimal units = exponent > 0
                ? number.divide(powerOfTwo(exponent), 0, RoundingMode.HALF_EVEN)
                : number.multiply(powerOfTwo(-exponent)).setScale(0, RoundingMode.HALF_EVEN);
        return units.toBigInteger();
    }

    private static BigDecimal powerOfTwo(int exponent) {
        return new BigDecimal(BigInteger.ONE.shiftLeft(exponent));
    }
}
