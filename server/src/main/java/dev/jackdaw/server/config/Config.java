package dev.jackdaw.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Owned by the node's event loop: the settings in force, one value for each {@link Directive}. Whoever must act on a change
 * follows; nobody is asked, since a value that is here is one that can be had. Texts have one character a byte, as those of
 * requests.
 */
public final class Config {
    /** A directive and a value for it, as one argument. */
    public record Assignment(String name, String value) {}

    /** Immutable: why CONFIG SET did nothing. */
    public static final class Rejection extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String name;

        private Rejection(String name, String reason) {
            super(reason, null, false, false);
            this.name = name;
        }

        /** The directive as the client named it. */
        public String name() {
            return name;
        }

        /** The reason in Redis's words; null if there is no such directive. */
        public String reason() {
            return getMessage();
        }
    }

    private final Map<Directive, String> texts = new EnumMap<>(Directive.class);
    private final long[] numbers = new long[Directive.values().length];
    private final Map<Directive, Trial> trials = new EnumMap<>(Directive.class);
    private final Map<Directive, List<LongConsumer>> followers = new EnumMap<>(Directive.class);
    private OutputLimit[] outputLimits;
    private Path file;

    /** The defaults. */
    public Config() {
        for (Directive directive : Directive.values()) {
            put(directive, directive.initial());
        }
    }

    private void put(Directive directive, String text) {
        texts.put(directive, text);
        numbers[directive.ordinal()] = directive.type().number(text);
        if (directive == Directive.CLIENT_OUTPUT_BUFFER_LIMIT) {
            outputLimits = OutputLimit.all(text);
        }
    }

    // --- Reading ---

    /** The value as CONFIG GET shows it. */
    public String text(Directive directive) {
        return texts.get(directive);
    }

    /** The value of a directive that is a number or a number of bytes. */
    public long number(Directive directive) {
        return numbers[directive.ordinal()];
    }

    /** The value of a directive that is yes or no. */
    public boolean is(Directive directive) {
        return numbers[directive.ordinal()] != 0;
    }

    /** The file that the settings were read from, or null. */
    public Path file() {
        return file;
    }

    void file(Path newFile) {
        file = newFile;
    }

    /** The value of a directive that names a file. */
    public Path path(Directive directive) {
        return path(text(directive));
    }

    /** The path that the text of a directive names. */
    public static Path path(String text) {
        return Path.of(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /** The words of a directive that takes several. */
    public List<String> words(Directive directive) {
        return Words.split(text(directive));
    }

    /** The lines of a directive of which there may be several, as words. */
    public List<List<String>> lines(Directive directive) {
        return ValueType.Lines.split(text(directive));
    }

    public int databases() {
        return (int) number(Directive.DATABASES);
    }

    public long maxClients() {
        return number(Directive.MAXCLIENTS);
    }

    /** The password of the default user, empty for none. */
    public String requirePass() {
        return text(Directive.REQUIREPASS);
    }

    public boolean protectedMode() {
        return is(Directive.PROTECTED_MODE);
    }

    /** How long a client may be idle, 0 for ever. */
    public long timeoutMillis() {
        return number(Directive.TIMEOUT) * 1000;
    }

    public long queryBufferLimitBytes() {
        return number(Directive.CLIENT_QUERY_BUFFER_LIMIT);
    }

    /** The longest argument: proto-max-bulk-len. */
    public long maxBulkBytes() {
        return number(Directive.PROTO_MAX_BULK_LEN);
    }

    public OutputLimit outputLimit(ClientClass clients) {
        return outputLimits[clients.ordinal()];
    }

    /** All directives, by the names that {@code wanted} accepts, old names as well. */
    public Map<String, String> matching(Predicate<String> wanted) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Directive directive : Directive.values()) {
            if (directive.isHidden() || directive.isUnlisted()) {
                continue;
            }
            if (wanted.test(directive.wireName())) {
                found.put(directive.wireName(), text(directive));
            }
            if (directive.alias() != null && wanted.test(directive.alias())) {
                found.put(directive.alias(), text(directive));
            }
        }
        return found;
    }

    /** The directives that were set to something else than their default and have no effect whatever their value. */
    public List<Directive> ineffective() {
        return texts.keySet().stream()
                .filter(directive -> directive.isIdle() && !text(directive).equals(directive.initial()))
                .toList();
    }

    // --- Changing ---

    /** Owned by who registers it: prepares what new values need before they are in force. */
    @FunctionalInterface
    public interface Trial {
        /**
         * Throws a {@link ConfigException} if the values cannot be had, which then stay as they were; returns what is to be done
         * once they are in force.
         *
         * @param values the texts of all directives, changed ones and others
         */
        Runnable prepare(Function<Directive, String> values);
    }

    /** Has changes of directives tried before they are made. */
    public void tryBefore(Set<Directive> directives, Trial trial) {
        directives.forEach(directive -> trials.put(directive, trial));
    }

    /** Tells the number of a directive, now and whenever it has been set. */
    public void follow(Directive directive, LongConsumer follower) {
        followers.computeIfAbsent(directive, unused -> new ArrayList<>()).add(follower);
        follower.accept(number(directive));
    }

    /** Sets a directive as one line of a file does, before the node starts. */
    void load(Directive directive, List<String> words) {
        put(directive, accepted(directive, directive.add(text(directive), words)));
    }

    /** Makes all the changes, or none and throws a {@link Rejection}. */
    public void change(List<Assignment> assignments, boolean guardedToo) {
        Map<Directive, String> changes = new EnumMap<>(Directive.class);
        Set<String> names = new HashSet<>();
        for (Assignment assignment : assignments) {
            Directive directive = Directive.named(assignment.name());
            if (directive == null || directive.isHidden()) {
                throw new Rejection(assignment.name(), null);
            }
            check(directive, assignment.name(), guardedToo);
            if (!names.add(assignment.name().toLowerCase(Locale.ROOT))) {
                throw new Rejection(assignment.name(), "duplicate parameter");
            }
        }
        for (Assignment assignment : assignments) {
            Directive directive = Directive.named(assignment.name());
            try {
                ValueType type = directive.type();
                String value = assignment.value();
                List<String> words = type.takesManyWords() ? Words.split(value) : List.of(value);
                changes.put(directive, accepted(directive, type.change(text(directive), words)));
            } catch (ConfigException wrong) {
                throw new Rejection(assignment.name(), wrong.getMessage());
            }
        }
        Map<Trial, Runnable> prepared = new LinkedHashMap<>();
        for (Assignment assignment : assignments) {
            Trial trial = trials.get(Directive.named(assignment.name()));
            if (trial != null && !prepared.containsKey(trial)) {
                prepared.put(trial, prepare(trial, changes, assignment.name()));
            }
        }

        changes.forEach(this::put);
        prepared.values().forEach(Runnable::run);
        for (Directive directive : changes.keySet()) {
            followers.getOrDefault(directive, List.of()).forEach(follower -> follower.accept(number(directive)));
        }
    }

    private Runnable prepare(Trial trial, Map<Directive, String> changes, String name) {
        try {
            return trial.prepare(directive -> changes.getOrDefault(directive, text(directive)));
        } catch (ConfigException wrong) {
            throw new Rejection(name, wrong.getMessage());
        }
    }

    private static void check(Directive directive, String name, boolean guardedToo) {
        if (directive.isFixed()) {
            throw new Rejection(name, "can't set immutable config");
        }
        if (directive.isGuarded() && !guardedToo) {
            throw new Rejection(name, "can't set protected config");
        }
    }

    private static String accepted(Directive directive, String text) {
        if (directive.isUnsupported() && (directive.isHidden() || !text.equals(directive.initial()))) {
            throw new ConfigException("not supported yet, other than by its default '" + directive.initial() + "'");
        }
        return text;
    }
}
