/**
 * Backups that are snapshots of an RDS instance or an Aurora or Multi-AZ DB cluster, kept by AWS
 * and restored into a server beside the source. The only package that knows the AWS SDK.
 */
@NullMarked
package io.rackgateway.deploy.backup.rds;

import org.jspecify.annotations.NullMarked;
