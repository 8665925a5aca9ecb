/**
 * The program as a whole, in a process of its own, against a gateway that really runs: exit code,
 * outputs, files, and what the gateway answers afterwards.
 */
package io.rackgateway.deploy.endtoend;
