package io.github.firmshake.jetty;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/** A handshake in canonical form: {@code Upgrade: websocket}, {@code Connection: Upgrade}, HTTP/1.1. */
final class CanonicalRequest extends Request.Wrapper {

    private final HttpFields headers;
    private final ConnectionMetaData connection;

    CanonicalRequest(Request request) {
        super(request);
        headers = HttpFields.build(request.getHeaders())
                .put(HttpHeader.UPGRADE, "websocket")
                .put(HttpHeader.CONNECTION, "Upgrade")
                .asImmutable();
        connection = new Http11(request.getConnectionMetaData());
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
        return connection;
    }

    // Jetty's handshaker refuses any other version.
    private static final class Http11 extends ConnectionMetaData.Wrapper {

        private Http11(ConnectionMetaData wrapped) {
            super(wrapped);
        }

        @Override
        public HttpVersion getHttpVersion() {
            return HttpVersion.HTTP_1_1;
        }

        @Override
        public String getProtocol() {
            return HttpVersion.HTTP_1_1.asString();
        }
    }
}
