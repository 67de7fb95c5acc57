package io.github.firmshake.filter;

import io.github.firmshake.handshake.RequestHead;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A handshake in canonical form: {@code Upgrade: websocket}, {@code Connection: Upgrade}, HTTP/1.1. */
final class CanonicalRequest extends HttpServletRequestWrapper {

    private final RequestHead received;
    private final Host host;

    CanonicalRequest(HttpServletRequest request, RequestHead received, Host host) {
        super(request);
        this.received = received;
        this.host = host;
    }

    @Override
    public @Nullable String getHeader(String name) {
        String canonical = canonical(name);
        return canonical == null ? super.getHeader(name) : canonical;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        String canonical = canonical(name);
        return canonical == null ? super.getHeaders(name) : Collections.enumeration(Set.of(canonical));
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        Set<String> names = new LinkedHashSet<>(Collections.list(super.getHeaderNames()));
        if (!received.has("Connection")) {
            names.add("connection");
        }
        if (!received.has("Upgrade")) {
            names.add("upgrade");
        }
        return Collections.enumeration(names);
    }

    @Override
    public String getProtocol() {
        return received.isOlderThanHttp11() ? "HTTP/1.1" : super.getProtocol();
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) throws IOException, ServletException {
        T upgraded = super.upgrade(handler);
        host.upgraded(getRequest());
        return upgraded;
    }

    private static @Nullable String canonical(String name) {
        if (name.equalsIgnoreCase("Upgrade")) {
            return "websocket";
        }
        return name.equalsIgnoreCase("Connection") ? "Upgrade" : null;
    }
}
