package dev.jackdaw.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Owned by the thread that starts a node: reads the settings from a file in redis.conf's syntax and from the command line,
 * where each directive is an option: {@code [FILE] [--name value ...] ...}. Options win over the file.
 */
public final class ConfigLoader {
    private static final int MOST_NESTED_FILES = 16;

    /** May do without a value, which then is the empty one. */
    private static final List<String> SAVE = List.of(Directive.SAVE.wireName());

    private final Config config = new Config();

    private ConfigLoader() {}

    /** The settings that the arguments ask for; a {@link ConfigException} says which of them cannot be had, and where it stands. */
    public static Config load(String... arguments) {
        ConfigLoader loader = new ConfigLoader();
        boolean hasFile = arguments.length > 0 && !arguments[0].startsWith("--");
        if (hasFile) {
            Path file = Path.of(arguments[0]);
            loader.file(file, "", 0);
            loader.config.file(file.toAbsolutePath());
        }
        loader.options(Arrays.asList(arguments).subList(hasFile ? 1 : 0, arguments.length));
        return loader.config;
    }

    private void options(List<String> arguments) {
        for (int i = 0; i < arguments.size(); ) {
            String option = arguments.get(i);
            if (!option.startsWith("--")) {
                throw new ConfigException("'" + option + "' is no option: options begin with --");
            }
            List<String> words = new ArrayList<>(nameAndValue(bytes(option.substring(2))));
            i++;
            if (words.equals(SAVE) && (i == arguments.size() || arguments.get(i).startsWith("--"))) {
                words.add("");
            }
            // The word after an option's name is a value, whatever it looks like: a password may begin with dashes.
            for (;
                    i < arguments.size()
                            && (words.size() == 1 || !arguments.get(i).startsWith("--"));
                    i++) {
                words.add(bytes(arguments.get(i)));
            }
            set(words, "command line: ");
        }
    }

    /** An option may have its values in the same argument, as a line of a file. */
    private static List<String> nameAndValue(String option) {
        return option.indexOf(' ') < 0 ? List.of(option) : Words.split(option);
    }

    private static String bytes(String argument) {
        return new String(argument.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** {@code place} is where the file was asked for. */
    private void file(Path file, String place, int depth) {
        if (depth > MOST_NESTED_FILES) {
            throw new ConfigException(place + "too many files include one another");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new ConfigException(place + "cannot read the configuration file " + file);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                line(line, file + ":" + (i + 1) + ": ", depth);
            }
        }
    }

    private void line(String line, String place, int depth) {
        List<String> words;
        try {
            words = Words.split(line);
        } catch (ConfigException wrong) {
            throw new ConfigException(place + wrong.getMessage());
        }
        if (words.getFirst().equalsIgnoreCase("include")) {
            words.subList(1, words.size()).forEach(pattern -> include(Config.path(pattern), place, depth + 1));
        } else {
            set(words, place);
        }
    }

    private void set(List<String> words, String place) {
        String name = words.getFirst().toLowerCase(Locale.ROOT);
        Directive directive = Directive.named(name);
        if (directive == null) {
            throw new ConfigException(place + "unknown directive '" + name + "'");
        }
        try {
            if (words.size() == 1 && directive != Directive.SAVE) {
                throw new ConfigException("wrong number of arguments");
            }
            config.load(directive, words.subList(1, words.size()));
        } catch (ConfigException wrong) {
            throw new ConfigException(place + name + ": " + wrong.getMessage());
        }
    }

    /** The file, or all files that a pattern in the last part of the path matches, by name. */
    private void include(Path pattern, String place, int depth) {
        String name = pattern.getFileName().toString();
        if (name.chars().noneMatch(letter -> "*?[".indexOf(letter) >= 0)) {
            file(pattern, place, depth);
            return;
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(pattern.toAbsolutePath().getParent(), name)) {
            files.forEach(found::add);
        } catch (IOException failed) {
            throw new ConfigException(place + "cannot read the configuration files " + pattern);
        }
        found.stream().sorted().forEach(each -> file(each, place, depth));
    }
}
