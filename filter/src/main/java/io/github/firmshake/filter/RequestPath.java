package io.github.firmshake.filter;

import io.github.firmshake.handshake.PathPatterns;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/** The path of a request, relative to its context, decoded and without parameters. */
final class RequestPath {

    private RequestPath() {}

    /** The path, or null where a valve sees a request that belongs to no context or no servlet. */
    static @Nullable String of(HttpServletRequest request) {
        String servletPath = request.getServletPath();
        String pathInfo = request.getPathInfo();
        return servletPath == null || pathInfo == null ? servletPath : servletPath + pathInfo;
    }

    /**
     * The log tells paths apart by this: the pattern of {@code webSocketPaths}, or else of a servlet, that this one is
     * mapped by. A servlet for all paths says nothing of this one, nor does the one that answers what no other does.
     */
    static @Nullable String mapping(HttpServletRequest request, PathPatterns webSocketPaths) {
        String path = of(request);
        String pattern = path == null ? null : webSocketPaths.matching(path);
        if (pattern == null) {
            HttpServletMapping mapping = request.getHttpServletMapping();
            MappingMatch match = mapping.getMappingMatch();
            boolean specific =
                    match == MappingMatch.EXACT || match == MappingMatch.PATH || match == MappingMatch.EXTENSION;
            pattern = specific && !mapping.getPattern().equals("/*") ? mapping.getPattern() : null;
        }
        return pattern == null ? null : request.getContextPath() + pattern;
    }

    /** Whether it is this one. Allocates nothing: every request pays for it. */
    static boolean is(String path, HttpServletRequest request) {
        String servletPath = request.getServletPath();
        if (servletPath == null) {
            return false;
        }
        String pathInfo = request.getPathInfo();
        return pathInfo == null
                ? path.equals(servletPath)
                : path.length() == servletPath.length() + pathInfo.length()
                        && path.startsWith(servletPath)
                        && path.endsWith(pathInfo);
    }
}
