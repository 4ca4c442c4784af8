package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.AclCommand;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Immutable: which words of a command are nobody's business: not those of the slow log, nor of who monitors. */
final class Secrets {
    private static final String SHOWN = "(redacted)";

    private static final Set<String> SECRET_DIRECTIVES =
            Set.of("requirepass", "masterauth", "masteruser", "tls-key-file-pass", "tls-client-key-file-pass");

    private Secrets() {}

    /** The word as it may be shown, and no more than so many bytes of it. */
    static String shown(Command command, Request request, int i, int mostBytes) {
        if (isSecret(command, request, i)) {
            return SHOWN;
        }
        int left = request.length(i) - mostBytes;
        if (left <= 0) {
            return request.text(i);
        }
        byte[] beginning = new byte[mostBytes];
        Raw.copy(request.address(i), beginning, 0, mostBytes);
        return new String(beginning, StandardCharsets.ISO_8859_1) + "... (" + left + " more bytes)";
    }

    private static boolean isSecret(Command command, Request request, int i) {
        if (command == ConnectionCommand.AUTH) {
            return i > 0;
        }
        if (command == ConnectionCommand.HELLO) {
            return i > 2 && request.is(i - 1, "AUTH") || i > 3 && request.is(i - 2, "AUTH");
        }
        if (command == KeyCommand.MIGRATE) {
            boolean first = i > 6 && (request.is(i - 1, "AUTH") || request.is(i - 1, "AUTH2"));
            return first || i > 7 && request.is(i - 2, "AUTH2");
        }
        if (command == ServerCommand.CONFIG_SET) {
            return i > 2
                    && i % 2 == 1
                    && SECRET_DIRECTIVES.contains(request.text(i - 1).toLowerCase(Locale.ROOT));
        }
        return i > 1 && command == AclCommand.ACL_SETUSER;
    }
}
