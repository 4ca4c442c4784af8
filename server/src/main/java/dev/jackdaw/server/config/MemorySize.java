package dev.jackdaw.server.config;

import java.util.Locale;

/** Shared and stateless: numbers of bytes as redis.conf writes them: {@code 1k} is 1000 bytes and {@code 1kb} is 1024. */
final class MemorySize {
    private MemorySize() {}

    static long parse(String text) {
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
            default -> throw notASize();
        };
        try {
            return digits == 0 ? 0 : Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit);
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            throw notASize();
        }
    }

    private static ConfigException notASize() {
        return new ConfigException("argument must be a memory value");
    }
}
