package io.rackgateway.deploy.diagnose.folder;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * One thing to find out.
 *
 * @param name the name of its file, without its ending
 * @param title what it is, for people
 * @param limit how long it may take
 * @param work finds it out; throws when it cannot
 */
record Part(String name, String title, Duration limit, Callable<String> work) {}
