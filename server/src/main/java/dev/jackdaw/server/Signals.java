package dev.jackdaw.server;

import dev.jackdaw.server.config.Directive;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shared by the threads that the JVM runs for signals: has a signal end the node, in order, as its directive says. */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final String FROM_THE_KEYBOARD = "INT";

    private final Predicate<Directive> end;
    private final AtomicBoolean ending = new AtomicBoolean();

    /** @param end ends the node as a directive says; false if it goes on, since its data cannot be saved */
    Signals(Predicate<Directive> end) {
        this.end = end;
    }

    void obey() {
        handle(FROM_THE_KEYBOARD, Directive.SHUTDOWN_ON_SIGINT);
        handle("TERM", Directive.SHUTDOWN_ON_SIGTERM);
        handle("HUP", Directive.SHUTDOWN_ON_SIGTERM);
    }

    /** A hook of the JVM's would not learn which signal it was, nor could the node go on. The compiler warns of the class that tells, so it does not see it. */
    private void handle(String name, Directive directive) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object obeys = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        received(name, directive);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), obeys);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError("every JDK has it", impossible);
        }
    }

    private void received(String name, Directive directive) {
        if (ending.compareAndSet(false, true)) {
            LOG.warn("Received SIG{}, shutting down", name);
            if (!end.test(directive)) {
                LOG.error("Error trying to save the DB, can't exit: SHUTDOWN FORCE ends the node all the same");
                ending.set(false);
            }
        } else if (name.equals(FROM_THE_KEYBOARD)) {
            LOG.warn("You insist... exiting now");
            System.exit(1);
        }
    }
}
