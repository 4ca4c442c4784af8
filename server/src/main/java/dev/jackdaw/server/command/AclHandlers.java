package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.AclCommand;
import dev.jackdaw.protocol.command.Category;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.acl.AccessCheck;
import dev.jackdaw.server.acl.Acl;
import dev.jackdaw.server.acl.AclFile;
import dev.jackdaw.server.acl.AclLog;
import dev.jackdaw.server.acl.Denial;
import dev.jackdaw.server.acl.RuleException;
import dev.jackdaw.server.acl.Selector;
import dev.jackdaw.server.acl.User;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: the bodies of ACL. Rarely asked, so they allocate. */
final class AclHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(AclHandlers.class);
    private static final long USUAL_LOG_ENTRIES = 10;
    private static final int USUAL_BITS = 256;
    private static final int MOST_BITS = 4096;
    private static final int BITS_OF_A_DIGIT = 4;

    private final Acl acl;
    private final Logins logins;
    private final CommandTable table = CommandTable.all();
    private final AccessCheck access = new AccessCheck();
    private final SecureRandom random = new SecureRandom();

    AclHandlers(Node node) {
        this.acl = node.acl();
        this.logins = node.logins();
    }

    void run(AclCommand command, Call call) {
        switch (command) {
            case ACL_CAT -> cat(call);
            case ACL_DELUSER -> deluser(call);
            case ACL_DRYRUN -> dryrun(call);
            case ACL_GENPASS -> genpass(call);
            case ACL_GETUSER -> getuser(call);
            case ACL_LIST -> texts(acl.users().stream().map(User::toString).toList(), call.reply());
            case ACL_LOAD -> load(call);
            case ACL_LOG -> log(call);
            case ACL_SAVE -> save(call);
            case ACL_SETUSER -> setuser(call);
            case ACL_USERS -> texts(acl.users().stream().map(User::name).toList(), call.reply());
            case ACL_WHOAMI -> call.reply().bulkText(call.session().user().name());
            case ACL, ACL_HELP -> new CommandReplies(table).help(AclCommand.ACL, call.reply());
        }
    }

    private static void texts(Collection<String> texts, ReplyWriter out) {
        out.array(texts.size());
        texts.forEach(out::bulkText);
    }

    private static void atMost(Call call, int words) {
        if (call.count() > words) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "ACL"));
        }
    }

    // --- Users ---

    private void setuser(Call call) {
        String name = call.text(2);
        if (Acl.hasSpaces(name)) {
            throw new Refusal(CommandError.INVALID_USER_NAME);
        }
        List<String> rules = new ArrayList<>();
        for (int i = 3; i < call.count(); i++) {
            rules.add(call.text(i));
        }
        User changed;
        try {
            changed = acl.changed(name, rules);
        } catch (RuleException wrong) {
            throw new Refusal("ERR " + wrong.getMessage());
        }

        logins.change(changed, call.session());
        call.reply().ok();
    }

    private void deluser(Call call) {
        for (int i = 2; i < call.count(); i++) {
            if (call.text(i).equals(Acl.DEFAULT)) {
                throw new Refusal(CommandError.DEFAULT_USER_STAYS);
            }
        }

        int deleted = 0;
        for (int i = 2; i < call.count(); i++) {
            User user = acl.remove(call.text(i));
            if (user != null) {
                logins.remove(user, call.session());
                deleted++;
            }
        }
        call.reply().integer(deleted);
    }

    private void getuser(Call call) {
        User user = acl.user(call.text(2));
        if (user == null) {
            call.reply().nullBulk();
            return;
        }
        ReplyWriter out = call.reply();
        Selector main = user.selectors().getFirst();
        List<Selector> others = user.selectors().subList(1, user.selectors().size());
        out.map(6);
        out.bulkText("flags");
        out.set(user.flags().size());
        user.flags().forEach(out::bulkText);
        out.bulkText("passwords");
        texts(user.passwords(), out);
        rules(main, out);
        out.bulkText("selectors");
        out.array(others.size());
        for (Selector selector : others) {
            out.map(3);
            rules(selector, out);
        }
    }

    private static void rules(Selector selector, ReplyWriter out) {
        out.bulkText("commands");
        out.bulkText(selector.commandRules());
        out.bulkText("keys");
        out.bulkText(selector.keyRules());
        out.bulkText("channels");
        out.bulkText(selector.channelRules());
    }

    private void load(Call call) {
        List<User> loaded;
        try {
            loaded = file().read();
        } catch (RuleException wrong) {
            throw new Refusal("ERR " + wrong.getMessage());
        }

        logins.replace(loaded, call.session());
        call.reply().ok();
    }

    private void save(Call call) {
        try {
            file().write();
        } catch (IOException failed) {
            LOG.warn("ACL SAVE failed", failed);
            throw new Refusal(CommandError.ACL_SAVE_FAILED);
        }
        call.reply().ok();
    }

    private AclFile file() {
        if (acl.file() == null) {
            throw new Refusal(CommandError.NO_ACL_FILE);
        }
        return acl.file();
    }

    // --- Questions ---

    private void cat(Call call) {
        atMost(call, 3);
        if (call.count() == 2) {
            texts(List.of(Category.values()).stream().map(Category::wireName).toList(), call.reply());
            return;
        }
        Category category = Category.named(call.text(2));
        if (category == null) {
            throw new Refusal(CommandError.unknownCategory(call.text(2)));
        }
        texts(
                table.commands().stream()
                        .map(Command::spec)
                        .filter(spec -> spec.categories().contains(category))
                        .map(spec -> spec.name())
                        .toList(),
                call.reply());
    }

    private void dryrun(Call call) {
        User user = acl.user(call.text(2));
        if (user == null) {
            throw new Refusal(CommandError.userNotFound(call.text(2)));
        }
        try (Request request = new Request()) {
            request.tail(call.request(), 3);
            dryrun(call, user, request);
        }
    }

    private void dryrun(Call call, User user, Request request) {
        Command command = table.find(request);
        if (command == null
                || command.spec().isContainer() && !command.spec().accepts(request.count()) && request.count() > 1) {
            throw new Refusal(CommandError.commandNotFound(request.text(0)));
        }
        if (!command.spec().accepts(request.count())) {
            throw new Refusal(CommandError.arity(command.spec().name()));
        }
        Denial denial = access.of(user, command, request);
        if (denial == null) {
            call.reply().ok();
        } else {
            String argument = request.text(access.argument());
            call.reply().bulkText(denial.dryRunText(command.spec().name(), argument));
        }
    }

    private void genpass(Call call) {
        atMost(call, 3);
        long bits = call.count() == 3 ? call.integer(2) : USUAL_BITS;
        if (bits <= 0 || bits > MOST_BITS) {
            throw new Refusal(CommandError.GENPASS_BITS);
        }
        int digits = (int) (bits + BITS_OF_A_DIGIT - 1) / BITS_OF_A_DIGIT;
        byte[] bytes = new byte[(digits + 1) / 2];
        random.nextBytes(bytes);
        call.reply().bulkText(HexFormat.of().formatHex(bytes).substring(0, digits));
    }

    private void log(Call call) {
        atMost(call, 3);
        if (call.count() == 3 && call.is(2, "RESET")) {
            acl.log().clear();
            call.reply().ok();
            return;
        }
        List<AclLog.Entry> entries = acl.log().latest(call.count() == 3 ? call.integer(2) : USUAL_LOG_ENTRIES);
        call.reply().array(entries.size());
        entries.forEach(entry -> entry(entry, call));
    }

    private static void entry(AclLog.Entry entry, Call call) {
        ReplyWriter out = call.reply();
        out.map(7);
        out.bulkText("count");
        out.integer(entry.count());
        out.bulkText("reason");
        out.bulkText(entry.reason());
        out.bulkText("context");
        out.bulkText(entry.context());
        out.bulkText("object");
        out.bulkText(entry.object());
        out.bulkText("username");
        out.bulkText(entry.username());
        out.bulkText("age-seconds");
        out.number((call.nowMillis() - entry.millis()) / 1000.0);
        out.bulkText("client-info");
        out.bulkText(entry.client());
    }
}
