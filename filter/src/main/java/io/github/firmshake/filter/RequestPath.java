package io.github.firmshake.filter;

import jakarta.servlet.http.HttpServletRequest;
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
