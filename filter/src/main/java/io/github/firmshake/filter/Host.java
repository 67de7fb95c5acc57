package io.github.firmshake.filter;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.handshake.RepairLevel;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What differs between containers for a filter. */
enum Host {
    /** Reads the request that the filter chain hands it, so a wrapper is enough; lower-cases field names. */
    TOMCAT("org.apache.catalina.") {
        @Override
        boolean hasMade(ServletContext context) {
            // GlassFish and Payara took over Tomcat's servlets, not its connector.
            return super.hasMade(context) && Reflection.knows(context, "org.apache.coyote.Request");
        }

        @Override
        Place placeOf(FilterConfig config) {
            return Tomcat.placeOf(config);
        }

        // From 11 on it throws where a query cannot be decoded, and answers with the status inside.
        @Override
        int statusOf(Throwable failure) {
            return statusIn(failure, "org.apache.tomcat.util.http.", "getErrorCode");
        }

        @Override
        void upgraded(ServletRequest request) {
            TomcatConnector.answerAsHttp11(request);
        }

        @Override
        void refusedWithBody(HttpServletRequest request) {
            TomcatConnector.leaveBody(request);
        }
    },
    /** Reads its own request below every wrapper; writes known field names in their usual case. */
    JETTY("org.eclipse.jetty.") {
        @Override
        Assessment possible(Assessment assessment, Settings settings) {
            return assessment.unrepaired("a filter cannot repair on Jetty, Firmshake's Jetty module can", settings);
        }

        // Its WebSocket filter throws what it refuses, with the status inside.
        @Override
        int statusOf(Throwable failure) {
            return statusIn(failure, "org.eclipse.jetty.http.", "getCode");
        }
    },
    /** Looks at its own exchange when it upgrades. */
    UNDERTOW("io.undertow.") {
        @Override
        void putFirst(ServletContext context, String filter) {
            UndertowFilters.putFirst(context, filter);
        }

        @Override
        Place placeOf(FilterConfig config) {
            return UndertowFilters.placeOf(config.getServletContext(), config.getFilterName());
        }

        @Override
        boolean hasMade(ServletContext context) {
            // Quarkus took over its servlets, not its connections.
            return super.hasMade(context) && Reflection.knows(context, "io.undertow.server.ConduitWrapper");
        }

        @Override
        HttpServletRequest canonical(HttpServletRequest request, RequestHead received) {
            HttpServletRequest canonical = super.canonical(request, received);
            Undertow.upgrade(request); // last: nothing is to be half done
            return canonical;
        }

        @Override
        void putPeer(HttpServletRequest request, RequestHead.Builder head) {
            String peer = Undertow.peer(request);
            if (peer == null) {
                super.putPeer(request, head);
            } else {
                head.peer(peer, true);
            }
        }

        @Override
        void passing(HttpServletRequest request) {
            if (request.getProtocol().equals("HTTP/1.0")) {
                Undertow.answerAsHttp11(request);
            }
        }

        @Override
        String remark(Settings settings) {
            return settings.repair() == RepairLevel.OFF
                    ? "; HTTP/1.0 is answered with an HTTP/1.0 status line, which downgrades a proxy's pooled connections;"
                            + " repair=safe answers with HTTP/1.1"
                    : "; HTTP/1.0 is answered with an HTTP/1.1 status line, which Undertow does not do by itself";
        }

        @Override
        void refusing(HttpServletRequest request) {
            Undertow.refuse(request);
        }

        @Override
        void refusedWithBody(HttpServletRequest request) {
            Undertow.close(request);
        }

        @Override
        boolean startsFiltersLate() {
            return true;
        }
    },
    /** Its own servlets are Undertow's. */
    QUARKUS("io.undertow.") {
        @Override
        String remark(Settings settings) {
            return "; Quarkus answers the handshakes of WebSocket endpoints before any filter: those are neither examined nor"
                    + " repaired";
        }

        @Override
        boolean startsFiltersLate() {
            return true;
        }
    },
    /** Payara too. */
    GLASSFISH("org.apache.catalina.") {
        // It keeps a connection open for any value but this one.
        @Override
        String closing() {
            return "close";
        }

        @Override
        boolean startsFiltersLate() {
            return true;
        }
    },
    /** Looks at the head that was received when it writes its own. */
    LIBERTY("com.ibm.ws.") {
        @Override
        void upgraded(ServletRequest request) {
            Liberty.upgraded(request);
        }

        @Override
        String remark(Settings settings) {
            return "; HTTP/1.0 is answered with an HTTP/1.0 status line, which downgrades a proxy's pooled connections, except"
                    + " where a handshake is repaired or refused";
        }

        @Override
        void refusing(HttpServletRequest request) {
            Liberty.answerAsHttp11(request);
        }

        @Override
        boolean startsFiltersLate() {
            return true;
        }
    },
    OTHER("") {
        @Override
        boolean startsFiltersLate() {
            return true; // it may, and some go on where a filter does not start
        }
    };

    private final String packagePrefix;

    Host(String packagePrefix) {
        this.packagePrefix = packagePrefix;
    }

    static Host of(ServletContext context) {
        for (Host host : values()) {
            if (host.hasMade(context)) {
                return host;
            }
        }
        throw new IllegalStateException("every name starts with the empty prefix of OTHER");
    }

    boolean hasMade(ServletContext context) {
        return context.getClass().getName().startsWith(packagePrefix);
    }

    /** Puts a filter in front of others, where its mapping alone does not. */
    void putFirst(ServletContext context, String filter) {
        // "not after" is enough on most containers
    }

    /** Where a filter stands. */
    Place placeOf(FilterConfig config) {
        return Place.UNKNOWN;
    }

    /** What of an assessment can be done here. */
    Assessment possible(Assessment assessment, Settings settings) {
        return assessment;
    }

    /** Says where a request came from. */
    void putPeer(HttpServletRequest request, RequestHead.Builder head) {
        // Valves and customizers may have put a forwarded address here: it is shown, never trusted.
        head.peer(request.getRemoteAddr(), false);
    }

    /** The request in canonical form. */
    HttpServletRequest canonical(HttpServletRequest request, RequestHead received) {
        return new CanonicalRequest(request, received, this);
    }

    /** Called when a request in canonical form has been upgraded and is not answered yet. */
    void upgraded(ServletRequest request) {
        // most containers answer the request that they are handed
    }

    /**
     * Whether filters are initialized by the first request, when nobody reads the log or can fail a deployment, or so that
     * their failure does not stop a deployment.
     */
    boolean startsFiltersLate() {
        return false;
    }

    /** Called before any request is looked at, handshake or not, unless nothing is to be repaired. */
    void passing(HttpServletRequest request) {
        // most containers answer with an HTTP/1.1 status line whatever the request's version
    }

    /** The end of the start line, where something of this container is worth a word. */
    String remark(Settings settings) {
        return "";
    }

    /** Called before a refusal over HTTP/1.x is written. */
    void refusing(HttpServletRequest request) {
        // most containers answer with an HTTP/1.1 status line whatever the request's version, and close if it says so
    }

    /** The value of Connection with which a refusal that has another one closes; empty: with that one. */
    String closing() {
        return "";
    }

    /** The status that an exception is answered with. */
    int statusOf(Throwable failure) {
        return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    private static int statusIn(Throwable failure, String classes, String getter) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getName().startsWith(classes)) {
                try {
                    return (int) Reflection.call(cause, getter);
                } catch (ReflectiveOperationException | RuntimeException e) {
                    break; // none that has a status
                }
            }
        }
        return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    /** Called behind the refusal of a request that announces a body. */
    void refusedWithBody(HttpServletRequest request) {
        // most containers close without waiting for it
    }
}
