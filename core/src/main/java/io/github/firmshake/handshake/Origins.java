package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The origins that may open a WebSocket (RFC 6455 sections 4.2.2 and 10.2): cookies ride on a cross-site handshake, and
 * Origin is the only thing that tells it apart. Immutable.
 */
public final class Origins {

    /** No check of our own: the application decides. */
    public static final Origins ANY = new Origins(Set.of(), false);

    private static final String SAME_ORIGIN = "same-origin";

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
        return Optional.of(new Violation(
                ReasonCode.ORIGIN_NOT_ALLOWED, "Origin", Shown.hostsAndPorts(origins), expected(request)));
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
        boolean forwarded = hosts.addAll(forwarded(request, "X-Forwarded-Host", "host="));
        // Only what can be no more than a host is shown: this text is printed as it is.
        List<String> shown = hosts.stream()
                .filter(host -> Grammar.isOriginHost(host) && host.length() <= MAX_HOST)
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
        int schemeEnd = origin.indexOf("://");
        String scheme = origin.substring(0, schemeEnd);
        String own = origin.substring(schemeEnd + 3);
        List<String> schemes = forwarded(request, "X-Forwarded-Proto", "proto=");
        boolean schemeFits = schemes.isEmpty()
                || schemes.stream().anyMatch(proto -> secure(proto).equals(scheme));
        List<String> hosts = new ArrayList<>(request.values("Host"));
        hosts.addAll(forwarded(request, "X-Forwarded-Host", "host="));
        return schemeFits && hosts.stream().anyMatch(host -> own.equals(authority(scheme, host)));
    }

    private static List<String> forwarded(RequestHead request, String header, String inForwarded) {
        List<String> found = new ArrayList<>(request.members(header));
        for (String line : request.values("Forwarded")) {
            addForwarded(line, inForwarded, found);
        }
        return found;
    }

    // forwarded-pair = token "=" ( token / quoted-string ) (RFC 7239 4)
    private static void addForwarded(String line, String nameAndEquals, List<String> found) {
        for (int at = 0; at < line.length(); at = until(";, \t", line, at) + 1) {
            if (line.regionMatches(true, at, nameAndEquals, 0, nameAndEquals.length())) {
                int start = at + nameAndEquals.length();
                start += line.startsWith("\"", start) ? 1 : 0;
                int end = until("\";, \t", line, start);
                if (end > start) {
                    found.add(line.substring(start, end).toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private static int until(String separators, String text, int from) {
        int at = from;
        while (at < text.length() && separators.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    // Traefik forwards wss where others say https.
    private static String secure(String scheme) {
        return switch (scheme) {
            case "wss" -> "https";
            case "ws" -> "http";
            default -> scheme;
        };
    }

    // serialized-origin = scheme "://" host [ ":" port ] (RFC 6454 7)
    private static @Nullable String normalized(String origin) {
        int schemeEnd = Grammar.schemeEnd(origin);
        if (schemeEnd == 0 || !origin.startsWith("://", schemeEnd)) {
            return null;
        }
        String scheme = secure(origin.substring(0, schemeEnd).toLowerCase(Locale.ROOT));
        String authority = authority(scheme, origin.substring(schemeEnd + 3));
        return authority == null ? null : scheme + "://" + authority;
    }

    // Reads the host alone: a hostile scheme must not be copied for each of a thousand forwarded hosts.
    private static @Nullable String authority(String scheme, String hostAndPort) {
        if (!Grammar.isOriginHost(hostAndPort)) {
            return null;
        }
        String defaultPort = scheme.equals("https") ? ":443" : scheme.equals("http") ? ":80" : ":";
        boolean isDefault = hostAndPort.endsWith(defaultPort);
        String shown = isDefault ? hostAndPort.substring(0, hostAndPort.length() - defaultPort.length()) : hostAndPort;
        return shown.toLowerCase(Locale.ROOT);
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
