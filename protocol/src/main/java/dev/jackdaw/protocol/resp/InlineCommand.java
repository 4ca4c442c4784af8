package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: splits a line that somebody typed into arguments.
 *
 * <p>Blanks separate. Double quotes keep blanks and know {@code \n \r \t \b \a}, {@code \x} with two hexadecimal digits, and
 * {@code \} before any other character for that character; single quotes know only {@code \'}. A quote may open within a word,
 * but must be closed before a blank or the end.
 */
final class InlineCommand {
    private InlineCommand() {}

    /** Adds the arguments of the line to {@code into}; false if a quote is left open or closed within a word. */
    static boolean split(long line, int length, Request into) {
        long out = into.line(length);
        int written = 0;
        int at = 0;
        while (true) {
            while (at < length && isBlank(Raw.getByte(line + at))) {
                at++;
            }
            if (at == length) {
                return true;
            }
            int first = written;
            int quote = 0;
            for (; at < length; at++) {
                int letter = Raw.getByte(line + at);
                if (quote == 0) {
                    if (isSeparator(letter)) {
                        break;
                    }
                    if (letter == '"' || letter == '\'') {
                        quote = letter;
                        continue;
                    }
                } else if (letter == quote) {
                    quote = 0;
                    at++;
                    if (at < length && !isBlank(Raw.getByte(line + at))) {
                        return false;
                    }
                    break;
                } else if (letter == '\\' && at + 1 < length) {
                    int escaped = Raw.getByte(line + at + 1);
                    if (quote == '"' && escaped == 'x' && at + 3 < length && hex(line + at + 2) >= 0) {
                        letter = hex(line + at + 2);
                        at += 3;
                    } else if (quote == '"' || escaped == '\'') {
                        letter = quote == '"' ? unescaped(escaped) : escaped;
                        at++;
                    }
                }
                Raw.putByte(out + written++, letter);
            }
            if (quote != 0) {
                return false;
            }
            into.add(first, written - first);
        }
    }

    private static boolean isBlank(int letter) {
        return letter == ' ' || (letter >= '\t' && letter <= '\r');
    }

    /** Within a word, a vertical tab or form feed is a letter. */
    private static boolean isSeparator(int letter) {
        return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
    }

    /** The byte that two hexadecimal digits give, or a negative number. */
    private static int hex(long address) {
        int high = Character.digit(Raw.getUnsignedByte(address), 16);
        int low = Character.digit(Raw.getUnsignedByte(address + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int unescaped(int letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> letter;
        };
    }
}
