package dev.jackdaw.protocol.oracle;

import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shared and stateless: short names for the replies that tests expect. */
public final class Replies {
    private Replies() {}

    public static Reply number(long value) {
        return new Reply.Int(value);
    }

    public static Reply bulk(String text) {
        return new Reply.Bulk(text);
    }

    public static Reply error(String text) {
        return new Reply.Error(text);
    }

    /** An array of replies as they are, of numbers, and of what else there is as bulk strings; null stands for a missing one. */
    public static Reply array(Object... elements) {
        return array(Arrays.asList(elements));
    }

    public static Reply array(List<?> elements) {
        return new Reply.Array(elements(elements, Reply.Null.BULK));
    }

    /** The same for a message that answers no command, in RESP3. */
    public static Reply push(Object... elements) {
        return new Reply.Push(elements(Arrays.asList(elements), Reply.Null.ANY));
    }

    private static List<Reply> elements(List<?> elements, Reply none) {
        List<Reply> replies = new ArrayList<>();
        for (Object element : elements) {
            replies.add(
                    switch (element) {
                        case null -> none;
                        case Reply reply -> reply;
                        case Integer number -> number(number);
                        default -> bulk(element.toString());
                    });
        }
        return replies;
    }
}
