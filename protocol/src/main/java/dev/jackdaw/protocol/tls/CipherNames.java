package dev.jackdaw.protocol.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Shared and stateless: cipher suites have names of OpenSSL's in redis.conf, and other names in the JDK. */
final class CipherNames {
    private CipherNames() {}

    /** The JDK's name: {@code ECDHE-RSA-AES128-GCM-SHA256} is {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}. */
    static String jdkName(String name) {
        if (name.startsWith("TLS_")) {
            return name;
        }
        String[] exchangeAndCipher = name.split("-(?=AES|CHACHA20)", 2);
        if (exchangeAndCipher.length < 2) {
            return name;
        }
        String cipher = exchangeAndCipher[1]
                .replace('-', '_')
                .replaceFirst("^AES(128|256)_(?=SHA)", "AES_$1_CBC_")
                .replaceFirst("^AES(128|256)", "AES_$1")
                .replaceFirst("POLY1305$", "POLY1305_SHA256");
        return "TLS_" + exchangeAndCipher[0].replace('-', '_') + "_WITH_" + cipher;
    }

    /** The suites of the JDK that are asked for; where none are, those that it has enabled of the same kind. */
    static String[] chosen(List<String> upTo12, List<String> of13, String[] enabled, Set<String> supported) {
        List<String> chosen = new ArrayList<>();
        chosen.addAll(of13.isEmpty() ? kind(enabled, true) : checked(of13, supported));
        chosen.addAll(upTo12.isEmpty() ? kind(enabled, false) : checked(upTo12, supported));
        return chosen.toArray(String[]::new);
    }

    private static List<String> kind(String[] suites, boolean of13) {
        return Arrays.stream(suites)
                .filter(suite -> suite.contains("_WITH_") != of13)
                .toList();
    }

    private static List<String> checked(List<String> names, Set<String> supported) {
        List<String> suites = names.stream().map(CipherNames::jdkName).toList();
        for (int i = 0; i < suites.size(); i++) {
            if (!supported.contains(suites.get(i))) {
                throw new TlsException("there is no cipher suite " + names.get(i));
            }
        }
        return suites;
    }
}
