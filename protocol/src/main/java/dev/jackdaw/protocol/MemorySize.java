package dev.jackdaw.protocol;

import java.util.Locale;

/** Shared and stateless: numbers of bytes as redis.conf writes them: {@code 1k} is 1000 bytes and {@code 1kb} is 1024. */
public final class MemorySize {
    private MemorySize() {}

    /**
     * As Redis reads it: a unit without a number is none of it.
     *
     * @throws IllegalArgumentException if it is no such number, or too large a one
     */
    public static long parse(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        long unit = switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "k" -> 1_000;
            case "kb" -> 1 << 10;
            case "m" -> 1_000_000;
            case "mb" -> 1 << 20;
            case "g" -> 1_000_000_000;
            case "gb" -> 1 << 30;
            default -> throw notASize(text);
        };
        try {
            return digits == 0 ? 0 : Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit);
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            throw notASize(text);
        }
    }

    private static IllegalArgumentException notASize(String text) {
        return new IllegalArgumentException("not a number of bytes: " + text);
    }
}
