package io.rackgateway.deploy.manifest;

/**
 * A value as it stands in a file.
 *
 * @param offset where it begins, in bytes from the file's start
 * @param line the line it begins on, from 1
 * @param text the value as written, without quotes around it
 */
public record Setting(int offset, int line, String text) {}
