package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemberIndexTest {
    private static final int SLOTS = 10;
    private static final int ABSENT = 300;
    private static final int OVERFLOW = 62;

    private final Memory memory = new Memory(1L << 32);
    private final MemberIndex index = new MemberIndex(memory.heap(), 1);

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void an_absent_member_is_not_found_where_members_went_past_each_bucket() {
        long table = index.create(2);
        for (int i = 0; i <= SLOTS; i++) {
            index.add(table, hash(0, i), leaf(i));
        }
        MemberIndex.remove(table, hash(0, 0), leaf(0));
        for (int i = 0; i < SLOTS; i++) {
            index.add(table, hash(1, i), leaf(i));
        }
        for (int bucket = 0; bucket < 2; bucket++) {
            assertThat(MemberIndex.used(MemberIndex.bucket(table, bucket))).isEqualTo(SLOTS);
            assertThat(index.find(table, hash(bucket, ABSENT), 0, 0)).isZero();
        }
    }

    /**
     * A member that has gone past bucket 0 to bucket 1 leaves by the hash of one that belongs there, as a member with an equal
     * slot may: bucket 0 keeps counting it.
     */
    @Test
    void counts_that_are_too_high_do_not_come_round_to_none() {
        long table = index.create(2);
        for (int i = 0; i <= SLOTS; i++) {
            index.add(table, hash(0, i), leaf(i));
        }
        long bucket = MemberIndex.bucket(table, 0);
        for (int count = 1; count < 1 << 16; count++) {
            index.add(table, hash(0, ABSENT), leaf(ABSENT));
            MemberIndex.remove(table, hash(1, ABSENT), leaf(ABSENT));
        }
        assertThat(Raw.getUnsignedShort(bucket + OVERFLOW)).isEqualTo(0xffff);
        index.add(table, hash(0, ABSENT), leaf(ABSENT));
        MemberIndex.remove(table, hash(0, ABSENT), leaf(ABSENT));
        assertThat(Raw.getUnsignedShort(bucket + OVERFLOW)).isEqualTo(0xffff);
    }

    /** That of a member with its home in one of two buckets. */
    private static long hash(int bucket, int fingerprint) {
        return (long) bucket << 63 | fingerprint;
    }

    private static long leaf(int number) {
        return (long) number << SortedLeaf.GRANULE_SHIFT;
    }
}
