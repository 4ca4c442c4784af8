package dev.jackdaw.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.benchmarks.RedisServer;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("oracle")
class PipelineTest {
    @Test
    void every_command_has_been_answered_in_the_end() throws IOException {
        try (RedisServer redis = RedisServer.start();
                RespClient client = new RespClient(redis.endpoint());
                Pipeline pipeline = new Pipeline(redis.endpoint())) {
            for (int i = 0; i < 1000; i++) {
                pipeline.add("RPUSH", "list", Integer.toString(i));
                if (i % 7 == 0) {
                    pipeline.flush();
                }
            }
            pipeline.finish();
            assertThat(client.call("LLEN", "list")).isEqualTo("1000");
            assertThat(client.call("LINDEX", "list", "-1")).isEqualTo("999");
        }
    }

    @Test
    void an_error_reply_is_thrown() throws IOException {
        try (RedisServer redis = RedisServer.start();
                Pipeline pipeline = new Pipeline(redis.endpoint())) {
            pipeline.add("SET", "key", "value");
            pipeline.add("INCR", "key");
            assertThatThrownBy(pipeline::finish).isInstanceOf(IOException.class).hasMessageContaining("not an integer");
        }
    }
}
