package dev.jackdaw.protocol.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusFrameTest {
    private final NodeId id = NodeId.random(new SecureRandom());
    private final NodeId otherId = NodeId.random(new SecureRandom());
    private final byte[] nonce = new SecureRandom().generateSeed(BusFrame.NONCE_BYTES);
    private final byte[] otherNonce = new SecureRandom().generateSeed(BusFrame.NONCE_BYTES);
    private final ByteBuf buffer = Unpooled.directBuffer();
    private final BusFrame frame = new BusFrame();
    private final Request words = new Request();

    @AfterEach
    void close() {
        buffer.release();
    }

    @Test
    void frames_come_back_as_they_were_written_at_every_split() {
        words.set(latin1("channel"), latin1(""), latin1("key"));
        BusWriter.hello(buffer, id, nonce);
        BusWriter.publish(buffer, 7, words.address(0), words.length(0), words.address(1), words.length(1));
        BusWriter.changed(buffer, Long.MAX_VALUE, words.address(2), words.length(2));
        BusWriter.cleared(buffer, 9);
        BusWriter.ping(buffer, 10);
        BusWriter.pong(buffer);
        BusWriter.interest(buffer, true);
        int end = buffer.writerIndex();

        for (int split = 0; split <= end; split++) {
            buffer.setIndex(0, split);
            StringBuilder seen = new StringBuilder();
            readAll(seen);
            buffer.writerIndex(end);
            readAll(seen);
            assertThat(seen.toString())
                    .isEqualTo("HELLO " + id + " PUBLISH 7 channel= CHANGED key CLEARED 9 PING 10 PONG INTEREST true ");
        }
    }

    private void readAll(StringBuilder seen) {
        while (frame.read(buffer, BusFrame.MAX_BYTES)) {
            seen.append(frame.type()).append(' ');
            seen.append(
                    switch (frame.type()) {
                        case HELLO -> frame.id() + " ";
                        case PUBLISH ->
                            frame.sequence() + " " + Raw.latin1(frame.channel(), frame.channelLength()) + "="
                                    + Raw.latin1(frame.message(), frame.messageLength()) + " ";
                        case CHANGED -> Raw.latin1(frame.key(), frame.keyLength()) + " ";
                        case CLEARED, PING -> frame.sequence() + " ";
                        case INTEREST -> frame.wantsChanges() + " ";
                        case PONG -> "";
                        case CHALLENGE, PROOF, WELCOME -> throw new AssertionError(frame.type());
                    });
        }
    }

    @Test
    void lengths_that_cannot_be_are_refused_before_they_are_waited_for() {
        for (long length : new long[] {0, BusFrame.MAX_BYTES - 3, 0x7fffffff, 0x80000000L, 0xffffffffL}) {
            buffer.clear().writeInt((int) length).writeByte(BusFrame.Type.PUBLISH.ordinal());
            assertThatThrownBy(() -> frame.read(buffer, BusFrame.MAX_BYTES)).isInstanceOf(ProtocolException.class);
        }
        buffer.clear().writeInt(9).writeByte(BusFrame.Type.values().length);
        assertThatThrownBy(() -> frame.read(buffer, BusFrame.MAX_BYTES)).isInstanceOf(ProtocolException.class);
        buffer.clear().writeInt(8).writeByte(BusFrame.Type.CLEARED.ordinal());
        assertThatThrownBy(() -> frame.read(buffer, BusFrame.MAX_BYTES)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void channel_longer_than_its_frame_is_refused() {
        for (int length : new int[] {4, -1, Integer.MAX_VALUE}) {
            buffer.clear().writeInt(1 + 8 + 4 + 3).writeByte(BusFrame.Type.PUBLISH.ordinal());
            buffer.writeLong(1).writeInt(length).writeBytes(new byte[3]);
            assertThatThrownBy(() -> frame.read(buffer, BusFrame.MAX_BYTES)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void random_bytes_are_refused_or_waited_for_but_never_read_past() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                bytes[0] = 0;
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[4] = (byte) random.nextInt(10);
            }
            buffer.clear().writeBytes(bytes);
            try {
                while (frame.read(buffer, BusFrame.MAX_BYTES)) {
                    assertThat(buffer.readerIndex()).as("seed %d", seed).isLessThanOrEqualTo(bytes.length);
                }
            } catch (ProtocolException expected) {
                assertThat(expected).as("seed %d", seed).hasMessageMatching("(a|another) .*");
            }
        }
    }

    @Test
    void proofs_differ_by_secret_role_and_connection() {
        Greeting greeting = new Greeting(id, nonce, otherId, otherNonce);
        assertThat(greeting.dialerProof("s"))
                .isEqualTo(new Greeting(id, nonce, otherId, otherNonce).dialerProof("s"))
                .isNotEqualTo(greeting.dialerProof("t"))
                .isNotEqualTo(greeting.dialerProof(""))
                .isNotEqualTo(greeting.acceptorProof("s"))
                .isNotEqualTo(new Greeting(id, otherNonce, otherId, otherNonce).dialerProof("s"))
                .isNotEqualTo(new Greeting(id, nonce, id, otherNonce).dialerProof("s"));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
