package io.github.firmshake.tomcat;

import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Violation;
import jakarta.servlet.RequestDispatcher;
import java.util.Collections;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.Request;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;

/** Changes and reads Tomcat's own request below the one that applications see. */
final class CoyoteHead {

    private static final String HTTP11 = "org.apache.coyote.http11";

    private CoyoteHead() {}

    /**
     * Puts a head into canonical form, in place: every application sees it, and Tomcat answers a whole handshake. Where
     * that fails, the head is as it was.
     */
    static void canonicalize(Request request) {
        MimeHeaders headers = request.getMimeHeaders();
        List<String> upgrade = Collections.list(headers.values("Upgrade"));
        List<String> connection = Collections.list(headers.values("Connection"));
        String protocol = request.protocol().toString();
        try {
            edit(request);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            put(headers, "Upgrade", upgrade);
            put(headers, "Connection", connection);
            request.protocol().setString(protocol);
            throw e;
        }
    }

    private static void edit(Request request) {
        put(request.getMimeHeaders(), "Upgrade", List.of("websocket"));
        put(request.getMimeHeaders(), "Connection", List.of("Upgrade"));
        request.protocol().setString("HTTP/1.1");
    }

    private static void put(MimeHeaders headers, String name, List<String> values) {
        headers.removeHeader(name);
        values.forEach(value -> headers.addValue(name).setString(value));
    }

    /** Why Tomcat refused a head while it read it; null where it read the whole head. */
    static @Nullable Violation cutShort(Request request, Connector connector) {
        if (!(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure)) {
            return null; // what is wrong with a whole head, Tomcat finds without an exception
        }
        // There is no type for it, and the text is translated.
        String tooLarge = StringManager.getManager(HTTP11).getString("iib.requestheadertoolarge.error");
        if (!String.valueOf(failure.getMessage()).equals(tooLarge)) {
            return new Violation(
                    ReasonCode.HEAD_REFUSED,
                    "request head",
                    List.of("a line that Tomcat refuses"),
                    "a well-formed head");
        }
        Object limit = connector.getProperty("maxHttpRequestHeaderSize");
        return new Violation(
                ReasonCode.HEAD_TOO_LARGE,
                "request head",
                List.of("more than Tomcat takes"),
                "at most " + limit + " bytes (maxHttpRequestHeaderSize of the Connector)");
    }
}
