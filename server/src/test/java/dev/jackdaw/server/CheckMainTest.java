package dev.jackdaw.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound files, and files with one thing wrong. */
class CheckMainTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private int check(Object... words) {
        said.reset();
        return CheckMain.run(
                new PrintStream(said, true, StandardCharsets.ISO_8859_1),
                Stream.of(words).map(Object::toString).toArray(String[]::new));
    }

    private String said() {
        return said.toString(StandardCharsets.ISO_8859_1);
    }

    private Path snapshot() {
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            node.run("SET", "first", "a value of some length");
            node.run("RPUSH", "second", "a", "b", "c");
            node.run("SELECT", "9");
            node.run("HSET", "third", "field", "value");
            assertThat(node.run("SAVE")).isEqualTo(new Reply.Simple("OK"));
        }
        return folder.resolve("dump.rdb");
    }

    @Test
    void a_sound_snapshot_is_described() {
        assertThat(check(snapshot())).isZero();
        assertThat(said()).contains("dump.rdb: a snapshot in version 10 of RDB: 3 keys, and 0 that have expired");
    }

    @Test
    void damage_in_a_snapshot_is_found_wherever_it_is() throws IOException {
        Path file = snapshot();
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThat(check(file)).as("byte " + i).isOne();
            assertThat(said()).contains("byte");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 20));
        assertThat(check(file)).isOne();
        assertThat(said()).contains("the end comes too early at byte").contains("in the value of the key 'third'");
    }

    @Test
    void what_is_not_there_cannot_be_read() {
        assertThat(check(folder.resolve("nothing.rdb"))).isOne();
        assertThat(said()).contains("nothing.rdb");
        assertThat(check(folder)).isOne();
        assertThat(said()).contains("has 0 manifests");
    }

    private Path log(String commands) throws IOException {
        return Files.writeString(folder.resolve("appendonly.aof"), commands, StandardCharsets.ISO_8859_1);
    }

    private static String command(String... words) {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        return command.toString();
    }

    @Test
    void the_tail_of_a_log_is_cut_if_that_is_wanted() throws IOException {
        String whole = command("SELECT", "0") + "#TS:1628217470\r\n" + command("SET", "k", "v");
        Path file = log(whole + "*3\r\n$3\r\nSET\r\n$1\r\nk");
        assertThat(check(file)).isOne();
        assertThat(said()).contains("at byte " + whole.length());
        assertThat(check("--fix", file)).as("nobody is there to be asked").isOne();
        assertThat(check("--fix", "--yes", file)).isZero();
        assertThat(Files.readString(file)).isEqualTo(whole);
        assertThat(check(file)).isZero();
    }

    @Test
    void a_transaction_that_does_not_end_is_cut() throws IOException {
        String whole = command("SET", "k", "v") + command("MULTI") + command("DEL", "k") + command("EXEC");
        Path file = log(whole + command("MULTI") + command("SET", "k", "w"));
        assertThat(check("--fix", "--yes", file)).isZero();
        assertThat(Files.readString(file)).isEqualTo(whole);
    }

    @Test
    void damage_in_the_midst_of_a_log_is_not_cut() throws IOException {
        Path file = log(command("SET", "k", "v") + "something else\r\n" + command("SET", "k", "v"));
        assertThat(check("--fix", "--yes", file)).isOne();
        assertThat(said()).contains("at byte " + command("SET", "k", "v").length());
        assertThat(check("--fix", "--yes", log(command("SETT", "k", "v")))).isOne();
        assertThat(said()).contains("unknown command 'SETT'");
        assertThat(check(log(command("SET", "k", "v") + command("SET", "k")))).isOne();
        assertThat(said()).contains("at byte " + command("SET", "k", "v").length() + ": ");
        assertThat(check(log(command("EXEC")))).isOne();
    }

    @Test
    void a_manifest_names_all_that_is_read() throws IOException {
        Path directory = folder.resolve("appendonlydir");
        try (TestNode node = TestNode.with("--dir", folder.toString(), "--appendonly", "yes")) {
            node.load();
            node.run("SET", "k", "v");
        }
        assertThat(check(directory)).isZero();
        assertThat(said()).contains("a log of");
        Path increment;
        try (Stream<Path> files = Files.list(directory)) {
            increment = files.filter(each -> each.toString().endsWith("incr.aof"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
        Files.writeString(increment, "*1\r\n$4\r\nPI", StandardOpenOption.APPEND);
        assertThat(check(directory.resolve("appendonly.aof.manifest"))).isOne();
        assertThat(check("--fix", "--yes", directory)).isZero();
    }
}
