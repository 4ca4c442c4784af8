package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.rdb.CorruptRdbException;
import dev.jackdaw.server.rdb.RdbFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the versions of all times, made by hand, with what stands between keys. */
class RdbVersionsTest {
    private static final int FIRST_WITH_CHECKSUM = 5;

    @TempDir
    private Path folder;

    private void write(String magic, int version, Payload body) throws IOException {
        String sum = version < FIRST_WITH_CHECKSUM ? "" : new Payload().int64(0).raw();
        Files.writeString(
                folder.resolve("dump.rdb"), magic + body.bytes(RdbFormat.END).raw() + sum, StandardCharsets.ISO_8859_1);
    }

    private static Payload keys() {
        return new Payload()
                .bytes(RdbFormat.SELECT, 2)
                .bytes(RdbFormat.STRING)
                .string("a")
                .string("1")
                .bytes(RdbFormat.EXPIRE_SECONDS)
                .int32(1_900_000_000)
                .bytes(RdbFormat.STRING)
                .string("b")
                .string("2");
    }

    private void assertLoaded() throws IOException {
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            node.load();
            node.run("SELECT", "2");
            assertThat(node.run("GET", "a")).isEqualTo(new Reply.Bulk("1"));
            assertThat(node.run("EXPIRETIME", "b")).isEqualTo(new Reply.Int(1_900_000_000));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void versions_of_redis_are_read(int version) throws IOException {
        write("REDIS%04d".formatted(version), version, keys());
        assertLoaded();
    }

    @Test
    void the_version_of_valkey_is_read() throws IOException {
        write("VALKEY080", 80, keys());
        assertLoaded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REDIS0000", "REDIS0013", "REDIS9999", "REDIS00x1", "VALKEY081", "OTHER0010", "REDI"})
    void others_are_refused(String magic) throws IOException {
        write(magic, 10, keys());
        assertThatThrownBy(this::assertLoaded).isInstanceOf(CorruptRdbException.class);
    }

    @Test
    void what_there_is_not_here_is_left_out() throws IOException {
        Payload functions = new Payload()
                .bytes(RdbFormat.AUX)
                .string("redis-ver")
                .string("9.9")
                .bytes(RdbFormat.FUNCTION)
                .string("#!lua name=f")
                .bytes(RdbFormat.MODULE_AUX, 7, RdbFormat.MODULE_UNSIGNED, 3, RdbFormat.MODULE_STRING)
                .string("data")
                .bytes(RdbFormat.MODULE_END)
                .bytes(RdbFormat.SLOT_INFO, 1, 2, 3)
                .bytes(RdbFormat.RESIZE, 0x81)
                .int64(-1)
                .bytes(0)
                .text(keys().raw());
        write("REDIS0012", 12, functions);
        assertLoaded();
    }

    @Test
    void a_key_that_cannot_be_unpacked_leaves_nothing_behind() throws IOException {
        int packed = 0xc3;
        int copyFromBeforeTheStart = 0x20;
        write(
                "REDIS0010",
                10,
                new Payload()
                        .bytes(RdbFormat.STRING, packed, 2, 8, copyFromBeforeTheStart, 0)
                        .string("value"));
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            assertThatThrownBy(node::load).isInstanceOf(CorruptRdbException.class);
            node.node().loading().stop();
            EngineCheck.check(node.engine());
        }
    }
}
