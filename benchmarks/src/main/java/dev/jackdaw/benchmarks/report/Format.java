package dev.jackdaw.benchmarks.report;

import java.util.Locale;

/** Shared and stateless: numbers as the tables print them, and sizes as the command line takes them. */
public final class Format {
    private Format() {}

    /** With as many decimals as leave three digits. */
    public static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    public static String integer(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    public static String ratio(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    public static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / (1 << 20));
    }

    /** A number of bytes as redis.conf writes it: {@code 100}, {@code 64kb}, {@code 1gb}, or {@code k} for thousands. */
    public static long bytes(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String unit = lower.replaceFirst("^\\d+", "");
        long factor = switch (unit) {
            case "", "b" -> 1;
            case "k" -> 1000;
            case "kb" -> 1 << 10;
            case "m" -> 1_000_000;
            case "mb" -> 1 << 20;
            case "g" -> 1_000_000_000;
            case "gb" -> 1 << 30;
            default -> throw new IllegalArgumentException("not a number of bytes: " + text);
        };
        String digits = lower.substring(0, lower.length() - unit.length());
        if (digits.isEmpty()) {
            throw new IllegalArgumentException("not a number of bytes: " + text);
        }
        return Math.multiplyExact(Long.parseLong(digits), factor);
    }
}
