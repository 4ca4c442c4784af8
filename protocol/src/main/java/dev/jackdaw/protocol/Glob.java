package dev.jackdaw.protocol;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: Redis's patterns, as in KEYS and PSUBSCRIBE: {@code *}, {@code ?}, <code>[a-z]</code>, <code>[^a]</code> and
 * backslash. Takes at most pattern times text steps, whatever the pattern: after a mismatch only the last star tries again.
 */
public final class Glob {
    private Glob() {}

    /** Whether the pattern matches the whole text. An empty text matches the empty pattern and a single star, nothing else. */
    public static boolean matches(long pattern, int patternLength, long text, int textLength, boolean ignoreCase) {
        if (patternLength == 1 && Raw.getByte(pattern) == '*') {
            return true;
        }
        if (textLength == 0) {
            return patternLength == 0;
        }
        long patternEnd = pattern + patternLength;
        long textEnd = text + textLength;
        long afterStar = 0;
        long retryAt = 0;
        long p = pattern;
        long t = text;
        while (t < textEnd) {
            if (p < patternEnd && Raw.getByte(p) == '*') {
                afterStar = ++p;
                retryAt = t;
            } else if (p < patternEnd && matchesOne(p, patternEnd, Raw.getByte(t), ignoreCase)) {
                p = afterOne(p, patternEnd);
                t++;
            } else if (afterStar != 0) {
                p = afterStar;
                t = ++retryAt;
            } else {
                return false;
            }
        }
        while (p < patternEnd && Raw.getByte(p) == '*') {
            p++;
        }
        return p == patternEnd;
    }

    private static boolean matchesOne(long p, long end, byte letter, boolean ignoreCase) {
        return switch (Raw.getByte(p)) {
            case '?' -> true;
            case '[' -> classMatches(p + 1, end, letter, ignoreCase);
            case '\\' -> same(Raw.getByte(p + 1 < end ? p + 1 : p), letter, ignoreCase);
            default -> same(Raw.getByte(p), letter, ignoreCase);
        };
    }

    private static long afterOne(long p, long end) {
        return switch (Raw.getByte(p)) {
            case '[' -> afterClass(p + 1, end);
            case '\\' -> p + 1 < end ? p + 2 : p + 1;
            default -> p + 1;
        };
    }

    /** A class that is not closed ends with the pattern. */
    private static boolean classMatches(long p, long end, byte letter, boolean ignoreCase) {
        boolean negated = p < end && Raw.getByte(p) == '^';
        boolean found = false;
        for (long at = negated ? p + 1 : p; at < end && Raw.getByte(at) != ']'; at = afterMember(at, end)) {
            byte first = Raw.getByte(at);
            if (first == '\\' && at + 1 < end) {
                found |= Raw.getByte(at + 1) == letter;
            } else if (isRange(at, end)) {
                found |= inRange(first, Raw.getByte(at + 2), letter, ignoreCase);
            } else {
                found |= same(first, letter, ignoreCase);
            }
        }
        return found != negated;
    }

    private static long afterClass(long p, long end) {
        long at = p < end && Raw.getByte(p) == '^' ? p + 1 : p;
        while (at < end && Raw.getByte(at) != ']') {
            at = afterMember(at, end);
        }
        return at < end ? at + 1 : end;
    }

    private static long afterMember(long at, long end) {
        if (Raw.getByte(at) == '\\' && at + 1 < end) {
            return at + 2;
        }
        return isRange(at, end) ? at + 3 : at + 1;
    }

    private static boolean isRange(long at, long end) {
        return at + 2 < end && Raw.getByte(at + 1) == '-';
    }

    private static boolean inRange(byte first, byte last, byte letter, boolean ignoreCase) {
        int low = lower(Math.min(first, last), ignoreCase);
        int high = lower(Math.max(first, last), ignoreCase);
        int at = lower(letter, ignoreCase);
        return at >= low && at <= high;
    }

    private static boolean same(byte a, byte b, boolean ignoreCase) {
        return lower(a, ignoreCase) == lower(b, ignoreCase);
    }

    private static int lower(int letter, boolean ignoreCase) {
        return ignoreCase && letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }
}
