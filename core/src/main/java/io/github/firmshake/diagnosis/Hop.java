package io.github.firmshake.diagnosis;

/**
 * A product recognised in the chain of proxies. Being in the chain is not being guilty.
 *
 * @param product its name, in the one spelling of the fingerprint file
 * @param confidence how sure it is that it is there
 * @param evidence the mark it left, in words
 * @param guilty whether it probably did the damage; true for at most one hop of a diagnosis
 */
public record Hop(String product, Confidence confidence, String evidence, boolean guilty) {}
