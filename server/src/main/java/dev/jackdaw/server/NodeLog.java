package dev.jackdaw.server;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared and stateless: the log of a node as {@code loglevel} and {@code logfile} want it, written by a thread of its own so
 * that an event loop never waits for a disk. Set up without a file of settings, which would take longer to read than the
 * node to start.
 */
final class NodeLog {
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %msg%n";

    private NodeLog() {}

    static void open(Config config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(asynchronous(context, appender(context, config)));
        context.getLogger("io.netty").setLevel(Level.WARN);
        config.follow(Directive.LOGLEVEL, unused -> root.setLevel(level(config.text(Directive.LOGLEVEL))));
    }

    /** Writes what is still to be written. */
    static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static Level level(String name) {
        return switch (name) {
            case "debug" -> Level.TRACE;
            case "verbose" -> Level.DEBUG;
            case "notice" -> Level.INFO;
            default -> Level.WARN;
        };
    }

    private static OutputStreamAppender<ILoggingEvent> appender(LoggerContext context, Config config) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender;
        if (config.text(Directive.LOGFILE).isEmpty()) {
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            console.setTarget("System.err");
            appender = console;
        } else {
            FileAppender<ILoggingEvent> file = new FileAppender<>();
            file.setFile(config.path(Directive.LOGFILE).toString());
            appender = file;
        }
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static AsyncAppender asynchronous(LoggerContext context, OutputStreamAppender<ILoggingEvent> target) {
        AsyncAppender appender = new AsyncAppender();
        appender.setContext(context);
        appender.setNeverBlock(true);
        appender.addAppender(target);
        appender.start();
        return appender;
    }
}
