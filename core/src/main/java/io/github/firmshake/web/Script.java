package io.github.firmshake.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The browser's half of the heartbeat: a script, and its types for those who compile. Immutable. */
public final class Script {

    private static final byte[] NOTHING = {};

    private final String contentType;
    private final byte[] bytes;
    private final String tag;

    Script(String contentType, byte[] bytes) {
        this.contentType = contentType;
        this.bytes = bytes;
        // Weak: a container may compress it on its way, and then it is another representation (RFC 9110 8.8.1). Tomcat
        // compresses nothing that has a strong one.
        tag = "W/\"" + hash(bytes) + "\"";
    }

    private static final class Module {
        private static final Script SCRIPT = new Script("text/javascript;charset=UTF-8", read("firmshake.js"));
    }

    private static final class Types {
        private static final Script SCRIPT = new Script("text/plain;charset=UTF-8", read("firmshake.d.ts"));
    }

    /** The script, {@code firmshake.js}; read when first asked for. */
    public static Script module() {
        return Module.SCRIPT;
    }

    /** Its types, {@code firmshake.d.ts}; read when first asked for. */
    public static Script types() {
        return Types.SCRIPT;
    }

    /** The path of the types for a path of the script: its ending replaced by {@code .d.ts}. */
    public static String typesPath(String scriptPath) {
        return scriptPath.replaceFirst("\\.m?js$", "") + ".d.ts";
    }

    /**
     * Answers a request.
     *
     * @param method its method
     * @param ifNoneMatch its field of that name, all lines joined, or null where there is none
     */
    public Served answer(String method, @Nullable String ifNoneMatch) {
        boolean head = method.equals("HEAD");
        if (!head && !method.equals("GET")) { // RFC 9110 15.5.6
            return new Served(405, Map.of("Allow", "GET, HEAD", "Content-Length", "0"), NOTHING);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", tag);
        // Asked for again each time, and most often answered with 304: a page never runs yesterday's script.
        headers.put("Cache-Control", "no-cache");
        if (ifNoneMatch != null && matches(ifNoneMatch)) {
            return new Served(304, headers, NOTHING); // RFC 9110 15.4.5
        }
        headers.put("Content-Type", contentType);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Content-Length", String.valueOf(bytes.length));
        return new Served(200, headers, head ? NOTHING : bytes);
    }

    // RFC 9110 13.1.2: a star alone, or a list and weak comparison. A tag with its quotes is in no other one.
    private boolean matches(String ifNoneMatch) {
        return ifNoneMatch.strip().equals("*") || ifNoneMatch.contains(tag.substring(2));
    }

    private static byte[] read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
