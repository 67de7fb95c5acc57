package io.github.firmshake.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.it.Recipe;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat's page, and the page of docs/heartbeat.md, in a real browser whose cable is cut. */
class ChatPageIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private static Path profile;

    private static Chromium chromium;
    private static Demo demo;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start(profile, ChatPageIT.class);
        demo = Demo.start(new Ports(0, 0, 0, 0), new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterAll
    static void end() throws Exception {
        if (demo != null) {
            demo.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void plugIn() throws Exception {
        flip("plug-in");
    }

    @Test
    void showsThatOnlyTheHeartbeatNoticesACutCable() throws Exception {
        chromium.open(address(demo.ports().fine()));
        chromium.await(isState("plain", "open") + " && " + isState("beating", "open"), SOON);
        chromium.await("document.querySelector('#beating .sign').textContent.includes('Round trip')", SOON);

        click("#cable-switch");
        // Pings after 2 s, gives up 3 s later; the rest is for a busy machine. Nobody but the script can tell it.
        Duration noticed = chromium.await(isState("beating", "reconnecting"), Duration.ofSeconds(30));
        assertThat(state("plain")).isEqualTo("open");
        assertThat(log("beating")).contains("dead: no answer to a ping within 3 s");
        // The server notices as well: it closes both, and nothing new comes through.
        chromium.await("document.getElementById('server-facts').textContent.includes('room: 0.')", SOON);
        assertThat(state("plain")).isEqualTo("open");

        click("#cable-switch");
        Duration back = chromium.await(isState("beating", "open"), SOON);
        System.out.println("cable cut: noticed after " + noticed.toMillis() + " ms; plugged in: open after "
                + back.toMillis() + " ms");
        say("beating", "here again");
        chromium.await("document.querySelector('#beating .log').textContent.includes('here again')", SOON);
        assertThat(log("plain") + log("beating")).as("what is told of pings").doesNotContain(":p");

        say("plain", "into the void"); // at the latest now the page without it learns what happened
        chromium.await(isState("plain", "failed"), SOON);
    }

    @Test
    void hasOneColumnWhereThereIsNoCableToCut() throws Exception {
        chromium.open(address(demo.ports().chat()));
        chromium.await(isState("plain", "open"), SOON);
        assertThat(chromium.value("document.getElementById('cable').hidden")).isEqualTo("true");
        assertThat(chromium.value("document.querySelectorAll('.panel').length")).isEqualTo("1");
    }

    @Test
    void saysThatAStrippedHandshakeFailed() throws Exception {
        chromium.open(address(demo.ports().strips()));
        chromium.await(isState("plain", "failed"), SOON);
        assertThat(chromium.value("document.querySelector('.again').hidden")).isEqualTo("false");
    }

    /** With the intervals that a page has which sets none: 35 s at most, and more on a busy machine. */
    @Test
    void theTenLinesOfTheDocumentationDoAsItSays() throws Exception {
        chromium.open(address(demo.ports().fine()) + "absent");
        chromium.await("document.readyState === 'complete' && location.pathname === '/absent'", SOON);
        String page = new Recipe("page").onPage("heartbeat.md");
        assertThat(page.lines()).hasSizeLessThanOrEqualTo(12);
        chromium.value("(document.open(), document.write(" + literal(page) + "), document.close())");
        chromium.await(says("Connected"), SOON);

        flip("cut");
        chromium.await(says("Connection lost"), Duration.ofSeconds(90));
        flip("plug-in");
        chromium.await(says("Connected"), SOON);
    }

    private static String address(int port) {
        return "http://127.0.0.1:" + port + "/";
    }

    private static void flip(String how) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(address(demo.ports().fine()) + "cable/" + how))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).contains("\"cut\":" + how.equals("cut"));
    }

    private static void click(String selector) throws Exception {
        chromium.value("document.querySelector('" + selector + "').click()");
    }

    private static void say(String panel, String text) throws Exception {
        chromium.value("document.querySelector('#" + panel + " input').value = '" + text + "'");
        click("#" + panel + " .send");
    }

    private static String isState(String panel, String state) {
        return "document.querySelector('#" + panel + " .state')?.dataset.state === '" + state + "'";
    }

    private static String state(String panel) throws Exception {
        return chromium.value("document.querySelector('#" + panel + " .state').dataset.state");
    }

    private static String log(String panel) throws Exception {
        return chromium.value("document.querySelector('#" + panel + " .log').textContent");
    }

    private static String says(String text) {
        return "document.getElementById('state')?.textContent === '" + text + "'";
    }

    private static String literal(String text) {
        return "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${") + "`";
    }
}
