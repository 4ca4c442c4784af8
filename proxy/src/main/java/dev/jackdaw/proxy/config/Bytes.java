package dev.jackdaw.proxy.config;

import java.util.Locale;

/** Shared and stateless: amounts of memory as redis.conf writes them: 100, 64mb, 1g. */
public final class Bytes {
    private Bytes() {}

    public static long parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
            digits++;
        }
        long unit = switch (lower.substring(digits)) {
            case "", "b" -> 1;
            case "k" -> 1000;
            case "kb" -> 1 << 10;
            case "m" -> 1_000_000;
            case "mb" -> 1 << 20;
            case "g" -> 1_000_000_000;
            case "gb" -> 1 << 30;
            default -> throw new IllegalArgumentException("not an amount of memory: " + text);
        };
        if (digits == 0) {
            throw new IllegalArgumentException("not an amount of memory: " + text);
        }
        return Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
    }
}
