package dev.jackdaw.proxy;

import dev.jackdaw.protocol.MemorySize;
import dev.jackdaw.protocol.tls.TlsSettings;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.config.ProxyOptions;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Owned by the process: runs one proxy until it is told to stop. */
@Command(
        name = "jackdaw proxy",
        description = "One proxy in front of nodes that run already.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ProxyMain implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyMain.class);

    @Option(names = "--port", required = true, paramLabel = "N", description = "where clients connect")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "A",
            defaultValue = ProxyOptions.DEFAULT_BIND,
            description = "the address to listen on (default ${DEFAULT-VALUE})")
    private String bind;

    @Option(
            names = "--nodes",
            required = true,
            split = ",",
            paramLabel = "host:port",
            description = "the nodes; every proxy must be given the same")
    private List<String> nodes;

    @Option(
            names = "--near-cache",
            paramLabel = "BYTES",
            defaultValue = "64mb",
            description = "memory for values of hot keys, 0 for none (default ${DEFAULT-VALUE})")
    private String nearCache;

    @Option(names = "--requirepass", paramLabel = "P", defaultValue = "", description = "what clients must give")
    private String password;

    @Option(names = "--node-pass", paramLabel = "P", defaultValue = "", description = "what the nodes want")
    private String nodePassword;

    @Option(
            names = "--io-threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "event loops, each with connections of its own (default ${DEFAULT-VALUE})")
    private int ioThreads;

    @Option(
            names = "--databases",
            paramLabel = "N",
            defaultValue = "" + ProxyOptions.DEFAULT_DATABASES,
            description = "as many as the nodes have (default ${DEFAULT-VALUE})")
    private int databases;

    @Option(
            names = "--maxclients",
            paramLabel = "N",
            defaultValue = "" + ProxyOptions.DEFAULT_MAX_CLIENTS,
            description = "how many clients are let in (default ${DEFAULT-VALUE})")
    private int maxClients;

    @Option(
            names = "--node-timeout",
            paramLabel = "MILLIS",
            defaultValue = "" + ProxyOptions.DEFAULT_NODE_TIMEOUT_MILLIS,
            description = "how long a node may leave requests unanswered (default ${DEFAULT-VALUE})")
    private int nodeTimeoutMillis;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "how long a client may be idle, 0 for ever (default ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Option(
            names = "--tls-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "where clients connect with TLS, 0 for nowhere")
    private int tlsPort;

    @Option(names = "--tls-cert-file", paramLabel = "FILE", defaultValue = "", description = "the proxy's certificate")
    private String tlsCertFile;

    @Option(names = "--tls-key-file", paramLabel = "FILE", defaultValue = "", description = "and its key")
    private String tlsKeyFile;

    @Option(names = "--tls-key-file-pass", paramLabel = "P", defaultValue = "", description = "the key's password")
    private String tlsKeyFilePass;

    @Option(
            names = "--tls-ca-cert-file",
            paramLabel = "FILE",
            defaultValue = "",
            description = "who signs the certificates of clients and nodes")
    private String tlsCaCertFile;

    @Option(
            names = "--tls-auth-clients",
            paramLabel = "yes|no|optional",
            defaultValue = "yes",
            description = "whether clients must show a certificate (default ${DEFAULT-VALUE})")
    private TlsSettings.ClientCertificates tlsAuthClients;

    @Option(names = "--tls-nodes", description = "speak TLS to the nodes")
    private boolean tlsNodes;

    public static void main(String[] arguments) {
        // Sampling for leaks costs a wrapper around some buffers, and with it the speed of all.
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        int status = new CommandLine(new ProxyMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() {
        ProxyOptions options = new ProxyOptions(
                bind,
                port,
                nodes.stream().map(Node::parse).toList(),
                MemorySize.parse(nearCache),
                password,
                nodePassword,
                ioThreads,
                databases,
                maxClients,
                nodeTimeoutMillis,
                timeoutSeconds,
                new ProxyOptions.Encryption(
                        tlsPort,
                        tlsNodes,
                        TlsSettings.of(tlsCertFile, tlsKeyFile, tlsKeyFilePass, tlsCaCertFile, tlsAuthClients)));
        Proxy proxy = Proxy.start(options);
        Runtime.getRuntime().addShutdownHook(new Thread(proxy::close, "stop"));
        LOG.info("proxy listens on {}:{}, in front of {} nodes", bind, proxy.port(), nodes.size());
        proxy.await();
        return 0;
    }
}
