/**
 * Reads migrations and says what an upgrade has to know of them before it runs them: what the
 * version before could not live with, what may fail on the data that is there, what keeps others
 * waiting, and what nobody can tell from the file. It asks no database and runs nothing.
 *
 * <p><b>Why a reader of its own.</b> A PostgreSQL parser from a library would be better, if there
 * were one that reads what gateways ship. Tried in November 2026 on the 21 migrations of gateway
 * v0.1.0, all of which PostgreSQL accepts:
 *
 * <ul>
 *   <li>libpg_query, PostgreSQL's own parser, has no binding for the JVM among published libraries
 *       that brings its machine code for Linux on x86-64 and ARM64; the ones that exist are to be
 *       built by hand.
 *   <li>JSqlParser 5.3 (1.3 MB) refuses 14 of them: REVOKE, CREATE EXTENSION IF NOT EXISTS, indexes
 *       with a condition, column actions such as ON DELETE SET NULL, DROP TRIGGER … ON.
 *   <li>jOOQ 3.19 (4.9 MB), the last line for Java 17, refuses 6: functions, DO blocks and triggers
 *       are not in its open-source edition.
 *   <li>pgCodeKeeper's core 11 (4.6 MB, and 7 MB of other databases' drivers) refuses one, for
 *       GRANT on a function without its arguments; its grammar is an internal of a program that had
 *       five releases in a quarter and none in the year since, and takes half a second of a plan's
 *       two.
 *   <li>ShardingSphere's parser 5.5 brings 29 libraries of 18 MB, more than it would save.
 * </ul>
 *
 * <p>What has to be read is little: the beginnings of statements and the actions of ALTER TABLE. So
 * there is a lexer by the manual's chapter on it, which is where hand-made readers usually go wrong
 * (strings, dollar quotes, nested comments), and a rule for each sort of statement. Everything that
 * no rule knows is a finding of its own, {@code unclear}, and never counts as safe.
 *
 * <p><b>What it cannot see</b>, besides what it calls unclear:
 *
 * <ul>
 *   <li>how the previous version's queries are written: a new column makes an unqualified name
 *       ambiguous that another table of the query has too, and an INSERT without a list of columns
 *       depends on their order;
 *   <li>values that only the new version writes: a new value of an enumeration, a wider integer;
 *   <li>rows of new tables: one that refers to an old table keeps the previous version from
 *       deleting what it refers to, unless the reference says otherwise;
 *   <li>whether what says IF NOT EXISTS is there already in another shape, and what was changed in
 *       the database by hand;
 *   <li>what triggers, rules and views do when a statement sets them off;
 *   <li>defaults that a domain brings along.
 * </ul>
 */
@NullMarked
package io.rackgateway.deploy.migration.lint;

import org.jspecify.annotations.NullMarked;
