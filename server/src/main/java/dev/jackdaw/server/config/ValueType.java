package dev.jackdaw.server.config;

import dev.jackdaw.protocol.MemorySize;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Immutable: how the value of a directive is written and checked. A value is kept as the text that CONFIG GET shows; those
 * that are numbers, or choices among few, are also kept as a number.
 */
sealed interface ValueType {
    ValueType YES_NO = new YesNo();
    ValueType TEXT = new Text();
    ValueType WORDS = new Words();

    /**
     * The text of the value that {@code words} stand for.
     *
     * @throws ConfigException with the reason, in Redis's words, why they stand for none
     */
    String parse(List<String> words);

    /** The number of a text that {@link #parse} returned; zero where it has none. */
    default long number(String text) {
        return 0;
    }

    /** Whether the value consists of several words, which CONFIG SET has in one argument. */
    default boolean takesManyWords() {
        return false;
    }

    /** The text after {@code words} have been set; a directive that adds to what there is differs here. */
    default String change(String current, List<String> words) {
        return parse(words);
    }

    /** The text after one line of a file more. */
    default String add(String current, List<String> words) {
        return change(current, words);
    }

    private static String only(List<String> words) {
        if (words.size() != 1) {
            throw new ConfigException("wrong number of arguments");
        }
        return words.getFirst();
    }

    private static String inRange(long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigException("argument must be between " + least + " and " + most + " inclusive");
        }
        return Long.toString(value);
    }

    /** Immutable: an integer. */
    record Whole(long least, long most) implements ValueType {
        @Override
        public String parse(List<String> words) {
            String word = only(words);
            long value;
            try {
                value = Long.parseLong(word);
            } catch (NumberFormatException wrong) {
                value = 0;
            }
            if (!word.equals(Long.toString(value))) {
                throw new ConfigException("argument couldn't be parsed into an integer");
            }
            return inRange(value, least, most);
        }

        @Override
        public long number(String text) {
            return Long.parseLong(text);
        }
    }

    /** Immutable: a whole number from 0 on in octal digits. */
    record Octal(long most) implements ValueType {
        private static final int RADIX = 8;

        @Override
        public String parse(List<String> words) {
            try {
                long value = Long.parseLong(only(words), RADIX);
                if (value < 0 || value > most) {
                    throw new ConfigException(
                            "argument must be between 0 and " + Long.toOctalString(most) + " inclusive");
                }
                return Long.toOctalString(value);
            } catch (NumberFormatException wrong) {
                throw new ConfigException("argument couldn't be parsed as an octal number");
            }
        }

        @Override
        public long number(String text) {
            return Long.parseLong(text, RADIX);
        }
    }

    /** Immutable: a number of bytes, with or without a unit. */
    record Bytes(long least, long most) implements ValueType {
        @Override
        public String parse(List<String> words) {
            try {
                return inRange(MemorySize.parse(only(words)), least, most);
            } catch (IllegalArgumentException wrong) {
                throw new ConfigException("argument must be a memory value");
            }
        }

        @Override
        public long number(String text) {
            return Long.parseLong(text);
        }
    }

    /** Immutable: a number of bytes, or with a percent sign a share of maxmemory, which as a number is negative. */
    record BytesOrPercent() implements ValueType {
        @Override
        public String parse(List<String> words) {
            String word = only(words);
            if (!word.matches("[0-9]{1,9}%")) {
                return Long.toString(bytes(word));
            }
            int percent = Integer.parseInt(word.substring(0, word.length() - 1));
            if (percent > 100) {
                throw new ConfigException("percentage argument must be less or equal to 100");
            }
            return percent == 0 ? "0" : percent + "%";
        }

        private static long bytes(String word) {
            try {
                return MemorySize.parse(word);
            } catch (IllegalArgumentException wrong) {
                throw new ConfigException("argument must be a memory or percent value");
            }
        }

        @Override
        public long number(String text) {
            return text.endsWith("%") ? -Long.parseLong(text.substring(0, text.length() - 1)) : Long.parseLong(text);
        }
    }

    /** Immutable: yes or no, as a number 1 or 0. */
    record YesNo() implements ValueType {
        @Override
        public String parse(List<String> words) {
            String word = only(words).toLowerCase(Locale.ROOT);
            if (!word.equals("yes") && !word.equals("no")) {
                throw new ConfigException("argument must be 'yes' or 'no'");
            }
            return word;
        }

        @Override
        public long number(String text) {
            return text.equals("yes") ? 1 : 0;
        }
    }

    /** Immutable: one of some words, and of some more that newer versions of Redis have, which refusals do not list. */
    record Choice(List<String> choices, List<String> newer) implements ValueType {
        static Choice of(String... choices) {
            return new Choice(List.of(choices), List.of());
        }

        Choice and(String... newerChoices) {
            return new Choice(choices, List.of(newerChoices));
        }

        @Override
        public String parse(List<String> words) {
            String word = only(words).toLowerCase(Locale.ROOT);
            if (!choices.contains(word) && !newer.contains(word)) {
                throw new ConfigException("argument(s) must be one of the following: " + String.join(", ", choices));
            }
            return word;
        }

        @Override
        public long number(String text) {
            return choices.indexOf(text);
        }
    }

    /** Immutable: any one word. */
    record Text() implements ValueType {
        @Override
        public String parse(List<String> words) {
            return only(words);
        }
    }

    /** Immutable: the events that keyspace notifications tell of, a letter for each class; A stands for the usual ones. */
    record EventClasses() implements ValueType {
        private static final String USUAL = "g$lshzxetd";
        private static final String OTHERS = "KEmn";

        @Override
        public String parse(List<String> words) {
            String word = only(words);
            if (!word.chars().allMatch(letter -> ("A" + USUAL + OTHERS).indexOf(letter) >= 0)) {
                throw new ConfigException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
            }
            String usual = word.indexOf('A') >= 0 ? USUAL : chosen(word, USUAL);
            return (usual.equals(USUAL) ? "A" : usual) + chosen(word, OTHERS);
        }

        private static String chosen(String word, String letters) {
            return letters.chars()
                    .filter(letter -> word.indexOf(letter) >= 0)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());
        }
    }

    /** Immutable: any number of percentages. */
    record Percentiles() implements ValueType {
        @Override
        public String parse(List<String> words) {
            return words.stream().map(Percentiles::percentile).collect(Collectors.joining(" "));
        }

        private static String percentile(String word) {
            if (!word.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
                throw new ConfigException("Invalid latency-tracking-info-percentiles parameters");
            }
            if (Double.parseDouble(word) > 100) {
                throw new ConfigException(
                        "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
            }
            return word.indexOf('.') < 0 ? word : word.replaceFirst("\\.?0*$", "");
        }

        @Override
        public boolean takesManyWords() {
            return true;
        }
    }

    /** Immutable: what SHUTDOWN may be told; {@code default} stands for nothing. */
    record ShutdownOptions() implements ValueType {
        private static final String NONE = "default";
        private static final List<String> OPTIONS = List.of("save", "nosave", "now", "force");

        @Override
        public String parse(List<String> words) {
            List<String> given =
                    words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
            if (given.isEmpty() || !given.stream().allMatch(word -> word.equals(NONE) || OPTIONS.contains(word))) {
                throw new ConfigException(
                        "argument(s) must be one of the following: " + NONE + ", " + String.join(", ", OPTIONS));
            }
            if (given.contains("save") && given.contains("nosave")) {
                throw new ConfigException("shutdown options SAVE and NOSAVE can't be used simultaneously");
            }
            List<String> options = OPTIONS.stream().filter(given::contains).toList();
            return options.isEmpty() ? NONE : String.join(" ", options);
        }

        @Override
        public boolean takesManyWords() {
            return true;
        }
    }

    /** Immutable: any number of words. */
    record Words() implements ValueType {
        @Override
        public String parse(List<String> words) {
            return String.join(" ", words).strip();
        }

        @Override
        public boolean takesManyWords() {
            return true;
        }
    }

    /** Immutable: lines of words, each line of a file one more; words end with NUL here, and lines with a line feed after it. */
    record Lines() implements ValueType {
        @Override
        public String parse(List<String> words) {
            return words.equals(List.of("")) ? "" : String.join("\0", words) + "\0\n";
        }

        @Override
        public boolean takesManyWords() {
            return true;
        }

        @Override
        public String add(String current, List<String> words) {
            return current + parse(words);
        }

        static List<List<String>> split(String text) {
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split("\0\n", -1))
                            .filter(line -> !line.isEmpty())
                            .map(line -> List.of(line.split("\0", -1)))
                            .toList();
        }
    }

    /** Immutable: pairs of seconds and changes; a line of a file adds to those before it. */
    record SavePoints() implements ValueType {
        @Override
        public String parse(List<String> words) {
            if (words.isEmpty() || words.equals(List.of(""))) {
                return "";
            }
            if (words.size() % 2 != 0 || !words.stream().allMatch(word -> word.matches("[0-9]{1,9}"))) {
                throw new ConfigException("Invalid save parameters");
            }
            return String.join(" ", words);
        }

        @Override
        public String add(String current, List<String> words) {
            String more = parse(words);
            return more.isEmpty() ? "" : (current + " " + more).strip();
        }

        @Override
        public boolean takesManyWords() {
            return true;
        }
    }

    /** Immutable: the limits of each class of clients; a class that is not mentioned keeps its own. */
    record OutputLimits() implements ValueType {
        private static final int WORDS_OF_A_CLASS = 4;

        @Override
        public String parse(List<String> words) {
            return change("", words);
        }

        @Override
        public boolean takesManyWords() {
            return true;
        }

        @Override
        public String change(String current, List<String> words) {
            if (words.isEmpty() || words.size() % WORDS_OF_A_CLASS != 0) {
                throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
            }
            OutputLimit[] limits = OutputLimit.all(current);
            for (int i = 0; i < words.size(); i += WORDS_OF_A_CLASS) {
                ClientClass owner = ClientClass.named(words.get(i));
                if (owner == null) {
                    throw new ConfigException("Invalid client class specified in buffer limit configuration.");
                }
                limits[owner.ordinal()] = limit(words.subList(i + 1, i + WORDS_OF_A_CLASS));
            }
            return String.join(
                    " ",
                    Arrays.stream(ClientClass.values())
                            .map(each -> each.wireName() + " " + limits[each.ordinal()])
                            .toList());
        }

        private static OutputLimit limit(List<String> words) {
            try {
                return new OutputLimit(
                        MemorySize.parse(words.get(0)),
                        MemorySize.parse(words.get(1)),
                        Integer.parseUnsignedInt(words.get(2)));
            } catch (IllegalArgumentException wrong) {
                throw new ConfigException("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
            }
        }
    }
}
