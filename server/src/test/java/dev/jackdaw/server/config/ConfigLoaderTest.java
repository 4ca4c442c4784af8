package dev.jackdaw.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings from files and from the command line. */
class ConfigLoaderTest {
    @TempDir
    Path folder;

    @Test
    void without_arguments_all_is_as_redis_has_it() {
        Config config = ConfigLoader.load();
        assertThat(config.number(Directive.PORT)).isEqualTo(6379);
        assertThat(config.databases()).isEqualTo(16);
        assertThat(config.maxBulkBytes()).isEqualTo(512L << 20);
        assertThat(config.protectedMode()).isTrue();
    }

    @Test
    void options_may_have_several_words() {
        Config config = ConfigLoader.load(
                "--port",
                "7000",
                "--bind",
                "127.0.0.1",
                "::1",
                "--client-output-buffer-limit",
                "pubsub",
                "1mb",
                "1k",
                "5");
        assertThat(config.number(Directive.PORT)).isEqualTo(7000);
        assertThat(config.words(Directive.BIND)).containsExactly("127.0.0.1", "::1");
        assertThat(config.outputLimit(ClientClass.PUBSUB)).isEqualTo(new OutputLimit(1 << 20, 1000, 5));
        assertThat(config.outputLimit(ClientClass.REPLICA)).isEqualTo(new OutputLimit(256 << 20, 64 << 20, 60));
        assertThat(ConfigLoader.load("--bind", "127.0.0.1 ::1").words(Directive.BIND))
                .containsExactly("127.0.0.1", "::1");
    }

    @Test
    void a_value_may_begin_with_dashes_or_be_empty() {
        assertThat(ConfigLoader.load("--requirepass", "--secret", "--port", "1").requirePass())
                .isEqualTo("--secret");
        assertThat(ConfigLoader.load("--save", "", "--requirepass", "").requirePass())
                .isEmpty();
    }

    @Test
    void a_value_may_stand_in_the_same_argument_as_its_option() {
        Config config =
                ConfigLoader.load("--maxmemory 1mb", "--requirepass 'a b'", "--proc-title-template --x", "--hz", "5");
        assertThat(config.number(Directive.MAXMEMORY)).isEqualTo(1 << 20);
        assertThat(config.requirePass()).isEqualTo("a b");
        assertThat(config.text(Directive.PROC_TITLE_TEMPLATE)).isEqualTo("--x");
        assertThat(config.number(Directive.HZ)).isEqualTo(5);
    }

    @Test
    void save_without_a_value_is_never() {
        Path file = file("redis.conf", "save 900 1");
        assertThat(ConfigLoader.load(file.toString(), "--save", "--hz", "5").text(Directive.SAVE))
                .isEmpty();
        assertThat(ConfigLoader.load(file.toString(), "--save").text(Directive.SAVE))
                .isEmpty();
        assertThat(ConfigLoader.load(file.toString(), "--save", "60", "2").text(Directive.SAVE))
                .isEqualTo("900 1 60 2");
    }

    @Test
    void a_line_with_save_and_no_more_takes_back_those_before() {
        Path file = file("redis.conf", "save 900 1\nsave");
        assertThat(ConfigLoader.load(file.toString()).text(Directive.SAVE)).isEmpty();
    }

    @Test
    void sizes_have_units_of_1000_and_of_1024() {
        assertThat(maxMemory("100")).isEqualTo(100);
        assertThat(maxMemory("7B")).isEqualTo(7);
        assertThat(maxMemory("1k")).isEqualTo(1000);
        assertThat(maxMemory("1kb")).isEqualTo(1024);
        assertThat(maxMemory("64MB")).isEqualTo(64L << 20);
        assertThat(maxMemory("2m")).isEqualTo(2_000_000);
        assertThat(maxMemory("1g")).isEqualTo(1_000_000_000);
        assertThat(maxMemory("3gb")).isEqualTo(3L << 30);
        for (String wrong : List.of("1tb", "1.5gb", "-1", "x", "99999999999999999999", "9999999999999gb")) {
            refused("command line: maxmemory: argument must be a memory value", "--maxmemory", wrong);
        }
    }

    private static long maxMemory(String size) {
        return ConfigLoader.load("--maxmemory", size).number(Directive.MAXMEMORY);
    }

    @Test
    void files_have_comments_quotes_and_escapes() {
        Path file = file(
                "redis.conf",
                "# a comment",
                "",
                "  port 7001  ",
                "\tMaxMemory\t2mb\r",
                "requirepass \"a b\\x21\\n\\\"\"",
                "dir 'it\\'s'");
        Config config = ConfigLoader.load(file.toString(), "--port", "7002");
        assertThat(config.number(Directive.PORT)).isEqualTo(7002);
        assertThat(config.number(Directive.MAXMEMORY)).isEqualTo(2 << 20);
        assertThat(config.requirePass()).isEqualTo("a b!\n\"");
        assertThat(config.text(Directive.DIR)).isEqualTo("it's");
    }

    @Test
    void files_include_others() {
        file("b.part", "hz 20", "timeout 5");
        file("a.part", "hz 30");
        Path file = file("redis.conf", "include " + folder + "/?.part", "timeout 6");
        Config config = ConfigLoader.load(file.toString());
        assertThat(config.number(Directive.HZ)).isEqualTo(20);
        assertThat(config.timeoutMillis()).isEqualTo(6000);
    }

    @Test
    void a_file_that_includes_itself_is_refused() {
        Path file = file("redis.conf", "include " + folder + "/redis.conf");
        refused(file + ":1: too many files include one another", file.toString());
    }

    @Test
    void what_is_wrong_in_a_file_is_named_with_its_line() {
        wrong("unknown directive 'foo'", "foo bar");
        wrong("unbalanced quotes", "requirepass \"x");
        wrong("unbalanced quotes", "requirepass \"x\"y");
        wrong("port: wrong number of arguments", "port");
        wrong("port: wrong number of arguments", "port 1 2");
        wrong("port: argument must be between 0 and 65535 inclusive", "port 65536");
        wrong("hz: argument couldn't be parsed into an integer", "HZ 010");
        wrong("unixsocketperm: argument couldn't be parsed as an octal number", "unixsocketperm 8");
        wrong("protected-mode: argument must be 'yes' or 'no'", "protected-mode on");
        wrong("loglevel: argument(s) must be one of the following: debug, verbose, notice, warning", "loglevel loud");
        wrong("cannot read the configuration file /nowhere/at-all", "include /nowhere/at-all");
    }

    @Test
    void what_is_not_supported_yet_is_refused_unless_it_is_the_default() {
        wrong("daemonize: not supported yet, other than by its default 'no'", "daemonize yes");
        refused(
                "command line: slaveof: not supported yet, other than by its default ''",
                "--slaveof",
                "127.0.0.1",
                "7000");
        ConfigLoader.load("--cluster-enabled", "no", "--save", "", "--daemonize", "no");
    }

    @Test
    void what_has_no_effect_is_accepted_and_known() {
        assertThat(ConfigLoader.load("--activedefrag", "yes", "--io-threads", "1", "--repl-timeout", "7")
                        .ineffective())
                .containsExactly(Directive.ACTIVEDEFRAG, Directive.REPL_TIMEOUT);
    }

    @Test
    void a_lone_word_or_a_missing_file_is_refused() {
        refused("cannot read the configuration file nowhere.conf", "nowhere.conf");
        refused(
                "'stray' is no option: options begin with --",
                file("redis.conf").toString(),
                "stray");
        refused("command line: port: wrong number of arguments", "--port");
        refused("command line: unknown directive 'nonsense'", "--nonsense", "1");
    }

    private void wrong(String reason, String line) {
        Path file = file("redis.conf", "# first", line);
        refused(file + ":2: " + reason, file.toString());
    }

    private static void refused(String message, String... arguments) {
        assertThatThrownBy(() -> ConfigLoader.load(arguments))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    private Path file(String name, String... lines) {
        try {
            return Files.write(folder.resolve(name), List.of(lines));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
