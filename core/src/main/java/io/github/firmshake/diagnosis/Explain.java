package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Settings;
import io.github.firmshake.handshake.Verdict;
import io.github.firmshake.handshake.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The diagnosis without a server: {@code java -jar firmshake-core-V.jar explain [--json] [FILE...]}. It reads request
 * heads as they were pasted from a log and says of each what the log line would say of it, under default settings.
 * Answers go to standard output, everything else to standard error.
 */
public final class Explain {

    static final int ALL_VALID = 0;
    static final int SOME_NOT_VALID = 1;
    static final int USAGE = 2;
    static final int UNREADABLE = 3;

    // No server takes a head of more than some 64 KB.
    static final int MAX_BYTES = 1 << 20;

    private static final String STANDARD_INPUT = "-";
    private static final String USAGE_TEXT = """
            usage: java -jar firmshake-core.jar explain [--json] [FILE...]

            Says why a WebSocket handshake fails and which hop probably damaged it.
            Each FILE holds one request head as pasted from a log, tcpdump -A or curl -v,
            or as HTTP/2 pseudo-header fields. Without FILE, or for -, standard input is read.

              --json   one JSON object a line
              --help   this text
              --       what follows is a FILE, whatever it looks like

            exit code: 0 all handshakes are valid
                       1 one or more are damaged, invalid, or no handshake
                       2 wrong usage
                       3 a file cannot be read, or holds no request head
            """;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private boolean json;
    private boolean answered;

    private Explain(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Runs {@code explain} and exits with its code. */
    public static void main(String[] args) {
        System.exit(run(args, System.in, System.out, System.err));
    }

    /** Runs {@code explain} and returns its exit code. */
    static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        int code = new Explain(in, out, err).run(args);
        out.flush();
        err.flush();
        return code;
    }

    private int run(String[] args) {
        List<String> sources = new ArrayList<>();
        boolean command = false;
        boolean options = true;
        for (String arg : args) {
            if (options && arg.equals("--help")) {
                out.print(USAGE_TEXT);
                return ALL_VALID;
            } else if (options && arg.equals("--json")) {
                json = true;
            } else if (options && arg.equals("--")) {
                options = false;
            } else if (options && arg.startsWith("-") && !arg.equals(STANDARD_INPUT)) {
                return wrongUsage("unknown option " + Escape.quoted(arg));
            } else if (command) {
                sources.add(arg);
            } else if (arg.equals("explain")) {
                command = true;
            } else {
                return wrongUsage("unknown command " + Escape.quoted(arg));
            }
        }
        if (!command) {
            return wrongUsage("no command");
        }
        // The highest code wins; the other sources are still answered.
        return (sources.isEmpty() ? List.of(STANDARD_INPUT) : sources)
                .stream().mapToInt(this::explain).max().orElse(ALL_VALID);
    }

    private int wrongUsage(String what) {
        err.println(what);
        err.print(USAGE_TEXT);
        return USAGE;
    }

    private int explain(String source) {
        RequestHead request;
        try {
            byte[] bytes = read(source);
            if (bytes.length > MAX_BYTES) {
                return unreadable(source, "larger than " + MAX_BYTES + " bytes, expected one request head");
            }
            request = RequestHeadParser.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (RequestHeadParser.NotARequestHead e) {
            return unreadable(source, String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            return unreadable(source, "no such file");
        } catch (AccessDeniedException e) {
            return unreadable(source, "access denied");
        } catch (IOException | InvalidPathException e) {
            return unreadable(source, "cannot be read: " + Escape.whole(String.valueOf(e.getMessage())));
        }
        Assessment assessment = Assessment.of(request, false, Settings.parse(Map.of("logPaths", "full")));
        if (json) {
            out.println(AssessmentJson.explained(source, assessment));
        } else {
            print(source, assessment);
        }
        return assessment.examination().verdict() == Verdict.VALID ? ALL_VALID : SOME_NOT_VALID;
    }

    private byte[] read(String source) throws IOException {
        if (source.equals(STANDARD_INPUT)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
        try (InputStream file = Files.newInputStream(Path.of(source))) {
            return file.readNBytes(MAX_BYTES + 1);
        }
    }

    private int unreadable(String source, String why) {
        err.println(name(source) + ": " + why);
        return UNREADABLE;
    }

    private void print(String source, Assessment assessment) {
        if (answered) {
            out.println();
        }
        answered = true;
        RequestHead request = assessment.request();
        out.println(name(source) + ": " + assessment.examination().verdict() + ": " + Escape.word(request.method())
                + ' ' + Escape.word(request.path()) + ' ' + request.version());
        if (assessment.examination().violations().isEmpty()) {
            out.println("  " + Sentences.faults(assessment.examination()));
        }
        for (Violation violation : assessment.examination().violations()) {
            out.println("  " + violation.code() + ": " + Sentences.fault(violation, request));
            out.println("      " + violation.code().title() + " (" + violation.section() + ")");
        }
        Sentences.evidence(assessment.examination()).ifPresent(text -> out.println("  evidence: " + text));
        Sentences.correlationId(request).ifPresent(text -> out.println("  " + text));
        printDiagnosis(assessment);
    }

    private void printDiagnosis(Assessment assessment) {
        Diagnosis diagnosis = assessment.diagnosis();
        out.println("  hops:" + (diagnosis.hops().isEmpty() ? " no known proxy recognised" : ""));
        for (Hop hop : diagnosis.hops()) {
            out.println("      " + (hop.guilty() ? "guilty: " : "in the chain: ") + Sentences.recognised(hop));
        }
        if (diagnosis.cause() != null) {
            out.println("  cause: " + diagnosis.cause());
        }
        out.println("  repair: " + assessment.repair().reason());
        block("fix:", diagnosis.fix());
        if (assessment.examination().verdict() != Verdict.VALID) {
            block("to find the hop behind which it fails, repeat the handshake:", CurlCommands.of(assessment));
        }
    }

    private void block(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        out.println("  " + title);
        lines.forEach(line -> out.println("      " + line));
    }

    private static String name(String source) {
        return source.equals(STANDARD_INPUT) ? "standard input" : Escape.whole(source);
    }
}
