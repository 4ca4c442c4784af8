package dev.jackdaw.protocol.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeyGuessTest {
    private final KeyGuess guess = new KeyGuess();

    /** The word that is found, or null. */
    private String find(String request) {
        ByteBuf bytes = Unpooled.directBuffer(Math.max(1, request.length()));
        try {
            bytes.writeCharSequence(request, StandardCharsets.ISO_8859_1);
            if (!guess.find(bytes.memoryAddress(), bytes.readableBytes())) {
                return null;
            }
            int from = (int) (guess.address() - bytes.memoryAddress());
            return bytes.toString(from, guess.length(), StandardCharsets.ISO_8859_1);
        } finally {
            bytes.release();
        }
    }

    @Test
    void the_second_word_is_found() {
        assertThat(find("*2\r\n$3\r\nGET\r\n$4\r\nname\r\n")).isEqualTo("name");
        assertThat(find("*3\r\n$3\r\nSET\r\n$12\r\nname\r\nsecond\r\n$1\r\nv\r\n"))
                .isEqualTo("name\r\nsecond");
        assertThat(find("*2\r\n$3\r\nGET\r\n$0\r\n\r\n")).isEmpty();
    }

    @Test
    void of_a_request_that_ends_before_it_there_is_none() {
        String request = "*2\r\n$3\r\nGET\r\n$4\r\nname";
        for (int length = 0; length < request.length(); length++) {
            assertThat(find(request.substring(0, length))).isNull();
        }
        assertThat(find(request)).isEqualTo("name");
    }

    @Test
    void odd_requests_have_none() {
        assertThat(find("GET name and more of it\r\n")).isNull();
        assertThat(find("*1\r\n$4\r\nPING\r\n")).isNull();
        assertThat(find("*2\r\n$3\r\nGET\r\n$-1\r\n\r\n")).isNull();
        assertThat(find("*2\r\n$99999999999\r\nGET\r\n$4\r\nname\r\n")).isNull();
        assertThat(find("*2\r\n$3\r\nGET\r\n$\r\nname\r\n")).isNull();
    }
}
