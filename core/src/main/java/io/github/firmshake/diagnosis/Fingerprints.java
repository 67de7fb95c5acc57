package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.Examination;
import io.github.firmshake.handshake.HandshakeRules;
import io.github.firmshake.handshake.HandshakeRules.Circumstances;
import io.github.firmshake.handshake.Origins;
import io.github.firmshake.handshake.RequestHead;
import io.github.firmshake.handshake.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of proxies: the marks they leave on a request, how each of them damages a handshake, and what fixes it
 * there. All of it is data, in {@code fingerprints.txt} beside this class, whose head explains the format.
 *
 * <p>Every mark can be forged by the sender of the request: what comes of it is a hint for people, never a reason to
 * trust. Immutable and safe to share between threads.
 *
 * <pre>{@code
 * Fingerprints fingerprints = Fingerprints.bundled();
 * List<Hop> hops = fingerprints.recognise(request);
 * Diagnosis diagnosis = fingerprints.diagnose(HandshakeRules.examine(request, circumstances), hops);
 * }</pre>
 */
public final class Fingerprints {

    // The damage as such, whatever an application demands beside it.
    private static final Circumstances NO_DEMANDS = new Circumstances(false, Origins.ANY, false);

    private static final Comparator<Suspicion> BY_WEIGHT = Comparator.comparing(
                    (Suspicion suspicion) -> suspicion.cause().culpability())
            .thenComparing(suspicion -> suspicion.hop().confidence());

    private final List<Product> products;

    private Fingerprints(List<Product> products) {
        this.products = products;
    }

    /**
     * The fingerprints that come with the library. The file is read when they are first asked for.
     */
    public static Fingerprints bundled() {
        return Bundled.INSTANCE;
    }

    /**
     * Reads fingerprints in the format of the bundled file.
     *
     * @throws IllegalArgumentException if a line is malformed, naming its number, what is wrong and what was expected
     */
    public static Fingerprints parse(String text) {
        return new Fingerprints(FingerprintParser.parse(text));
    }

    /**
     * The products that left a mark on a request, each once and with its strongest mark, the surest first. None of them
     * is guilty yet. Where the handshake is damaged and no product with a mark of its own is known to do that, the
     * products whose damage has this shape are among them.
     */
    public List<Hop> recognise(RequestHead request) {
        List<Sighting> marked = sightings(request, false);
        List<Sighting> all = new ArrayList<>(marked);
        if (isDamaged(request) && !isExplained(request, marked)) {
            all.addAll(sightings(request, true));
        }
        Map<String, Hop> hops = new LinkedHashMap<>();
        all.stream()
                .filter(sighting -> !isSomebodyElses(sighting.mark(), marked))
                .map(Sighting::hop)
                .sorted(Comparator.comparing(Hop::confidence).reversed())
                .forEach(hop -> hops.putIfAbsent(hop.product(), hop));
        return List.copyOf(hops.values());
    }

    /**
     * Whether one of the hops is surely a product that is known to drop Sec-WebSocket-*. Only there a handshake without
     * them is a hop's doing.
     *
     * @param recognised what {@link #recognise} returned
     */
    public boolean stripsSecHeaders(List<Hop> recognised) {
        return recognised.stream()
                .filter(hop -> hop.confidence() == Confidence.SURE)
                .anyMatch(hop -> product(hop).filter(Product::stripsSecHeaders).isPresent());
    }

    /**
     * Picks the hop that probably did the damage: the one to which it comes most naturally, then the surest. Nobody is
     * guilty of a request that is not damaged, nor where nothing recognised does such a thing.
     *
     * @param examination what the rules said of the request
     * @param recognised what {@link #recognise} returned for it
     */
    public Diagnosis diagnose(Examination examination, List<Hop> recognised) {
        return suspicion(examination, recognised)
                .map(suspicion -> verdict(suspicion, recognised))
                .orElseGet(() -> new Diagnosis(recognised, null, List.of(), null));
    }

    private static Diagnosis verdict(Suspicion suspicion, List<Hop> recognised) {
        Hop suspect = suspicion.hop();
        List<Hop> hops = new ArrayList<>(recognised);
        hops.removeIf(hop -> hop == suspect); // not remove(): see LogLimiter.key
        hops.add(0, new Hop(suspect.product(), suspect.confidence(), suspect.evidence(), true));
        Cause cause = suspicion.cause();
        return new Diagnosis(hops, cause.text(), cause.fix(), cause.noTunnel());
    }

    private Optional<Suspicion> suspicion(Examination examination, List<Hop> recognised) {
        if (examination.verdict() != Verdict.DAMAGED) {
            return Optional.empty();
        }
        return recognised.stream()
                .flatMap(hop -> product(hop)
                        .flatMap(product -> product.causeOf(examination.request()))
                        .map(cause -> new Suspicion(hop, cause))
                        .stream())
                .max(BY_WEIGHT)
                // with others there that leave no trace of what they did, it would be a guess at best
                .filter(worst -> worst.cause().culpability() != Culpability.SELDOM || recognised.size() == 1);
    }

    private Optional<Product> product(Hop hop) {
        return products.stream()
                .filter(product -> product.name().equals(hop.product()))
                .findFirst();
    }

    private List<Sighting> sightings(RequestHead request, boolean ofDamage) {
        List<Sighting> sightings = new ArrayList<>();
        for (Product product : products) {
            for (Mark mark : product.marks()) {
                if (mark.ofDamage() == ofDamage && mark.isOn(request)) {
                    sightings.add(new Sighting(product, mark));
                }
            }
        }
        return sightings;
    }

    private static boolean isDamaged(RequestHead request) {
        return HandshakeRules.examine(request, NO_DEMANDS).verdict() == Verdict.DAMAGED;
    }

    // A product that is there and is known to do just this needs no guesses beside it.
    private static boolean isExplained(RequestHead request, List<Sighting> marked) {
        return marked.stream()
                .filter(sighting -> sighting.mark().confidence() != Confidence.POSSIBLE)
                .flatMap(sighting -> sighting.product().causeOf(request).stream())
                .anyMatch(cause -> cause.culpability().compareTo(Culpability.DEFAULT) >= 0);
    }

    private static boolean isSomebodyElses(Mark mark, List<Sighting> marked) {
        return marked.stream()
                .filter(sighting -> mark.unless().contains(sighting.product().name()))
                .anyMatch(sighting -> sighting.mark().confidence().compareTo(mark.confidence()) >= 0);
    }

    private record Sighting(Product product, Mark mark) {

        Hop hop() {
            return new Hop(product.name(), mark.confidence(), mark.evidence(), false);
        }
    }

    private record Suspicion(Hop hop, Cause cause) {}

    private static final class Bundled {
        private static final Fingerprints INSTANCE = load();

        private static Fingerprints load() {
            try (InputStream file = Objects.requireNonNull(
                    Fingerprints.class.getResourceAsStream("fingerprints.txt"), "fingerprints.txt")) {
                return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
