package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionLimitTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final String HALF =
            "8 of heartbeatMaxSessions=10 are open, more than half of them from this address";

    private final SessionLimit limit = new SessionLimit(10);

    private List<SessionLimit.Seat> enter(int times, String peer) {
        return IntStream.range(0, times).mapToObj(i -> limit.enter(peer, 0)).toList();
    }

    @Test
    void beyondTheLimitNobodyGetsOne() {
        enter(5, "192.0.2.1");
        List<SessionLimit.Seat> others = enter(5, "192.0.2.2");

        assertThat(limit.refusal("192.0.2.3")).isEqualTo("heartbeatMaxSessions=10 are open");
        assertThat(limit.enter("192.0.2.3", 0).refusal()).isEqualTo("heartbeatMaxSessions=10 are open");
        assertThat(limit.open()).isEqualTo(10);
        others.get(0).leave();
        others.get(0).leave();
        assertThat(limit.open()).isEqualTo(9);
        assertThat(limit.enter("192.0.2.3", 0).refusal()).isNull();
    }

    @Test
    void aSessionThatGotNoPlaceFreesNone() {
        enter(10, null);
        limit.enter(null, 0).leave();
        assertThat(limit.open()).isEqualTo(10);
    }

    @Test
    void atEightyPercentWhoHoldsMoreThanHalfGetsNoMore() {
        List<SessionLimit.Seat> hogs = enter(7, "192.0.2.1");
        assertThat(limit.refusal("192.0.2.1")).isNull();
        enter(1, "192.0.2.2");

        assertThat(limit.refusal("192.0.2.1")).isEqualTo(HALF);
        assertThat(limit.enter("192.0.2.1", 0).refusal()).isEqualTo(HALF);
        assertThat(limit.refusal("192.0.2.2")).isNull();
        assertThat(limit.refusal("192.0.2.3")).isNull();
        hogs.get(0).leave();
        assertThat(limit.refusal("192.0.2.1")).isNull();
    }

    @Test
    void whoHoldsJustHalfGetsMore() {
        enter(4, "192.0.2.1");
        enter(4, "192.0.2.2");
        assertThat(limit.refusal("192.0.2.1")).isNull();
    }

    @Test
    void wherePeersAreNotKnownOnlyTheNumberCounts() {
        List<SessionLimit.Seat> seats = enter(9, null);
        assertThat(seats).allSatisfy(seat -> assertThat(seat.refusal()).isNull());
        assertThat(limit.refusal(null)).isNull();
        seats.forEach(SessionLimit.Seat::leave);
        assertThat(limit.open()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "[2001:db8:0:1::1], 2001:0db8:0000:0001:0:0:0:5, true",
        "fe80::1%eth0, fe80::2, true",
        "2001:db8::1, 2001:DB8:0:0:1::, true",
        "::ffff:192.0.2.1, ::ffff:192.0.2.2, false",
        "192.0.2.1, 192.0.2.2, false",
        "not:an:address, not:an:address, true",
        "not:an:address, no:other:one, false"
    })
    void anAddressOfIpv6CountsAsItsNetwork(String hog, String other, boolean same) {
        enter(8, hog);
        assertThat(limit.refusal(other) != null).isEqualTo(same);
    }

    @Test
    void eightyPercentAreSaidOnceUntilFewerWereOpenAndTenMinutesHavePassed() {
        List<SessionLimit.Seat> seats = new ArrayList<>(enter(7, "192.0.2.1"));
        assertThat(seats).allSatisfy(seat -> assertThat(seat.warning()).isNull());
        SessionLimit.Seat eighth = limit.enter("192.0.2.2", 0);
        assertThat(eighth.warning())
                .isEqualTo(
                        "8 of heartbeatMaxSessions=10 sessions are open; an address that holds more than half of them"
                                + " gets no more (503), and nobody does when all are taken");
        SessionLimit.Seat ninth = limit.enter("192.0.2.2", 11 * MINUTE);
        assertThat(ninth.warning()).as("still above").isNull();
        ninth.leave();
        eighth.leave();

        SessionLimit.Seat soon = limit.enter("192.0.2.2", 10 * MINUTE - 1);
        assertThat(soon.warning()).as("too soon").isNull();
        soon.leave();
        assertThat(limit.enter("192.0.2.2", 10 * MINUTE).warning()).isNotNull();
    }

    @Test
    void manyMayComeAndGoAtOnce() throws InterruptedException {
        SessionLimit busy = new SessionLimit(100);
        CountDownLatch done = new CountDownLatch(8);
        for (int thread = 0; thread < 8; thread++) {
            String peer = "192.0.2." + thread;
            new Thread(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            busy.enter(peer, i).leave();
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(busy.open()).isZero();
    }
}
