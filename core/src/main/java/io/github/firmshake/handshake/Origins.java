package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origins that may open a WebSocket (RFC 6455 sections 4.2.2 and 10.2): cookies ride on a cross-site handshake, and
 * Origin is the only thing that tells it apart. Immutable.
 */
public final class Origins {

    /** No check of our own: the application decides. */
    public static final Origins ANY = new Origins(Set.of(), false);

    private static final String SAME_ORIGIN = "same-origin";

    // serialized-origin = scheme "://" host [ ":" port ] (RFC 6454 7)
    private static final Pattern ORIGIN =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~-]+)(?::(\\d{1,5}))?");
    private static final Pattern FORWARDED_HOST = forwarded("host");
    private static final Pattern FORWARDED_PROTO = forwarded("proto");

    private static final int MAX_HOSTS = 8;
    private static final int MAX_HOST = 75;

    private final Set<String> allowed;
    private final boolean sameOrigin;

    private Origins(Set<String> allowed, boolean sameOrigin) {
        this.allowed = allowed;
        this.sameOrigin = sameOrigin;
    }

    /**
     * Reads a list of origins and {@code same-origin}, separated by commas or white space; empty: {@link #ANY}.
     *
     * @throws IllegalArgumentException naming the member that is neither
     */
    public static Origins parse(String list) {
        Set<String> allowed = new LinkedHashSet<>();
        boolean sameOrigin = false;
        for (String member : Settings.members(list)) {
            if (member.equalsIgnoreCase(SAME_ORIGIN)) {
                sameOrigin = true;
            } else {
                String origin = normalized(member);
                if (origin == null) {
                    throw new IllegalArgumentException("\"" + member
                            + "\" is no origin, expected such as https://app.example.com, or same-origin");
                }
                allowed.add(origin);
            }
        }
        return new Origins(allowed, sameOrigin);
    }

    /**
     * Whether the request's Origin is refused. A request without Origin is no browser and passes; {@code null} never
     * matches.
     */
    Optional<Violation> violation(RequestHead request) {
        List<String> origins = request.values("Origin");
        if (origins.isEmpty() || (allowed.isEmpty() && !sameOrigin)) {
            return Optional.empty();
        }
        String origin = origins.size() == 1 ? normalized(origins.get(0)) : null;
        if (origin != null && (allowed.contains(origin) || (sameOrigin && isSameOrigin(origin, request)))) {
            return Optional.empty();
        }
        List<String> shown = origins.stream()
                .map(value -> value.replaceAll("(?s)[?#].*", "").replaceAll("(?s)//.*@", "//"))
                .toList();
        return Optional.of(new Violation(ReasonCode.ORIGIN_NOT_ALLOWED, "Origin", shown, expected(request)));
    }

    /** Whether the request's Origin, if it has one, is allowed: for endpoints that a handshake may reach unexamined. */
    public boolean allow(RequestHead request) {
        return violation(request).isEmpty();
    }

    private String expected(RequestHead request) {
        String text = "one of " + this;
        if (!sameOrigin) {
            return text;
        }
        List<String> hosts = new ArrayList<>(request.values("Host"));
        boolean forwarded = hosts.addAll(forwarded(request, "X-Forwarded-Host", FORWARDED_HOST));
        // Only what can be no more than a host is shown: this text is printed as it is.
        List<String> shown = hosts.stream()
                .filter(host -> Grammar.isHost(host) && host.length() <= MAX_HOST)
                .limit(MAX_HOSTS)
                .toList();
        text += shown.isEmpty() ? " (no host is known here)" : " (the host here is " + String.join(", ", shown) + ")";
        return forwarded
                ? text
                : text + "; if a hop rewrote Host, it has to forward the client's: "
                        + "proxy_set_header Host $host; on nginx, ProxyPreserveHost On on Apache httpd";
    }

    // Page script can set none of Host, X-Forwarded-Host and Forwarded on a WebSocket, so each of them may match.
    private static boolean isSameOrigin(String origin, RequestHead request) {
        String scheme = origin.substring(0, origin.indexOf("://"));
        List<String> schemes = forwarded(request, "X-Forwarded-Proto", FORWARDED_PROTO);
        boolean schemeFits = schemes.isEmpty()
                || schemes.stream().anyMatch(proto -> secure(proto).equals(scheme));
        List<String> hosts = new ArrayList<>(request.values("Host"));
        hosts.addAll(forwarded(request, "X-Forwarded-Host", FORWARDED_HOST));
        return schemeFits && hosts.stream().anyMatch(host -> origin.equals(normalized(scheme + "://" + host)));
    }

    private static List<String> forwarded(RequestHead request, String header, Pattern inForwarded) {
        List<String> found = new ArrayList<>(request.members(header));
        for (String line : request.values("Forwarded")) {
            Matcher matcher = inForwarded.matcher(line);
            while (matcher.find()) {
                found.add(matcher.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return found;
    }

    // forwarded-pair = token "=" ( token / quoted-string ) (RFC 7239 4)
    private static Pattern forwarded(String parameter) {
        return Pattern.compile("(?:^|[;,\\s])" + parameter + "=\"?([^\",;\\s]+)", Pattern.CASE_INSENSITIVE);
    }

    // Traefik forwards wss where others say https.
    private static String secure(String scheme) {
        return switch (scheme) {
            case "wss" -> "https";
            case "ws" -> "http";
            default -> scheme;
        };
    }

    private static @Nullable String normalized(String origin) {
        Matcher matcher = ORIGIN.matcher(origin);
        if (!matcher.matches()) {
            return null;
        }
        String scheme = secure(matcher.group(1).toLowerCase(Locale.ROOT));
        String port = matcher.group(3);
        boolean isDefault = port == null
                || (scheme.equals("https") && port.equals("443"))
                || (scheme.equals("http") && port.equals("80"));
        return scheme + "://" + matcher.group(2).toLowerCase(Locale.ROOT) + (isDefault ? "" : ":" + port);
    }

    /** The list as {@link #parse} reads it; empty for {@link #ANY}. */
    @Override
    public String toString() {
        List<String> members = new ArrayList<>(allowed);
        if (sameOrigin) {
            members.add(SAME_ORIGIN);
        }
        return String.join(" ", members);
    }
}
