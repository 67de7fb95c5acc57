package io.github.firmshake.tomcat;

import io.github.firmshake.handshake.ReasonCode;
import io.github.firmshake.handshake.Violation;
import jakarta.servlet.RequestDispatcher;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.Request;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;

/** What is done to, and read from, Tomcat's own request below the one that applications see. */
final class CoyoteHead {

    private static final String HTTP11 = "org.apache.coyote.http11";

    private CoyoteHead() {}

    /** Puts a head into canonical form, in place: every application sees it, and Tomcat answers a whole handshake. */
    static void canonicalize(Request request) {
        MimeHeaders headers = request.getMimeHeaders();
        headers.removeHeader("Upgrade");
        headers.addValue("Upgrade").setString("websocket");
        headers.removeHeader("Connection");
        headers.addValue("Connection").setString("Upgrade");
        request.protocol().setString("HTTP/1.1");
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
