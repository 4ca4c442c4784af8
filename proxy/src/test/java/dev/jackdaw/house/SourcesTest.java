package dev.jackdaw.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How sources look, in all modules: sizes, names, notes on packages, and a few things that nobody may call. */
class SourcesTest {
    private static final int LINES_OF_A_FILE = 600;
    private static final int LINES_OF_A_PACKAGE_NOTE = 10;

    private static final Pattern FIRST_SENTENCE = Pattern.compile("/\\*\\*(.*?)(\\. |\\.\\n|\\*/)", Pattern.DOTALL);
    private static final Pattern OWNED = Pattern.compile("\\b(immutable|owned|shared)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern EMPTY_NAME =
            Pattern.compile("(Abstract|Base)\\p{Lu}.*|.*(Impl|Manager|Utils?|Helpers?|Base)");
    private static final Pattern READS_THE_CLOCK = Pattern.compile(
            "System\\.(currentTimeMillis|nanoTime)|(Instant|Local\\w+|ZonedDateTime)\\.now\\(|new Date\\(\\)");
    private static final Pattern SLEEPS_OR_SKIPS =
            Pattern.compile("(Thread|TimeUnit\\.[A-Z]+)\\.sleep\\(|\\.parkNanos\\(|^ *@(Disabled|Ignore)\\b");
    private static final Pattern UNDONE = Pattern.compile("// *(TODO|FIXME|XXX)");

    static final Path ROOT = root();
    private static final List<Path> MAIN = sources("main");
    private static final List<Path> TEST = sources("test");

    @Test
    void no_file_is_long() {
        assertThat(all().filter(file -> lines(file).size() > LINES_OF_A_FILE)).isEmpty();
    }

    @Test
    void every_package_says_in_few_lines_what_it_is_for() {
        assertThat(MAIN.stream()
                        .map(file -> file.resolveSibling("package-info.java"))
                        .distinct())
                .allSatisfy(note -> assertThat(note).exists())
                .allSatisfy(note -> assertThat(lines(note)).hasSizeLessThanOrEqualTo(LINES_OF_A_PACKAGE_NOTE));
    }

    @Test
    void every_class_says_first_who_owns_it() {
        assertThat(MAIN.stream()
                        .filter(file -> !name(file).equals("package-info"))
                        .filter(file -> !OWNED.matcher(firstSentence(file)).find()))
                .isEmpty();
    }

    @Test
    void names_say_something() {
        assertThat(all().filter(file -> EMPTY_NAME.matcher(name(file)).matches()))
                .isEmpty();
    }

    /** Time is injected, so that tests can turn it. What measures wall time is exempt. */
    @Test
    void only_a_clock_reads_the_clock() {
        assertThat(MAIN.stream()
                        .filter(file -> !name(file).equals("Clock"))
                        .filter(file -> !file.startsWith(ROOT.resolve("benchmarks")))
                        .flatMap(file -> places(file, READS_THE_CLOCK)))
                .isEmpty();
    }

    @Test
    void tests_wait_for_conditions_and_are_never_skipped() {
        assertThat(TEST.stream().flatMap(file -> places(file, SLEEPS_OR_SKIPS))).isEmpty();
    }

    @Test
    void nothing_is_left_undone() {
        assertThat(all().flatMap(file -> places(file, UNDONE))).isEmpty();
    }

    private static Stream<Path> all() {
        return Stream.concat(MAIN.stream(), TEST.stream());
    }

    private static List<Path> sources(String part) {
        List<Path> found = new ArrayList<>();
        for (String module : List.of("protocol", "server", "proxy", "benchmarks")) {
            Path directory = ROOT.resolve(module).resolve("src").resolve(part);
            if (Files.exists(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return found;
    }

    /** The lines of a file that a pattern is found in, each with its number. */
    private static Stream<String> places(Path file, Pattern pattern) {
        List<String> lines = lines(file);
        return IntStream.range(0, lines.size())
                .filter(i -> pattern.matcher(lines.get(i)).find())
                .mapToObj(i -> ROOT.relativize(file) + ":" + (i + 1) + " "
                        + lines.get(i).strip());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstSentence(Path file) {
        Matcher matcher = FIRST_SENTENCE.matcher(String.join("\n", lines(file)));
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(directory.resolve("jackdaw"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
