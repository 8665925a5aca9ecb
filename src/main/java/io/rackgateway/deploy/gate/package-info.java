/**
 * What a gate is: a question that is answered before anything is changed. Adapters answer them in
 * packages of their own; the engine asks them all at once.
 */
@NullMarked
package io.rackgateway.deploy.gate;

import org.jspecify.annotations.NullMarked;
