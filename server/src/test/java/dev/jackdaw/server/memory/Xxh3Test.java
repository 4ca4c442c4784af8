package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected are the hashes of the library that Redis uses. */
class Xxh3Test {
    private final Xxh3 xxh3 = new Xxh3();

    private String hash(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(bytes.length + 1).address();
            Raw.copy(bytes, 0, address, bytes.length);
            return "%016x".formatted(xxh3.of(address, bytes.length));
        }
    }

    @Test
    void a_text_has_the_hash_that_the_documentation_of_digest_shows() {
        assertThat(hash("Hello world".getBytes(StandardCharsets.US_ASCII))).isEqualTo("b6acb9d84a38ff74");
    }

    /** At the borders between the ways in which bytes are mixed, and within. */
    @ParameterizedTest
    @CsvSource({
        "0, 2d06800538d394c2",
        "1, 4c5cca45d0f4811f",
        "2, 29c60963cbfa4e6e",
        "3, 6e3e2670e61106ac",
        "4, 5c4c63133443d03f",
        "5, 49f5eb3111280b63",
        "8, f9fd4dd0b04d78f5",
        "9, 7c20df9712c26edf",
        "12, 16d2dff54dc2ee45",
        "16, 86abf6baccea0858",
        "17, b58bf5dc5022d071",
        "32, e3712ed84c04a66e",
        "33, a4dee99b093e1f73",
        "64, 1291d2d4042330dd",
        "100, 5da67eac6d4093d5",
        "128, 10d17f72c0ccba41",
        "129, 1648bdc3db49d1a2",
        "160, 655c8dc33b4b4c4a",
        "200, c0fbc0f4e181c826",
        "240, b6cfaf343fab81e6",
        "241, 956cae592c67279e",
        "512, 31cc4c8456761b50",
        "1000, 377b990643fe09c3",
        "1024, a1e16f2edf2cbed6",
        "1025, 0a6d2c17259fe4bb",
        "1088, 0ef0c0dc0e8682f1",
        "2048, 1c81a12455515459",
        "5000, aedbe953d207917d",
        "100000, 61b222b374cf1fa7",
    })
    void each_length_is_mixed_as_others_do_it(int length, String expected) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 131 + i / 256 * 17 + 7);
        }

        assertThat(hash(bytes)).isEqualTo(expected);
    }
}
