/** What tests of several packages share: stand-ins run as processes and as container images. */
package io.rackgateway.deploy.testing;
