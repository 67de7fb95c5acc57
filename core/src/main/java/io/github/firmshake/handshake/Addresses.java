package io.github.firmshake.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** IP addresses as text. Every method takes one pass over its text. */
public final class Addresses {

    private static final int GROUPS = 8;

    private Addresses() {}

    /**
     * The network from which one peer can take any address: an IPv4 address itself, the /64 of an IPv6 one, which may stand
     * in brackets.
     */
    public static String network(String address) {
        return isIpv6(address) ? firstGroups(withoutBrackets(address).toLowerCase(Locale.ROOT), 4) : address;
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
    }

    /** An address without its last octet (IPv4) or its last 80 bits (IPv6); any other text as it is. */
    static String masked(String address) {
        if (isIpv6(address)) {
            return firstGroups(address, 3) + "::x";
        }
        int start = address.lastIndexOf(':', address.indexOf('.')) + 1; // ::ffff:192.0.2.1
        int end = endOfIpv4(address, start);
        return end < 0 ? address : address.substring(0, address.lastIndexOf('.', end)) + ".x" + address.substring(end);
    }

    /** A field's value with every address in it masked. */
    static String allMasked(String value) {
        StringBuilder out = new StringBuilder(value.length() + 8);
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || !mayBelong(value.charAt(i))) {
                out.append(masked(value.substring(start, i)));
                if (i < value.length()) {
                    out.append(value.charAt(i));
                }
                start = i + 1;
            }
        }
        return out.toString();
    }

    private static boolean mayBelong(char c) {
        return c == ':' || c == '.' || Character.digit(c, 16) >= 0;
    }

    private static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0 && text.indexOf('.') < 0 && text.indexOf(':') != text.lastIndexOf(':');
    }

    /** Where an IPv4 address ends that starts here; negative where none does. */
    private static int endOfIpv4(String text, int start) {
        int dots = 0;
        int i = start;
        while (i < text.length() && text.charAt(i) != ':') {
            char c = text.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c > '9') { // nothing below 0 but the dot comes here: see mayBelong
                return -1;
            }
            i++;
        }
        return dots == 3 ? i : -1;
    }

    /** The first of an IPv6 address's eight groups, without leading zeros. */
    private static String firstGroups(String address, int wanted) {
        int zone = address.indexOf('%');
        String bare = zone < 0 ? address : address.substring(0, zone);
        int gap = bare.indexOf("::");
        List<String> groups = groups(gap < 0 ? bare : bare.substring(0, gap));
        List<String> behind = gap < 0 ? List.of() : groups(bare.substring(gap + 2));
        for (int zeros = GROUPS - groups.size() - behind.size(); gap >= 0 && zeros > 0; zeros--) {
            groups.add("0");
        }
        groups.addAll(behind);
        return String.join(":", groups.subList(0, Math.min(wanted, groups.size())));
    }

    private static List<String> groups(String text) {
        List<String> groups = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ':') {
                if (i > start) {
                    groups.add(withoutZeros(text.substring(start, i)));
                }
                start = i + 1;
            }
        }
        return groups;
    }

    private static String withoutZeros(String group) {
        int start = 0;
        while (start < group.length() - 1 && group.charAt(start) == '0') {
            start++;
        }
        return group.substring(start);
    }
}
