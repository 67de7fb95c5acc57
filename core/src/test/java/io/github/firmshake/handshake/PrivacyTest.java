package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.handshake.Privacy.LogPaths;
import io.github.firmshake.handshake.Privacy.LogPeer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivacyTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Privacy MASKED = new Privacy(LogPaths.MASKED, LogPeer.MASKED);
    private static final Privacy OFF = new Privacy(LogPaths.FULL, LogPeer.OFF);

    @ParameterizedTest
    @CsvSource({
        "/ws/b06df69c-2341-476f-b857-58c3f690fd57, /ws/{36}",
        "/ws/B06DF69C23414/x, /ws/B06DF69C23414/x",
        "/0123456789abcde/, /0123456789abcde/",
        "/0123456789abcdef/, /{16}/",
        "/abcdefghijklmnopqrs, /abcdefghijklmnopqrs",
        "/abcdefghij_lmnopqrs-/y, /{20}/y",
        "/abcdefghijklmnopqrst==, /{22}",
        "/==, /==",
        "/p/c2VjcmV0LXRva2VuLTEyMzQ1Njc4OTA%3D, /p/{34}",
        "/p/eyJhbGciOiJIUzI1NiJ9%2EeyJzdWIiOiIxIn0%2Ec2ln, /p/{45}",
        "/p/%7B123e4567-e89b-12d3-a456-426614174000%7D, /p/{42}",
        "/p/c2VjcmV0+3Rva2VuLTEyMzQ1Njc4OTA, /p/{31}",
        "/p/ya29.c2VjcmV0LXRva2VuLTEyMzQ1Njc4OTA, /p/{36}",
        "/p/token=c2VjcmV0LXRva2VuLTEyMzQ1Njc4OTA, /p/{37}",
        "/p/a.0123456789abcdef, /p/{18}",
        "/p/%2F1234567890123456789, /p/{22}",
        "/p/%2B1234567890123456789, /p/{22}",
        "/p/long-words-are-no-token.html, /p/long-words-are-no-token.html",
        "/p/a.abcdefabcdefabcdef, /p/a.abcdefabcdefabcdef",
        "/p/100%25-sure, /p/100%25-sure",
        "/p/%zz, /p/%zz",
        "/p/%4, /p/%4",
        "/p/%4g, /p/%4g",
        "/p/%g4, /p/%g4",
        "/p/a%3D%3Db, /p/a%3D%3Db",
        "/ws/eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln/a, /ws/{40}/a",
        "/eyJa.b.c, /{8}",
        "/eyJab/eyJ.$, /eyJab/eyJ.$",
        "/abcdefghijklmnopqr\u00E9t, /abcdefghijklmnopqr\u00E9t",
        "/, /",
        "'', ''",
        "chat, chat",
    })
    void segmentsThatLookLikeASecretBecomeTheirLength(String path, String shown) {
        assertThat(MASKED.path(path)).isEqualTo(shown);
        assertThat(Privacy.NONE.path(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.x",
        "203.0.113.255, 203.0.113.x",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1::x",
        "2001:0db8:0001::1, 2001:db8:1::x",
        "0:0:0:0:0:0:0:1, 0:0:0::x",
        "::1, 0:0:0::x",
        "::, 0:0:0::x",
        "fe80::1%eth0, fe80:0:0::x",
        "::ffff:192.0.2.1, ::ffff:192.0.2.x",
        "proxy-7, proxy-7",
        "1.2.3, 1.2.3",
    })
    void anAddressLosesItsLastPart(String address, String shown) {
        assertThat(MASKED.peer(address)).isEqualTo(shown);
        assertThat(Privacy.NONE.peer(address)).isEqualTo(address);
        assertThat(OFF.peer(address)).isNull();
    }

    @Test
    void anUnknownPeerStaysUnknown() {
        assertThat(MASKED.peer(null)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-Forwarded-For  | 203.0.113.9, 2001:db8::7, unknown | 203.0.113.x, 2001:db8:0::x, unknown
            x-forwarded-for  | 203.0.113.9:4711                  | 203.0.113.x:4711
            Forwarded        | for="[2001:db8:1:2::7]:80";by=_b  | for="[2001:db8:1::x]:80";by=_b
            X-Real-IP        | 203.0.113.9                       | 203.0.113.x
            CF-Connecting-IP | 203.0.113.9                       | 203.0.113.x
            True-Client-Ip   | 203.0.113.9                       | 203.0.113.x
            Host             | 203.0.113.9                       | 203.0.113.9
            User-Agent       | Chrome/120.0.0.1                  | Chrome/120.0.0.1
            """)
    void forwardedAddressesAreMaskedToo(String name, String value, String shown) {
        assertThat(MASKED.value(name, value)).isEqualTo(shown);
        assertThat(Privacy.NONE.value(name, value)).isEqualTo(value);
        assertThat(OFF.value(name, value)).isEqualTo(value.equals(shown) ? value : null);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2",
        "2001:db8::7, 2001:db8:0:0",
        "2001:db8, 2001:db8",
        "1:2:3:4::5:6:7:8, 1:2:3:4",
        "null, null",
    })
    void aNetworkIsAnAddressOrThe64BitsOfOne(String address, String network) {
        assertThat(Addresses.network(address)).isEqualTo(network);
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ".", "1.", ":1.", "a:b:", "/", "1:"})
    void hostileTextIsReadInLinearTime(String unit) {
        String small = unit.repeat(8_000);
        String large = unit.repeat(64_000);
        time(small);
        assertThat(time(large)).isLessThan(Math.max(40 * time(small), 200_000_000L));
    }

    // The least of three, and of this thread alone: others are at work on the machine.
    private static long time(String text) {
        long least = Long.MAX_VALUE;
        for (int times = 0; times < 3; times++) {
            long start = THREADS.getCurrentThreadCpuTime();
            MASKED.value("X-Forwarded-For", text);
            MASKED.path(text);
            least = Math.min(least, THREADS.getCurrentThreadCpuTime() - start);
        }
        return least;
    }
}
