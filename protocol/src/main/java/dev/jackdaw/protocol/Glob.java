package dev.jackdaw.protocol;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one event loop: Redis's patterns, as in KEYS and PSUBSCRIBE: {@code *}, {@code ?}, <code>[a-z]</code>, <code>[^a]</code>
 * and backslash. One object serves one pattern after the other ({@link #at}), which may be gone when texts are matched.
 *
 * <pre>
 *   head  *  piece  *  piece  *  tail         each of tokens that match one byte
 * </pre>
 *
 * Head and tail have one place in the text where they may match; each piece takes the first one behind the piece before it. Such a
 * search costs little, but for pieces and texts made for it. For these there is a {@link Sieve}, which looks at 64 tokens at once.
 */
public final class Glob {
    /** Tokens above those for the bytes themselves. The others are numbers of classes. */
    private static final int ANY = 256;

    private static final int STAR = 257;
    private static final int FIRST_CLASS = 258;

    private static final int WORDS_PER_CLASS = 4;
    private static final int FIRST_TOKENS = 32;
    /** Patterns with more tokens leave nothing behind. */
    private static final int KEPT_TOKENS = 1024;

    /** Tokens that a search may match in vain for each place that it looks at, before the sieve takes over. */
    private static final int PATIENCE = 8;

    private static final long[] NO_CLASSES = {};

    private int[] tokens = new int[FIRST_TOKENS];
    private int count;
    /** The last star, or -1. */
    private int lastStar;

    /** Which bytes are in a class, one bit for each. */
    private long[] classes = NO_CLASSES;

    private int classCount;

    private boolean ignoreCase;
    private boolean isEmpty;
    private boolean isStar;
    private Sieve sieve;

    /** Turns to a pattern. */
    public Glob at(long pattern, int length, boolean newIgnoreCase) {
        isEmpty = length == 0;
        isStar = length == 1 && Raw.getByte(pattern) == '*';
        ignoreCase = newIgnoreCase;
        count = 0;
        lastStar = -1;
        classCount = 0;
        if (tokens.length < length || tokens.length > KEPT_TOKENS) {
            tokens = new int[Math.max(FIRST_TOKENS, length)];
            classes = NO_CLASSES;
            sieve = null;
        }
        long end = pattern + length;
        for (long at = pattern; at < end; ) {
            int letter = Raw.getUnsignedByte(at++);
            switch (letter) {
                case '*' -> addStar();
                case '?' -> tokens[count++] = ANY;
                case '[' -> at = addClass(at, end);
                case '\\' -> tokens[count++] = lower(at < end ? Raw.getUnsignedByte(at++) : letter);
                default -> tokens[count++] = lower(letter);
            }
        }
        return this;
    }

    private void addStar() {
        if (lastStar < 0 || lastStar != count - 1) {
            lastStar = count;
            tokens[count++] = STAR;
        }
    }

    /** Reads a class, which ends with the pattern if it is not closed; returns where it ends. */
    private long addClass(long from, long end) {
        int first = WORDS_PER_CLASS * classCount;
        if (first == classes.length) {
            classes = Arrays.copyOf(classes, Math.max(WORDS_PER_CLASS, 2 * first));
        }
        Arrays.fill(classes, first, first + WORDS_PER_CLASS, 0);
        tokens[count++] = FIRST_CLASS + classCount++;

        boolean negated = from < end && Raw.getByte(from) == '^';
        long at = negated ? from + 1 : from;
        while (at < end && Raw.getByte(at) != ']') {
            if (Raw.getByte(at) == '\\' && at + 1 < end) {
                include(first, Raw.getUnsignedByte(at + 1));
                at += 2;
            } else if (at + 2 < end && Raw.getByte(at + 1) == '-') {
                includeRange(first, Raw.getByte(at), Raw.getByte(at + 2));
                at += 3;
            } else {
                includeRange(first, Raw.getByte(at), Raw.getByte(at));
                at++;
            }
        }
        if (negated) {
            for (int i = first; i < first + WORDS_PER_CLASS; i++) {
                classes[i] = ~classes[i];
            }
        }
        return Math.min(at + 1, end);
    }

    /** The bytes of a range are signed, as they are in Redis. */
    private void includeRange(int first, byte a, byte b) {
        int low = lower(Math.min(a, b));
        int high = lower(Math.max(a, b));
        for (int letter = low; letter <= high; letter++) {
            include(first, letter & 0xff);
            if (ignoreCase && letter >= 'a' && letter <= 'z') {
                include(first, letter - 'a' + 'A');
            }
        }
    }

    private void include(int first, int letter) {
        classes[first + (letter >> 6)] |= 1L << letter;
    }

    private int lower(int letter) {
        return ignoreCase && letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
    }

    /**
     * Whether the pattern matches the whole text. An empty text matches the empty pattern and a single star, nothing else; and
     * nothing is matched that would take a tenth of a second to find.
     */
    public boolean matches(long text, int length) {
        if (isStar || length == 0) {
            return isStar || isEmpty;
        }
        if (lastStar < 0) {
            return length == count && matchesHere(0, count, text);
        }
        int tail = count - lastStar - 1;
        long end = text + length - tail;
        int head = headLength(text, end);
        return head >= 0 && matchesHere(lastStar + 1, count, end) && matchesPieces(head, text + head, end);
    }

    /** How many tokens there are before the first star, or -1 if they do not match. */
    private int headLength(long text, long end) {
        int head = 0;
        while (tokens[head] != STAR) {
            if (text + head >= end || !accepts(tokens[head], Raw.getUnsignedByte(text + head))) {
                return -1;
            }
            head++;
        }
        return text + head <= end ? head : -1;
    }

    private boolean matchesHere(int from, int to, long text) {
        for (int i = from; i < to; i++) {
            if (!accepts(tokens[i], Raw.getUnsignedByte(text + i - from))) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesPieces(int firstStar, long text, long end) {
        long at = text;
        long work = 0;
        for (int star = firstStar; star < lastStar; ) {
            int piece = star + 1;
            star = piece;
            while (tokens[star] != STAR) {
                star++;
            }
            int size = star - piece;
            long last = end - size;
            long from = at;
            long vain = 0;
            int matched = 0;
            while (at <= last && (matched = matched(piece, size, at)) < size && vain <= PATIENCE * (at - from + size)) {
                vain += matched;
                at++;
            }
            if (at <= last && matched < size) {
                sieve = sieve == null ? new Sieve() : sieve;
                at = sieve.search(piece, size, at, last, work);
                work = sieve.work;
            }
            if (at > last) {
                return false;
            }
            at += size;
        }
        return true;
    }

    private int matched(int piece, int size, long text) {
        int i = 0;
        while (i < size && accepts(tokens[piece + i], Raw.getUnsignedByte(text + i))) {
            i++;
        }
        return i;
    }

    private boolean accepts(int token, int letter) {
        return token == letter
                || token == ANY
                || (token >= FIRST_CLASS ? isInClass(token, letter) : ignoreCase && token == lower(letter));
    }

    private boolean isInClass(int token, int letter) {
        return (classes[WORDS_PER_CLASS * (token - FIRST_CLASS) + (letter >> 6)] >>> letter & 1) != 0;
    }

    /**
     * Owned by its pattern: the search for a piece that is slow to find, in windows of the text. Every place begins as a
     * candidate, one bit; then those stay at which the next 64 tokens match too, found for all in one pass over the window.
     */
    private final class Sieve {
        private static final int WINDOW = 1 << 16;
        private static final int WIDTH = Long.SIZE;
        /** Steps of passes, some nanoseconds each, after which a search is given up. */
        private static final long MOST_WORK = 1L << 26;

        /** The steps that it takes to prepare a token for a pass. */
        private static final int PREPARING = 32;

        private final long[] candidates = new long[WINDOW / WIDTH];
        /** For each byte the tokens of the pass that accept it. */
        private final long[] accepting = new long[256];

        private long work;

        /** Returns the first place from {@code from} to {@code last} where the piece matches, or one beyond. */
        long search(int piece, int size, long from, long last, long workBefore) {
            work = workBefore;
            for (long window = from; window <= last; window += WINDOW) {
                int places = (int) Math.min(WINDOW, last - window + 1);
                Arrays.fill(candidates, 0, (places + WIDTH - 1) / WIDTH, -1);
                boolean any = true;
                for (int done = 0; any && done < size; done += WIDTH) {
                    int width = Math.min(WIDTH, size - done);
                    work += places + PREPARING * width;
                    if (work > MOST_WORK) {
                        return last + 1;
                    }
                    prepare(piece + done, width);
                    any = pass(window + done, places, width);
                }
                if (any) {
                    return window + firstCandidate();
                }
            }
            return last + 1;
        }

        private void prepare(int from, int width) {
            Arrays.fill(accepting, 0);
            for (int i = 0; i < width; i++) {
                int token = tokens[from + i];
                if (token < ANY && !ignoreCase) {
                    accepting[token] |= 1L << i;
                } else {
                    for (int letter = 0; letter < accepting.length; letter++) {
                        accepting[letter] |= accepts(token, letter) ? 1L << i : 0;
                    }
                }
            }
        }

        /** Keeps the candidates at which the tokens of this pass match the text, which begins here; returns whether any is left. */
        private boolean pass(long text, int places, int width) {
            long matching = 0;
            long in = 0;
            long out = 0;
            long any = 0;
            int steps = places + width - 1;
            for (int i = 0; i < steps; i++) {
                in = (i & 63) != 0 ? in >>> 1 : i < places ? candidates[i >> 6] : 0;
                matching = (matching << 1 | in & 1) & accepting[Raw.getUnsignedByte(text + i)];
                out = out >>> 1 | matching >>> (width - 1) << 63;
                int place = i - width + 1;
                if ((place & 63) == 63 && place >= 0) {
                    candidates[place >> 6] = out;
                    any |= out;
                }
            }
            if ((places & 63) != 0) {
                out >>>= WIDTH - (places & 63);
                candidates[places >> 6] = out;
                any |= out;
            }
            return any != 0;
        }

        private int firstCandidate() {
            int word = 0;
            while (candidates[word] == 0) {
                word++;
            }
            return WIDTH * word + Long.numberOfTrailingZeros(candidates[word]);
        }
    }
}
