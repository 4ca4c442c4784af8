package dev.jackdaw.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Immutable: a command whose arguments may have holes, written as a line of text such as {@code SET key:{n} {value}}.
 *
 * <ul>
 *   <li><code>{n}</code>: twelve digits, the next of the load's {@link Numbers}, so that {@code key:{n}} has 16 bytes;
 *       <code>{n:6}</code>: the same in six digits;
 *   <li><code>{10000-65535}</code>: a random integer of that range, whose ends have the same number of digits;
 *   <li><code>{value}</code>, <code>{value:100}</code>, <code>{value:16-64}</code>: 32 letters, 100, or a number of them
 *       drawn once for each command of a batch.
 * </ul>
 *
 * A batch of them is encoded once; sending it again only writes new digits into the holes.
 */
public final class Template {
    static final int VALUE_BYTES = 32;

    private static final int NUMBER_DIGITS = 12;
    private static final int WRITTEN_DIGITS = 8;
    private static final int NEXT_NUMBER = 0;
    private static final Pattern HOLE = Pattern.compile(
            "\\{(?:(?<n>n)(?::(?<width>\\d+))?|(?<low>\\d+)-(?<high>\\d+)|value(?::(?<least>\\d+)(?:-(?<most>\\d+))?)?)}");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    public static Template of(String text) {
        return new Template(text);
    }

    /** A batch of {@code commands} of these, ready to be filled in and sent. */
    Batch batch(int commands, long seed) {
        Encoder encoder = new Encoder(new SplittableRandom(seed));
        for (int i = 0; i < commands; i++) {
            encoder.command(text.split(" "));
        }
        return encoder.batch();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Template that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Owned by one connection: encoded commands and the places of their holes. */
    static final class Batch {
        private final ByteBuffer bytes;
        private final Hole[] ranges;
        private final int[] numbers;

        private Batch(ByteBuffer bytes, int[] numbers, Hole[] ranges) {
            this.bytes = bytes;
            this.numbers = numbers;
            this.ranges = ranges;
        }

        /** The encoded batch with new digits in its holes. The buffer is the same each time. */
        ByteBuffer fill(Numbers source) {
            for (int index : numbers) {
                Digits.putEight(bytes, index, source.next());
            }
            for (Hole hole : ranges) {
                long number = hole.range == NEXT_NUMBER ? source.next() : hole.low + source.below(hole.range);
                Digits.put(bytes, hole.index, hole.width, number);
            }
            return bytes.clear();
        }
    }

    private record Hole(int index, int width, long low, long range) {}

    private static final class Encoder {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> numbers = new ArrayList<>();
        private final List<Hole> ranges = new ArrayList<>();
        private final SplittableRandom lengths;

        Encoder(SplittableRandom lengths) {
            this.lengths = lengths;
        }

        void command(String[] arguments) {
            append("*" + arguments.length + "\r\n");
            for (String argument : arguments) {
                argument(argument);
            }
        }

        private void argument(String argument) {
            StringBuilder filled = new StringBuilder();
            List<Integer> numbersAt = new ArrayList<>();
            List<Hole> rangesAt = new ArrayList<>();
            Matcher hole = HOLE.matcher(argument);
            while (hole.find()) {
                hole.appendReplacement(filled, "");
                if (hole.group("width") != null) {
                    int width = Integer.parseInt(hole.group("width"));
                    rangesAt.add(new Hole(filled.length(), width, 0, NEXT_NUMBER));
                    filled.repeat('0', width);
                } else if (hole.group("n") != null) {
                    filled.repeat('0', NUMBER_DIGITS);
                    numbersAt.add(filled.length() - WRITTEN_DIGITS);
                } else if (hole.group("low") != null) {
                    rangesAt.add(range(filled.length(), hole.group("low"), hole.group("high")));
                    filled.append(hole.group("low"));
                } else {
                    filled.repeat('x', valueLength(hole.group("least"), hole.group("most")));
                }
            }
            hole.appendTail(filled);
            append("$" + filled.length() + "\r\n");
            int start = bytes.size();
            numbersAt.forEach(at -> numbers.add(start + at));
            rangesAt.forEach(at -> ranges.add(new Hole(start + at.index, at.width, at.low, at.range)));
            append(filled + "\r\n");
        }

        private static Hole range(int index, String low, String high) {
            long range = Long.parseLong(high) - Long.parseLong(low) + 1;
            if (low.length() != high.length() || range < 1 || range > Digits.MAX) {
                throw new IllegalArgumentException("not a range of numbers of one width: " + low + "-" + high);
            }
            return new Hole(index, low.length(), Long.parseLong(low), range);
        }

        private int valueLength(String least, String most) {
            if (least == null) {
                return VALUE_BYTES;
            }
            int from = Integer.parseInt(least);
            return most == null ? from : lengths.nextInt(from, Integer.parseInt(most) + 1);
        }

        private void append(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Batch batch() {
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.size()).order(ByteOrder.LITTLE_ENDIAN);
            direct.put(bytes.toByteArray());
            return new Batch(
                    direct, numbers.stream().mapToInt(Integer::intValue).toArray(), ranges.toArray(Hole[]::new));
        }
    }
}
