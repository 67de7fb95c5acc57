package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request head as it was pasted: from a log, from {@code tcpdump -A}, from {@code curl -v}, or as a block of
 * HTTP/2 pseudo-header fields. Lines may end in CRLF or LF, the closing empty line may be missing, and what follows it is
 * ignored. Text stands for bytes, one character each (ISO 8859-1).
 */
final class RequestHeadParser {

    /** Says that a text is no request head. The message never holds the value of a field. */
    static final class NotARequestHead extends Exception {
        private static final long serialVersionUID = 1;

        private NotARequestHead(int line, String found, String expected) {
            super("line " + line + ": found " + found + ", expected " + expected);
        }
    }

    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF"; // of UTF-8, read as ISO 8859-1

    private static final String FIRST_LINE = "a request line such as GET /chat HTTP/1.1";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    // tcpdump -A prints a remark with the time first. The bytes of the packet's own headers follow: unprintable ones as
    // dots, in front of the request line; a line feed among them breaks the line. IPv4 begins with E, IPv6 with `.
    private static final Pattern PACKET_REMARK = Pattern.compile("(?:\\S+ )?\\d\\d:\\d\\d:\\d\\d\\.\\d+ .*\\bIP6? .*");
    private static final Pattern PACKET = Pattern.compile("(?:E\\.|`).*");
    private static final Pattern END_OF_PACKET_LINE =
            Pattern.compile("(?:GET|POST|PUT|HEAD|OPTIONS|CONNECT|DELETE|PATCH) \\S+ HTTP/\\d\\.\\d$");
    private static final int MAX_PACKET_LINES = 8;

    private static final Set<String> PSEUDO_FIELDS = Set.of(":method", ":scheme", ":authority", ":path", ":protocol");

    private final String[] lines;
    private int at;

    private RequestHeadParser(String text) {
        lines = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text).split("\n", -1);
    }

    static RequestHead parse(String text) throws NotARequestHead {
        return new RequestHeadParser(text).parse();
    }

    private RequestHead parse() throws NotARequestHead {
        while (at < lines.length && line().isBlank()) {
            at++;
        }
        if (at == lines.length) {
            throw new NotARequestHead(lines.length, "nothing", FIRST_LINE);
        }
        RequestHead.Builder builder = line().startsWith(":") ? pseudoFields() : requestLine();
        fields(builder);
        return builder.build();
    }

    // "> " stands before each line that curl -v sent, "* " before what it remarks. Neither can begin a field line: ">"
    // is no token character, and a field name is followed by a colon.
    private String line() {
        String line = lines[at];
        if (line.endsWith("\r")) {
            line = line.substring(0, line.length() - 1);
        }
        if (line.startsWith("* ")) {
            return "";
        }
        return line.equals(">") || line.startsWith("> ") ? line.substring(Math.min(2, line.length())) : line;
    }

    private RequestHead.Builder requestLine() throws NotARequestHead {
        boolean remark = PACKET_REMARK.matcher(line()).matches();
        String line = remark || PACKET.matcher(line()).matches() ? endOfPacketLine(remark ? 1 : 0) : line();
        String[] words = line.split(" ", -1);
        if (words.length != 3 || words[1].isEmpty() || line.startsWith("HTTP/")) {
            throw failure(firstLine(line), FIRST_LINE);
        }
        if (!TOKEN.matcher(words[0]).matches()) {
            throw failure("a method of " + characters(words[0]) + " that is no token", FIRST_LINE);
        }
        if (!RequestHead.isVersion(words[2])) {
            throw failure(
                    "the version " + Escape.quoted(words[2]), "one such as HTTP/1.1 at the end of a request line");
        }
        at++;
        return RequestHead.builder(words[0], words[1], words[2]);
    }

    private String endOfPacketLine(int remarks) throws NotARequestHead {
        int first = at;
        for (at += remarks; at < Math.min(lines.length, first + MAX_PACKET_LINES); at++) {
            Matcher matcher = END_OF_PACKET_LINE.matcher(line());
            if (matcher.find()) {
                return matcher.group();
            }
        }
        at = first;
        throw failure("a packet without a request line in clear text", FIRST_LINE);
    }

    // Where the request line should be there may be anything, a line with a password too: only its shape is told.
    private static String firstLine(String line) {
        if (line.startsWith("HTTP/")) {
            return "a response";
        }
        int colon = line.indexOf(':');
        if (colon > 0 && TOKEN.matcher(line.substring(0, colon)).matches()) {
            return "a field line, " + Escape.quoted(line.substring(0, colon));
        }
        if (line.startsWith(" ")) {
            return "white space at the start";
        }
        int words = line.split(" +").length;
        return "a line of " + characters(line) + " and " + words + (words == 1 ? " word" : " words");
    }

    // RFC 9113 8.3: they stand before all other fields, each once. curl -v and browsers show them so.
    private RequestHead.Builder pseudoFields() throws NotARequestHead {
        Map<String, String> pseudo = new HashMap<>();
        for (; at < lines.length && line().startsWith(":"); at++) {
            int colon = line().indexOf(':', 1);
            String name = colon < 0 ? line() : line().substring(0, colon);
            if (colon < 0 || !PSEUDO_FIELDS.contains(name)) {
                throw failure(
                        colon < 0 ? "no second colon" : Escape.quoted(name),
                        "one of :method, :scheme, :authority, :path, :protocol, then a colon");
            }
            if (pseudo.put(name, line().substring(colon + 1).strip()) != null) {
                throw failure("a second " + name, "one");
            }
        }
        String method = required(pseudo, ":method");
        if (!TOKEN.matcher(method).matches()) {
            throw failure("a :method of " + characters(method) + " that is no token", "one such as CONNECT");
        }
        String protocol = pseudo.get(":protocol");
        String authority = pseudo.get(":authority");
        // An ordinary CONNECT has no path (RFC 9113 8.5).
        boolean tunnel = method.equals("CONNECT") && protocol == null && authority != null;
        String target = tunnel ? authority : required(pseudo, ":path");
        return RequestHead.builder(method, target, "HTTP/2.0")
                .protocol(protocol)
                .pseudoFields(pseudo.get(":scheme"), authority);
    }

    private String required(Map<String, String> pseudo, String name) throws NotARequestHead {
        String value = pseudo.get(name);
        if (value == null || value.isEmpty()) {
            throw failure("pseudo-header fields without " + name, name + " among them");
        }
        return value;
    }

    private void fields(RequestHead.Builder builder) throws NotARequestHead {
        @Nullable String name = null;
        StringBuilder value = new StringBuilder();
        for (; at < lines.length && !line().isEmpty(); at++) {
            String line = line();
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') { // obs-fold, RFC 9112 5.2
                if (name == null) {
                    throw failure("white space at the start", "a field line such as Upgrade: websocket");
                }
                value.append(' ').append(line.strip());
                continue;
            }
            if (name != null) {
                builder.field(name, value.toString());
            }
            name = fieldName(line);
            value = new StringBuilder(line.substring(name.length() + 1));
        }
        if (name != null) {
            builder.field(name, value.toString());
        }
    }

    // field-line = field-name ":" OWS field-value OWS (RFC 9112 5)
    private String fieldName(String line) throws NotARequestHead {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw failure(
                    "a line of " + characters(line) + " without a colon", "a field line such as Upgrade: websocket");
        }
        String name = line.substring(0, colon);
        Matcher token = TOKEN.matcher(name);
        if (!token.matches()) {
            int end = token.lookingAt() ? token.end() : 0;
            throw failure(
                    Escape.quoted(line.substring(end, end + 1)) + " at character " + (end + 1),
                    end == 0 ? "a field name" : "a token character or the colon behind a field name");
        }
        return name;
    }

    private static String characters(String text) {
        return text.length() + (text.length() == 1 ? " character" : " characters");
    }

    private NotARequestHead failure(String found, String expected) {
        return new NotARequestHead(at + 1, found, expected);
    }
}
