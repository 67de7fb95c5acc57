package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.PathTally.Count;
import io.github.firmshake.handshake.ReasonCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTallyTest {

    private static final long MINUTE = 60_000_000_000L;
    private static final ReasonCode DAMAGE = ReasonCode.CONNECTION_LACKS_UPGRADE;

    private final PathTally tally = new PathTally();

    private Count whole(long now) {
        return tally.add("/chat", "10.0.0.7", null, now);
    }

    private Count damaged(long now) {
        return tally.add("/chat", "10.0.0.7", DAMAGE, now);
    }

    @Test
    void countsWholeAndDamagedOnesOfAPathAndAPeer() {
        for (int i = 0; i < 209; i++) {
            whole(i);
        }
        damaged(1000);
        damaged(1000);
        assertThat(damaged(1000)).isEqualTo(new Count(3, 212, 0));
        assertThat(tally.add("/feed", "10.0.0.7", DAMAGE, 1000)).isEqualTo(new Count(1, 1, 0));
        assertThat(tally.add("/chat", "10.0.0.8", DAMAGE, 1000)).isEqualTo(new Count(1, 1, 0));
    }

    @Test
    void countsOnlyThoseDamagedInTheSameWay() {
        damaged(0);
        assertThat(tally.add("/chat", "10.0.0.7", ReasonCode.HOP_BY_HOP_STRIPPED, 0))
                .isEqualTo(new Count(1, 2, 0));
    }

    @Test
    void forgetsWhatIsOlderThanTenMinutes() {
        damaged(0);
        whole(9 * MINUTE);
        assertThat(damaged(10 * MINUTE - 1)).isEqualTo(new Count(2, 3, 0));
        assertThat(damaged(10 * MINUTE)).isEqualTo(new Count(2, 3, 0));
        assertThat(damaged(1000 * MINUTE)).isEqualTo(new Count(1, 1, 0));
        assertThat(damaged(999 * MINUTE))
                .as("a clock of another thread, a little behind")
                .isEqualTo(new Count(2, 2, 0));
        assertThat(tally.add("/new", "10.0.0.7", null, -1)).isEqualTo(new Count(0, 1, 0));
    }

    @Test
    void sayOnceThatAPathRecovered() {
        for (int i = 0; i < 20; i++) {
            assertThat(whole(i).recoveredFrom()).isZero();
        }
        damaged(20);
        damaged(20);
        for (int i = 1; i <= 30; i++) {
            assertThat(whole(20 + i).recoveredFrom()).isEqualTo(i == 10 ? 2 : 0);
        }
    }

    @Test
    void aDamagedOneInBetweenStartsItOver() {
        damaged(0);
        for (int i = 0; i < 9; i++) {
            whole(0);
        }
        damaged(0);
        assertThat(whole(0).recoveredFrom()).isZero();
    }

    @Test
    void aSlowPathRecoversToo() {
        damaged(0);
        for (int i = 1; i < 10; i++) {
            whole(i * 5 * MINUTE);
        }
        assertThat(whole(50 * MINUTE).recoveredFrom()).isEqualTo(1);
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            tally.add("/" + i % 64, "10.0." + i % 310, DAMAGE, i);
        }
        assertThat(tally.size()).isEqualTo(PathTally.MAX_ENTRIES);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 9, ''",
        "10, 10, ', so configuration rather than a pooled connection or one bad node'",
        "41, 41, ', so configuration rather than a pooled connection or one bad node'",
        "3, 212, ', so a pooled connection or one bad node rather than configuration'",
        "5, 20, ', so a pooled connection or one bad node rather than configuration'",
        "6, 20, ''",
    })
    void fromTenOnTheShareSaysWhatItIs(int damaged, int all, String meaning) {
        assertThat(PathTally.meaning(new Count(damaged, all, 0))).isEqualTo(meaning);
    }
}
